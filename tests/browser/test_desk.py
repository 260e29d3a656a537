"""An editor's morning in a real browser: settle, approve, change one's mind; by keys, and without JavaScript."""

import re
from typing import Any

import pytest
from django.contrib.auth.models import User
from playwright.sync_api import Browser, BrowserContext, Page, expect

from newsletter.models import Issue
from newsletter.review.proofread import check_issue
from tests import factories as make
from tests.browser.desk_pages import lark_issue, sit_down

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True, serialized_rollback=True)]


@pytest.fixture
def issue() -> Issue:
    """A figure that is not in its source; the checks have read it."""
    return lark_issue(28)


def mend(page: Page, was: str, now: str) -> None:
    """Edit the first item's texts in both languages: in place, or on a page of its own without JavaScript."""
    page.locator("#b-item-1").get_by_role("link", name="Edit").first.click()
    areas = page.locator("#b-item-1 textarea, form.writing textarea")
    expect(areas.first).to_be_visible()
    for area in areas.all():
        area.fill(area.input_value().replace(was, now))
    page.get_by_role("button", name=re.compile("Done|Save and read again")).click()
    expect(areas).to_have_count(0)


@pytest.mark.parametrize("javascript", [True, False], ids=["with JavaScript", "without"])
def test_settle_approve_and_change_ones_mind(
    browser: Browser, live_server: Any, issue: Issue, javascript: bool
) -> None:
    context = browser.new_context(java_script_enabled=javascript, locale="en-GB")
    page, errors = sit_down(context, live_server, issue)
    row = page.locator("#s-item-1-1")
    expect(page.locator(".find b", has_text="Figure not in source.").first).to_be_visible()
    expect(page.locator(".dec .go")).to_contain_text("settle")

    mend(page, "28", "40")
    expect(row).to_contain_text("charges 40 yuan")
    expect(page.locator(".find b", has_text="Figure not in source.")).to_have_count(0)

    make.tried(issue, User.objects.get(username="mei"))
    page.reload()
    page.locator(".dec .go").click()
    expect(page.get_by_role("heading", name="Approve this issue?")).to_be_visible()
    page.get_by_role("button", name="Approve No. 128").click()
    expect(page.locator(".state").first).to_have_text("Approved")
    expect(page.locator(".void")).to_have_count(0)

    mend(page, "开始收费", "宣布收费")
    expect(page.locator(".void")).to_contain_text("Approval voided by an edit at")
    expect(page.locator(".void .was del").first).to_have_text("开始")
    expect(page.locator(".state").first).to_have_text("In review")

    page.get_by_role("button", name="Undo the edit").click()
    expect(page.locator(".void")).to_contain_text("The text is again what was approved")
    assert errors == []
    context.close()


def test_the_keys_lead_to_the_finding_open_its_source_and_the_editor(
    context: BrowserContext, live_server: Any, issue: Issue
) -> None:
    page, errors = sit_down(context, live_server, issue)
    page.keyboard.press("n")
    focused = page.locator(".s:focus")
    expect(focused).to_have_class(re.compile(r"\bon\b"))
    expect(page.locator(".blocks [aria-current]")).to_have_count(1)
    while "s-item-1-1" not in (focused.get_attribute("id") or ""):
        page.keyboard.press("n")
    page.keyboard.press("s")
    expect(page.locator(".source")).to_be_focused()
    expect(page.locator(".source .quote").nth(1)).to_contain_text("charges 40 yuan a month")
    page.keyboard.press("?")
    expect(page.locator("#keys dl")).to_be_visible()
    page.keyboard.press("e")
    area = page.get_by_label("English 1.1")
    expect(area).to_be_focused()
    area.press("End")
    page.keyboard.type(" jjj")  # letters are letters where one writes
    expect(area).to_have_value(re.compile("jjj"))
    assert errors == []


def test_tab_reaches_skip_link_and_what_has_focus_is_seen(
    context: BrowserContext, live_server: Any, issue: Issue
) -> None:
    page, _ = sit_down(context, live_server, issue)
    page.keyboard.press("Tab")
    skip = page.locator(".skip")
    expect(skip).to_be_focused()
    assert (skip.bounding_box() or {"x": -1})["x"] >= 0
    page.keyboard.press("Tab")
    outline = page.evaluate("getComputedStyle(document.activeElement).outlineStyle")
    assert outline != "none"


@pytest.mark.parametrize("width", [375, 860, 1024, 1440])
def test_nothing_sticks_out_at_any_width(browser: Browser, live_server: Any, issue: Issue, width: int) -> None:
    context = browser.new_context(viewport={"width": width, "height": 800}, locale="en-GB")
    page, _ = sit_down(context, live_server, issue)
    for address in ("", "blocks/item-1/", "approve/"):
        page.goto(f"{live_server.url}/desk/{issue.date}/{address}")
        assert page.evaluate("document.documentElement.scrollWidth") <= width, address
    context.close()


def test_on_a_phone_the_decision_stays_in_reach_and_targets_are_large(
    browser: Browser, live_server: Any, issue: Issue
) -> None:
    context = browser.new_context(viewport={"width": 375, "height": 812}, locale="zh-CN")
    page = context.new_page()
    make.editor("mei")
    page.goto(f"{live_server.url}/desk/login/?next=/desk/{issue.date}/")
    page.locator("#id_username").fill("mei")
    page.locator("#id_password").fill("a good password")
    page.locator("form.asking button").click()
    box = page.locator(".dec .go").bounding_box()
    assert box is not None
    assert box["y"] + box["height"] <= 812
    assert box["height"] >= 44
    assert page.locator("html").get_attribute("lang") == "zh-Hans"
    context.close()


@pytest.mark.parametrize("width", [1440, 375])
def test_an_endless_word_stays_in_its_column(
    context: BrowserContext, live_server: Any, issue: Issue, width: int
) -> None:
    endless = {
        "title_en": "T" * 120,
        "text_en": f"{'w' * 300} https://example.com/{'x' * 300} [2].",
        "text_zh": "v" * 300,
    }
    issue.blocks.filter(key="item-1").update(**endless)
    check_issue(issue, lambda what, done, total: None)
    page, errors = sit_down(context, live_server, issue)
    page.set_viewport_size({"width": width, "height": 800})

    assert page.evaluate("document.documentElement.scrollWidth") == width
    widest = "[...document.querySelectorAll('.leaf')].every(leaf => leaf.scrollWidth <= leaf.clientWidth)"
    assert page.evaluate(widest)
    assert errors == []


def test_the_rail_stays_in_sight_on_a_long_page(context: BrowserContext, live_server: Any, issue: Issue) -> None:
    text = "It is raining in the harbour. " * 80
    for n in range(2, 12):
        make.block(issue, f"item-{n}", title_en=f"Rain {n}", title_zh=f"雨 {n}", text_en=text, text_zh="下雨了。" * 80)
    page, _errors = sit_down(context, live_server, issue)
    page.evaluate("scrollTo(0, 4000)")

    expect(page.get_by_role("heading", name="Blocks")).to_be_in_viewport()
    expect(page.get_by_role("heading", name="Findings")).to_be_in_viewport()
