"""Writing at the desk, in a real browser: in place, by keys and by pointer, saved by itself, undone, kept offline."""

import re
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Dialog, Page, expect

from newsletter.models import Block, Finding, Issue
from tests.browser import axe
from tests.browser.desk_pages import doubtful_issue, go_to, sit_down, write

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True, serialized_rollback=True)]

SAVED = re.compile(r"Saved \d\d:\d\d")


@pytest.fixture
def issue() -> Issue:
    return doubtful_issue()


def item(key: str = "item-1") -> Block:
    return Block.objects.get(key=key)


def expect_heads(page: Page, *heads: str) -> None:
    """The items stand in this order, or will: the page is put in order after it has said what was done."""
    expect(page.locator("[data-item] .s.hd .en p")).to_have_text(heads)


def state(page: Page) -> Any:
    return page.locator(".saving")


def test_a_click_in_a_sentence_opens_it_where_it_stands_and_it_saves_by_itself(
    context: BrowserContext, live_server: Any, issue: Issue
) -> None:
    page, errors = sit_down(context, live_server, issue)
    page.locator("#s-item-1-2 .en p").click()
    area = page.get_by_label("English 1.2")
    expect(area).to_be_focused()
    area.press("Control+a")
    page.keyboard.type("Talks have ended [1].")
    expect(state(page)).to_have_text(SAVED)
    assert item().text_en == "Qinghe is raising money [1]. Talks have ended [1]."

    page.keyboard.type(" Nobody says why [1].")
    page.keyboard.press("Escape")
    expect(page.locator("#b-item-1 textarea")).to_have_count(0)
    expect(page.locator("#b-item-1")).to_contain_text("Nobody says why")
    assert item().revisions.count() == 1, "one sitting is one change"

    page.keyboard.press("Control+z")
    expect(page.locator("#said")).to_contain_text("the change is undone")
    expect(page.locator("#s-item-1-2")).to_contain_text("Talks go on")
    page.keyboard.press("Control+Shift+z")
    expect(page.locator("#b-item-1")).to_contain_text("Nobody says why")
    assert errors == []


def test_what_is_doubted_is_told_again_while_one_writes(
    context: BrowserContext, live_server: Any, issue: Issue
) -> None:
    page, errors = sit_down(context, live_server, issue)
    go_to(page, "s-item-2-1")
    page.keyboard.press("f")
    area = page.get_by_label("English 2.1")
    expect(area).to_be_focused()
    chosen = "e => e.value.slice(e.selectionStart, e.selectionEnd)"
    assert area.evaluate(chosen) == "28 yuan"
    page.keyboard.type("40 yuan")
    write(page, "中文 2.1", "云雀写作开始收费，付费版每月 40 元[1][2]。")
    expect(page.locator("#b-item-2 .find", has_text="Figure not in source.")).to_have_count(0)
    expect(page.locator(".sev li", has_text="Not in its source").locator("b")).to_have_text("0")
    write(page, "English 2.1", "Skylark Writer now charges 99 yuan a month [2].")
    expect(page.locator("#d-item-2-1 .find", has_text="99 yuan").first).to_be_visible()
    assert errors == []


def test_findings_are_mended_accepted_and_dropped_by_keys(
    context: BrowserContext, live_server: Any, issue: Issue
) -> None:
    page, errors = sit_down(context, live_server, issue)
    go_to(page, "s-item-2-1")
    expect(page.get_by_role("button", name="Use “40”")).to_have_count(2)
    page.keyboard.press("1")
    expect(page.locator("#s-item-2-1 .en")).to_contain_text("charges 40 yuan")
    page.keyboard.press("1")
    expect(page.locator("#s-item-2-1 .zh")).to_contain_text("每月 40 元")
    expect(page.locator("#b-item-2 .find:not(.soft)")).to_have_count(0)
    page.keyboard.press("y")
    expect(page.locator("#b-item-2")).to_contain_text("Accepted by mei: “Read, and it may stand.”")
    page.keyboard.press("d")
    expect(page.locator("#b-item-2")).to_contain_text("Dropped: not in the mail")  # it was the only sentence
    page.keyboard.press("u")
    expect(page.locator("#s-item-2-1 .en")).to_contain_text("charges 40 yuan")
    assert errors == []


