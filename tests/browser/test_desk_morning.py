"""One whole morning at the desk, from the empty day to the history, by real clicks: docs of what an editor does.

The clock is moved and workers are called (tests/browser/morning.py); all else is the browser, and the mails that a
real SMTP server was handed.
"""

import datetime as dt
import re
from collections.abc import Iterator
from typing import Any

import pytest
from django.contrib.auth.models import User
from playwright.sync_api import Browser, BrowserContext, Page, expect

from newsletter.models import Newsletter
from tests import factories as make
from tests.browser.desk_pages import go_to, write
from tests.browser.morning import Morning, a_morning, slip

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True, serialized_rollback=True)]

SAVED = re.compile(r"Saved \d\d:\d\d")
MEI, LIN = "mei@paper.example", "lin@paper.example"


@pytest.fixture
def morning(settings: Any, monkeypatch: pytest.MonkeyPatch) -> Iterator[Morning]:
    with a_morning(settings, monkeypatch) as day:
        for address in (MEI, LIN):
            make.editor(address.partition("@")[0], email=address)
        yield day


@pytest.fixture
def mei(browser: Browser, live_server: Any, morning: Morning) -> Iterator[Page]:
    context = browser.new_context(viewport={"width": 1440, "height": 900}, locale="en-GB")
    yield enter(context, live_server.url, "mei")
    context.close()


@pytest.fixture
def lin(browser: Browser, live_server: Any, morning: Morning) -> Iterator[Page]:
    context = browser.new_context(viewport={"width": 390, "height": 844}, locale="en-GB")  # on the way to work
    yield enter(context, live_server.url, "lin")
    context.close()


def enter(context: BrowserContext, site: str, name: str) -> Page:
    page = context.new_page()
    page.goto(f"{site}/desk/")
    page.get_by_label("Name").fill(name)
    page.get_by_label("Password").fill("a good password")
    page.get_by_role("button", name="Log in").click()
    expect(page).to_have_url(f"{site}/desk/")
    return page


def test_a_whole_morning(mei: Page, lin: Page, morning: Morning, live_server: Any, settings: Any) -> None:
    settings.SITE_URL = live_server.url
    errors: list[str] = []
    mei.on("pageerror", lambda error: errors.append(str(error)))

    expect(mei.get_by_role("heading", name="There is no issue for today yet")).to_be_visible()
    the_draft_appears(mei, morning)
    findings_are_settled(mei)
    an_item_is_swapped(mei)
    it_is_looked_at_as_readers_will(mei)
    what_cannot_be_mended_is_let_pass(mei)
    a_test_arrives(mei, morning)
    the_approval_is_voided_by_an_edit(mei, morning)
    two_people_approve_the_new_text(mei, lin, morning)
    it_is_sent_at_its_hour_and_the_rest_taken_back(lin, morning, live_server)
    the_history_tells_all_of_it(mei, live_server)
    assert errors == []


def the_draft_appears(page: Page, morning: Morning) -> None:
    morning.at("06:00")
    slip(morning.issue)
    morning.at("06:01")
    morning.at("06:02")
    (subject,) = morning.subjects_to(MEI)
    assert "is ready" in subject
    assert re.search(r"\d findings to settle", subject)
    (address,) = re.findall(r"http\S+/desk/2026-05-07/", morning.text_to(MEI))[:1]
    page.goto(address)
    expect(page.locator(".state").first).to_have_text("In review")


def findings_are_settled(page: Page) -> None:
    """One is mended where it stands, one accepted with a reason."""
    go_to(page, "s-item-2-1")
    page.locator("#b-item-2 .find").get_by_role("link", name="Fix").first.click()
    expect(page.get_by_label("English 2.1", exact=True)).to_be_focused()
    page.keyboard.type("$5 billion")  # the doubted words are selected
    expect(page.locator("#b-item-2 .saving")).to_have_text(SAVED)
    page.keyboard.press("Escape")
    expect(page.locator("#s-item-2-1 .en")).to_contain_text("has taken $5 billion of orders")
    expect(page.locator("#b-item-2 .find:not(.soft)")).to_have_count(0)

    page.locator("#b-item-1 .find").get_by_role("link", name="Accept, say why").click()
    page.get_by_label("Why may it stand?").fill("Their press office told us: 16, not 8")
    page.get_by_label("I have read the cited articles").check()
    page.get_by_role("button", name="Accept it").click()
    expect(page.locator("#b-item-1")).to_contain_text("Accepted by mei: “Their press office told us: 16, not 8”")


def an_item_is_swapped(page: Page) -> None:
    page.locator("#b-item-6").get_by_role("link", name="Swap").click()
    page.get_by_role("radio", name=re.compile("Redwood Power")).check()
    page.get_by_role("button", name="Compose it, and show me").click()
    page.get_by_role("button", name="Take it").click()
    expect(page.locator("#b-item-7")).to_contain_text("Redwood Power will restart a reactor")


def it_is_looked_at_as_readers_will(page: Page) -> None:
    page.keyboard.press("p")
    mail = page.frame_locator(".screen iframe").locator("body")
    expect(mail).to_contain_text("Redwood Power")
    for key, chinese, english in (("z", True, False), ("e", False, True), ("b", True, True)):
        page.keyboard.press(key)
        for is_there, words in ((chinese, "清河今天开放大模型"), (english, "Qinghe released the weights")):
            expect(mail).to_contain_text(words) if is_there else expect(mail).not_to_contain_text(words)
    page.get_by_role("link", name="375 px").click()
    expect(page.locator(".screen iframe")).to_have_class(re.compile("w375"))
    page.get_by_role("link", name="Dark").click()
    expect(page.locator(".screen iframe")).to_have_class(re.compile("dark"))
    page.get_by_role("link", name="Plain text").click()
    expect(page.locator("pre.plain")).to_contain_text("Granite Computing has taken $5 billion of orders")
    page.keyboard.press("Escape")
    expect(page).to_have_url(re.compile("/desk/2026-05-07/$"))


