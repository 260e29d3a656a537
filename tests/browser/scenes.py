"""Every page that a reader can meet, in every state of it: its name, and the way there in a browser.

Whoever judges pages (axe, the widths, somebody's eyes) walks through all of them. A new page is one more line here.
"""

import datetime as dt
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any
from unittest import mock

from django.test import override_settings
from django.utils import timezone
from playwright.sync_api import Page

from newsletter.models import Issue
from newsletter.views import archive
from subscribers import forms, joining, limits, links, tickets
from subscribers.joining import Proof
from subscribers.models import State, Subscriber, Ticket
from tests import factories

Go = Callable[[Page], Any]
PROOF = Proof("page")


def public(site: str, language: str, day: dt.date) -> dict[str, Go]:
    """The archive's pages, and what stands where there is none."""
    return {
        "home": _open(f"{site}/{language}/"),
        "issues": _open(f"{site}/{language}/issues/"),
        "issue": _open(f"{site}/{language}/issues/{day}/"),
        "privacy": _open(f"{site}/{'en' if language == 'both' else language}/privacy/?language={language}"),
        "embed": _open(f"{site}/{'en' if language == 'both' else language}/embed/?language={language}"),
        "home-at-first": lambda page: _before_the_first(page, f"{site}/{language}/"),
        "issues-at-first": lambda page: _before_the_first(page, f"{site}/{language}/issues/"),
        "404": _open(f"{site}/{language}/nothing-here/"),
        "500": lambda page: _broken(page, f"{site}/{language}/issues/"),
    }


def joining_in(site: str, language: str) -> dict[str, Go]:
    """From the form to the confirmed reader, with every way in which it can be answered."""
    form = f"{site}/{'en' if language == 'both' else language}/join/"
    sent = _pending("confirm", language)
    used = factories.reader(f"used-{language}@mail.example", state="pending", language=language)
    active = factories.reader(f"joined-{language}@mail.example", language=language, confirmed_at=timezone.now())
    return {
        "join": _open(f"{form}?language={language}"),
        "join-no-address": _send(form, language, "nobody@nowhere"),
        "join-again": lambda page: _foreign(page, form, language),
        "join-quick": lambda page: _quick(page, form, language),
        "join-disposable": lambda page: _refusing(page, form, language),
        "join-too-many": lambda page: _crowd(page, form, language),
        "join-slip": _send(form, language, "reader@gmial.com"),
        "join-shared": _send(form, language, "info@mail.example"),
        "joined": _send(form, language, f"someone-{language}@mail.example"),
        "confirm": _open(links.confirm_url(sent, language)),
        "confirm-used": _open(links.confirm_url(used, language)),
        "confirmed": _open(links.confirm_url(active, language)),
        "dead-link": _open(f"{site}/r/p/nonsense?language={language}"),
    }


def choosing(site: str, language: str) -> dict[str, Go]:
    """The preferences, as they were, saved, refused, and for readers in other states."""

    def url(name: str, **fields: Any) -> str:
        reader = factories.reader(f"{name}-{language}@mail.example", language=language, **fields)
        return f"{links.preferences_url(reader)}?language={language}"

    until = timezone.now().date() + dt.timedelta(days=20)
    urls = {state: url(state, state=state) for state in (State.ACTIVE, State.PENDING, State.LEFT)}
    urls[State.PAUSED] = url("paused", state=State.PAUSED, paused_until=until)
    bare = url("bare")
    return {
        **{f"preferences-{state}": _open(url) for state, url in urls.items()},
        "preferences-saved": lambda page: _save(page, urls[State.ACTIVE]),
        "preferences-wrong": lambda page: _save_wrong(page, urls[State.ACTIVE]),
        "preferences-nothing": lambda page: _save_nothing(page, bare),
        "preferences-too-often": lambda page: _too_often(page, bare),
        "preferences-mailed": _walk(urls[State.ACTIVE], "button[value=copy]"),
        "preferences-not-mailed": lambda page: _ask_too_often(page, url("asks")),
        "preferences-asked": _walk(urls[State.LEFT], "form:has(input[value=return]) button"),
        "preferences-left-today": lambda page: _leave_today(page, f"today-{language}@mail.example", language),
    }


def leaving(language: str) -> dict[str, Go]:
    """The page that the link in the foot of a mail opens, and what follows."""
    reader = factories.reader(f"leaves-{language}@mail.example", language=language)
    url = f"{links.leave_url(reader)}?language={language}"
    return {
        "leave": _open(url),
        "left": _walk(url, "main form button >> nth=0"),
        "left-thanks": _walk(url, "input[name=reason] >> nth=1", ".why button"),
        "left-undone": _walk(url, "main form button >> nth=0"),
    }


def grave(language: str) -> dict[str, Go]:
    """The pages of the single-use links."""
    reader = factories.reader(f"grave-{language}@mail.example", language=language)
    going = factories.reader(f"going-{language}@mail.example", language=language)
    changing = factories.reader(f"changing-{language}@mail.example", language=language)

    def url(of: Subscriber, purpose: Ticket.Purpose, new: str = "") -> str:
        ticket = tickets.send(of, purpose, timezone.now(), new_email=new)
        assert ticket
        return f"{links.ticket_url(ticket)}?language={language}"

    change = url(changing, Ticket.Purpose.CHANGE)
    standing = factories.reader(f"standing-{language}@mail.example", language=language)
    replacing = url(
        factories.reader(f"moving-{language}@mail.example"), Ticket.Purpose.NEW_ADDRESS, standing.email or ""
    )
    new = url(changing, Ticket.Purpose.NEW_ADDRESS, f"new-{language}@mail.example")
    return {
        "copy": _open(url(reader, Ticket.Purpose.COPY)),
        "erase": _open(url(reader, Ticket.Purpose.ERASE)),
        "change": _open(change),
        "change-wrong": lambda page: _fill(page, change, "nobody@nowhere"),
        "change-slip": lambda page: _fill(page, change, "reader@gmial.com"),
        "change-too-many": lambda page: _change_too_often(page, change),
        "change-done": lambda page: _fill(page, change, f"new-{language}@mail.example"),
        "new-address": _open(new),
        "new-address-replaces": _open(replacing),
        "new-address-done": _walk(new, "main form button"),
        "erase-done": _walk(url(going, Ticket.Purpose.ERASE), "main form button"),
    }


