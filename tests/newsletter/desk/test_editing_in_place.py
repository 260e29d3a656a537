"""A block is edited in its place: rows of sentences, saved by themselves, and what an open page is told of it."""

import json
import re
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.test import Client
from django.urls import reverse

from newsletter.models import Block, Issue
from newsletter.review import editing, undoing
from newsletter.views.desk import rows
from tests import factories as make
from tests.newsletter.desk.helpers import DAY, HTMX, TWO, doubt, item, text_of

pytestmark = pytest.mark.django_db


def form(block: Block, **changes: str) -> dict[str, str]:
    """The form in place as the page has filled it in, with `changes`."""
    base = (block.text_en, block.text_zh)
    given = {"title_en": block.title_en, "title_zh": block.title_zh, "base_en": base[0], "base_zh": base[1]}
    for n, (en, zh) in enumerate(rows.texts(base, block.parity)):
        given |= {f"en-{n}": en, f"zh-{n}": zh}
    return {**given, "version": editing.version(block), "sitting": "a1", **changes}


def post(client: Client, name: str, *args: Any, **data: Any) -> Any:
    return client.post(reverse(f"desk:{name}", args=args), data, headers=HTMX)


def test_the_form_has_a_field_for_each_sentence_in_both_languages(desk: Client, block: Block) -> None:
    content = desk.get(reverse("desk:edit", args=[DAY, "item-1"]), headers=HTMX).content.decode()
    fields = re.findall(r'<textarea name="([\w-]+)"[^>]*>([^<]*)</textarea>', content)
    assert fields == [
        ("title_en", "Qinghe raises"),
        ("title_zh", "青禾融资"),
        ("en-0", "It is raising money [1]."),
        ("zh-0", "公司正在融资[1]。"),
        ("en-1", "Talks go on."),
        ("zh-1", "谈判继续。"),
    ]
    assert "<html" not in content


def test_a_row_is_saved_and_the_answer_names_the_version_to_save_onto_next(desk: Client, block: Block) -> None:
    first = post(desk, "edit", DAY, "item-1", **form(block, **{"en-1": "Talks have ended."}))
    assert item().text_en == "It is raising money [1]. Talks have ended."
    assert item().text_zh == TWO["text_zh"]
    saved = first.headers["X-Saved"]
    assert f'value="{saved}" id="v-item-1" hx-swap-oob="true"' in first.content.decode()
    assert re.search(r"Saved \d\d:\d\d", text_of(first.content.decode()))
    again = form(block, **{"en-1": "Talks have ended, both say.", "version": saved})
    post(desk, "edit", DAY, "item-1", **again)
    assert item().text_en == "It is raising money [1]. Talks have ended, both say."
    undoing.undo(item(), User.objects.get(username="mei"))
    assert item().text_en == TWO["text_en"], "all that one form saved is undone at once"


def test_a_row_may_come_to_hold_two_sentences_or_none(desk: Client, block: Block) -> None:
    first = post(desk, "edit", DAY, "item-1", **form(block, **{"en-0": "One [1]. Two [1].", "zh-1": ""}))
    assert (item().text_en, item().text_zh) == ("One [1]. Two [1]. Talks go on.", "公司正在融资[1]。")
    third = form(block, **{"en-0": "One.", "zh-1": "", "version": first.headers["X-Saved"]})
    post(desk, "edit", DAY, "item-1", **third)
    assert item().text_en == "One. Talks go on."


def test_what_is_doubted_is_told_at_the_row_that_holds_the_sentence(desk: Client, block: Block) -> None:
    doubt(block, sentence="Talks go on.", message="Doubtful talks.")
    content = post(desk, "edit", DAY, "item-1", **form(block, **{"zh-0": "公司在融资[1]。"})).content.decode()
    row = content[content.index('id="d-item-1-2"') : content.index('id="d-item-1-loose"')]
    assert "Doubtful talks." in row


