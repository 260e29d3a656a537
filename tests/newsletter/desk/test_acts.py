"""Findings answered, blocks dropped, moved, undone and redone: with htmx in the open page, without it by way of it."""

import json
import re
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.test import Client
from django.urls import reverse

from newsletter.models import Block, Finding, Issue
from newsletter.review import editing, keeping
from tests import factories as make
from tests.newsletter.desk.helpers import DAY, HTMX, TWO, doubt, item, text_of

pytestmark = pytest.mark.django_db


def post(client: Client, name: str, *args: Any, **data: Any) -> Any:
    return client.post(reverse(f"desk:{name}", args=args), data, headers=HTMX)


def said(answer: Any) -> str:
    found = re.search(r'<div id="said"[^>]*>(.*?)</div>', answer.content.decode(), re.DOTALL)
    return text_of(found[1]) if found else ""


def test_a_small_doubt_is_accepted_with_one_click(desk: Client, block: Block) -> None:
    finding = doubt(block, severity="low", kind="length")
    answer = post(desk, "keep", DAY, finding.pk)
    finding.refresh_from_db()
    assert (finding.kept_by and finding.kept_by.username, finding.kept_because) == ("mei", "Read, and it may stand.")
    assert said(answer) == "Accepted, on your word."
    assert "Accepted by mei" in text_of(answer.content.decode())


def test_a_doubt_that_blocks_is_not_accepted_without_a_reason(desk: Client, block: Block) -> None:
    finding = doubt(block)
    answer = post(desk, "keep", DAY, finding.pk)
    assert answer.status_code == 422
    assert "Say why" in answer.content.decode()
    assert "<html" not in answer.content.decode()
    finding.refresh_from_db()
    assert finding.kept_by is None
    assert post(desk, "keep", DAY, finding.pk, because="forty is 40", vouched="on").status_code == 200


def test_the_checks_own_words_are_taken_with_one_click(desk: Client, block: Block) -> None:
    finding = doubt(block, kind="uncited", sentence="谈判继续。", language="zh", evidence="[1] 晨星科技: 融资")
    assert "Add [1]" in text_of(desk.get(reverse("desk:issue", args=[DAY])).content.decode())
    assert said(post(desk, "mend", DAY, finding.pk)) == "Changed as proposed, and read again."
    assert item().text_zh == "公司正在融资[1]。谈判继续[1]。"


def test_a_proposal_for_a_sentence_that_has_changed_since_is_refused(desk: Client, block: Block) -> None:
    finding = doubt(block, kind="uncited", sentence="谈判早已继续。", language="zh", evidence="[1] 晨星科技: 融资")
    assert "has changed since" in said(post(desk, "mend", DAY, finding.pk))
    assert item().text_zh == TWO["text_zh"]


def test_a_doubtful_sentence_is_dropped_in_both_languages_and_undo_brings_it_back(desk: Client, block: Block) -> None:
    finding = doubt(block, sentence="Talks go on.")
    assert said(post(desk, "drop_sentence", DAY, finding.pk)) == "Dropped in both languages. Undo brings it back."
    assert (item().text_en, item().text_zh) == ("It is raising money [1].", "公司正在融资[1]。")
    post(desk, "undo_mine", DAY)
    assert (item().text_en, item().text_zh) == (TWO["text_en"], TWO["text_zh"])


def test_where_each_language_has_its_own_reports_only_the_sentence_itself_is_dropped(
    desk: Client, block: Block
) -> None:
    Block.objects.filter(key="item-1").update(parity="independent")
    post(desk, "drop_sentence", DAY, doubt(block, sentence="Talks go on.").pk)
    assert (item().text_en, item().text_zh) == ("It is raising money [1].", TWO["text_zh"])


@pytest.mark.parametrize("sentence", ["Qinghe raises", ""])
def test_a_doubtful_headline_or_block_is_dropped_whole(desk: Client, block: Block, sentence: str) -> None:
    post(desk, "drop_sentence", DAY, doubt(block, sentence=sentence).pk)
    assert item().dropped


def test_the_only_sentence_of_a_block_takes_the_block_with_it(desk: Client, issue: Issue) -> None:
    post(desk, "drop_sentence", DAY, doubt(item(), sentence="It is raising money [1].").pk)
    assert item().dropped
    assert item().text_en == "It is raising money [1]."