def test_a_finding_that_blocks_asks_why_under_its_sentence(
    context: BrowserContext, live_server: Any, issue: Issue
) -> None:
    page, errors = sit_down(context, live_server, issue)
    go_to(page, "s-item-2-1")
    page.keyboard.press("y")
    reason = page.get_by_label("Why may it stand?")
    expect(reason).to_be_focused()
    page.get_by_role("button", name="Accept it").click()
    expect(page.locator(".find .err").first).to_contain_text("Say why")
    reason.fill("the month’s price without the rebate")
    page.get_by_label("I have read the cited articles").check()
    page.get_by_role("button", name="Accept it").click()
    expect(page.locator("#b-item-2")).to_contain_text("Accepted by mei: “the month’s price without the rebate”")
    assert Finding.objects.exclude(kept_by=None).count() == 1
    assert errors == []


def test_a_citation_opens_its_source_and_esc_leads_back(
    context: BrowserContext, live_server: Any, issue: Issue
) -> None:
    page, errors = sit_down(context, live_server, issue)
    mark = page.locator("#s-item-2-1 .zh a.cite").first
    mark.focus()
    page.keyboard.press("Enter")
    panel = page.locator(".source")
    expect(panel).to_be_focused()
    expect(panel.locator(".quote").first).to_contain_text("[1] 晨星科技")
    expect(panel.locator("mark").first).to_be_visible()
    expect(mark).to_have_attribute("aria-expanded", "true")
    page.keyboard.press("Escape")
    expect(panel).to_have_count(0)
    expect(mark).to_be_focused()
    assert errors == []


def test_items_are_moved_by_keys_and_the_new_place_is_told(
    context: BrowserContext, live_server: Any, issue: Issue
) -> None:
    page, errors = sit_down(context, live_server, issue)
    go_to(page, "s-item-1-1")
    page.keyboard.press("Alt+ArrowDown")
    page.keyboard.press("Alt+ArrowDown")  # at once: neither is lost
    expect(page.locator("#said")).to_have_text("Qinghe raises money: now 3 of 3.")
    expect_heads(page, "Skylark Writer begins to charge", "Rain in the harbour", "Qinghe raises money")
    expect(page.locator("#s-item-1-1 .sp b")).to_have_text("3.1")
    grip = page.get_by_role("button", name="Move “Qinghe raises money”")
    grip.focus()
    page.keyboard.press("ArrowUp")
    expect(page.locator("#said")).to_have_text("Qinghe raises money: now 2 of 3.")
    expect(grip).to_be_focused()
    page.keyboard.press("u")
    expect(page.locator("#b-item-1 h2 [data-n]")).to_have_text("3")
    assert errors == []


def test_items_are_dragged_to_their_place(context: BrowserContext, live_server: Any, issue: Issue) -> None:
    page, errors = sit_down(context, live_server, issue)
    grip = page.locator("#b-item-3 [data-grip]")
    grip.scroll_into_view_if_needed()
    grip.hover()
    page.mouse.down()
    target = page.locator("#b-item-1 .bh").bounding_box()
    assert target
    page.mouse.move(target["x"] + 100, target["y"] + 4, steps=6)
    expect(page.locator("#b-item-1")).to_have_class(re.compile("drop-before"))
    page.mouse.up()
    expect(page.locator("#said")).to_have_text("Rain in the harbour: now 1 of 3.")
    expect_heads(page, "Rain in the harbour", "Qinghe raises money", "Skylark Writer begins to charge")

    grip.hover()
    page.mouse.down()
    page.mouse.move(target["x"] + 100, target["y"] + 400, steps=4)
    page.keyboard.press("Escape")
    page.mouse.up()
    expect(page.locator(".sorting")).to_have_count(0)
    page.reload()  # Esc lets go without moving, for the server as well
    expect_heads(page, "Rain in the harbour", "Qinghe raises money", "Skylark Writer begins to charge")
    assert errors == []


def test_a_dropped_block_stays_and_comes_back(context: BrowserContext, live_server: Any, issue: Issue) -> None:
    page, errors = sit_down(context, live_server, issue)
    page.locator("#b-item-1 .bh").get_by_role("button", name="Drop").click()
    expect(page.locator("#b-item-1")).to_contain_text("Dropped: not in the mail")
    expect(page.locator("#b-item-2 h2 [data-n]")).to_have_text("1")
    page.locator("#b-item-1").get_by_role("button", name="Put back").click()
    expect(page.locator("#s-item-1-1")).to_contain_text("Qinghe is raising money")
    expect(page.locator("#b-item-2 h2 [data-n]")).to_have_text("2")
    assert errors == []


