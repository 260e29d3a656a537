"""Find and replace: every place seen, one act, undone as one."""

import re

import pytest
from django.contrib.auth.models import User
from django.test import Client
from django.urls import reverse

from newsletter import workflow
from newsletter.models import BlockRevision, Issue
from newsletter.review import editing, replacing, undoing
from newsletter.review.editing import EditConflictError, EditRefusedError
from newsletter.review.replacing import Hit, Wanted
from newsletter.workflow import WorkflowError
from tests import factories as make

pytestmark = pytest.mark.django_db


def found(issue: Issue, wanted: Wanted) -> list[str]:
    return [hit.id for hit in replacing.hits(issue, wanted)]


def seen(hits: list[Hit]) -> dict[str, str]:
    return {hit.block.key: editing.version(hit.block) for hit in hits}


def replace_all(issue: Issue, editor: User, wanted: Wanted) -> str:
    hits = replacing.hits(issue, wanted)
    return replacing.replace(issue, editor, wanted, {hit.id for hit in hits}, seen(hits))


def test_places_are_found_in_both_languages_in_reading_order(issue: Issue) -> None:
    issue.blocks.filter(key="item-2").update(text_zh="Qinghe 正在融资[1]。", text_en="Qinghe and Qinghe again [1].")
    assert found(issue, Wanted("Qinghe")) == [
        "item-1:title_en:0",
        "item-2:text_en:0",
        "item-2:text_en:11",
        "item-2:text_zh:0",
    ]
    assert found(issue, Wanted("Qinghe", language="zh")) == ["item-2:text_zh:0"]


def test_capitals_and_whole_words_matter_as_asked(issue: Issue) -> None:
    issue.blocks.filter(key="item-2").update(
        text_en="Metals and META and Meta发布 [1].", text_zh="Meta发布了新品[1]。"
    )
    assert found(issue, Wanted("Meta")) == ["item-2:text_en:0", "item-2:text_en:20", "item-2:text_zh:0"]
    assert found(issue, Wanted("Meta", whole_words=True)) == ["item-2:text_en:20", "item-2:text_zh:0"]
    assert len(found(issue, Wanted("Meta", any_case=True, whole_words=True))) == 3


def test_the_number_of_a_citation_is_no_word(issue: Issue) -> None:
    assert found(issue, Wanted("1")) == []
    assert found(issue, Wanted("[1]")) == [
        f"{key}:text_{language}:{place}" for key in ("item-1", "item-2") for language, place in (("en", 20), ("zh", 6))
    ]


def test_dropped_blocks_are_left_alone(issue: Issue) -> None:
    issue.blocks.filter(key="item-1").update(dropped=True)
    assert found(issue, Wanted("Qinghe")) == []


def test_a_ticked_place_that_is_gone_is_told_and_nothing_is_replaced(issue: Issue, editor: User) -> None:
    wanted = Wanted("raising money", "seeking funds")
    hits = replacing.hits(issue, wanted)
    issue.blocks.filter(key="item-2").update(text_en="It is broke [1].")
    with pytest.raises(EditConflictError):
        replacing.replace(issue, editor, wanted, {hit.id for hit in hits}, seen(hits))
    assert not BlockRevision.objects.exists()


def test_only_what_is_ticked_is_replaced_and_undone_as_one(issue: Issue, editor: User) -> None:
    before = workflow.content_hash(issue)
    wanted = Wanted("raising money", "seeking funds")
    hits = replacing.hits(issue, wanted)
    assert len(hits) == 2
    act = replacing.replace(issue, editor, wanted, {hits[0].id}, seen(hits))
    assert [b.text_en for b in issue.blocks.filter(kind="item").order_by("key")] == [
        "It is seeking funds [1].",
        "It is raising money [1].",
    ]
    assert undoing.undo_act(issue, editor, act)
    assert workflow.content_hash(issue) == before
    assert not undoing.undo_act(issue, editor, act)


