"""Two editors at one block, in two real browsers: neither overwrites the other unseen."""

import re
from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from newsletter.models import Block, Finding, Issue
from tests.browser import axe
from tests.browser.desk_pages import doubtful_issue, sit_down, write

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True, serialized_rollback=True)]

SAVED = re.compile(r"Saved \d\d:\d\d")


@pytest.fixture
def issue() -> Issue:
    return doubtful_issue()


@pytest.fixture
def both(browser: Browser, live_server: Any, issue: Issue) -> Iterator[tuple[Page, Page]]:
    """Mei and Lin, each with the first item open for writing; Lin has saved another first sentence since."""
    pages = []
    for name in ("mei", "lin"):
        context = browser.new_context(viewport={"width": 1280, "height": 900}, locale="en-GB")
        page, _errors = sit_down(context, live_server, issue, name)
        page.locator("#s-item-1-1 .en p").click()
        expect(page.get_by_label("English 1.1")).to_be_focused()
        pages.append(page)
    mei, lin = pages
    write(lin, "English 1.1", "Qinghe is raising funds [1].")
    expect(lin.locator(".saving")).to_have_text(SAVED)
    yield mei, lin
    for page in pages:
        page.context.close()


def text() -> str:
    return Block.objects.get(key="item-1").text_en


def test_the_second_is_told_who_changed_what_and_both_texts_go_together(both: tuple[Page, Page]) -> None:
    mei, _lin = both
    write(mei, "English 1.2", "Talks have ended [1].")
    clash = mei.locator(".clash")
    expect(clash).to_contain_text("Not saved: someone else changed this block while you were editing.")
    expect(clash.locator(".since")).to_contain_text(re.compile(r"lin at \d\d:\d\d"))
    expect(clash.locator("del", has_text="funds")).to_be_visible()
    expect(clash.locator("ins", has_text="money")).to_be_visible()
    assert text() == "Qinghe is raising funds [1]. Talks go on [1].", "nothing is overwritten meanwhile"
    assert axe.violations(mei) == []
    expect(mei.get_by_label("English 1.2", exact=True)).to_have_value("Talks have ended [1].")

    mei.get_by_role("button", name="Put both together").click()
    expect(mei.get_by_label("English 1.1", exact=True)).to_have_value("Qinghe is raising funds [1].")
    expect(mei.get_by_label("English 1.2", exact=True)).to_have_value("Talks have ended [1].")
    assert text() == "Qinghe is raising funds [1]. Talks have ended [1]."
    write(mei, "English 1.2", "Talks have ended early [1].")
    expect(mei.locator(".saving")).to_have_text(SAVED)
    assert text() == "Qinghe is raising funds [1]. Talks have ended early [1]."


def test_taking_theirs_closes_the_form_and_mine_can_be_made_again(both: tuple[Page, Page]) -> None:
    mei, _lin = both
    write(mei, "English 1.1", "Qinghe wants money [1].")
    mei.get_by_role("button", name="Take theirs").click()
    expect(mei.locator("#b-item-1 textarea")).to_have_count(0)
    expect(mei.locator("#s-item-1-1")).to_contain_text("raising funds")
    mei.wait_for_function("localStorage.length === 0")
    mei.keyboard.press("Shift+U")
    expect(mei.locator("#s-item-1-1")).to_contain_text("Qinghe wants money")


def test_taking_mine_tells_the_first_in_turn(both: tuple[Page, Page]) -> None:
    mei, lin = both
    write(mei, "English 1.1", "Qinghe wants money [1].")
    mei.get_by_role("button", name="Take mine").click()
    expect(mei.locator(".clash")).to_have_count(0)
    expect(mei.locator(".saving")).to_have_text(SAVED)
    assert text() == "Qinghe wants money [1]. Talks go on [1]."

    write(lin, "English 1.2", "Talks are on [1].")
    expect(lin.locator(".clash .since")).to_contain_text("mei at")
    lin.get_by_role("button", name="Put both together").click()
    expect(lin.get_by_label("English 1.1", exact=True)).to_have_value("Qinghe wants money [1].")
    assert text() == "Qinghe wants money [1]. Talks are on [1]."


def test_who_writes_while_the_issue_leaves_keeps_the_text_and_is_told(
    context: BrowserContext, live_server: Any, issue: Issue
) -> None:
    page, _errors = sit_down(context, live_server, issue, "mei")
    page.locator("#s-item-1-1 .en p").click()
    write(page, "English 1.1", "Qinghe is raising funds [1].")
    expect(page.locator(".saving")).to_have_text(SAVED)
    Issue.objects.update(state="sending")  # the other has let it go
    write(page, "English 1.1", "Qinghe is raising a fortune [1].")
    expect(page.locator("#b-item-1 .wrong")).to_contain_text("can’t be changed any more")
    expect(page.locator("#b-item-1 .saving")).to_have_text("Not saved")
    expect(page.get_by_label("English 1.1", exact=True)).to_have_value("Qinghe is raising a fortune [1].")

    page.locator("#s-item-2-1 .en p").click()  # still offered: the page doesn't know yet
    expect(page.locator("#said .error")).to_contain_text("can’t be changed any more")
    expect(page.locator("#b-item-2")).to_contain_text("charges 28 yuan")
    expect(page.locator("#b-item-2 textarea")).to_have_count(0)


def test_a_reason_given_for_what_is_gone_meanwhile_does_not_vanish_in_silence(
    context: BrowserContext, live_server: Any, issue: Issue
) -> None:
    page, _errors = sit_down(context, live_server, issue, "mei")
    finding = Finding.objects.filter(severity="high", block__key="item-2").first()
    assert finding
    page.locator(f"#f-{finding.pk}").get_by_role("link", name="Accept, say why").click()
    page.get_by_label("Why may it stand?").fill("Their press office told us")
    page.get_by_label("I have read the cited articles").check()
    finding.delete()  # the other's edit has settled it
    page.get_by_role("button", name="Accept it").click()
    expect(page.locator("#said .error")).to_contain_text("Not done")
    expect(page.get_by_label("Why may it stand?")).to_have_value("Their press office told us")
