"""Proposals: nothing changes before they are taken; then they stand, cited, and can be taken back."""

from collections.abc import Mapping

import pytest
from django.contrib.admin.models import LogEntry
from django.contrib.auth.models import User
from django.db.models import Max

from newsletter import workflow
from newsletter.bilingual import Both
from newsletter.check.document import IssueDocument
from newsletter.check.run import check_document
from newsletter.compose.assemble import compose_issue
from newsletter.lexicon import load
from newsletter.models import Citation, Issue, Proposal, Story
from newsletter.review import editing, notes, proposing, undoing
from newsletter.review.candidates import candidates
from newsletter.review.editing import EditConflictError, EditRefusedError
from newsletter.review.proofread import check_issue
from newsletter.review.proposing import OwnText
from newsletter.sentences import citations
from newsletter.workflow import WorkflowError
from tests import factories as make
from tests.newsletter import compose_day
from tests.newsletter.shaped import block, written

pytestmark = pytest.mark.django_db
Purpose, State = Proposal.Purpose, Proposal.State


@pytest.fixture
def issue(day: tuple[Issue, list[Story]]) -> Issue:
    return day[0]


def swap(issue: Issue, editor: User, key: str, story: Story) -> Proposal:
    return written(proposing.ask(issue, editor, Purpose.SWAP, writer="offline", block=block(issue, key), story=story))


def own(issue: Issue, editor: User, *sources: Mapping[str, object]) -> Proposal:
    return written(proposing.ask(issue, editor, Purpose.OWN, writer="offline", sources=sources))


def kinds(issue: Issue, key: str) -> set[str]:
    """What the checks doubt in the block."""
    findings = check_document(IssueDocument.from_issue(issue), load()).findings
    return {finding.kind for finding in findings if finding.block == key}


TYPED = {
    "outlet": "The Rivertown Ledger",
    "title": "Rivertown bans unlabelled AI in its schools",
    "url": "https://rivertown.example/ban",
    "text": "Rivertown’s council banned unlabelled AI tools in its 40 schools on Wednesday. The rule starts in June.",
    "language": "en",
    "published": "2026-05-06T09:00:00+00:00",
}


# ---- candidates ---------------------------------------------------------------------------------------------


def test_candidates_are_the_days_stories_with_what_speaks_for_and_against_them(
    day: tuple[Issue, list[Story]],
) -> None:
    issue, stories = day
    before = make.issue(make.DAY.replace(day=5), state="sent")
    make.block(before, "item-4", story=stories[7])
    rows = candidates(issue)
    assert [row.story for row in rows] == [story.pk for story in stories]
    assert [row.stands for row in rows][:7] == ["item-1", "item-2", "item-3", "item-4", "item-5", "item-6", ""]
    assert rows[7].told == before.date
    assert rows[0].told is None
    assert rows[0].languages == ("en", "zh")
    assert (rows[0].articles, set(rows[0].outlets)) == (4, {"Harbor", "Field Notes", "晨星", "明湖"})
    assert not rows[0].can_be_told
    assert rows[7].can_be_told


def test_candidates_are_found_by_headline_and_outlet_in_either_language(issue: Issue) -> None:
    assert [row.position for row in candidates(issue, "明湖 丹江")] == [7]
    assert [row.position for row in candidates(issue, "REDWOOD")] == [8]
    assert candidates(issue, "nobody") == []


# ---- swap ---------------------------------------------------------------------------------------------------


def test_a_candidate_is_composed_and_nothing_changes_yet(day: tuple[Issue, list[Story]], editor: User) -> None:
    issue, stories = day
    before = workflow.content_hash(issue)
    made = swap(issue, editor, "item-3", stories[7])
    assert made.state == State.READY
    assert "Redwood Power" in made.draft["text"]["en"]
    assert workflow.content_hash(issue) == before
    assert not issue.blocks.filter(key="item-7").exists()


