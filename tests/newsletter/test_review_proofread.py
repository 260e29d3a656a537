"""Checking an issue: findings at the desk, kept words kept, nothing changed once it is sent."""

import json
import time

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from newsletter import workflow
from newsletter.check.document import IssueDocument
from newsletter.check.run import CheckResult, check_document
from newsletter.lexicon import Lexicon
from newsletter.models import Block, Finding, Issue, IssueState
from newsletter.review import checklist, editing, proofread
from newsletter.review.proofread import check_issue
from tests import factories as make
from tests.newsletter.full_issue import make_full_issue

pytestmark = pytest.mark.django_db


def quiet(what: str, done: int, total: int) -> None:
    """Nobody looks."""


@pytest.fixture
def issue() -> Issue:
    issue = make.issue()
    source = make.article("Qinghe seeks $50 billion", by=make.source("Wire", "en", "us"))
    make.story(source)
    make.citation(issue, 1, source)
    make.block(
        issue, "highlights-us", "highlights", text_en="It may be worth $5 billion [1].", text_zh="估值 50 亿美元[1]。"
    )
    make.block(issue, "disclaimer", "disclaimer", text_en="Written by AI.", text_zh="由 AI 写成。")
    return issue


def block_of(issue: Issue) -> Block:
    return issue.blocks.get(key="highlights-us")


def test_findings_are_stored_on_their_block_and_the_draft_goes_to_the_desk(issue: Issue) -> None:
    counts = check_issue(issue, quiet)

    assert issue.state == IssueState.IN_REVIEW
    assert issue.checked_at is not None
    assert issue.sentences == counts["sentences"] == 4
    figures = issue.findings.filter(kind="figure")
    assert {row.language for row in figures} == {"en", "zh"}
    assert {row.block for row in figures} == {block_of(issue)}
    assert counts["high"] == counts["to_settle"] == 2
    assert all(row.message and row.message_zh for row in issue.findings.all())


def test_checking_again_changes_nothing_and_keeps_the_editors_word(issue: Issue) -> None:
    check_issue(issue, quiet)
    kept = issue.findings.filter(kind="figure").first()
    assert kept is not None
    kept.kept_by, kept.kept_because = make.editor(), "The editor asked the company"
    kept.save()

    counts = check_issue(issue, quiet)

    kept.refresh_from_db()
    assert (counts["new"], kept.kept_because) == (0, "The editor asked the company")
    assert counts["to_settle"] == 1


def test_a_mended_sentence_takes_its_finding_away_and_a_new_doubt_is_open(issue: Issue) -> None:
    check_issue(issue, quiet)
    issue.findings.update(kept_by=make.editor(), kept_because="Known")
    block = block_of(issue)
    block.text_en, block.text_zh = "It may be worth $50 billion [1].", "估值 70 亿美元[1]。"
    block.save()

    check_issue(issue, quiet)

    assert not issue.findings.filter(kind="figure", language="en").exists()
    assert issue.findings.get(kind="figure", language="zh").kept_by is None
    assert issue.findings.get(kind="parity").severity == "high"


def test_a_word_given_for_one_disagreement_is_none_for_the_next(issue: Issue) -> None:
    """The English sentence stays; what the Chinese beside it says does not."""
    block = block_of(issue)

    def put(chinese: str) -> Finding:
        block.text_zh = chinese
        block.save()
        check_issue(issue, quiet)
        return issue.findings.get(kind="parity")

    first = put("估值 70 亿美元[1]。")
    issue.findings.update(kept_by=make.editor(), kept_because="Known")
    assert put("估值 70 亿美元[1]。").kept_because == "Known"

    again = put("估值 900 亿美元[1]。")
    assert (again.pk, again.sentence) == (first.pk, first.sentence)
    assert (again.kept_by, again.kept_because) == (None, "")


def test_findings_of_a_dropped_block_go_and_come_back_with_it(issue: Issue) -> None:
    block = block_of(issue)
    block.dropped = True
    block.save()
    assert check_issue(issue, quiet)["high"] == 0

    block.dropped = False
    block.save()
    assert check_issue(issue, quiet)["high"] == 2


@pytest.mark.parametrize("state", [IssueState.SENDING, IssueState.SENT])
def test_what_readers_have_got_is_not_checked_again(issue: Issue, state: IssueState) -> None:
    Issue.objects.update(state=state)
    issue.refresh_from_db()

    with pytest.raises(workflow.WorkflowError, match=f"is {state}"):
        check_issue(issue, quiet)
    assert not issue.findings.exists()


def test_an_approved_issue_stays_approved(issue: Issue) -> None:
    Issue.objects.update(state=IssueState.APPROVED, approved_at=timezone.now())
    issue.refresh_from_db()

    check_issue(issue, quiet)

    assert issue.state == IssueState.APPROVED


def test_the_command_prints_counts_as_its_last_line(issue: Issue, capsys: pytest.CaptureFixture[str]) -> None:
    call_command("check_issue", date=issue.date, json=True)

    counts = json.loads(capsys.readouterr().out.splitlines()[-1])
    assert counts["act"] == "check_issue"
    assert counts["high"] == 2


def test_the_command_says_in_one_line_why_it_refuses(issue: Issue) -> None:
    Issue.objects.update(state=IssueState.SENT)

    with pytest.raises(CommandError, match="isn't checked again"):
        call_command("check_issue", date=issue.date)


def test_a_full_issue_takes_no_more_than_three_seconds() -> None:
    issue = make_full_issue(length=3)

    started = time.process_time()  # of work, however busy the machine
    counts = check_issue(issue, quiet)

    assert counts["sentences"] > 200
    assert time.process_time() - started < 3


def test_what_is_changed_while_the_checks_read_counts_as_unread(issue: Issue, monkeypatch: pytest.MonkeyPatch) -> None:
    """Another editor saves, and their own check comes to nothing: nobody has read that text."""
    check_issue(issue, quiet)
    editor = make.editor()

    def read(document: IssueDocument, lexicon: Lexicon) -> CheckResult:
        monkeypatch.undo()
        with monkeypatch.context() as lame:
            lame.setattr("newsletter.review.editing.read_again", lambda issue: None)
            editing.edit_block(block_of(issue), editor, {"text_en": "It may be worth $50 billion [1]."})
        return check_document(document, lexicon)

    monkeypatch.setattr(proofread, "check_document", read)
    check_issue(issue, quiet)

    assert "read" in {each.slug for each in checklist.missing(issue)}
    issue.findings.update(kept_by=editor)
    with pytest.raises(workflow.WorkflowError, match="has not been checked"):
        workflow.release_by_rule(issue)


def test_findings_of_an_earlier_text_never_replace_those_of_a_later_one(
    issue: Issue, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Two checks at once, and the one that began first ends last."""

    def read(document: IssueDocument, lexicon: Lexicon) -> CheckResult:
        monkeypatch.undo()
        told = check_document(document, lexicon)
        editing.edit_block(block_of(issue), make.editor(), {"text_en": "It may be worth $50 billion [1]."})
        return told

    monkeypatch.setattr(proofread, "check_document", read)
    assert check_issue(issue, quiet)["new"] == 0

    assert {row.language for row in issue.findings.filter(kind="figure")} == {"zh"}
    assert "read" not in {each.slug for each in checklist.missing(issue)}
