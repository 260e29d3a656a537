"""An issue's moves, and the approval that is bound to its content."""

import pytest
from django.contrib.auth.models import User
from django.utils import timezone

from newsletter import workflow
from newsletter.models import Finding, Issue, IssueState
from newsletter.workflow import WorkflowError
from tests import factories

pytestmark = pytest.mark.django_db


@pytest.fixture
def reviewed() -> Issue:
    issue = factories.issue(state="in_review", checked_at=timezone.now())
    factories.block(issue, text_en="A fact [1].", text_zh="一个事实[1]。")
    factories.citation(issue, 1, factories.article("一个事实"))
    return issue


def finding(issue: Issue, severity: str) -> Finding:
    return Finding.objects.create(
        issue=issue, block=issue.blocks.get(), fingerprint=severity, kind="figure", severity=severity, message="?"
    )


def test_approval_is_of_the_content_that_stands_there(reviewed: Issue, editor: User) -> None:
    digest = workflow.approve(reviewed, editor)
    assert (reviewed.state, reviewed.approved_hash, reviewed.approved_by) == (IssueState.APPROVED, digest, editor)
    assert digest == workflow.content_hash(reviewed)


def test_approving_twice_is_one_approval(reviewed: Issue, editor: User) -> None:
    first = workflow.approve(reviewed, editor)
    at = reviewed.approved_at
    assert workflow.approve(reviewed, editor) == first
    assert reviewed.approved_at == at


@pytest.mark.parametrize(
    ("model", "change"),
    [
        ("block", {"text_en": "Another fact [1]."}),
        ("block", {"title_zh": "另一个标题"}),
        ("block", {"dropped": True}),
        ("block", {"extra": {"hot": 1}}),
        ("issue", {"subject_en": "Another subject"}),
        ("citation", {"url": "https://elsewhere.example/"}),
    ],
)
def test_whatever_a_reader_would_see_changes_the_hash(reviewed: Issue, model: str, change: dict[str, object]) -> None:
    before = workflow.content_hash(reviewed)
    rows = {"block": reviewed.blocks, "citation": reviewed.citations, "issue": Issue.objects.filter(pk=reviewed.pk)}
    rows[model].update(**change)  # type: ignore[attr-defined]
    reviewed.refresh_from_db()
    assert workflow.content_hash(reviewed) != before


def test_the_order_changes_the_hash_and_a_number_in_a_row_alone_does_not(reviewed: Issue) -> None:
    second = factories.block(reviewed, "item-2", text_en="Another.", text_zh="另一件事。")
    before = workflow.content_hash(reviewed)
    reviewed.blocks.filter(key="item-2").update(position=second.position + 7)
    assert workflow.content_hash(reviewed) == before
    reviewed.blocks.filter(key="item-2").update(position=0)
    assert workflow.content_hash(reviewed) != before


def test_what_nothing_cites_does_not_change_the_hash(reviewed: Issue) -> None:
    before = workflow.content_hash(reviewed)
    factories.citation(reviewed, 2, factories.article("没有人引用"))
    assert workflow.content_hash(reviewed) == before


def test_an_updated_article_changes_nothing_that_was_reviewed(reviewed: Issue) -> None:
    before = workflow.content_hash(reviewed)
    article = reviewed.citations.get().article
    assert article is not None
    article.title, article.text = "改过的标题", "改过的正文"
    article.save()
    assert workflow.content_hash(reviewed) == before


def test_a_high_finding_must_be_settled_first(reviewed: Issue, editor: User) -> None:
    doubt = finding(reviewed, "high")
    finding(reviewed, "low")
    with pytest.raises(WorkflowError, match="1 findings to settle"):
        workflow.approve(reviewed, editor)
    doubt.kept_by = editor
    doubt.save()
    assert workflow.approve(reviewed, editor)


def test_a_finding_in_a_dropped_block_is_settled(reviewed: Issue, editor: User) -> None:
    finding(reviewed, "high")
    reviewed.blocks.update(dropped=True)
    assert workflow.approve(reviewed, editor)


def test_an_unchecked_issue_cant_be_approved(reviewed: Issue, editor: User) -> None:
    Issue.objects.update(checked_at=None)
    with pytest.raises(WorkflowError, match="check_issue --date"):
        workflow.approve(reviewed, editor)


def test_an_edit_voids_the_approval_and_keeps_its_hash_to_compare(reviewed: Issue, editor: User) -> None:
    digest = workflow.approve(reviewed, editor)
    workflow.void_approval(reviewed)
    assert (reviewed.state, reviewed.approved_hash) == (IssueState.IN_REVIEW, digest)


def test_only_what_was_approved_is_sent(reviewed: Issue, editor: User) -> None:
    workflow.approve(reviewed, editor)
    reviewed.blocks.update(text_en="Slipped in [1].")
    with pytest.raises(WorkflowError, match="not what was approved"):
        workflow.start_sending(reviewed)
    reviewed.refresh_from_db()
    assert reviewed.state == IssueState.APPROVED


def test_what_readers_have_got_cant_be_edited(reviewed: Issue, editor: User) -> None:
    workflow.approve(reviewed, editor)
    workflow.start_sending(reviewed)
    workflow.start_sending(reviewed)  # a second worker joins in
    with pytest.raises(WorkflowError, match="can't be edited"):
        workflow.void_approval(reviewed)
    workflow.finish_sending(reviewed)
    assert reviewed.state == IssueState.SENT
    assert reviewed.sent_at is not None


@pytest.mark.parametrize("start", list(IssueState))
@pytest.mark.parametrize(
    ("move", "to"),
    [
        (workflow.finish_sending, IssueState.SENT),
        (workflow.hold, IssueState.HELD),
        (workflow.skip, IssueState.SKIPPED),
    ],
)
def test_a_move_off_the_map_is_refused_and_changes_nothing(start: str, move, to: str) -> None:  # type: ignore[no-untyped-def]
    issue = factories.issue(state=start)
    if to in workflow.MOVES[start]:
        move(issue)
        assert issue.state == to
    else:
        with pytest.raises(WorkflowError, match=f"is {start}"):
            move(issue)
        assert Issue.objects.get().state == start
