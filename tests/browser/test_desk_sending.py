"""An issue on its way out, watched in a real browser while a real mail server takes it."""

import datetime as dt
from collections.abc import Iterator
from typing import Any

import pytest
from django.core.cache import cache
from django.utils import timezone
from playwright.sync_api import Browser, BrowserContext, Page, expect

from newsletter.deliver import editions, ledger, pausing
from newsletter.models import Delivery, Issue, PauseReason
from newsletter.views.desk import sending
from tests import factories as make
from tests.browser import axe
from tests.browser.desk_pages import log_in
from tests.newsletter.deliver.helpers import approved_issue, quiet
from tests.newsletter.deliver.sink import DROP, Sink, running_sink

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True, serialized_rollback=True)]


@pytest.fixture(autouse=True)
def at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """The page looks each second, a run sees a pause with the next mail."""
    monkeypatch.setattr(sending, "EVERY", 1)
    monkeypatch.setattr(ledger, "GLANCE", -1)
    cache.clear()


@pytest.fixture
def sink(settings: Any) -> Iterator[Sink]:
    with running_sink() as (sink, host, port):
        settings.EMAIL_HOST, settings.EMAIL_PORT, settings.SMTP_CONNECTIONS = host, port, 1
        yield sink


@pytest.fixture
def issue(sink: Sink) -> Issue:
    """Today's, frozen for six readers, all due by now whatever the hour."""
    for name in "abcdef":
        make.reader(f"{name}@reader.example", language="zh" if name < "d" else "en")
    made = approved_issue(make.newsletter().today(), number=128)
    editions.freeze(made, quiet)
    due = timezone.now() - dt.timedelta(minutes=1)
    made.deliveries.update(due_at=due, expires_at=due + dt.timedelta(hours=23))
    made.refresh_from_db()
    return made


def press(page: Page, way: str) -> None:
    """The link to what may be done, then the button of the page that asks."""
    page.get_by_role("link", name=way, exact=True).click()
    page.get_by_role("button", name=way, exact=True).click()


def test_it_is_watched_paused_in_the_middle_and_goes_on(
    context: BrowserContext, live_server: Any, issue: Issue, sink: Sink
) -> None:
    page, errors = log_in(context, live_server, f"/desk/sending/{issue.pk}/")
    expect(page.locator(".how-far")).to_contain_text("0 of 6 taken by the next mail server")

    def after(what: str, done: int, total: int) -> None:
        if done == 2:
            page.get_by_role("link", name="Pause", exact=True).click()
            page.get_by_label("Why?").fill("The subject has a slip")
            page.keyboard.press("Enter")
            expect(page.locator(".stop")).to_contain_text("by mei: no further mail leaves")

    counts = ledger.deliver_issue(issue, now=timezone.now(), progress=after)
    assert counts["accepted"] < 6
    expect(page.locator(".how-far")).to_contain_text(f"{counts['accepted']} of 6 taken")
    expect(page.locator(".stop")).to_contain_text("The subject has a slip")
    expect(page.locator(".pace")).to_contain_text("due now and held back")

    press(page, "Resume")
    expect(page.locator("h1 .state")).to_have_text("Sending")
    ledger.deliver_issue(issue, now=timezone.now(), progress=quiet)
    expect(page.get_by_role("heading", name="How it went out")).to_be_visible()  # nobody has reloaded the page
    expect(page.locator(".how-far")).to_contain_text("6 of 6 taken")
    assert sink.recipients == [f"{name}@reader.example" for name in "abcdef"]
    assert errors == []


def test_it_is_taken_back_while_it_leaves(context: BrowserContext, live_server: Any, issue: Issue) -> None:
    page, errors = log_in(context, live_server, f"/desk/sending/{issue.pk}/")

    def after(what: str, done: int, total: int) -> None:
        if done == 2:
            press(page, "Take back")
            expect(page.locator(".told")).to_contain_text("Taken back")

    ledger.deliver_issue(issue, now=timezone.now(), progress=after)
    issue.refresh_from_db()
    assert issue.state == "sent"
    accepted = issue.deliveries.filter(state="accepted").count()
    assert issue.deliveries.filter(state="withdrawn").count() == 6 - accepted > 0
    expect(page.locator(".how-far")).to_contain_text(f"{accepted} of 6 taken")
    expect(page.locator(".states")).to_contain_text("Withdrawn before it left")
    assert errors == []


