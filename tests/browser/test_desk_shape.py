"""Giving an issue another shape, in a real browser: by clicks, by keys, without JavaScript; looked over by axe."""

import re
from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, expect

from newsletter.models import Issue, LexiconEntry, Proposal
from newsletter.review.proofread import check_issue
from tests import factories as make
from tests.browser.axe import violations
from tests.browser.desk_pages import log_in
from tests.newsletter.messages_api import Api, Body, message, messages_api, well_told
from tests.newsletter.shaped import composed

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True, serialized_rollback=True)]


@pytest.fixture
def issue() -> Issue:
    made, _stories = composed()
    check_issue(made, lambda *_: None)
    return made


@pytest.fixture(params=[True, False], ids=["with JavaScript", "without"])
def context(browser: Browser, request: pytest.FixtureRequest) -> Iterator[BrowserContext]:
    made = browser.new_context(viewport={"width": 1440, "height": 900}, java_script_enabled=request.param)
    yield made
    made.close()


@pytest.fixture
def scripted(browser: Browser) -> Iterator[BrowserContext]:
    made = browser.new_context(viewport={"width": 1440, "height": 900})
    yield made
    made.close()


def items(issue: Issue) -> list[str]:
    found = issue.blocks.filter(kind="item", dropped=False).order_by("position", "pk")
    return list(found.values_list("key", flat=True))


def test_a_candidate_takes_an_items_place_and_gives_it_back(
    context: BrowserContext, live_server: Any, issue: Issue
) -> None:
    page, errors = log_in(context, live_server, f"/desk/{make.DAY}/")
    page.locator("#b-item-3").get_by_role("link", name="Swap").click()
    page.get_by_role("searchbox").fill("Redwood")
    page.get_by_role("button", name="Find").click()
    page.locator("input[name=story]:not([disabled])").check()
    page.get_by_role("button", name="Compose it, and show me").click()
    expect(page.get_by_text("Comes in")).to_be_visible()
    assert items(issue)[2] == "item-3"  # nothing has changed yet
    page.get_by_role("button", name="Take it").click()
    expect(page.locator("#b-item-7")).to_contain_text("Redwood Power")
    assert items(issue)[2] == "item-7"
    page.locator("#b-item-7").get_by_role("button", name="Undo").click()
    expect(page.locator("#b-item-3")).not_to_have_class(re.compile("gone"))
    assert items(issue)[2] == "item-3"
    assert errors == []


def test_words_are_replaced_where_they_are_ticked_and_all_of_it_undone(
    context: BrowserContext, live_server: Any, issue: Issue
) -> None:
    page, errors = log_in(context, live_server, f"/desk/{make.DAY}/")
    page.get_by_role("link", name="Find and replace").click()
    page.get_by_label("Find", exact=True).fill("Granite")
    page.get_by_label("Replace by").fill("Basalt")
    page.get_by_role("button", name="Show the places").click()
    boxes = page.locator("input[name=hit]")
    count = boxes.count()
    assert count > 1
    boxes.first.uncheck()
    page.get_by_role("button", name="Replace what is ticked by “Basalt”").click()
    expect(page.get_by_text(f"Replaced in {count - 1} place")).to_be_visible()
    assert issue.blocks.filter(title_en__contains="Granite").exists() or issue.blocks.filter(
        text_en__contains="Granite"
    )
    page.get_by_role("button", name="Undo all of it").click()
    expect(page.get_by_text("All of it is undone.")).to_be_visible()
    assert not issue.blocks.filter(text_en__contains="Basalt").exists()
    assert errors == []


def test_a_note_is_written_placed_and_moved(context: BrowserContext, live_server: Any, issue: Issue) -> None:
    page, errors = log_in(context, live_server, f"/desk/{make.DAY}/")
    page.get_by_role("link", name="Add a note").click()
    page.locator("#title_en").fill("A word from us")
    page.locator("#text_en").fill("We move on Monday.")
    page.locator("#title_zh").fill("编者的话")
    page.locator("#text_zh").fill("我们周一搬家。")
    page.get_by_label("Stands after").select_option("item-2")
    page.get_by_role("button", name="Put it in").click()
    expect(page.locator("#b-note-1")).to_contain_text("We move on Monday.")
    page.locator("#b-note-1").get_by_role("link", name="Move").click()
    page.get_by_label("Stands after").select_option("main-line")
    page.get_by_role("button", name="Move it there").click()
    expect(page.locator("#b-note-1")).to_be_visible()
    keys = list(issue.blocks.filter(dropped=False).order_by("position", "pk").values_list("key", flat=True))
    assert keys[:2] == ["main-line", "note-1"]
    assert errors == []


