"""One block by the model: what it is asked, what it costs, and how it fails; by tasks, with no transaction open."""

import json
import re
from decimal import Decimal
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.db import connection

from newsletter import schedules, tasks
from newsletter.compose import claude, one_block
from newsletter.models import Issue, ModelCall, Proposal, Story
from newsletter.review import proposing
from tests import factories as make
from tests.newsletter.messages_api import Api, Body, Reply, blocks, error, material, message, prompt, well_told
from tests.newsletter.shaped import block, written

pytestmark = pytest.mark.django_db
Purpose, State = Proposal.Purpose, Proposal.State


@pytest.fixture
def issue(day: tuple[Issue, list[Story]]) -> Issue:
    return day[0]


def wanted(body: Body) -> list[str]:
    said = re.search(r"only these blocks, complete: ([\w, -]+)\.", prompt(body))
    assert said
    return said[1].split(", ")


def answer(body: Body) -> Reply:
    """What was asked for, and nothing else."""
    return message({"blocks": [well_told(body, key) for key in wanted(body)]})


def again(issue: Issue, editor: User, key: str, wish: str = "") -> Proposal:
    return proposing.ask(issue, editor, Purpose.AGAIN, writer="claude", block=block(issue, key), instruction=wish)


def test_an_item_is_asked_for_alone_with_its_text_and_the_editors_wish(issue: Issue, editor: User, api: Api) -> None:
    api.answer = answer
    made = written(again(issue, editor, "item-2", "Lead with the <price>."))
    assert made.state == State.READY
    assert len(api.asked) == 1
    assert wanted(api.asked[0]) == ["item-2"]
    assert [story["item"] for story in material(api.asked[0])] == [2]
    present = json.loads(re.findall(r"<present>\n(.*?)\n</present>", prompt(api.asked[0]), re.DOTALL)[0])
    assert present[0]["key"] == "item-2"
    assert "[a" in present[0]["text"]["en"]  # ids of articles, as the material has them
    assert "Lead with the \\u003cprice\\u003e." in prompt(api.asked[0])
    assert "You write for Chenbao" in blocks(api.asked[0]["system"])[0]["text"]
    assert made.draft["parity"] == "translated"
    assert made.draft["title"]["en"] == "A headline of the model’s own"


def test_the_receipt_is_recorded_and_the_cost_is_told(issue: Issue, editor: User, api: Api) -> None:
    api.answer = answer
    made = written(again(issue, editor, "item-2"))
    receipt = ModelCall.objects.get()
    assert (receipt.purpose, receipt.date) == ("again item-2", issue.date)
    assert re.search(r"\+1 \(\w{6}\)$", receipt.prompt_version)
    assert made.cost_usd == receipt.cost_usd > Decimal(0)
    assert made.calls == 1
    second = written(again(issue, editor, "item-2"))
    assert ModelCall.objects.count() == 1  # the same question: it is on file
    assert second.draft == made.draft
    assert second.cost_usd == 0


@pytest.mark.parametrize(
    ("key", "asked"),
    [
        ("main-line", ["main-line"]),
        ("analysis", ["analysis"]),
        ("qa-2", ["qa-2"]),
        ("highlights-china", ["highlights-china"]),
        ("insight-us-1", ["insight-us-1"]),
        ("comparison", ["comparison-1", "comparison-2", "comparison-3", "only-china", "only-us"]),
    ],
)
def test_every_part_of_an_issue_can_be_asked_for_alone(
    issue: Issue, editor: User, api: Api, key: str, asked: list[str]
) -> None:
    if not issue.blocks.filter(key=key).exists():
        make.block(issue, key, key.split("-")[0], source_list=make.source_list("us"), text_en="Old.", text_zh="旧。")
    api.answer = answer
    made = written(again(issue, editor, key))
    assert made.notes == []
    assert wanted(api.asked[0]) == asked
    proposing.take(made, editor)
    assert "A fact stands here" in block(issue, key).text_en
    assert block(issue, key).composer == "claude-sonnet-5-5"
    if key == "main-line":
        assert block(issue, key).text_en.startswith("In the 24 hours to")  # counts stay the data's


def test_a_candidate_by_the_model_is_shown_its_story_alone(
    day: tuple[Issue, list[Story]], editor: User, api: Api
) -> None:
    issue, stories = day
    api.answer = answer
    made = proposing.ask(issue, editor, Purpose.SWAP, writer="claude", block=block(issue, "item-3"), story=stories[7])
    made = written(made)
    assert wanted(api.asked[0]) == ["item-7"]
    assert len(material(api.asked[0])) == 1
    assert proposing.take(made, editor).story == stories[7]


def test_an_own_item_by_the_model_cites_what_was_typed_in(issue: Issue, editor: User, api: Api) -> None:
    api.answer = answer
    source = {
        **{"outlet": "The Ledger", "title": "A ban", "url": "https://ledger.example/", "language": "en"},
        **{"text": "A ban was decided.", "published": "2026-05-06T09:00:00+00:00"},
    }
    made = written(proposing.ask(issue, editor, Purpose.OWN, writer="claude", sources=[source]))
    assert made.state == State.READY, made.notes
    assert [row.url for row in proposing.shown(made).fresh] == ["https://ledger.example/"]
    assert "hot" not in made.draft["extra"]


