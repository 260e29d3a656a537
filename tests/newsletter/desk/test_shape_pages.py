"""The pages of swaps, own items and writing again: reached from the issue, usable without a script."""

import re
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.test import Client
from django.urls import reverse

from newsletter.models import Issue, Proposal, Story
from newsletter.review import editing
from tests import factories as make

pytestmark = pytest.mark.django_db


@pytest.fixture
def issue(day: tuple[Issue, list[Story]]) -> Issue:
    return day[0]


def address(name: str, *more: object) -> str:
    return reverse(f"desk:{name}", args=[make.DAY, *more])


def test_the_issue_leads_to_every_one_of_them(issue: Issue, desk: Client) -> None:
    page = desk.get(address("issue")).content.decode()
    for name in ("subjects", "own_item", "note", "replace", "glossary"):
        assert f'href="{address(name)}"' in page, name
    assert f'href="{address("swap", "item-1")}"' in page
    assert f'href="{address("again", "analysis")}"' in page
    Issue.objects.update(state="sent")
    page = desk.get(address("issue")).content.decode()
    assert "/swap/" not in page
    assert address("own_item") not in page


def test_a_swap_from_the_list_to_the_issue_and_back(day: tuple[Issue, list[Story]], desk: Client) -> None:
    issue, stories = day
    page = desk.get(address("swap", "item-3")).content.decode()
    assert f'value="{stories[7].pk}" id="s{stories[7].pk}" required>' in page
    assert f'value="{stories[0].pk}" id="s{stories[0].pk}" required disabled>' in page
    answer = desk.post(address("swap", "item-3"), {"story": stories[7].pk, "writer": "offline"})
    shown = desk.get(answer["Location"]).content.decode()
    assert "Redwood Power" in shown
    seen = re.search(r'name="seen" value="(\w+)"', shown)
    assert seen
    proposal = Proposal.objects.get()
    desk.post(address("take", proposal.pk), {"seen": seen[1]})
    assert issue.blocks.get(key="item-7").dropped is False
    assert issue.blocks.get(key="item-3").dropped is True
    assert "This was taken." in desk.get(answer["Location"]).content.decode()
    desk.post(address("undo", "item-7"))
    assert issue.blocks.get(key="item-3").dropped is False


def test_a_story_that_is_no_candidate_is_not_found(issue: Issue, desk: Client) -> None:
    assert desk.post(address("swap", "item-3"), {"story": "999999"}).status_code == 404
    assert desk.post(address("swap", "item-3"), {"story": "x"}).status_code == 404
    assert desk.get(address("swap", "analysis")).status_code == 409


def test_again_shows_both_languages_word_for_word(issue: Issue, desk: Client, editor: User) -> None:
    block = issue.blocks.get(key="item-1")
    block.issue = issue
    editing.edit_block(block, editor, {"text_en": block.text_en.replace("released", "gave away")})
    assert "Nothing changes yet." in desk.get(address("again", "item-1")).content.decode()
    answer = desk.post(address("again", "item-1"), {"writer": "offline"})
    page = desk.get(answer["Location"]).content.decode()
    assert "Take it" in page
    assert "Leave it" in page
    desk.post(address("leave", Proposal.objects.get().pk))
    assert Proposal.objects.get().state == "left"


def test_a_stale_proposal_says_so_and_is_not_taken_over_the_newer_text(issue: Issue, desk: Client) -> None:
    desk.post(address("again", "item-1"), {"writer": "offline"})
    proposal = Proposal.objects.get()
    seen = re.search(r'name="seen" value="(\w+)"', desk.get(address("proposal", proposal.pk)).content.decode())
    assert seen
    block = issue.blocks.get(key="item-1")
    block.issue = issue
    editing.edit_block(block, make.editor("li"), {"title_en": "Li’s headline"})
    assert "has been changed since" in desk.get(address("proposal", proposal.pk)).content.decode()
    told = desk.post(address("take", proposal.pk), {"seen": seen[1]}, follow=True).content.decode()
    assert "Not taken" in told
    assert issue.blocks.get(key="item-1").title_en == "Li’s headline"