def test_an_item_of_ones_own_from_an_address(context: BrowserContext, live_server: Any, issue: Issue) -> None:
    page, errors = log_in(context, live_server, f"/desk/{make.DAY}/")
    page.get_by_role("link", name="Add an item of your own").click()
    page.get_by_text("From a web address").click()
    page.get_by_label("Web address").fill("https://ledger.example/ban")
    page.get_by_label("Outlet").fill("The Ledger")
    page.get_by_label("Its headline").fill("Rivertown bans unlabelled AI in its schools")
    page.get_by_label("Published").fill("2026-05-06T09:00")
    page.get_by_label("What it says").fill(
        "Rivertown’s council banned unlabelled AI tools in its 40 schools on Wednesday. The rule starts in June."
    )
    page.get_by_role("button", name="Put it together, and show me").click()
    expect(page.locator("#text_en")).to_have_value(re.compile(r"Rivertown’s council banned .*\[\d+\]"))
    page.locator("#title_zh").fill("里弗敦学校禁用未标明的人工智能")
    page.get_by_label("Stands after").select_option("item-1")
    page.get_by_role("button", name="Put it in").click()
    expect(page.locator("#b-item-7")).to_contain_text("Rivertown")
    assert items(issue)[:2] == ["item-1", "item-7"]
    assert errors == []


def answer(body: Body) -> Any:
    said = body["messages"][0]["content"]
    text = said if isinstance(said, str) else "".join(part["text"] for part in said)
    key = re.search(r"complete: ([\w-]+)\.", text)
    assert key
    return message({"blocks": [well_told(body, key[1])]})


@pytest.fixture
def model(settings: Any, monkeypatch: pytest.MonkeyPatch) -> Iterator[Api]:
    """A model on loopback, and a queue that is worked off when the test says so."""
    monkeypatch.setenv("ANTHROPIC_API_KEY", "a key for the loopback server")
    monkeypatch.setattr("newsletter.schedules.wake_proposal", lambda pk: None)
    with messages_api(answer) as running:
        settings.ANTHROPIC_BASE_URL = running.url
        yield running


def test_claude_writes_a_block_again_while_the_editor_watches(
    scripted: BrowserContext, live_server: Any, issue: Issue, model: Api
) -> None:
    from newsletter.tasks import propose

    page, errors = log_in(scripted, live_server, f"/desk/{make.DAY}/")
    page.locator("#b-item-2").get_by_role("link", name="Write again").click()
    page.get_by_role("radio", name=re.compile("Claude")).check()
    page.get_by_label("What do you want of it?").fill("Shorter, and lead with the figure.")
    page.keyboard.press("Control+Enter")
    expect(page.get_by_text("Waiting for a free worker")).to_be_visible()
    propose(Proposal.objects.get().pk)
    expect(page.get_by_role("button", name="Take it")).to_be_visible()  # by itself
    expect(page.get_by_text("1 call")).to_be_visible()
    assert "A fact stands here" not in issue.blocks.get(key="item-2").text_en
    page.get_by_role("button", name="Take it").click()
    expect(page.locator("#b-item-2")).to_contain_text("A fact stands here")
    page.locator("#b-item-2").get_by_role("button", name="Undo").click()
    expect(page.locator("#b-item-2")).not_to_contain_text("A fact stands here")
    assert errors == []


