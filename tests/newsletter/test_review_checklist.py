"""What has to be true before an issue is approved, and what the approval then binds."""

import datetime as dt

import pytest
from django.utils import timezone, translation
from pytest_django import Settings

from newsletter import workflow
from newsletter.models import Block, BlockRevision, Issue, Newsletter
from newsletter.review import approval, checklist, texts
from tests import factories as make

pytestmark = pytest.mark.django_db


@pytest.fixture
def issue() -> Issue:
    made = make.issue(state="in_review", checked_at=timezone.now(), sentences=2)
    make.citation(made, 1, make.article("青禾融资"))
    make.block(made, "main-line", "main_line", title_en="Rules", title_zh="规矩")
    make.block(made, "item-1", title_en="A", title_zh="甲", text_en="A line [1].", text_zh="一行[1]。")
    make.tried(made, make.editor("tester"))
    return made


def missing(issue: Issue) -> list[str]:
    """What is open, but for the test mail: after a change there is none of the new text."""
    return [point.slug for point in checklist.missing(issue) if point.slug != "trial"]


def points(issue: Issue, mail_bytes: int | None = None) -> dict[str, checklist.Check]:
    return {check.slug: check for check in checklist.before_approval(issue, mail_bytes=mail_bytes)}


def test_a_complete_checked_issue_lacks_only_the_approval(issue: Issue) -> None:
    open_points = {slug for slug, check in points(issue, 53_000).items() if not check.ok}
    assert open_points == {"approval"}
    assert checklist.missing(issue) == []
    assert points(issue, 53_000)["size"].label == "Mail 53 KB of 90"


@pytest.mark.parametrize(
    ("change", "slug"),
    [
        ({"text_zh": ""}, "languages"),
        ({"title_en": ""}, "languages"),
        ({"text_en": "A line [4]."}, "citations"),
    ],
)
def test_each_gap_is_named_with_the_block_and_what_to_do(issue: Issue, change: dict[str, object], slug: str) -> None:
    Block.objects.filter(key="item-1").update(**change)
    check = points(issue)[slug]
    assert not check.ok
    assert check.todo
    assert missing(issue) == [slug]
    with pytest.raises(workflow.WorkflowError):
        approval.approve(issue, make.editor())


def test_what_was_changed_since_the_checks_read_it_has_to_be_read_again(issue: Issue) -> None:
    editor, later = make.editor(), timezone.now() + dt.timedelta(minutes=1)
    BlockRevision.objects.create(block=Block.objects.get(key="item-1"), at=later, by=editor, before={"text_en": "A"})
    assert "“Read again”" in points(issue)["read"].todo
    assert missing(issue) == ["read"]
    with pytest.raises(workflow.WorkflowError, match="has not been checked"):
        workflow.approve(issue, editor)


@pytest.mark.parametrize("address", [None, "", "  "])
def test_an_example_of_a_postal_address_or_none_keeps_an_issue_from_readers(
    issue: Issue, settings: Settings, address: str | None
) -> None:
    if address is not None:
        Newsletter.objects.update(postal_address=address)
        issue.newsletter.refresh_from_db()
    assert missing(issue) == [], "in development, where mails go to the inbox beside it"

    settings.EXAMPLE_ADDRESS_PASSES = False
    (point,) = [each for each in checklist.missing(issue) if each.slug != "trial"]  # no test of this address yet
    assert (point.slug, point.ok) == ("postal", False)
    assert "/desk/masthead/" in point.todo
    with pytest.raises(approval.NotReadyError, match="7704"):
        approval.approve(issue, make.editor())

    Newsletter.objects.update(postal_address="晨报, 上海市汉口路 300 号")
    issue = Issue.objects.get()
    make.tried(issue, make.editor("tries"))
    approval.approve(issue, make.editor("second"))


def test_a_gap_in_a_dropped_block_is_no_gap(issue: Issue) -> None:
    Block.objects.filter(key="item-1").update(text_zh="", dropped=True)
    assert missing(issue) == []


def test_an_issue_without_blocks_is_not_approved(issue: Issue) -> None:
    issue.blocks.update(dropped=True)
    assert "The issue is empty" in [check.label for check in checklist.missing(issue)]


def test_a_mail_beyond_the_budget_waits_for_a_reason(issue: Issue, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(checklist, "sizes", lambda *_: {"both": 95_000})
    assert missing(issue) == ["size"]
    checklist.waive(issue, "size", make.editor(), "A day of many reports")
    assert missing(issue) == []
    (waiver,) = issue.waivers.all()
    assert points(issue, 95_000)["size"].waiver == waiver


def test_findings_wait_until_they_are_settled(issue: Issue) -> None:
    issue.findings.create(kind="figure", severity="high", language="en", message="?", fingerprint="1")
    assert points(issue)["findings"].label == "1 finding to settle"
    issue.findings.create(kind="length", severity="low", language="en", message="?", fingerprint="2")
    with pytest.raises(workflow.WorkflowError, match="1 finding to settle"):
        approval.approve(issue, make.editor())
    issue.findings.update(severity="medium")
    assert approval.approve(issue, make.editor("lin")) == workflow.content_hash(issue)


def test_an_approval_binds_what_the_editor_saw_and_nothing_else(issue: Issue) -> None:
    seen = workflow.content_hash(issue)
    Block.objects.filter(key="item-1").update(text_en="Another line [1].")
    with pytest.raises(workflow.WorkflowError, match="has changed since"):
        approval.approve(issue, make.editor(), seen=seen)
    assert issue.state == "in_review"


def test_approving_twice_is_one_approval(issue: Issue) -> None:
    editor = make.editor()
    first = approval.approve(issue, editor)
    at = issue.approved_at
    assert approval.approve(issue, editor, seen=first) == first
    assert issue.approved_at == at


def test_an_approval_of_a_text_that_changed_behind_the_desk_is_shown_as_void(issue: Issue) -> None:
    approval.approve(issue, make.editor())
    assert points(issue)["approval"].ok
    Block.objects.filter(key="item-1").update(text_en="Another line [1].")
    assert points(issue)["approval"].label == "Approval is void"


def test_the_points_are_told_in_the_editors_language(issue: Issue) -> None:
    with translation.override("zh-hans"):
        assert len({check.label for check in checklist.before_approval(issue)}) == 9


@pytest.mark.parametrize(
    ("numbers", "said"), [((1, 2, 3, 7), "[1]–[3], [7]"), ((5,), "[5]"), ((), ""), ((2, 1, 4), "[1]–[2], [4]")]
)
def test_citation_numbers_in_short(numbers: tuple[int, ...], said: str) -> None:
    assert texts.ranges(numbers) == said
