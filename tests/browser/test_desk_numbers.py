"""The desk's numbers in a browser: axe-core finds nothing, light or dark, and nothing scrolls sideways on a phone."""

import datetime as dt
import os
from pathlib import Path

import pytest
from playwright.sync_api import BrowserContext
from pytest_django.live_server_helper import LiveServer

from newsletter.models import DeliveryEvent, Issue, LinkClicks, Newsletter
from subscribers import joining
from subscribers.joining import Proof
from tests import factories as make
from tests.browser import axe
from tests.browser.desk_pages import log_in

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True, serialized_rollback=True)]
SHOTS = os.environ.get("SHOTS", "")  # a folder, to look at the pages


@pytest.fixture
def a_month() -> None:
    for day in range(30):
        issue = make.issue(make.DAY - dt.timedelta(days=day), state="sent", number=130 - day)
        outcomes = {"accepted": 66_305 - 900 * day, "refused": 120 + day, "withdrawn": 4}
        Issue.objects.filter(pk=issue.pk).update(outcomes=outcomes)
        gone = Proof("page", at=dt.datetime.combine(issue.date, dt.time(4), dt.UTC))
        for reader in range(day % 4):
            joining.leave(make.reader(f"{day}-{reader}@a.example"), gone)
    now = dt.datetime(2026, 5, 7, tzinfo=dt.UTC)
    DeliveryEvent.objects.create(kind="bounce", external_id="a", occurred_at=now)


@pytest.mark.usefixtures("a_month")
@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_numbers_are_well_made(context: BrowserContext, live_server: LiveServer, language: str) -> None:
    host = {"name": "django_language", "value": language, "url": live_server.url}
    context.add_cookies([host])  # type: ignore[list-item]
    page, errors = log_in(context, live_server, "/desk/numbers/")
    for scheme in ("light", "dark"):
        page.emulate_media(color_scheme=scheme)
        for width in (375, 1280):
            page.set_viewport_size({"width": width, "height": 900})
            assert axe.violations(page) == []
            assert page.evaluate("document.documentElement.scrollWidth") <= width
            if SHOTS:
                page.screenshot(path=Path(SHOTS) / f"numbers-{language}-{scheme}-{width}.png", full_page=True)
    assert page.locator(".chart.accepted rect").count() == 30
    tallest = page.locator(".chart.accepted rect").last.bounding_box()
    first = page.locator(".chart.accepted rect").first.bounding_box()
    assert tallest is not None
    assert first is not None
    assert tallest["height"] > first["height"] > 20
    assert errors == []


@pytest.fixture
def clicked(a_month: None) -> Issue:
    """The newest of the month, its links followed for two days."""
    Newsletter.objects.update(count_clicks=True)
    issue = Issue.objects.get(number=130)
    for number in range(1, 9):
        title = "Qinghe is raising money at twice its last price" if number % 2 else "青禾正以翻倍估值融资"
        make.citation(issue, number, make.article(f"{title} ({number})"))
        for day in range(2):
            date = issue.date + dt.timedelta(days=day)
            LinkClicks.objects.create(issue=issue, number=number, day=date, clicks=4000 // number // (3 * day + 1))
    for number in range(3):
        words = {"diagnostic": "550 5.1.1 <…@a.example>: User unknown", "status": "5.1.1"}
        why = {"why": "it names no mail of ours"}
        DeliveryEvent.objects.create(
            kind="complaint", external_id=f"k{number}", occurred_at=issue.cutoff, detail={**words, **why}
        )
    return issue


def test_clicks_and_kept_reports_are_well_made(
    context: BrowserContext, live_server: LiveServer, clicked: Issue
) -> None:
    page, errors = log_in(context, live_server, "/desk/numbers/", role="administrator")
    kept = DeliveryEvent.objects.filter(kind="complaint").first()
    assert kept is not None
    paths = ("numbers/", f"numbers/{clicked.pk}/clicks/", "reports/", f"reports/{kept.pk}/", "masthead/")
    for path in paths:
        page.goto(f"{live_server.url}/desk/{path}")
        for scheme, width in (("light", 1280), ("dark", 390)):
            page.emulate_media(color_scheme="dark" if scheme == "dark" else "light")
            page.set_viewport_size({"width": width, "height": 900})
            assert axe.violations(page) == [], path
            assert page.evaluate("document.documentElement.scrollWidth") <= width, path
            if SHOTS:
                name = path.replace("/", "-")
                page.screenshot(path=Path(SHOTS) / f"back-{name}{scheme}.png", full_page=True)
    assert errors == []


def test_reports_are_ticked_and_discarded_by_hand(
    context: BrowserContext, live_server: LiveServer, clicked: Issue
) -> None:
    page, _errors = log_in(context, live_server, "/desk/numbers/", role="administrator")
    page.click("#kept")
    boxes = page.get_by_role("checkbox")
    boxes.nth(0).check()
    boxes.nth(1).check()
    page.get_by_role("button", name="Discard the chosen ones").click()
    page.get_by_text("2 reports discarded.").wait_for()
    assert DeliveryEvent.objects.count() == 2
