"""The history: everything that was done to an issue, in order, and any earlier text put back as a new edit."""

import datetime as dt
import re
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.test import Client
from django.utils import timezone

from newsletter import workflow
from newsletter.models import Block, BlockRevision, Finding, Issue, TrialMail
from newsletter.review import editing, history, keeping
from newsletter.review.undoing import undo
from tests import factories as make

pytestmark = pytest.mark.django_db


@pytest.fixture
def block(issue: Issue) -> Block:
    found = issue.blocks.get(key="item-1")
    found.issue = issue
    return found


def page(desk: Client, issue: Issue, **asked: str) -> str:
    return desk.get(f"/desk/{issue.date}/history/", asked).content.decode()


def lines(issue: Issue, **asked: Any) -> list[history.Entry]:
    return history.entries(issue, history.listing(issue, **asked))


def revision(block: Block) -> BlockRevision:
    newest = block.revisions.select_related("block").first()
    assert newest
    newest.block.issue = block.issue
    return newest


def test_an_edit_is_told_with_its_words_in_both_languages(desk: Client, block: Block, editor: User) -> None:
    editing.edit_block(block, editor, {"text_en": "It is not raising money [1].", "text_zh": "公司没有融资[1]。"})
    text = page(desk, block.issue)
    assert "<ins>not </ins>" in text or "<ins> not</ins>" in text
    assert re.search(r"<del>正在</del><ins>没有</ins>", text)
    assert "mei" in text


def test_everything_else_that_was_done_is_there_too(desk: Client, block: Block, editor: User) -> None:
    issue = block.issue
    doubt = Finding.objects.create(
        issue=issue,
        block=block,
        fingerprint="f",
        language="en",
        kind="name",
        severity="low",
        message="x",
        sentence="It is raising money [1].",
    )
    keeping.keep_finding(doubt, editor, "The second source says so.")
    Finding.objects.all().delete()  # its sentence changed: the word stays told
    editing.drop(block, editor)
    editing.restore(block, editor)
    issue.refresh_from_db()
    workflow.approve(issue, editor)
    editing.edit_block(block, editor, {"title_en": "Other"})
    issue.refresh_from_db()
    workflow.hold(issue, editor, "Wait for the ministry")
    mail = {"content_hash": "0", "language": "both", "address": "mei@paper.example", "accepted": True}
    TrialMail.objects.create(issue=issue, by=editor, at=timezone.now(), **mail)
    text = page(desk, issue)
    for said in (
        "Let a finding stand",
        "The second source says so.",
        "Dropped",
        "Put back into the issue",
        "Approved",
    ):
        assert said in text
    for said in ("Approval voided", "Held", "Wait for the ministry", "Sent a test", "mei@paper.example", "Edited"):
        assert said in text


def test_what_voided_an_approval_is_named(block: Block, editor: User) -> None:
    workflow.approve(block.issue, editor)
    other = make.editor("bo")
    editing.edit_block(block, other, {"title_en": "Other"})
    (void,) = [each for each in lines(block.issue) if each.kind == "move" and each.row.act == workflow.Act.VOID]
    assert (void.by, void.block) == (other, block)


def test_an_undo_leaves_the_change_and_itself_in_the_history(block: Block, editor: User) -> None:
    editing.edit_block(block, editor, {"title_en": "Other"})
    undo(block, editor)
    block.refresh_from_db()
    assert block.title_en == "Qinghe raises"
    assert [each.kind for each in lines(block.issue)][:2] == ["undone", "edited"]
    (undone, edited) = lines(block.issue)[:2]
    assert undone.old == {"title_en": "Other"}  # what was undone can be had back
    assert edited.old == {}  # and what stood before it stands there


def test_any_text_is_put_back_as_a_new_edit(desk: Client, block: Block, editor: User) -> None:
    for title in ("First", "Second", "Third"):
        editing.edit_block(block, editor, {"title_en": title})
    oldest = block.revisions.last()
    assert oldest
    block.refresh_from_db()
    answer = desk.post(
        f"/desk/{block.issue.date}/history/{oldest.pk}/put-back/", {"version": editing.version(block)}, follow=True
    )
    block.refresh_from_db()
    assert block.title_en == "Qinghe raises"
    assert block.revisions.count() == 4
    assert "Put back." in answer.content.decode()


def test_a_page_that_is_stale_puts_nothing_back(desk: Client, block: Block, editor: User) -> None:
    editing.edit_block(block, editor, {"title_en": "First"})
    pk = revision(block).pk
    answer = desk.post(f"/desk/{block.issue.date}/history/{pk}/put-back/", {"version": "stale"}, follow=True)
    block.refresh_from_db()
    assert block.title_en == "First"
    assert "in the meantime" in answer.content.decode()


def test_a_dropped_block_comes_back_from_its_line(block: Block, editor: User) -> None:
    editing.drop(block, editor)
    assert history.put_back(revision(block), editor)
    block.refresh_from_db()
    assert not block.dropped


def test_it_is_sifted_by_block_and_by_person(desk: Client, block: Block, editor: User) -> None:
    other, bo = block.issue.blocks.get(key="item-2"), make.editor("bo")
    other.issue = block.issue
    editing.edit_block(block, editor, {"title_en": "By mei"})
    editing.edit_block(other, bo, {"title_en": "By bo"})
    assert {each.by for each in lines(block.issue, person=bo)} == {bo}
    assert [each.block for each in lines(block.issue, block=other)] == [other]
    text = page(desk, block.issue, block="item-1", by="bo")
    assert "Nothing here by that person" in text


def test_hundreds_of_changes_come_in_pages_with_few_queries(
    desk: Client, block: Block, editor: User, django_assert_max_num_queries: Any
) -> None:
    at = timezone.now()
    BlockRevision.objects.bulk_create(
        BlockRevision(
            block=block,
            at=at + dt.timedelta(seconds=n),
            by=editor,
            before={"title_en": f"{n}"},
            after={"title_en": f"{n + 1}"},
        )
        for n in range(400)
    )
    with django_assert_max_num_queries(45):
        text = desk.get(f"/desk/{block.issue.date}/history/?page=2").content.decode()
    assert "Page 2 of 10" in text
    assert text.count('class="edited"') == 40


def test_nothing_done_says_so(desk: Client, issue: Issue) -> None:
    assert "Nothing has been done" in page(desk, issue)


def test_a_sent_issue_offers_nothing_to_put_back(desk: Client, block: Block, editor: User) -> None:
    editing.edit_block(block, editor, {"title_en": "Other"})
    Issue.objects.update(state="sent")
    assert "Put back what stood before" not in page(desk, block.issue)
    assert "Corrected" not in page(desk, block.issue)