def test_done_puts_the_block_in_the_place_of_the_form(desk: Client, block: Block) -> None:
    answer = post(desk, "edit", DAY, "item-1", choice="done", **form(block, **{"en-1": "Talks ended."}))
    content = answer.content.decode()
    assert re.search(r'<section class="block" id="b-item-1"[^>]*hx-swap-oob="true"', content)
    assert "Talks ended." in content
    assert answer.headers["X-Closed"] == "1"
    told = json.loads(answer.headers["HX-Trigger-After-Settle"])["desk:settled"]
    assert told["focus"] == "b-item-1"
    assert told["order"] == [
        ["main-line", None, False, False],
        ["item-1", 1, False, True],
        ["item-2", 2, True, False],
    ]


def test_what_is_refused_is_said_in_the_form_and_nothing_is_saved(desk: Client, block: Block) -> None:
    answer = post(desk, "edit", DAY, "item-1", **form(block, **{"en-1": "Talks [9]."}))
    assert "[9] is not an article of this issue" in answer.content.decode()
    assert "X-Saved" not in answer.headers
    assert item().text_en == TWO["text_en"]


def clash(desk: Client, block: Block, mine: dict[str, str], theirs: dict[str, str]) -> tuple[dict[str, str], str]:
    """Lin saves `theirs` while mei has the form open; what mei's save is answered with."""
    given = form(block, **mine)
    editing.edit_block(item(), make.editor("lin"), theirs)
    answer = post(desk, "edit", DAY, "item-1", **given)
    assert "X-Saved" not in answer.headers
    content = answer.content.decode()
    version = re.search(r'name="theirs" value="(\w+)"', content)
    assert version
    return {**given, "theirs": version[1]}, content


def test_two_editors_are_told_who_changed_what_when_and_both_texts_stand_side_by_side(
    desk: Client, block: Block
) -> None:
    theirs = {"text_en": "It is raising funds [1]. Talks go on."}
    _given, content = clash(desk, block, {"en-1": "Talks have ended."}, theirs)
    told = text_of(content)
    assert "Not saved: someone else changed this block while you were editing." in told
    assert re.search(r"lin at \d\d:\d\d", told)
    assert "It is raising funds [1]. Talks go on." in told
    assert re.search(r"<del>funds</del>\s*<ins>money</ins>", content)
    assert item().text_en == theirs["text_en"]


def test_both_texts_are_put_together_where_different_sentences_changed(desk: Client, block: Block) -> None:
    given, content = clash(
        desk, block, {"en-1": "Talks have ended."}, {"text_en": "It is raising funds [1]. Talks go on."}
    )
    assert "You changed different sentences: they go together." in content
    answer = post(desk, "edit", DAY, "item-1", choice="both", **given)
    assert item().text_en == "It is raising funds [1]. Talks have ended."
    assert "Both texts are in the block now" in answer.content.decode()


def test_where_both_changed_one_sentence_both_wordings_stand_theirs_first(desk: Client, block: Block) -> None:
    given, content = clash(
        desk, block, {"en-1": "Talks have ended."}, {"text_en": "It is raising money [1]. Talks are on."}
    )
    assert "In 1 place you both changed the same" in text_of(content)
    post(desk, "edit", DAY, "item-1", choice="both", **given)
    assert item().text_en == "It is raising money [1]. Talks are on. Talks have ended."


def test_taking_mine_replaces_theirs_which_undo_brings_back(desk: Client, block: Block, editor: User) -> None:
    given, _content = clash(desk, block, {"en-1": "Mine."}, {"text_en": "Theirs [1]."})
    answer = post(desk, "edit", DAY, "item-1", choice="mine", **given)
    assert item().text_en == "It is raising money [1]. Mine."
    assert answer.headers["X-Saved"]
    undoing.undo(item(), editor)
    assert item().text_en == "Theirs [1]."