def test_a_taken_candidate_stands_where_the_item_stood_cited_by_the_next_numbers(
    day: tuple[Issue, list[Story]], editor: User
) -> None:
    issue, stories = day
    last = issue.citations.aggregate(last=Max("number"))["last"]
    cited = {row.article_id: row.number for row in issue.citations.all()}
    made = proposing.take(swap(issue, editor, "item-3", stories[7]), editor)
    there = list(issue.blocks.filter(kind="item", dropped=False).order_by("position").values_list("key", flat=True))
    assert there == ["item-1", "item-2", "item-7", "item-4", "item-5", "item-6"]
    assert made.story == stories[7]
    rows = {row.number: row for row in Citation.objects.filter(issue=issue, number__in=citations(made.text_en))}
    assert rows
    for number, row in rows.items():
        assert row.article is not None
        assert row.article.story == stories[7]
        assert number == cited.get(row.article_id) or number > last
    assert {row.article_id: row.number for row in issue.citations.filter(number__lte=last)} == cited
    assert not kinds(issue, made.key) & {"citation_range", "uncited", "citation_irrelevant", "figure"}


def test_taking_it_back_gives_the_very_content_that_was_there(day: tuple[Issue, list[Story]], editor: User) -> None:
    issue, stories = day
    before = workflow.content_hash(issue)
    new = proposing.take(swap(issue, editor, "item-3", stories[7]), editor)
    assert workflow.content_hash(issue) != before
    assert undoing.undo(block(issue, "item-3"), editor)
    assert workflow.content_hash(issue) == before
    assert block(issue, new.key).dropped  # kept, and can be put back


def test_a_swap_voids_the_approval_and_is_logged(day: tuple[Issue, list[Story]], editor: User) -> None:
    issue, stories = day
    made = swap(issue, editor, "item-3", stories[7])
    Issue.objects.filter(pk=issue.pk).update(state="approved", approved_hash=workflow.content_hash(issue))
    proposing.take(made, editor)
    issue.refresh_from_db()
    assert issue.state == "in_review"
    assert {"swapped in", "gave way to item-7"} <= set(LogEntry.objects.values_list("change_message", flat=True))


def test_composing_again_keeps_the_swap_and_brings_the_old_story_back_nowhere(
    day: tuple[Issue, list[Story]], editor: User
) -> None:
    issue, stories = day
    proposing.take(swap(issue, editor, "item-3", stories[7]), editor)
    compose_issue(make.newsletter(), make.DAY, compose_day.CUTOFF, writer_name="offline", progress=lambda *_: None)
    there = issue.blocks.filter(kind="item", dropped=False).order_by("position", "pk")
    assert [each.key for each in there] == ["item-1", "item-2", "item-7", "item-4", "item-5", "item-6"]
    assert stories[2].pk not in {each.story_id for each in there}


def test_an_item_that_is_out_already_gives_way_to_nothing(day: tuple[Issue, list[Story]], editor: User) -> None:
    issue, stories = day
    made = swap(issue, editor, "item-3", stories[7])
    editing.drop(block(issue, "item-3"), editor)
    with pytest.raises(EditRefusedError, match="out already"):
        proposing.take(made, editor)
    assert not issue.blocks.filter(key="item-7").exists()


def test_a_proposal_is_taken_once(day: tuple[Issue, list[Story]], editor: User) -> None:
    issue, stories = day
    made = swap(issue, editor, "item-3", stories[7])
    proposing.take(made, editor)
    with pytest.raises(EditRefusedError, match="no longer open"):
        proposing.take(made, editor)


def test_nothing_is_asked_for_or_taken_once_mails_have_begun_to_leave(
    day: tuple[Issue, list[Story]], editor: User
) -> None:
    issue, stories = day
    made = swap(issue, editor, "item-3", stories[7])
    Issue.objects.filter(pk=issue.pk).update(state="sending")
    with pytest.raises(WorkflowError):
        proposing.take(made, editor)
    with pytest.raises(WorkflowError):
        proposing.ask(issue, editor, Purpose.AGAIN, writer="offline", block=block(issue, "item-1"))


# ---- again --------------------------------------------------------------------------------------------------