def test_undo_takes_back_ones_own_last_change_and_leaves_others_alone(desk: Client, block: Block) -> None:
    mei = User.objects.get(username="mei")
    editing.edit_block(item(), mei, {"text_en": "Mine [1]."})
    editing.edit_block(item("item-2"), make.editor("lin"), {"text_en": "Theirs [1]."})
    answer = post(desk, "undo_mine", DAY)
    assert said(answer) == "Qinghe raises: the change is undone."
    assert 'id="b-item-1"' in answer.content.decode()
    assert (item().text_en, item("item-2").text_en) == (TWO["text_en"], "Theirs [1].")
    assert said(post(desk, "undo_mine", DAY)) == "You have nothing to undo."
    assert said(post(desk, "redo_mine", DAY)) == "Qinghe raises: the change is made again."
    assert item().text_en == "Mine [1]."
    assert said(post(desk, "redo_mine", DAY)) == "You have nothing to do again."


def test_a_move_says_the_new_place_and_the_order_of_all(desk: Client, issue: Issue) -> None:
    answer = post(desk, "move", DAY, "item-1", direction="down")
    assert said(answer) == "Qinghe raises: now 2 of 2."
    order = json.loads(answer.headers["HX-Trigger-After-Settle"])["desk:settled"]["order"]
    assert order == [["main-line", None, False, False], ["item-2", 1, False, True], ["item-1", 2, True, False]]
    assert said(post(desk, "move", DAY, "item-1", to="1")) == "Qinghe raises: now 1 of 2."
    assert said(post(desk, "move", DAY, "item-1", direction="up")) == "It can’t go further that way."


def test_a_press_on_what_another_editor_has_changed_meanwhile_says_so(
    desk: Client, block: Block, editor: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An item that is dropped by now isn't moved; a finding that an edit has settled just now isn't kept."""
    finding = doubt(block)
    Finding.objects.filter(pk=finding.pk).update(severity="low")
    with pytest.raises(editing.EditRefusedError, match="look at it again"):
        keeping.keep_finding(finding, editor, "I have asked", vouched=True)

    def gone(finding_: Finding, *args: Any, **kwargs: Any) -> None:
        Finding.objects.all().delete()
        keeping.reopen_finding(finding_, editor)

    monkeypatch.setattr("newsletter.views.desk.findings.reopen_finding", gone)
    assert said(post(desk, "reopen", DAY, finding.pk)) == "The sentence has changed since: look at it again."
    assert post(desk, "keep", DAY, finding.pk).status_code == 404

    finding = doubt(block)
    Issue.objects.update(state="sending")
    answer = post(desk, "keep", DAY, finding.pk, because="I have asked", vouched="on")
    assert (answer.status_code, said(answer)) == (200, "No. 128 can’t be changed any more: it is “Sending”.")
    assert "<html" not in answer.content.decode()  # it goes into the page that is open
    Issue.objects.update(state="in_review")

    editing.drop(block, editor)
    for asked in ({"direction": "down"}, {"to": "2"}):
        answer = post(desk, "move", DAY, block.key, **asked)
        assert said(answer) == "It is dropped: put it back before you move it."
    assert "Dropped: not in the mail" in text_of(answer.content.decode())


def test_a_change_of_several_blocks_is_undone_with_the_page_loaded_anew(desk: Client, issue: Issue) -> None:
    mei = User.objects.get(username="mei")
    edits = [editing.Edit(item(key), {"title_en": f"New {key}"}) for key in ("item-1", "item-2")]
    editing.edit_blocks(issue, mei, edits)
    answer = post(desk, "undo", DAY, "item-2")
    assert answer.headers["HX-Refresh"] == "true"
    assert (item().title_en, item("item-2").title_en) == ("Qinghe raises", "Second")


def test_sources_are_shown_with_the_supporting_words_marked(desk: Client, issue: Issue) -> None:
    address = reverse("desk:sources", args=[DAY, "item-1"])
    part = desk.get(address, {"row": "1", "n": "1"}, headers=HTMX).content.decode()
    assert "<html" not in part
    assert "Open the article" in text_of(part)
    assert '<mark class="sup">' in part
    whole = desk.get(address, {"row": "1"}).content.decode()
    assert "What it rests on" in whole
    assert desk.get(address, {"row": "7"}).status_code == 404


def test_the_head_is_given_alone_with_the_mail_measured(desk: Client, issue: Issue) -> None:
    content = desk.get(reverse("desk:head", args=[DAY]), headers=HTMX).content.decode()
    assert content.lstrip().startswith('<header class="top" id="top" hx-swap-oob="true">')
    assert "Mail" in text_of(content)


def test_who_may_not_edit_is_told_so(client: Client, issue: Issue) -> None:
    User.objects.create_user("guest", password="a good password", is_staff=True)
    client.login(username="guest", password="a good password")
    assert post(client, "drop", DAY, "item-1").status_code == 403
    assert not item().dropped
