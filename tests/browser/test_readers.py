"""The whole life of a reader in a real browser: in each language, with and without JavaScript."""

import datetime as dt
import json
import re
from pathlib import Path
from typing import Any

import pytest
from django.core import mail
from django.utils import timezone
from playwright.sync_api import Browser, Page
from pytest_django.live_server_helper import LiveServer

from subscribers import addresses, links, mails, tickets
from subscribers.models import State, Subscriber, Ticket
from tests import factories
from tests.browser import scenes
from tests.newsletter.full_issue import make_full_issue

pytestmark = [
    pytest.mark.browser,
    pytest.mark.django_db(transaction=True, serialized_rollback=True),
    pytest.mark.usefixtures("quick_hands"),
]

OLD, NEW = "reader@mail.example", "reader@other.example"


@pytest.fixture(autouse=True)
def site(live_server: LiveServer, settings: Any) -> str:
    """Mails link to the server of this test."""
    settings.SITE_URL = live_server.url
    return str(live_server.url)


class Reader:
    """Somebody with a browser and a mailbox. What they can press is named by what it does, whatever it is called."""

    def __init__(self, page: Page) -> None:
        self.page = page

    @property
    def row(self) -> Subscriber:
        return Subscriber.objects.order_by("pk").get()

    def mail(self, letter: str, *, to: str = OLD) -> None:
        """Open the link for `letter` in the mail that has just come."""
        mails.send_due()
        assert mail.outbox[-1].to == [to]
        found = re.search(rf"http\S+/r/{letter}/\S+", str(mail.outbox[-1].body))
        assert found, mail.outbox[-1].body
        self.page.goto(found[0])

    def press(self, selector: str) -> None:
        """Press what leads to another page."""
        with self.page.expect_navigation():
            self.page.click(selector)

    def press_main(self) -> None:
        """The page's one button."""
        self.press("main form button.btn")

    def save(self) -> None:
        self.press(".save button")
        assert self.page.locator(".saved[role=status]").is_visible()


def signs_up_and_confirms(reader: Reader, site: str, language: str) -> None:
    reader.page.goto(f"{site}/{language}/")
    reader.page.fill("input[name=email]", OLD)
    reader.page.check(f"input[name=language][value={language}]")
    reader.press("form.join button")
    reader.mail("c")
    assert reader.row.state == State.PENDING, "opening the link is no answer"
    reader.press_main()
    assert (reader.row.state, reader.row.language) == (State.ACTIVE, language)
    assert reader.page.locator("[role=status]").inner_text().strip(), "the next mail is named"


def changes_every_kind_of_choice(reader: Reader) -> None:
    page = reader.page
    reader.mail("p")  # the welcome
    page.check("input[name=language][value=both]")
    for name in ("lists", "sections", "topics"):
        page.uncheck(f"input[name={name}] >> nth=0")
    page.check("input[name=frequency][value=weekdays]")
    page.select_option("select[name=send_at]", "06:30")
    page.select_option("select[name=zone]", "Europe/Berlin")
    page.check("input[name=plain_text][value='1']")
    reader.save()
    row = reader.row
    assert (row.language, row.frequency, row.send_at, row.zone) == (
        "both",
        "weekdays",
        dt.time(6, 30),
        "Europe/Berlin",
    )
    assert row.plain_text
    assert row.lists == ["us"]
    assert row.sections
    assert row.topics
    assert page.input_value("select[name=send_at]") == "06:30"
    assert not page.is_checked("input[name=topics] >> nth=0")
    for name in ("lists", "sections", "topics"):
        page.check(f"input[name={name}] >> nth=0")
    reader.save()
    assert (reader.row.lists, reader.row.sections, reader.row.topics) == (None, None, None), "all is stored as all"


def pauses_and_resumes(reader: Reader) -> None:
    until = timezone.now().date() + dt.timedelta(days=9)
    reader.page.fill("input[name=paused_until]", until.isoformat())
    reader.save()
    assert (reader.row.state, reader.row.paused_until) == (State.PAUSED, until)
    reader.press("form:has(input[value=resume]) button")
    assert (reader.row.state, reader.row.paused_until) == (State.ACTIVE, None)


def moves_to_another_address(reader: Reader) -> None:
    reader.press("button[value=change]")
    reader.mail("a")
    reader.page.fill("main input[name=email]", NEW)
    reader.press_main()
    assert reader.row.email == OLD
    reader.mail("n", to=NEW)
    reader.press_main()
    assert reader.row.email == NEW
    mails.send_due()
    assert mail.outbox[-1].to == [OLD], "the old mailbox is told"
    assert "/r/" not in str(mail.outbox[-1].body), "and given no link of the new one"
    reader.press("main a.btn.main")


def takes_a_copy(reader: Reader) -> None:
    reader.press("button[value=copy]")
    assert reader.page.locator("#grave [role=status]").is_visible()
    preferences = reader.page.url
    reader.mail("d", to=NEW)
    with reader.page.expect_download() as download:
        reader.page.click("main form button.btn")
    copy = json.loads(Path(download.value.path()).read_text("utf8"))
    assert copy["reader"]["email"] == NEW
    assert "changed_address" in [event["kind"] for event in copy["history"]]
    reader.page.goto(preferences)