def test_without_a_connection_the_text_is_kept_and_saved_later(
    context: BrowserContext, live_server: Any, issue: Issue
) -> None:
    page, errors = sit_down(context, live_server, issue)
    page.locator("#s-item-1-2 .en p").click()
    expect(page.get_by_label("English 1.2")).to_be_focused()
    context.set_offline(True)
    write(page, "English 1.2", "Kept in the browser [1].")
    expect(state(page)).to_contain_text("Not saved: no connection.")
    kept = page.evaluate("Object.values(localStorage).join()")
    assert "Kept in the browser [1]." in kept
    context.set_offline(False)
    expect(state(page)).to_have_text(SAVED)
    assert "Kept in the browser [1]." in item().text_en
    page.wait_for_function("localStorage.length === 0")
    assert errors == []


def test_a_text_that_was_not_saved_is_offered_when_the_block_is_opened_again(
    context: BrowserContext, live_server: Any, issue: Issue
) -> None:
    page, _errors = sit_down(context, live_server, issue)
    page.locator("#s-item-1-2 .en p").click()
    expect(page.get_by_label("English 1.2")).to_be_focused()
    context.set_offline(True)
    write(page, "English 1.2", "Written in a tunnel [1].")
    expect(state(page)).to_contain_text("Not saved")
    asked: list[str] = []

    def leave(dialog: Dialog) -> None:
        asked.append(dialog.type)
        dialog.accept()

    page.on("dialog", leave)
    page.route(
        "**/blocks/item-1/", lambda route: route.abort() if route.request.method == "POST" else route.continue_()
    )
    context.set_offline(False)
    page.reload()
    assert asked == ["beforeunload"], "leaving with an unsaved text is asked about"
    page.unroute("**/blocks/item-1/")
    page.locator("#s-item-1-2 .en p").click()
    expect(page.locator(".kept-copy")).to_contain_text("that was not saved")
    page.get_by_role("button", name="Take it").click()
    expect(state(page)).to_have_text(SAVED)
    assert "Written in a tunnel [1]." in item().text_en


def test_who_is_logged_out_meanwhile_is_told_so_and_loses_nothing(
    context: BrowserContext, live_server: Any, issue: Issue
) -> None:
    page, _errors = sit_down(context, live_server, issue)
    page.locator("#s-item-1-2 .en p").click()
    expect(page.get_by_label("English 1.2")).to_be_focused()
    cookies = [each for each in context.cookies() if each["name"] == "sessionid"]
    context.clear_cookies(name="sessionid")
    write(page, "English 1.2", "Logged out [1].")
    expect(state(page)).to_contain_text("Not saved: you are logged out.")
    context.add_cookies(cookies)  # type: ignore[arg-type]  # as they came
    expect(state(page)).to_have_text(SAVED)
    assert "Logged out [1]." in item().text_en


def test_who_presses_something_while_logged_out_is_asked_to_log_in_and_comes_back(
    context: BrowserContext, live_server: Any, issue: Issue
) -> None:
    page, errors = sit_down(context, live_server, issue)
    context.clear_cookies(name="sessionid")
    page.locator("#b-item-1 .bh").get_by_role("button", name="Drop").click()
    expect(page).to_have_url(re.compile(rf"/desk/login/\?next=.*{issue.date}"))
    page.locator("#id_username").fill("mei")
    page.locator("#id_password").fill("a good password")
    page.locator("form.asking button").click()
    expect(page).to_have_url(re.compile(rf"/desk/{issue.date}/$"))
    assert not item().dropped
    assert errors == []


@pytest.mark.parametrize(("width", "locale"), [(1440, "en-GB"), (390, "zh-CN")])
def test_axe_finds_nothing_in_any_state_of_the_page(
    browser: Browser, live_server: Any, issue: Issue, width: int, locale: str
) -> None:
    context = browser.new_context(viewport={"width": width, "height": 844}, locale=locale)
    page, errors = sit_down(context, live_server, issue)
    found: dict[str, Any] = {"page": axe.violations(page)}
    go_to(page, "s-item-2-1")
    page.keyboard.press("s")
    expect(page.locator(".source .quote").first).to_be_visible()
    found["source"] = axe.violations(page)
    page.keyboard.press("Escape")
    page.keyboard.press("y")
    expect(page.locator(".find .asking")).to_be_visible()
    found["why"] = axe.violations(page)
    page.keyboard.press("Escape")
    page.keyboard.press("f")
    expect(page.locator("#b-item-2 textarea").first).to_be_visible()
    found["form"] = axe.violations(page)
    page.emulate_media(color_scheme="dark")
    found["dark"] = axe.violations(page, only=axe.COLOURS)
    assert {where: wrong for where, wrong in found.items() if wrong} == {}
    assert page.evaluate("document.documentElement.scrollWidth") == width
    assert errors == []
    context.close()