def test_words_selected_in_either_language_go_into_the_glossary(
    scripted: BrowserContext, live_server: Any, issue: Issue
) -> None:
    page, errors = log_in(scripted, live_server, f"/desk/{make.DAY}/")
    for side, words in (("en", "Northfold"), ("zh", "北褶")):
        page.evaluate(
            """([side, words]) => {
              const p = document.querySelector(`#b-item-1 .leaf.${side} p`);
              p.textContent = words;
              const range = document.createRange();
              range.selectNodeContents(p);
              getSelection().removeAllRanges();
              getSelection().addRange(range);
              document.dispatchEvent(new MouseEvent("mouseup", { bubbles: true }));
            }""",
            [side, words],
        )
        expect(page.locator(f"#pick input[name={side}]")).to_have_value(words)
    page.keyboard.press("g")
    expect(page.get_by_role("heading", name="Add a name to the glossary")).to_be_visible()
    page.get_by_role("button", name="Add, and read the issue again").click()
    expect(page.get_by_text("“Northfold” is in the lexicon")).to_be_visible()
    entry = LexiconEntry.objects.get()
    assert (entry.en, entry.zh) == ("Northfold", "北褶")
    assert errors == []


def test_the_subjects_length_is_counted_while_it_is_typed(
    scripted: BrowserContext, live_server: Any, issue: Issue
) -> None:
    page, errors = log_in(scripted, live_server, f"/desk/{make.DAY}/")
    page.keyboard.press("h")
    expect(page.get_by_role("heading", name="Headline and subjects")).to_be_visible()
    page.locator("#subject_en").fill("Chips rise")
    expect(page.locator("#subject_en_told")).to_have_text("10 characters; a phone shows about 40")
    page.locator("#subject_zh").fill("芯片涨价 AI")
    expect(page.locator("#subject_zh_told")).to_have_text("6 Han characters wide; a phone shows about 18")
    expect(page.locator("#subject_zh_phone")).to_have_text("芯片涨价 AI")
    page.locator("#subject_zh").press("Control+Enter")
    expect(page.get_by_text("Saved, and read by the checks.")).to_be_visible()
    issue.refresh_from_db()
    assert (issue.subject_en, issue.subject_zh) == ("Chips rise", "芯片涨价 AI")
    assert errors == []


def test_by_keys_alone_a_block_is_written_again(scripted: BrowserContext, live_server: Any, issue: Issue) -> None:
    page, errors = log_in(scripted, live_server, f"/desk/{make.DAY}/")
    page.keyboard.press("]")
    page.keyboard.press("w")
    expect(page.get_by_role("heading", name=re.compile("Write again"))).to_be_visible()
    page.keyboard.press("Escape")
    expect(page).to_have_url(re.compile(rf"/desk/{make.DAY}/"))
    assert errors == []


@pytest.mark.parametrize(("width", "locale"), [(1440, "en-GB"), (390, "zh-CN")])
def test_axe_finds_nothing_and_nothing_overflows(
    browser: Browser, live_server: Any, issue: Issue, width: int, locale: str
) -> None:
    context = browser.new_context(viewport={"width": width, "height": 844}, locale="en-GB")
    page, errors = log_in(context, live_server, f"/desk/{make.DAY}/")
    if locale == "zh-CN":
        context.add_cookies([{"name": "django_language", "value": "zh-hans", "url": live_server.url}])
    base = f"{live_server.url}/desk/{make.DAY}"
    for part in ("item-1", "item-3"):
        page.goto(f"{base}/blocks/{part}/{'again' if part == 'item-1' else 'swap'}/")
        if part == "item-3":
            page.locator("input[name=story]:not([disabled])").first.check()
        page.locator("main button.go").click()
    page.goto(f"{base}/own-item/")
    page.locator("input[name=article]").first.check()
    page.locator("main button.go").click()
    pages = [f"proposals/{pk}/" for pk in Proposal.objects.order_by("pk").values_list("pk", flat=True)]
    pages += ["blocks/item-3/swap/", "blocks/item-1/again/", "own-item/", "note/", "subjects/"]
    pages += ["replace/?find=Granite&with=Basalt", "glossary/?en=Qinghe&zh=清河", ""]
    for scheme in ("light", "dark"):
        page.emulate_media(color_scheme=scheme)
        for path in pages:
            page.goto(f"{base}/{path}")
            assert violations(page) == [], f"{scheme} {path}"
            assert page.evaluate("document.documentElement.scrollWidth") <= width, path
    assert errors == []
    context.close()