@pytest.mark.parametrize(
    ("reply", "words"),
    [
        (error(401, "no such key"), "nothing that could be used"),
        (message("not JSON"), "nothing that could be used"),
        (message("", stop_reason="refusal"), "nothing that could be used"),
    ],
)
def test_what_comes_to_nothing_says_why_and_changes_nothing(
    issue: Issue, editor: User, api: Api, reply: Reply, words: str
) -> None:
    api.answer = lambda body: reply
    before = block(issue, "item-2").text_en
    made = written(again(issue, editor, "item-2"))
    assert made.state == State.FAILED
    assert words in made.notes[-1]
    assert len(made.notes) > 1  # and the reason itself
    assert block(issue, "item-2").text_en == before


def test_without_a_key_the_model_is_not_asked(issue: Issue, editor: User, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("ANTHROPIC_API_KEY", "ANTHROPIC_AUTH_TOKEN"):
        monkeypatch.delenv(name, raising=False)
    made = written(again(issue, editor, "item-2"))
    assert made.state == State.FAILED
    assert any("ANTHROPIC_API_KEY" in note for note in made.notes)


def test_over_the_days_budget_nothing_is_asked(issue: Issue, editor: User, api: Api, settings: Any) -> None:
    settings.CLAUDE_DAILY_BUDGET_USD = Decimal("0.0001")
    made = written(again(issue, editor, "item-2"))
    assert made.state == State.FAILED
    assert any("budget" in note for note in made.notes)
    assert api.asked == []


@pytest.mark.parametrize("key", ["overview-china", "tags", "disclaimer"])
def test_what_data_says_is_asked_of_no_model(issue: Issue, editor: User, api: Api, key: str) -> None:
    assert written(again(issue, editor, key)).state == State.FAILED
    assert api.asked == []


@pytest.mark.django_db(transaction=True, serialized_rollback=True)
def test_no_transaction_is_open_while_the_model_writes(
    issue: Issue, editor: User, api: Api, monkeypatch: pytest.MonkeyPatch
) -> None:
    api.answer = answer
    send, open_ones = claude.send, []

    def watching(*asked: Any) -> Any:
        open_ones.append(connection.in_atomic_block)
        return send(*asked)

    monkeypatch.setattr(claude, "send", watching)
    tasks.propose(again(issue, editor, "item-2").pk)
    assert open_ones == [False]


def test_what_was_left_while_it_was_written_stays_left(issue: Issue, editor: User, api: Api) -> None:
    made = again(issue, editor, "item-2")
    api.answer = answer
    Proposal.objects.filter(pk=made.pk).update(state=State.LEFT)
    tasks.propose(made.pk)
    assert api.asked == []  # nobody waits for it
    assert Proposal.objects.get(pk=made.pk).state == State.LEFT


def test_what_was_left_after_it_was_begun_stays_left_and_is_paid_for(
    issue: Issue, editor: User, api: Api, monkeypatch: pytest.MonkeyPatch
) -> None:
    api.answer = answer
    made = again(issue, editor, "item-2")
    send = claude.send

    def leaving(*asked: Any) -> Any:
        proposing.leave(made, editor)
        return send(*asked)

    monkeypatch.setattr(claude, "send", leaving)
    made = written(made)
    assert made.state == State.LEFT
    assert made.cost_usd > 0


def test_a_task_runs_twice_and_asks_once(issue: Issue, editor: User, api: Api) -> None:
    api.answer = answer
    made = again(issue, editor, "item-2")
    tasks.propose(made.pk)
    tasks.propose(made.pk)
    assert len(api.asked) == 1


def test_what_a_lost_task_left_waiting_is_due_at_the_next_tick(issue: Issue, editor: User) -> None:
    made = again(issue, editor, "item-2")
    assert ("propose", made.pk) in list(schedules.due(issue.newsletter, issue.cutoff))
    proposing.leave(made, editor)
    assert ("propose", made.pk) not in list(schedules.due(issue.newsletter, issue.cutoff))


def test_a_writer_that_died_is_seen(issue: Issue, editor: User) -> None:
    made = again(issue, editor, "item-2")
    Proposal.objects.filter(pk=made.pk).update(state=State.WRITING, worker="elsewhere:1", started_at=make.NOON)
    assert proposing.is_lost(Proposal.objects.get(pk=made.pk))


def test_a_fault_of_ours_is_told_in_a_line(
    issue: Issue, editor: User, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def broken(*_: object) -> None:
        raise RuntimeError("a test breaks this")

    monkeypatch.setattr(one_block, "_written", broken)
    made = written(again(issue, editor, "item-2"))
    assert made.state == State.FAILED
    assert made.notes == ["RuntimeError: a test breaks this"]
    assert "could not be written" in caplog.text


def test_the_programs_own_words_are_marked_in_no_text(day: tuple[Issue, list[Story]], editor: User) -> None:
    issue, stories = day
    for key in ("item-3", "item-4", "item-5", "item-6"):  # told in one language: our words stand in the other half
        for purpose, story in ((Purpose.AGAIN, None), (Purpose.SWAP, stories[7]), (Purpose.SWAP, stories[6])):
            ask = {"writer": "offline", "block": block(issue, key), "story": story}
            made = written(proposing.ask(issue, editor, purpose, **ask))  # type: ignore[arg-type]
            assert not re.search("[\ue000-\uf8ff]", json.dumps(made.draft, ensure_ascii=False)), key
