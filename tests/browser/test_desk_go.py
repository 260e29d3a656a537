"""Today, the checklist, test mails, holding, sending now and taking back, in a real browser."""

import datetime as dt
import re
from collections.abc import Iterator
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.core.cache import cache
from django.utils import timezone
from playwright.sync_api import Browser, BrowserContext, expect

from newsletter import runs, schedules, workflow
from newsletter.models import Delivery, Issue, Newsletter, Source
from newsletter.review import proofread
from tests import factories as make
from tests.browser import axe
from tests.browser.desk_pages import log_in
from tests.newsletter.deliver.helpers import deliver
from tests.newsletter.deliver.sink import running_sink

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True, serialized_rollback=True)]


@pytest.fixture
def today(settings: Any, monkeypatch: pytest.MonkeyPatch) -> Issue:
    """Today's issue in review, its hour two hours away, where it is noon now: no midnight comes between."""
    settings.EXAMPLE_ADDRESS_PASSES = True
    cache.clear()
    schedules.install()
    runs.ticked(timezone.now() + dt.timedelta(hours=1))  # however slow the machine is
    monkeypatch.setattr(proofread, "check_issue", lambda *_: {})
    ahead = 12 - timezone.now().hour  # of UTC, whose zones are named the other way round
    zone = f"Etc/GMT{-ahead:+d}"
    Newsletter.objects.update(zone=zone, send_at=dt.time(14, 30), draft_at=dt.time(0))
    local = timezone.now().astimezone(make.newsletter().tz)
    made = make.issue(local.date(), state="in_review", checked_at=timezone.now(), number=128, sentences=24)
    make.citation(made, 1, make.article("青禾融资", "青禾正在洽谈融资。"))
    make.block(made, "main-line", "main_line", title_en=made.title_en, title_zh=made.title_zh)
    texts = {"text_en": "It is raising money [1].", "text_zh": "公司正在融资[1]。"}
    make.block(made, "item-1", title_en="Qinghe raises", title_zh="青禾融资", **texts)
    for name, language in (("a", "zh"), ("b", "zh"), ("c", "en"), ("d", "both")):
        make.reader(f"{name}@reader.example", language=language, zone=zone)
    Source.objects.update(failures=2, last_error="answered 500 Internal Server Error")
    return made


@pytest.fixture
def mail_server(settings: Any) -> Iterator[None]:
    with running_sink() as (_sink, host, port):
        settings.EMAIL_HOST, settings.EMAIL_PORT, settings.SMTP_CONNECTIONS = host, port, 1
        yield


def test_from_today_to_approval_held_and_on_again(
    context: BrowserContext, live_server: Any, today: Issue, mailoutbox: list[Any]
) -> None:
    page, _ = log_in(context, live_server, "/desk/")
    errors: list[str] = []
    page.on("pageerror", lambda error: errors.append(str(error)))
    page.on("console", lambda said: errors.append(said.text) if said.type == "error" else None)
    expect(page.locator(".next")).to_contain_text("Before approving: No test mail of this text")
    expect(page.locator(".due tbody")).to_contain_text("4")
    expect(page.locator(".failed")).to_contain_text("2 failed visits")

    page.keyboard.press("a")
    expect(page.get_by_role("heading", name="Not yet")).to_be_visible()
    page.get_by_role("button", name="Ask now").click()
    expect(page.locator("#links h2")).to_contain_text("1 of 1 asked")
    page.keyboard.press("t")
    expect(page.locator(".told")).to_contain_text("A test is on its way to mei@paper.example")
    assert [mail.subject[:7] for mail in mailoutbox] == ["[TEST] "]

    expect(page.get_by_role("heading", name="Approve this issue?")).to_be_visible()
    page.get_by_role("button", name="Approve No. 128").click()
    expect(page.locator(".state").first).to_have_text("Approved")

    page.goto(f"{live_server.url}/desk/")
    expect(page.locator(".next")).to_contain_text("Nothing is left to do")
    page.get_by_role("link", name="Hold").click()
    page.get_by_label("Why?").fill("A call from the lawyers")
    page.get_by_role("button", name="Hold").click()
    expect(page.locator(".note")).to_contain_text("Held at")
    expect(page.locator(".note")).to_contain_text("A call from the lawyers")
    page.get_by_role("link", name="Let it go on").click()
    page.get_by_role("button", name="Let it go on").click()
    expect(page.locator("h1 .state")).to_have_text("Approved")
    assert errors == []