def what_cannot_be_mended_is_let_pass(page: Page) -> None:
    page.goto(page.url + "approve/")
    expect(page.get_by_role("heading", name="Not yet")).to_be_visible()
    page.get_by_role("button", name="Ask now").click()
    expect(page.locator("#links h2")).to_contain_text(re.compile(r"(\d+) of \1 asked"))
    page.reload()
    point = page.locator("#p-links")
    expect(point).to_contain_text("1 link is broken")
    point.get_by_text("Let it pass…").click()
    point.get_by_label("Why may it pass?").fill("Moved this morning; the office says it comes back")
    point.get_by_role("button", name="Let it pass").click()
    expect(page.locator("#p-links")).to_contain_text("mei lets it pass: “Moved this morning")


def a_test_arrives(page: Page, morning: Morning) -> None:
    page.locator("#trial").get_by_label("中文").check()
    page.locator("#trial").get_by_role("button", name="Send test").click()
    expect(page.locator(".told")).to_contain_text("2 tests are on their way.")
    assert [subject.split()[0] for subject in morning.subjects_to(MEI)[1:]] == ["[TEST]"] * 2
    assert "花岗岩计算尚未出货" in morning.text_to(MEI)
    assert not morning.subjects_to("ana@reader.example")


def the_approval_is_voided_by_an_edit(page: Page, morning: Morning) -> None:
    page.get_by_role("button", name=re.compile(r"Approve No\.")).click()
    expect(page.locator(".state").first).to_have_text("Approved")
    approved = page.locator(".dec code").inner_text()
    morning.now += dt.timedelta(minutes=1)
    page.locator("#s-item-3-1 .en p").click()
    both = "Of 11 laboratories, four failed the first federal safety tests [3]. Agents are the weak spot [3]."
    write(page, "English 3.1", both)  # two sentences stand in one row where each language has its own reports
    expect(page.locator("#b-item-3 .saving")).to_have_text(SAVED)
    page.keyboard.press("Escape")
    void = page.locator(".void")
    expect(void).to_contain_text(re.compile(r"Approval voided by an edit at \d\d:\d\d by mei"))
    expect(void).to_contain_text(approved)
    expect(page.locator(".state").first).to_have_text("In review")


def two_people_approve_the_new_text(first: Page, second: Page, morning: Morning) -> None:
    address = re.sub(r"/desk/.*", "/desk/2026-05-07/approve/", first.url)
    Newsletter.objects.update(second_approver=True)
    morning.at("07:30")
    assert "is not approved" in morning.subjects_to(LIN)[-1]
    first.goto(address)
    expect(first.locator("#p-trial")).to_contain_text("Changed since the last test mail")
    expect(first.locator("#p-links")).to_contain_text("mei lets it pass")  # the same link, not asked about twice
    first.locator("#trial").get_by_role("button", name="Send test").click()
    first.get_by_role("button", name=re.compile(r"Approve No\.")).click()
    expect(first.locator(".told")).to_contain_text("A second person has to give theirs.")
    assert morning.issue.state == "in_review"

    second.goto(address.replace("2026-05-07/approve/", ""))
    second.get_by_role("link", name="mei has approved it: a second person has to, as well.").click()
    second.get_by_role("button", name=re.compile(r"Approve No\.")).click()
    expect(second.locator(".state").first).to_have_text("Approved")


def it_is_sent_at_its_hour_and_the_rest_taken_back(page: Page, morning: Morning, live_server: Any) -> None:
    morning.at("07:59")
    assert not morning.subjects_to("ana@reader.example")
    morning.at("08:00")
    assert len(morning.subjects_to("ana@reader.example")) == len(morning.subjects_to("bo@reader.example")) == 1
    assert morning.subjects_to("cy@reader.example") == []  # rises at nine
    assert "Of 11 laboratories, four failed" in morning.text_to("ana@reader.example")
    people = " ".join(morning.text_to("ana@reader.example").split())
    assert "Approved by lin and mei at 07:30" in people or "Approved by mei and lin at 07:30" in people

    page.goto(f"{live_server.url}/desk/")
    expect(page.locator(".next")).to_contain_text("It is going out.")
    page.get_by_role("link", name="Take back").click()
    expect(page.locator(".sheet")).to_contain_text("2 readers have it already")
    page.get_by_label(re.compile("^Why")).fill("The bank called")
    page.get_by_role("button", name="Take back").click()
    expect(page.locator(".told")).to_contain_text("Taken back: 1 mail stays here; 2 readers had it already.")
    morning.at("09:00")
    assert morning.subjects_to("cy@reader.example") == []


def the_history_tells_all_of_it(page: Page, live_server: Any) -> None:
    page.goto(f"{live_server.url}/desk/2026-05-07/history/")
    past = page.locator(".past")
    mended = past.locator("li.edited", has_text="Granite")
    expect(mended.locator("del").first).to_have_text("7")
    expect(mended.locator("ins").first).to_have_text("5")
    for words in ("16, not 8", "Moved this morning", "Redwood Power", "The bank called"):
        expect(past).to_contain_text(words)
    for what in ("approved", "void", "taken back", "sent a test"):
        expect(past.get_by_text(re.compile(what, re.IGNORECASE)).first).to_be_visible()
    assert User.objects.count() == 2