def test_an_item_is_told_by_other_sentences_and_taken_back(issue: Issue, editor: User) -> None:
    before, old = workflow.content_hash(issue), block(issue, "item-1").text_en
    made = written(proposing.ask(issue, editor, Purpose.AGAIN, writer="offline", block=block(issue, "item-1")))
    assert made.state == State.READY
    assert proposing.shown(made).text.en != old
    proposing.take(made, editor)
    assert block(issue, "item-1").text_en == proposing.shown(made).text.en != old
    assert not kinds(issue, "item-1") & {"citation_range", "uncited", "figure", "name"}
    undoing.undo(block(issue, "item-1"), editor)
    assert workflow.content_hash(issue) == before


@pytest.mark.parametrize("key", ["main-line", "overview-china", "tags", "analysis", "qa-1", "comparison"])
def test_every_block_can_be_made_anew_offline_after_it_was_edited(issue: Issue, editor: User, key: str) -> None:
    original = Both(block(issue, key).text_en, block(issue, key).text_zh)
    editing.edit_block(block(issue, key), editor, {"text_en": "Mine.", "text_zh": "我写的。"})
    made = written(proposing.ask(issue, editor, Purpose.AGAIN, writer="offline", block=block(issue, key)))
    proposing.take(made, editor)
    assert Both(block(issue, key).text_en, block(issue, key).text_zh) == original


def test_a_subject_that_repeats_the_main_line_follows_it(issue: Issue, editor: User) -> None:
    line = block(issue, "main-line")
    editing.edit_block(line, editor, {"title_en": "Mine", "subject_en": "Mine", "subject_zh": "另一个"})
    made = written(proposing.ask(issue, editor, Purpose.AGAIN, writer="offline", block=block(issue, "main-line")))
    proposing.take(made, editor)
    issue.refresh_from_db()
    assert issue.subject_en == issue.title_en != "Mine"
    assert issue.subject_zh == "另一个"


def test_a_block_that_was_edited_meanwhile_makes_the_proposal_stale(issue: Issue, editor: User) -> None:
    compared = editing.version(block(issue, "item-1"))
    made = written(proposing.ask(issue, editor, Purpose.AGAIN, writer="offline", block=block(issue, "item-1")))
    assert not proposing.is_stale(made)
    editing.edit_block(block(issue, "item-1"), make.editor("li"), {"title_en": "Li’s headline"})
    made = Proposal.objects.get(pk=made.pk)
    assert made.block
    made.block.issue = issue
    assert proposing.is_stale(made)
    with pytest.raises(EditConflictError):
        proposing.take(made, editor, seen=compared)
    assert block(issue, "item-1").title_en == "Li’s headline"
    proposing.take(made, editor, seen=editing.version(block(issue, "item-1")))  # compared with what stands there


def test_what_stands_there_word_for_word_is_not_taken(issue: Issue, editor: User) -> None:
    made = written(proposing.ask(issue, editor, Purpose.AGAIN, writer="offline", block=block(issue, "analysis")))
    with pytest.raises(EditRefusedError, match="word for word"):
        proposing.take(made, editor)


def test_a_left_proposal_changes_nothing_and_cannot_be_taken(issue: Issue, editor: User) -> None:
    before = workflow.content_hash(issue)
    made = written(proposing.ask(issue, editor, Purpose.AGAIN, writer="offline", block=block(issue, "item-1")))
    assert proposing.leave(made, editor)
    assert not proposing.leave(made, editor)
    with pytest.raises(EditRefusedError):
        proposing.take(made, editor)
    assert workflow.content_hash(issue) == before


# ---- own items ----------------------------------------------------------------------------------------------


def test_an_own_item_stands_on_an_address_typed_in(issue: Issue, editor: User) -> None:
    made = own(issue, editor, TYPED)
    shown = proposing.shown(made)
    number = shown.fresh[0].number
    assert f"[{number}]" in shown.text.en
    title = Both(shown.title.en, "里弗敦禁止学校使用未标明的人工智能")
    text = Both(
        shown.text.en, f"里弗敦市议会周三禁止 40 所学校使用未标明的人工智能工具[{number}]。新规六月起施行[{number}]。"
    )
    item = proposing.take(made, editor, own=OwnText(title, text, (number,), block(issue, "item-2")))
    row = issue.citations.get(number=number)
    assert (row.outlet, row.url, row.article, row.source_list) == (TYPED["outlet"], TYPED["url"], None, None)
    there = list(issue.blocks.filter(kind="item", dropped=False).order_by("position").values_list("key", flat=True))
    assert there[2] == item.key
    assert (item.foreign_en, item.foreign_zh) == (False, False)  # what the editor wrote is no original
    assert not kinds(issue, item.key) & {"citation_range", "uncited", "citation_irrelevant", "figure"}
    assert undoing.undo(block(issue, item.key), editor)
    assert block(issue, item.key).dropped


