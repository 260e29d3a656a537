"""The preview in a real browser: by clicks, by keys, without JavaScript, in either colours, and looked over by axe."""

import re
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from newsletter.models import Issue
from tests import factories as make
from tests.browser.axe import violations
from tests.browser.desk_pages import log_in
from tests.newsletter.full_issue import make_full_issue

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True, serialized_rollback=True)]


@pytest.fixture
def issue() -> Issue:
    make.reader("mei.lin@mail.example", language="zh")
    return make_full_issue(state="in_review")


def ground(page: Page) -> str:
    """The colour behind the mail's text."""
    inside = page.frame_locator(".screen iframe")
    return str(inside.locator(".in").first.evaluate("it => getComputedStyle(it).backgroundColor"))


@pytest.mark.parametrize("javascript", [True, False], ids=["with JavaScript", "without"])
def test_every_look_is_a_click_away(browser: Browser, live_server: Any, issue: Issue, javascript: bool) -> None:
    context = browser.new_context(java_script_enabled=javascript, locale="en-GB", color_scheme="light")
    page, errors = log_in(context, live_server, f"/desk/{issue.date}/preview/", role="administrator")
    frame = page.locator(".screen iframe")
    expect(page.locator(".inbox-line")).to_contain_text(issue.subject_en)
    expect(page.frame_locator(".screen iframe").locator("body")).to_contain_text("Side by side")

    page.get_by_role("link", name="中文 Z").click()
    expect(page.locator(".inbox-line .subject")).to_have_text(issue.subject_zh)
    expect(page.frame_locator(".screen iframe").locator("body")).not_to_contain_text("Side by side")
    page.get_by_role("link", name="700 px").click()
    expect(frame).to_have_class(re.compile("w700"))
    page.get_by_role("link", name="Dark").click()
    expect(frame).to_have_class(re.compile("dark"))
    page.get_by_role("link", name="Plain text").click()
    expect(page.locator("pre.plain")).to_contain_text(issue.title_zh)
    expect(page).to_have_url(re.compile(r"language=zh&width=700&dark=1&text=1"))

    page.get_by_label("Find a reader by address").fill("mei.")
    page.get_by_role("button", name="Find").click()
    page.get_by_role("link", name="mei.lin@mail.example").click()
    expect(page.locator(".whose .reader")).to_contain_text("Chinese, everything")
    assert "mei" not in page.url
    assert not errors
    context.close()


def test_dark_is_dark_on_a_light_machine_and_light_is_light_on_a_dark_one(
    context: BrowserContext, live_server: Any, issue: Issue
) -> None:
    page, _ = log_in(context, live_server, f"/desk/{issue.date}/preview/", role="administrator")
    for machine in ("light", "dark"):
        page.emulate_media(color_scheme="dark" if machine == "dark" else "light")
        page.goto(f"{live_server.url}/desk/{issue.date}/preview/?dark=1")
        assert ground(page) == "rgb(21, 24, 26)", machine
        page.goto(f"{live_server.url}/desk/{issue.date}/preview/")
        assert ground(page) == "rgb(251, 251, 248)", machine


def test_by_keys_alone(context: BrowserContext, live_server: Any, issue: Issue) -> None:
    page, errors = log_in(context, live_server, f"/desk/{issue.date}/preview/", role="administrator")
    page.goto(f"{live_server.url}/desk/{issue.date}/")
    page.keyboard.press("p")
    expect(page).to_have_url(re.compile(r"/preview/$"))
    expect(page.locator(".sizes")).to_contain_text("Chinese, everything")
    page.keyboard.press("e")
    expect(page).to_have_url(re.compile("language=en"))
    page.keyboard.press("7")
    expect(page.locator(".screen iframe")).to_have_class(re.compile("w700"))
    page.keyboard.press("d")
    expect(page.locator(".screen iframe")).to_have_class(re.compile("dark"))
    page.go_back()
    expect(page.locator(".screen iframe")).not_to_have_class(re.compile("dark"))
    with page.context.expect_page() as opened:
        page.keyboard.press("o")
    expect(opened.value.locator("body")).to_contain_text("Side by side")
    page.keyboard.press("Escape")
    expect(page).to_have_url(re.compile(rf"/desk/{issue.date}/$"))
    assert not errors


def test_choices_are_ticked_and_shown(context: BrowserContext, live_server: Any, issue: Issue) -> None:
    page, errors = log_in(context, live_server, f"/desk/{issue.date}/preview/", role="administrator")
    page.get_by_text("By choices").click()
    page.get_by_label("China media").uncheck()
    page.get_by_role("button", name="Show").click()
    expect(page).to_have_url(re.compile("lists=us"))
    headings = page.frame_locator(".screen iframe").locator("h2")
    expect(headings.filter(has_text="US media")).not_to_have_count(0)
    expect(headings.filter(has_text="China media")).to_have_count(0)
    expect(page.get_by_label("China media")).not_to_be_checked()
    assert not errors


@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_axe_finds_nothing(context: BrowserContext, live_server: Any, issue: Issue, language: str) -> None:
    page, _ = log_in(context, live_server, f"/desk/{issue.date}/preview/", role="administrator")
    context.add_cookies([{"name": "django_language", "value": language, "url": live_server.url}])
    for scheme in ("light", "dark"):
        page.emulate_media(color_scheme="dark" if scheme == "dark" else "light")
        for query in ("", "?text=1&language=zh", "?some=lists"):
            page.goto(f"{live_server.url}/desk/{issue.date}/preview/{query}")
            page.wait_for_load_state("networkidle")
            assert violations(page) == [], f"{scheme} {query}"


@pytest.mark.parametrize("width", [1440, 700, 390, 320])
def test_nothing_is_wider_than_the_window(context: BrowserContext, live_server: Any, issue: Issue, width: int) -> None:
    page, _ = log_in(context, live_server, f"/desk/{issue.date}/preview/", role="administrator")
    page.set_viewport_size({"width": width, "height": 844})
    for query in ("", "?width=700", "?text=1"):
        page.goto(f"{live_server.url}/desk/{issue.date}/preview/{query}")
        assert page.evaluate("document.documentElement.scrollWidth") <= width, query


def test_two_looks_asked_for_at_once_are_both_had(context: BrowserContext, live_server: Any, issue: Issue) -> None:
    page, errors = log_in(context, live_server, f"/desk/{issue.date}/preview/", role="administrator")
    expect(page.locator(".all-sizes table")).to_be_visible()
    page.evaluate("for (const id of ['look-zh', 'look-dark']) document.getElementById(id).click()")
    expect(page.locator(".screen iframe")).to_have_class(re.compile("dark"))
    expect(page).to_have_url(re.compile("language=zh.*dark=1"))
    expect(page.locator(".inbox-line .subject")).to_have_text(issue.subject_zh)
    assert not errors