def test_all_blocks_are_one_act_and_undo_of_one_of_them_undoes_all(issue: Issue, editor: User) -> None:
    act = replace_all(issue, editor, Wanted("公司", "青禾"))
    assert BlockRevision.objects.filter(act=act).count() == 2
    undoing.undo(issue.blocks.get(key="item-1"), editor)
    assert list(issue.blocks.filter(kind="item").values_list("text_zh", flat=True)) == ["公司正在融资[1]。"] * 2


def test_an_act_is_not_undone_over_a_later_change(issue: Issue, editor: User) -> None:
    act = replace_all(issue, editor, Wanted("公司", "青禾"))
    editing.edit_block(issue.blocks.get(key="item-2"), editor, {"text_zh": "后来改的[1]。"})
    with pytest.raises(EditConflictError):
        undoing.undo_act(issue, editor, act)
    assert issue.blocks.get(key="item-1").text_zh == "青禾正在融资[1]。"


def test_replacing_voids_the_approval(issue: Issue, editor: User) -> None:
    Issue.objects.filter(pk=issue.pk).update(state="approved", approved_hash=workflow.content_hash(issue))
    replace_all(issue, editor, Wanted("公司", "青禾"))
    issue.refresh_from_db()
    assert issue.state == "in_review"


def test_a_block_changed_since_it_was_shown_is_not_replaced_in(issue: Issue, editor: User) -> None:
    wanted = Wanted("公司", "青禾")
    hits = replacing.hits(issue, wanted)
    shown = seen(hits)
    editing.edit_block(issue.blocks.get(key="item-2"), make.editor("li"), {"title_en": "Changed"})
    with pytest.raises(EditConflictError):
        replacing.replace(issue, editor, wanted, {hit.id for hit in hits}, shown)
    assert issue.blocks.get(key="item-1").text_zh == "公司正在融资[1]。"


def test_a_replacement_that_cannot_stand_changes_nothing_at_all(issue: Issue, editor: User) -> None:
    with pytest.raises(EditRefusedError, match=r"\[9\]"):
        replace_all(issue, editor, Wanted("[1]", "[9]"))
    assert not BlockRevision.objects.exists()


def test_nothing_is_replaced_once_mails_have_begun_to_leave(issue: Issue, editor: User) -> None:
    hits = replacing.hits(issue, Wanted("公司"))
    Issue.objects.filter(pk=issue.pk).update(state="sending")
    with pytest.raises(WorkflowError):
        replacing.replace(issue, editor, Wanted("公司", "青禾"), {hits[0].id}, seen(hits))


def test_the_page_shows_the_places_and_replaces_and_undoes_without_a_script(issue: Issue, desk: Client) -> None:
    url = reverse("desk:replace", args=[issue.date])
    page = desk.get(url, {"find": "raising money", "with": "seeking funds"}).content.decode()
    ticks, versions = re.findall(r'name="hit" value="([^"]+)"', page), re.findall(r'name="seen" value="([^"]+)"', page)
    assert len(ticks) == len(versions) == 2
    form = {"find": "raising money", "with": "seeking funds", "hit": ticks, "seen": versions}
    done = desk.post(url, form, follow=True).content.decode()
    assert issue.blocks.filter(text_en__contains="seeking funds").count() == 2
    act = re.search(r'name="act" value="(\w+)"', done)
    assert act
    desk.post(reverse("desk:undo_act", args=[issue.date]), {"act": act[1]})
    assert not issue.blocks.filter(text_en__contains="seeking funds").exists()


def test_the_page_says_that_a_block_was_changed_meanwhile(issue: Issue, desk: Client) -> None:
    url = reverse("desk:replace", args=[issue.date])
    form = {"find": "公司", "with": "青禾", "hit": ["item-1:text_zh:0"], "seen": ["item-1=anything"]}
    answer = desk.post(url, form)
    assert answer.status_code == 409
    assert "Nothing was replaced" in answer.content.decode()


def test_words_of_a_feed_in_the_field_are_text(issue: Issue, desk: Client) -> None:
    page = desk.get(reverse("desk:replace", args=[issue.date]), {"find": "<script>alert(1)</script>"}).content.decode()
    assert "<script>alert" not in page