def every(site: str, language: str, day: dt.date) -> Iterator[tuple[str, Go]]:
    """All of them, in the order of a reader's life. `settings.SITE_URL` must be `site`."""
    for part in (
        public(site, language, day),
        joining_in(site, language),
        choosing(site, language),
        leaving(language),
        grave(language),
    ):
        yield from part.items()


@contextmanager
def quick_hands() -> Iterator[None]:
    """A form may be sent as fast as a browser can be driven, and by many readers from one machine."""
    generous = limits.Limit("ip", 10_000, limits.PER_IP.period)
    with (
        mock.patch.object(forms, "FASTEST", dt.timedelta(seconds=-1)),
        mock.patch.object(forms, "FASTEST_AGAIN", dt.timedelta(seconds=-1)),
        mock.patch.object(limits, "PER_IP", generous),
        mock.patch.object(limits, "PER_NETWORK", generous),
    ):
        yield


def _open(url: str) -> Go:
    return lambda page: page.goto(url)


def _walk(url: str, *presses: str) -> Go:
    """Open `url` and press one thing after the other; the last one leads to another page."""

    def go(page: Page) -> None:
        page.goto(url)
        for selector in presses[:-1]:
            page.click(selector)
        _press(page, presses[-1])

    return go


def _pending(name: str, language: str) -> Subscriber:
    return joining.join(f"{name}-{language}@mail.example", language, Proof("form"))


def _press(page: Page, selector: str) -> None:
    with page.expect_navigation():
        page.click(selector)


def _send(form: str, language: str, email: str) -> Go:
    """Fill in the sign-up form and send it, past the browser's own check of addresses."""

    def go(page: Page) -> None:
        page.goto(f"{form}?language={language}")
        page.locator("form.join").evaluate("form => form.noValidate = true")
        page.fill("form.join input[name=email]", email)
        _press(page, "form.join button")

    return go


def _foreign(page: Page, form: str, language: str) -> None:
    """A form on somebody else's page, as the snippet makes it."""
    page.set_content(
        f'<form method="post" action="{form}"><input name="email" value="reader@mail.example">'
        f'<input name="language" value="{language}"><button>Go</button></form>'
    )
    _press(page, "button")


def _quick(page: Page, form: str, language: str) -> None:
    with mock.patch.object(forms, "FASTEST", dt.timedelta(hours=1)):
        _send(form, language, "reader@mail.example")(page)


def _refusing(page: Page, form: str, language: str) -> None:
    with override_settings(REFUSE_DISPOSABLE=True):
        _send(form, language, "reader@mailinator.com")(page)


def _crowd(page: Page, form: str, language: str) -> None:
    with mock.patch.object(limits, "allow_from", return_value=False):
        _send(form, language, "reader@mail.example")(page)


def _broken(page: Page, url: str) -> None:
    with mock.patch.object(archive, "_published", side_effect=RuntimeError("a test breaks this page")):
        answer = page.goto(f"{url}?broken")
        assert answer
        assert answer.status == 500


def _before_the_first(page: Page, url: str) -> None:
    with mock.patch.object(archive, "_published", return_value=Issue.objects.none()):
        page.goto(f"{url}?at-first")  # another address: the browser keeps public pages for a minute


def _save(page: Page, url: str) -> None:
    page.goto(url)
    page.select_option("select[name=send_at]", "06:30")
    _press(page, ".save button")


def _save_wrong(page: Page, url: str) -> None:
    """What no browser lets through, but a changed page or a list that has gone meanwhile can send."""
    page.goto(url)
    page.locator("form[data-choices]").evaluate("form => form.noValidate = true")
    page.fill("input[name=paused_until]", "2020-01-01")
    page.locator("select[name=zone] option:checked").evaluate("option => option.value = 'Mars/Olympus'")
    _press(page, ".save button")


def _save_nothing(page: Page, url: str) -> None:
    page.goto(url)
    for name in ("lists", "sections", "topics"):
        for box in page.locator(f"input[name={name}]").all():
            box.uncheck()
    _press(page, ".save button")


def _too_often(page: Page, url: str) -> None:
    with mock.patch.object(limits, "allow", return_value=False):
        _save(page, url)


def _ask_too_often(page: Page, url: str) -> None:
    with mock.patch.object(tickets, "send", return_value=None):
        _walk(url, "button[value=erase]")(page)


def _leave_today(page: Page, email: str, language: str) -> None:
    reader = factories.reader(email, language=language)
    joining.leave(reader, PROOF)
    page.goto(f"{links.preferences_url(reader)}?language={language}")


def _change_too_often(page: Page, url: str) -> None:
    with mock.patch.object(tickets, "send", return_value=None):
        _fill(page, url, "other@mail.example")


def _fill(page: Page, url: str, email: str) -> None:
    page.goto(url)
    page.locator("main form").evaluate("form => form.noValidate = true")
    page.fill("input[name=email]", email)
    _press(page, "main form button")