def test_a_model_writes_on_the_queue_and_the_page_waits(
    issue: Issue, desk: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ANTHROPIC_API_KEY", "a key")
    woken: list[Any] = []
    monkeypatch.setattr("newsletter.schedules.wake_proposal", woken.append)
    answer = desk.post(address("again", "item-1"), {"writer": "claude", "instruction": "Shorter."})
    proposal = Proposal.objects.get()
    assert woken == [proposal.pk]
    assert (proposal.writer, proposal.instruction, proposal.state) == ("claude", "Shorter.", "waiting")
    page = desk.get(answer["Location"]).content.decode()
    assert 'hx-trigger="every 2s"' in page
    assert '<noscript><meta http-equiv="refresh"' in page
    assert desk.get(address("proposal_state", proposal.pk)).status_code == 200
    Proposal.objects.update(state="failed", notes=["no key"])
    done = desk.get(address("proposal_state", proposal.pk))
    assert (done.status_code, done["HX-Refresh"]) == (204, "true")
    assert "Nothing was written." in desk.get(answer["Location"]).content.decode()


def test_a_block_that_takes_the_whole_day_is_put_together_on_the_queue(
    issue: Issue, desk: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    woken: list[Any] = []
    monkeypatch.setattr("newsletter.schedules.wake_proposal", woken.append)
    answer = desk.post(address("again", "analysis"), {"writer": "offline"})
    assert woken == [Proposal.objects.get().pk]
    assert "Waiting for a free worker" in desk.get(answer["Location"]).content.decode()


def test_without_a_key_the_program_writes_and_the_page_says_why(
    issue: Issue, desk: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("ANTHROPIC_API_KEY", "ANTHROPIC_AUTH_TOKEN"):
        monkeypatch.delenv(name, raising=False)
    assert "no key is set on this server" in desk.get(address("again", "item-1")).content.decode()
    desk.post(address("again", "item-1"), {"writer": "claude"})
    assert Proposal.objects.get().writer == "offline"


def test_an_own_item_from_articles_and_an_address(issue: Issue, desk: Client) -> None:
    page = desk.get(address("own_item"), {"q": "Redwood"}).content.decode()
    ids = re.findall(r'name="article" value="(\d+)"', page)
    assert len(ids) == 1
    typed = {
        **{"address-url": "https://ledger.example/ban", "address-outlet": "The Ledger", "address-title": "A ban"},
        **{"address-language": "en", "address-published": "2026-05-06T09:00", "address-text": "A ban was decided."},
    }
    answer = desk.post(address("own_item"), {"article": ids, "writer": "offline", **typed})
    shown = desk.get(answer["Location"]).content.decode()
    numbers = re.search(r'name="numbers" value="([\d,]+)"', shown)
    assert numbers
    first = numbers[1].split(",")[0]
    form = {
        **{"numbers": numbers[1], "after": "item-1", "title_en": "A reactor starts", "title_zh": "反应堆重启"},
        **{"text_en": f"It will restart [{first}].", "text_zh": f"它将重启[{first}]。"},
    }
    done = desk.post(address("take", Proposal.objects.get().pk), form)
    assert done["Location"].endswith("#b-item-7")
    assert issue.blocks.get(key="item-7").title_zh == "反应堆重启"
    keys = issue.blocks.filter(kind="item").order_by("position").values_list("key", flat=True)
    assert list(keys)[:2] == ["item-1", "item-7"]


def test_what_is_wrong_with_an_own_item_is_said_and_what_was_typed_stays(issue: Issue, desk: Client) -> None:
    answer = desk.post(address("own_item"), {"writer": "offline"})
    assert answer.status_code == 422
    assert "Choose up to six articles" in answer.content.decode()
    assert desk.post(address("own_item"), {"article": "9" * 30}).status_code == 422  # longer than any row's number
    typed = {"address-url": "javascript:alert(1)", "address-title": "A ban", "address-language": "en"}
    answer = desk.post(address("own_item"), typed)
    assert "Write a whole address" in answer.content.decode()
    desk.post(address("own_item"), {"article": [str(issue.citations.all()[0].article_id)], "writer": "offline"})
    proposal = Proposal.objects.get()
    wrong = desk.post(address("take", proposal.pk), {"title_en": "Mine", "text_en": "Mine [999]."})
    assert wrong.status_code == 422
    assert "[999]" in wrong.content.decode()
    assert ">Mine</textarea>" in wrong.content.decode()


def test_all_of_it_is_refused_in_words_once_the_issue_is_out(issue: Issue, desk: Client) -> None:
    Issue.objects.update(state="sent")
    pages = [("swap", "item-1"), ("again", "item-1"), ("own_item",), ("note",), ("replace",), ("subjects",)]
    for name, *more in pages:
        answer = desk.get(address(name, *more))
        assert answer.status_code == 409, name
        assert "can’t be changed any more" in answer.content.decode(), name


def test_every_page_is_there_in_chinese(issue: Issue, desk: Client) -> None:
    desk.cookies["django_language"] = "zh-hans"
    for name in ("own_item", "note", "replace", "subjects", "glossary"):
        assert desk.get(address(name)).status_code == 200, name
    assert desk.get(address("swap", "item-1")).status_code == 200