def leaves_says_why_and_comes_back(reader: Reader) -> None:
    reader.press(".after a.btn.red")
    assert reader.row.state == State.ACTIVE
    reader.press_main()
    assert reader.row.state == State.LEFT
    reader.page.check("input[name=reason][value=too_many]")
    reader.press(".why button")
    assert reader.row.consents.filter(kind="gave_reason", note="too_many").exists()
    reader.press("form:has(input[value=undo]) button")
    assert reader.row.state == State.ACTIVE
    reader.press("main a.btn.main")


def is_forgotten(reader: Reader) -> None:
    reader.press("button[value=erase]")
    reader.mail("e", to=NEW)
    assert reader.row.email == NEW
    reader.press_main()
    gone = reader.row
    assert gone.state == State.ERASED
    assert gone.email is None
    assert reader.page.locator("[role=status]").is_visible()


@pytest.mark.parametrize("javascript", [True, False])
@pytest.mark.parametrize("language", ["en", "zh", "both"])
def test_a_whole_life(browser: Browser, site: str, language: str, javascript: bool) -> None:
    make_full_issue(number=128, state="sent")
    context = browser.new_context(java_script_enabled=javascript, timezone_id="Europe/London")
    page = context.new_page()
    problems: list[str] = []
    page.on("console", lambda message: problems.append(message.text) if message.type == "error" else None)
    page.on("pageerror", lambda error: problems.append(str(error)))
    reader = Reader(page)
    signs_up_and_confirms(reader, site, language)
    assert reader.row.zone == ("Europe/London" if javascript else "Asia/Shanghai"), "the browser says where it is"
    changes_every_kind_of_choice(reader)
    pauses_and_resumes(reader)
    moves_to_another_address(reader)
    takes_a_copy(reader)
    leaves_says_why_and_comes_back(reader)
    is_forgotten(reader)
    assert problems == []
    context.close()


@pytest.mark.parametrize("language", ["en", "zh"])
def test_a_form_on_somebody_elses_page_leads_to_a_mail_in_two_presses(
    browser: Browser, site: str, language: str
) -> None:
    page = browser.new_context(java_script_enabled=False).new_page()
    page.goto(f"{site}/{language}/embed/")
    page.set_content(page.input_value("textarea"))  # on a page of another origin
    reader = Reader(page)
    page.fill("input[name=email]", OLD)
    reader.press("button")
    assert page.input_value("input[name=email]") == OLD
    assert page.is_checked(f"input[name=language][value={language}]")
    reader.press("form.join button")
    reader.mail("c")
    assert reader.row.language == language
    page.context.close()


@pytest.mark.parametrize("typed", ["李雷@例子.example", "straße@mail.example", "lilei＠mail.example"])
def test_an_address_in_any_script_can_be_typed_in_every_form(browser: Browser, site: str, typed: str) -> None:
    """With the browser's own checks in force."""
    make_full_issue(number=128, state="sent")
    email = addresses.normalise(typed).email
    page = browser.new_page()
    reader = Reader(page)
    for path in ("zh/", "zh/issues/", "zh/issues/2026-05-07/", "zh/join/"):
        page.goto(f"{site}/{path}")
        page.fill("form.join input[name=email]", typed)
        reader.press("form.join button")
        assert page.url.endswith("/join/sent/"), path
    page.goto(f"{site}/zh/embed/")
    page.set_content(page.input_value("textarea"))
    page.fill("input[name=email]", typed)
    reader.press("button")
    assert page.input_value("form.join input[name=email]") == email
    asked = factories.reader("asks@mail.example", language="zh")
    ticket = tickets.send(asked, Ticket.Purpose.CHANGE, timezone.now())
    assert ticket
    page.goto(links.ticket_url(ticket))
    page.fill("main input[name=email]", typed)
    reader.press_main()
    assert Ticket.objects.get(purpose=Ticket.Purpose.NEW_ADDRESS).new_email == email
    page.close()


@pytest.mark.parametrize(
    ("zone", "kept"), [("UTC", "UTC"), ("Asia/Calcutta", "Asia/Kolkata"), ("Asia/Kathmandu", "Asia/Kathmandu")]
)
def test_a_save_that_touches_nothing_moves_nobody_to_another_zone(
    browser: Browser, site: str, zone: str, kept: str
) -> None:
    make_full_issue(number=128, state="sent")
    page = browser.new_context(timezone_id=zone).new_page()
    reader = Reader(page)
    signs_up_and_confirms(reader, site, "en")
    assert reader.row.zone == kept
    reader.mail("p")
    assert not page.locator("[data-zone-hint]").is_visible(), "the browser's zone is the reader's"
    reader.save()
    assert reader.row.zone == kept
    page.context.close()


def test_no_request_from_a_readers_page_names_that_page(browser: Browser, site: str) -> None:
    page = browser.new_page()
    scenes.joining_in(site, "en")["confirmed"](page)
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.headers.get("referer", "")))
    page.reload()
    page.click("a.small-name")
    page.wait_for_load_state()
    assert len(asked) >= 4
    assert not any("/r/" in each for each in asked)
    page.close()
