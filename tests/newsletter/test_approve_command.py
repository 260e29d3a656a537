"""`manage.py approve`: an editor's word from a terminal."""

import json
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from newsletter import workflow
from newsletter.models import Issue
from tests import factories as make

pytestmark = pytest.mark.django_db


@pytest.fixture
def issue() -> Issue:
    made = make.issue(state="in_review", checked_at=timezone.now())
    make.block(made, "main-line", "main_line", title_en="Rules", title_zh="规矩")
    make.tried(made, make.editor("tester"))
    return made


def approve(user: str = "editor", **options: object) -> tuple[str, str]:
    out, err = StringIO(), StringIO()
    try:
        call_command("approve", "--date", str(make.DAY), "--as", user, stdout=out, stderr=err, **options)
    except CommandError as error:
        return out.getvalue(), err.getvalue() + str(error)
    return out.getvalue(), err.getvalue()


def test_it_binds_the_present_text_to_the_editor_and_prints_the_hash(issue: Issue) -> None:
    editor = make.editor()
    out, _ = approve(json=True)
    told = json.loads(out.splitlines()[-1])
    issue.refresh_from_db()
    assert told["hash"] == workflow.content_hash(issue) == issue.approved_hash
    assert (told["state"], told["approved_by"], issue.approved_by) == ("approved", "editor", editor)


def test_it_needs_an_active_staff_account(issue: Issue) -> None:
    account = make.editor()
    account.is_staff = False
    account.save()
    assert "not an active editor" in approve()[1]
    assert "no account 'nobody'" in approve("nobody")[1]
    issue.refresh_from_db()
    assert issue.state == "in_review"


def test_it_lists_what_is_to_be_settled_first(issue: Issue) -> None:
    make.editor()
    issue.findings.create(
        block=issue.blocks.get(),
        kind="figure",
        severity="high",
        language="en",
        message="No 40 in [1].",
        fingerprint="1",
    )
    _, err = approve()
    assert "main-line (en) figure: No 40 in [1]." in err
    assert err.splitlines()[-1].startswith(f"No. {issue.number} is not approved. 1 finding to settle")


def test_it_says_how_to_get_an_issue_where_there_is_none() -> None:
    make.editor()
    assert "run `manage.py compose --date 2026-05-07`" in approve()[1]


def test_before_the_checks_it_names_the_command_that_runs_them(issue: Issue) -> None:
    make.editor()
    Issue.objects.update(checked_at=None)
    _, err = approve()
    assert "Not read by the checks yet: run `manage.py check_issue --date 2026-05-07`." in err
    assert "Read again" not in err


@pytest.mark.parametrize(
    ("said", "kept"),
    [({}, "Approved at a terminal, without the desk’s checklist"), ({"waive": "No mailbox here"}, "No mailbox here")],
)
def test_what_may_be_waived_is_named_and_kept_with_a_reason(issue: Issue, said: dict[str, str], kept: str) -> None:
    editor = make.editor()
    issue.trial_mails.all().delete()
    assert "let pass: No test mail of this text" in approve(**said)[1]
    issue.refresh_from_db()
    assert issue.state == "approved"
    (waiver,) = issue.waivers.all()
    assert (waiver.point, waiver.by, waiver.because) == ("trial", editor, kept)


def test_a_writer_may_not(issue: Issue) -> None:
    make.editor(role="writer")
    assert "that takes an approver" in approve()[1]


def test_an_issue_is_held_from_a_terminal_and_goes_on(issue: Issue) -> None:
    editor = make.editor()
    workflow.approve(issue, editor)
    call_command("hold", "--date", str(make.DAY), "--as", "editor", "--because", "A call", stdout=StringIO())
    issue.refresh_from_db()
    assert (issue.state, issue.moves.first().because) == ("held", "A call")  # type: ignore[union-attr]
    call_command("hold", "--date", str(make.DAY), "--as", "editor", "--undo", stdout=StringIO())
    issue.refresh_from_db()
    assert issue.state == "approved"
    make.editor("xin", role="writer")
    with pytest.raises(CommandError, match="takes an approver"):
        call_command("hold", "--date", str(make.DAY), "--as", "xin")