def test_numbers_follow_where_somebody_has_cited_meanwhile(issue: Issue, editor: User) -> None:
    made = own(issue, editor, TYPED)
    number = proposing.shown(made).fresh[0].number
    make.citation(issue, number, make.article("Somebody was quicker"))
    text = Both(f"Rivertown banned it [{number}].", f"里弗敦禁用了它[{number}]。")
    item = proposing.take(made, editor, own=OwnText(Both("A ban", "禁令"), text, (number,), None))
    assert item.text_en == f"Rivertown banned it [{number + 1}]."
    assert issue.citations.get(number=number + 1).url == TYPED["url"]


def test_an_article_that_is_cited_already_keeps_its_number(issue: Issue, editor: User) -> None:
    row = issue.citations.exclude(article=None)[0]
    made = own(issue, editor, {"article": row.article_id}, TYPED)
    text = Both(f"One thing [{row.number}].", f"一件事[{row.number}]。")
    before = issue.citations.count()
    numbers = (row.number, proposing.shown(made).fresh[0].number)
    proposing.take(made, editor, own=OwnText(Both("One", "一"), text, numbers, None))
    assert issue.citations.count() == before  # what isn't cited takes no number


def test_an_own_item_needs_a_headline_and_citations_of_the_issue(issue: Issue, editor: User) -> None:
    made = own(issue, editor, TYPED)
    with pytest.raises(EditRefusedError, match="headline"):
        proposing.take(made, editor, own=OwnText(Both(), Both("A text.", "正文。"), (1,), None))
    with pytest.raises(EditRefusedError, match=r"\[999\]"):
        proposing.take(made, editor, own=OwnText(Both("A", "一"), Both("A text [999].", "正文。"), (1,), None))
    assert not issue.blocks.filter(key="item-7").exists()


def test_an_own_item_is_written_again_from_what_it_cites(issue: Issue, editor: User) -> None:
    made = own(issue, editor, TYPED)
    shown = proposing.shown(made)
    item = proposing.take(made, editor, own=OwnText(shown.title, shown.text, (shown.fresh[0].number,), None))
    again = written(proposing.ask(issue, editor, Purpose.AGAIN, writer="offline", block=block(issue, item.key)))
    assert again.state == State.READY
    assert again.sources == [{"citation": shown.fresh[0].number}]
    assert citations(proposing.shown(again).text.en) == [shown.fresh[0].number] * 2


def test_the_checks_read_the_issue_after_it(issue: Issue, editor: User) -> None:
    check_issue(issue, lambda *_: None)
    read = issue.checked_at
    made = own(issue, editor, TYPED)
    number = proposing.shown(made).fresh[0].number
    text = Both(f"It banned 41 schools [{number}]. That is all [{number}].", f"它禁止了 40 所学校[{number}]。")
    item = proposing.take(made, editor, own=OwnText(Both("A ban", "禁令"), text, (number,), None))
    issue.refresh_from_db()
    assert issue.checked_at is not None
    assert read is not None
    assert issue.checked_at > read
    assert "figure" in set(issue.findings.filter(block=item).values_list("kind", flat=True))


# ---- composing again ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("after", ["main-line", "item-2", "item-6", "analysis"])
def test_a_note_stays_where_it_was_put_when_the_day_is_composed_again(issue: Issue, editor: User, after: str) -> None:
    said = {"title_en": "A word", "title_zh": "编者的话", "text_en": "We move.", "text_zh": "我们搬家。"}
    notes.add_note(issue, editor, said, block(issue, after))
    before = list(issue.blocks.order_by("position", "pk").values_list("key", flat=True))
    compose_issue(make.newsletter(), make.DAY, compose_day.CUTOFF, writer_name="offline", progress=lambda *_: None)
    assert list(issue.blocks.order_by("position", "pk").values_list("key", flat=True)) == before