def test_mails_in_doubt_are_sent_again_or_counted_and_the_press_is_seen(
    context: BrowserContext, live_server: Any, issue: Issue, sink: Sink
) -> None:
    for name in "ae":  # a third would stop the run, if they came one after the other
        sink.at_data[f"{name}@reader.example"] = [DROP]
    ledger.deliver_issue(issue, now=timezone.now(), progress=quiet)
    Delivery.objects.filter(reader__email="c@reader.example").update(state="uncertain")
    page, errors = log_in(context, live_server, f"/desk/sending/{issue.pk}/")
    page.get_by_role("link", name="Decide about the 3 in doubt").click()
    expect(page.locator(".doubts li")).to_have_count(3)
    expect(page.locator(".doubts")).to_contain_text("a…@reader.example")

    page.get_by_role("button", name="Send again to a…@reader.example").click()
    expect(page.locator(".told")).to_contain_text("1 mail is sent again.")
    page.get_by_role("button", name="Count as sent: c…@reader.example").click()
    expect(page.locator(".told")).to_contain_text("1 mail counts as sent.")
    page.get_by_role("link", name="Send all again…").click()
    expect(page.locator(".sheet")).to_contain_text("If it has arrived, its reader gets two.")
    page.get_by_role("button", name="Send again").click()
    expect(page.locator(".told")).to_contain_text("1 mail is sent again.")

    ledger.deliver_issue(issue, now=timezone.now(), progress=quiet)
    expect(page.locator(".how-far")).to_contain_text("6 of 6 taken")
    assert sink.recipients == [f"{name}@reader.example" for name in "abcdef"]
    assert errors == []


def test_a_button_is_busy_until_the_answer_comes_and_sends_its_form_once(
    context: BrowserContext, live_server: Any, issue: Issue
) -> None:
    page, _errors = log_in(context, live_server, f"/desk/{issue.date}/go/pause/")
    posts: list[str] = []
    page.on("request", lambda request: posts.append(request.url) if request.method == "POST" else None)
    twice = "() => { const go = document.querySelector('.go'); go.click(); go.click(); return go.ariaBusy; }"
    with page.expect_navigation():
        assert page.evaluate(twice) == "true"
    expect(page.locator("h1 .state")).to_have_text("Paused")
    assert len(posts) == 1


def test_without_javascript_all_of_it_works(browser: Browser, live_server: Any, issue: Issue) -> None:
    context = browser.new_context(java_script_enabled=False, locale="en-GB")
    page, _ = log_in(context, live_server, f"/desk/sending/{issue.pk}/")
    press(page, "Pause")
    expect(page.locator(".stop")).to_contain_text("Paused at")
    press(page, "Resume")
    Delivery.objects.filter(reader__email="a@reader.example").update(state="uncertain", finished_at=timezone.now())
    page.goto(f"{live_server.url}/desk/sending/{issue.pk}/uncertain/")
    page.get_by_role("button", name="Count as sent: a…@reader.example").click()
    expect(page.locator(".told")).to_contain_text("1 mail counts as sent.")
    context.close()


@pytest.mark.parametrize(("width", "scheme", "locale"), [(1440, "light", "en-GB"), (390, "dark", "zh-CN")])
def test_the_pages_are_clean_and_fit(
    browser: Browser, live_server: Any, issue: Issue, width: int, scheme: Any, locale: str
) -> None:
    now = timezone.now()
    states = ("accepted", "refused", "deferred", "uncertain", "queued", "queued")
    for state, row in zip(states, issue.deliveries.order_by("pk"), strict=True):
        Delivery.objects.filter(pk=row.pk).update(state=state, finished_at=now, reply="554 relay access denied")
    Delivery.objects.filter(state="queued").update(finished_at=None, due_at=now + dt.timedelta(hours=2))
    pausing.pause(issue, "550 5.7.1 not authenticated", reason=PauseReason.NOT_TAKEN)
    context = browser.new_context(viewport={"width": width, "height": 900}, color_scheme=scheme, locale=locale)
    start = f"/desk/sending/{issue.pk}/"
    page, errors = log_in(context, live_server, start)
    for path in (
        start,
        f"{start}uncertain/",
        *(f"{start}uncertain/{act}/" for act in ("send-again", "count-as-sent")),
        f"/desk/{issue.date}/go/resume/",
    ):
        page.goto(f"{live_server.url}{path}")
        assert page.evaluate("document.documentElement.scrollWidth") <= width, path
        assert axe.violations(page) == [], path
    assert errors == []
    context.close()