def test_taking_theirs_keeps_mine_in_the_history(desk: Client, block: Block, editor: User) -> None:
    given, _content = clash(desk, block, {"en-1": "Mine."}, {"text_en": "Theirs [1]."})
    post(desk, "edit", DAY, "item-1", choice="theirs", **given)
    assert item().text_en == "Theirs [1]."
    undoing.redo(item(), editor)
    assert item().text_en == "It is raising money [1]. Mine."


def test_a_third_change_while_one_decides_is_not_overwritten_either(desk: Client, block: Block) -> None:
    given, _content = clash(desk, block, {"en-1": "Mine."}, {"text_en": "Theirs [1]."})
    editing.edit_block(item(), User.objects.get(username="lin"), {"text_en": "Theirs again [1]."})
    answer = post(desk, "edit", DAY, "item-1", choice="mine", **given)
    assert "Not saved: someone else changed this block" in answer.content.decode()
    assert item().text_en == "Theirs again [1]."


@pytest.mark.parametrize("choice", ["", "done", "mine", "theirs"])
def test_a_form_that_does_not_say_what_it_was_opened_with_overwrites_nothing(
    desk: Client, block: Block, choice: str
) -> None:
    given = {**form(block, **{"en-1": "Mine."}), "version": ""}
    answer = post(desk, "edit", DAY, "item-1", **given, choice=choice)
    assert "Not saved" in text_of(answer.content.decode())
    assert item().text_en == TWO["text_en"]


def test_without_javascript_the_same_choice_is_a_page(desk: Client, block: Block) -> None:
    given = {**TWO, "title_en": block.title_en, "title_zh": block.title_zh, "version": editing.version(block)}
    editing.edit_block(item(), make.editor("lin"), {"text_en": "Theirs [1]. Talks go on."})
    address = reverse("desk:edit", args=[DAY, "item-1"])
    response = desk.post(address, {**given, "text_en": "It is raising money [1]. Mine."})
    content = response.content.decode()
    assert response.status_code == 409
    assert "Take theirs" in content
    assert "It is raising money [1]. Mine." in content
    version = re.search(r'name="theirs" value="(\w+)"', content)
    assert version
    again = {**given, "text_en": "It is raising money [1]. Mine.", "theirs": version[1], "choice": "both"}
    assert desk.post(address, again).status_code == 302
    assert item().text_en == "Theirs [1]. Mine."


def test_the_words_of_a_finding_are_selected_when_one_comes_to_fix_it(desk: Client, block: Block) -> None:
    finding = doubt(block, sentence="It is raising money [1].", message="“raising money” is not in [1].")
    address = reverse("desk:edit", args=[DAY, "item-1"])
    content = desk.get(address, {"fix": finding.pk}, headers=HTMX).content.decode()
    assert 'data-chosen="1" data-language="en" data-words="raising money"' in content


def test_an_issue_that_has_left_is_not_opened_for_writing(desk: Client, block: Block) -> None:
    Issue.objects.update(state="sent")
    answer = desk.get(reverse("desk:edit", args=[DAY, "item-1"]), headers=HTMX)
    assert "can’t be changed any more" in answer.content.decode()
    assert "<textarea" not in answer.content.decode()
    # Nothing takes the block's place but the block itself, as it can be read.
    assert answer.headers["HX-Reswap"] == "none"
    assert re.search(r'id="b-item-1"[^>]*hx-swap-oob="true"', answer.content.decode())


def test_a_form_that_is_open_when_the_issue_leaves_says_that_it_isnt_saved(desk: Client, block: Block) -> None:
    Issue.objects.update(state="sending")
    answer = post(desk, "edit", DAY, "item-1", **form(block, **{"en-0": "It has the money [1]."}))
    told = re.search(r'id="state-item-1"[^>]*>(.*?)</span>', answer.content.decode(), re.DOTALL)
    assert told
    assert text_of(told[1]) == "Not saved"
    assert "can’t be changed any more" in text_of(answer.content.decode().partition('id="wrong-item-1"')[2])
    assert not {"X-Saved", "X-Closed"} & set(answer.headers), "the browser keeps its copy"