def test_a_point_is_let_pass_with_a_reason_without_javascript(
    browser: Browser, live_server: Any, today: Issue
) -> None:
    context = browser.new_context(java_script_enabled=False, locale="en-GB")
    page, _ = log_in(context, live_server, "/desk/")
    page.goto(f"{live_server.url}/desk/{today.date}/approve/")
    point = page.locator("#p-trial")
    point.locator("summary").click()
    point.get_by_label("Why may it pass?").fill("The mail server is away")
    point.get_by_role("button", name="Let it pass").click()
    expect(page.locator("#p-trial")).to_contain_text("mei lets it pass: “The mail server is away”")
    page.get_by_role("button", name="Ask now").click()
    expect(page.get_by_role("heading", name="Approve this issue?")).to_be_visible()
    context.close()


def test_a_second_person_approves_the_same_text(
    browser: Browser, context: BrowserContext, live_server: Any, today: Issue
) -> None:
    Newsletter.objects.update(second_approver=True)
    first, _ = log_in(context, live_server, "/desk/")
    make.tried(today, User.objects.get(username="mei"))
    other = browser.new_context(locale="en-GB")
    second, _ = log_in(other, live_server, "/desk/", "wei")
    address = f"{live_server.url}/desk/{today.date}/approve/"
    first.goto(address)
    first.get_by_role("button", name="Approve No. 128").click()
    expect(first.locator(".done")).to_contain_text("Somebody else has to, as well.")
    second.goto(f"{live_server.url}/desk/")
    expect(second.locator(".next")).to_contain_text("mei has approved it: a second person has to")
    second.goto(address)
    second.get_by_role("button", name="Approve No. 128").click()
    expect(second.locator(".state").first).to_have_text("Approved")
    other.close()


def test_sent_now_and_taken_back_while_it_is_being_sent(
    context: BrowserContext, live_server: Any, today: Issue, mail_server: None
) -> None:
    page, _ = log_in(context, live_server, "/desk/")
    workflow.approve(today, User.objects.get(username="mei"))
    page.goto(f"{live_server.url}/desk/{today.date}/go/send-now/")
    expect(page.locator(".sheet")).to_contain_text("It goes to 4 readers.")
    page.get_by_role("button", name="Send now").click()
    expect(page.locator(".told")).to_contain_text("It leaves within a minute.")
    today.refresh_from_db()
    deliver(today, timezone.now())  # each at their own hour, which has not come: all are queued
    Delivery.objects.filter(pk=Delivery.objects.earliest("pk").pk).update(state="accepted")

    page.goto(f"{live_server.url}/desk/")
    expect(page.locator(".next")).to_contain_text("It is going out.")
    page.get_by_role("link", name="Take back").click()
    expect(page.locator(".sheet")).to_contain_text("1 reader has it already")
    page.get_by_role("button", name="Take back").click()
    expect(page.locator(".told")).to_contain_text("Taken back: 3 mails stay here; 1 reader had it already.")
    expect(page.locator("h1 .state")).to_have_text("Sent")


def test_today_looks_again_by_itself_and_keeps_the_place(
    context: BrowserContext, live_server: Any, today: Issue, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("newsletter.views.desk.today.EVERY", 1)
    page, _ = log_in(context, live_server, "/desk/")
    page.locator("#going").focus()
    Issue.objects.filter(pk=today.pk).update(title_en="Another main line")
    expect(page.locator(".lines")).to_contain_text("Another main line")
    expect(page.locator("#going")).to_be_focused()


def test_a_writer_is_offered_nothing_that_would_be_refused(
    context: BrowserContext, live_server: Any, today: Issue
) -> None:
    page, _ = log_in(context, live_server, "/desk/", "xin", role="writer")
    for path in ("", f"{today.date}/approve/"):
        page.goto(f"{live_server.url}/desk/{path}")
        expect(page.locator("a[href*='/go/'], form[action*='/waive/']")).to_have_count(0)
    expect(page.locator(".sheet")).not_to_contain_text("Approve No.")


@pytest.mark.parametrize("width", [1440, 390])
@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("locale", ["en-GB", "zh-CN"])
def test_the_pages_are_clean_and_fit(
    browser: Browser, live_server: Any, today: Issue, width: int, scheme: Any, locale: str
) -> None:
    editor = make.editor("mei", email="mei@paper.example")
    links = {"outcome": "broken", "status": 404, "reason": "gone"}
    make.tried(today, editor)
    today.link_checks.update(**links)
    context = browser.new_context(viewport={"width": width, "height": 900}, color_scheme=scheme, locale=locale)
    page = context.new_page()
    page.goto(f"{live_server.url}/desk/")
    page.fill("[name=username]", "mei")
    page.fill("[name=password]", "a good password")
    page.press("[name=password]", "Enter")
    expect(page).to_have_url(re.compile("/desk/$"))
    for path in ("", f"{today.date}/approve/", f"{today.date}/go/hold/", f"{today.date}/go/skip/", "test-groups/"):
        page.goto(f"{live_server.url}/desk/{path}")
        assert page.evaluate("document.documentElement.scrollWidth") <= width, path
        assert axe.violations(page) == [], path
    context.close()
