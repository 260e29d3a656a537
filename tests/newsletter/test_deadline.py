"""The deadline's policies and the mails to the editors, with a moved clock, in zones whose clocks change."""

import datetime as dt
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.contrib.auth.models import User
from django.core import mail

from newsletter import schedules, tasks, workflow
from newsletter.models import EditorMail, Issue, IssueState, Newsletter
from newsletter.review import checklist, deadline, notices
from newsletter.review.deadline import Hours
from newsletter.review.notices import Kind
from newsletter.workflow import Act
from tests import factories

pytestmark = pytest.mark.django_db

DAY = factories.DAY
BERLIN, NEW_YORK = "Europe/Berlin", "America/New_York"


def at(clock: str, date: dt.date = DAY, seconds: int = 0) -> dt.datetime:
    letter = factories.newsletter()
    return letter.moment(date, dt.time.fromisoformat(clock)).astimezone(dt.UTC) + dt.timedelta(seconds=seconds)


def policy(name: str) -> None:
    Newsletter.objects.update(deadline_policy=name)


@pytest.fixture
def lin() -> User:
    return factories.editor("lin", email="lin@paper.example")


@pytest.fixture
def issue() -> Issue:
    """Ready at 06:02, with nothing that would keep a person from approving it."""
    made = factories.issue(state="in_review", composed_at=at("06:01"), checked_at=at("06:02"), number=128)
    factories.citation(made, 1, factories.article("青禾融资"))
    factories.block(made, "main-line", "main_line", title_en=made.title_en, title_zh=made.title_zh)
    factories.block(made, "item-1", title_en="A", title_zh="甲", text_en="A line [1].", text_zh="一行[1]。")
    return made


def doubt(issue: Issue, severity: str = "high") -> None:
    issue.findings.create(kind="figure", severity=severity, language="en", message="No 40 in [1].", fingerprint="1")


def kinds(now: dt.datetime) -> list[Kind]:
    return notices.kinds_due(factories.newsletter(), now)


def subjects() -> list[str]:
    return [str(each.subject) for each in mail.outbox]


# ---- the policies -----------------------------------------------------------------------------------------


def test_before_the_hour_nothing_happens_by_itself(issue: Issue) -> None:
    assert not deadline.apply(issue, at("07:59", seconds=59))
    assert issue.state == IssueState.IN_REVIEW


@pytest.mark.parametrize(
    ("name", "to"),
    [("hold", IssueState.HELD), ("skip", IssueState.SKIPPED), ("send_if_no_high", IssueState.APPROVED)],
)
def test_at_the_hour_the_policy_is_done_once(issue: Issue, name: str, to: str) -> None:
    policy(name)
    issue.newsletter.refresh_from_db()
    assert deadline.apply(issue, at("08:00"))
    assert issue.state == to
    assert not deadline.apply(issue, at("08:01"))
    assert issue.moves.count() == 1
    move = issue.moves.get()
    assert move.by is None


def test_what_the_rule_releases_is_of_that_hash_and_says_that_nobody_read_it(issue: Issue) -> None:
    policy("send_if_no_high")
    deadline.apply(Issue.objects.get(), at("08:00"))
    issue.refresh_from_db()
    (given,) = issue.approvals.all()
    assert (given.by, given.content_hash) == (None, workflow.content_hash(issue))
    assert (issue.approved_by, issue.approved_hash) == (None, given.content_hash)
    assert issue.moves.get().act == Act.RELEASE


@pytest.mark.parametrize("severity", ["high", "medium"])
def test_the_rule_releases_nothing_that_has_a_high_finding(issue: Issue, severity: str) -> None:
    policy("send_if_no_high")
    doubt(issue, severity)
    deadline.apply(Issue.objects.get(), at("08:00"))
    issue.refresh_from_db()
    assert issue.state == (IssueState.HELD if severity == "high" else IssueState.APPROVED)


def test_the_rule_releases_nothing_that_a_person_could_not_approve(issue: Issue) -> None:
    policy("send_if_no_high")
    issue.blocks.filter(key="item-1").update(text_zh="")
    deadline.apply(Issue.objects.get(), at("08:00"))
    assert Issue.objects.get().state == IssueState.HELD


@pytest.mark.parametrize("name", ["skip", "send_if_no_high"])
@pytest.mark.parametrize("late", ["after down-time", "draft after the hour"])
def test_after_down_time_an_unapproved_issue_is_only_ever_held(issue: Issue, name: str, late: str) -> None:
    policy(name)
    if late == "draft after the hour":
        Issue.objects.update(checked_at=at("08:05"))
    deadline.apply(Issue.objects.get(), at("08:10") if late == "draft after the hour" else at("11:00"))
    assert Issue.objects.get().state == IssueState.HELD


def test_an_editor_who_was_quicker_wins(issue: Issue, lin: User) -> None:
    stale = Issue.objects.get()
    workflow.approve(issue, lin)
    assert not deadline.apply(stale, at("08:00"))
    assert Issue.objects.get().state == IssueState.APPROVED


def test_the_task_applies_it_and_tells_the_editors(issue: Issue, lin: User, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("django.utils.timezone.now", lambda: at("08:00"))
    assert ("deadline", issue.pk) in list(schedules.due(factories.newsletter(), at("08:00")))
    tasks.deadline(issue.pk)
    tasks.deadline(issue.pk)
    assert Issue.objects.get().state == IssueState.HELD
    assert len(mail.outbox) == 1
    assert "No. 128 is held" in mail.outbox[0].subject
    assert "Once an editor approves it, it leaves at once." in mail.outbox[0].body


def test_an_issue_of_another_day_is_left_alone_by_the_tick(issue: Issue) -> None:
    tomorrow = DAY + dt.timedelta(days=1)
    jobs = [job[0] for job in schedules.due(factories.newsletter(), at("09:00", tomorrow))]
    assert "deadline" not in jobs
    assert "deliver" not in jobs


@pytest.mark.parametrize("days", [1, 3, 30])
def test_what_was_stuck_is_taken_up_however_long_so_that_it_ends(issue: Issue, days: int) -> None:
    """Nothing of it leaves after its day: see test_expiry."""
    Issue.objects.update(state="sending")
    now = at("09:00", DAY + dt.timedelta(days=days))
    assert ("deliver", issue.pk) in list(schedules.due(factories.newsletter(), now))


# ---- the hours --------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("zone", "date", "utc"),
    [
        (BERLIN, dt.date(2026, 3, 28), "07:00"),
        (BERLIN, dt.date(2026, 3, 29), "06:00"),  # forward
        (BERLIN, dt.date(2026, 10, 24), "06:00"),
        (BERLIN, dt.date(2026, 10, 25), "07:00"),  # back
        (NEW_YORK, dt.date(2026, 3, 7), "13:00"),
        (NEW_YORK, dt.date(2026, 3, 8), "12:00"),  # forward
        (NEW_YORK, dt.date(2026, 10, 31), "12:00"),
        (NEW_YORK, dt.date(2026, 11, 1), "13:00"),  # back
        ("Asia/Shanghai", dt.date(2026, 3, 29), "00:00"),
    ],
)
def test_the_hour_is_the_peoples_hour_on_the_days_when_clocks_change(zone: str, date: dt.date, utc: str) -> None:
    Newsletter.objects.update(zone=zone)
    hours = Hours.of(factories.newsletter(), date)
    assert f"{hours.send:%H:%M}" == utc
    assert hours.send - hours.draft == dt.timedelta(hours=2)
    assert hours.send - hours.remind == dt.timedelta(minutes=30)

    made = factories.issue(date, state="in_review", checked_at=hours.draft, composed_at=hours.draft)
    assert not deadline.is_due(made, hours.send - dt.timedelta(seconds=1))
    assert deadline.is_due(made, hours.send)


@pytest.mark.parametrize(
    ("zone", "date"),
    [(BERLIN, dt.date(2026, 3, 29)), (NEW_YORK, dt.date(2026, 3, 8))],
)
def test_an_hour_that_clocks_jump_over_comes_after_the_jump(zone: str, date: dt.date) -> None:
    Newsletter.objects.update(zone=zone, send_at=dt.time(2, 30), remind_at=dt.time(1, 45), draft_at=dt.time(1, 0))
    hours = Hours.of(factories.newsletter(), date)
    assert f"{hours.send.astimezone(ZoneInfo(zone)):%H:%M}" == "03:30"
    assert hours.send - hours.remind == dt.timedelta(minutes=45)


@pytest.mark.parametrize(
    ("zone", "date"),
    [(BERLIN, dt.date(2026, 10, 25)), (NEW_YORK, dt.date(2026, 11, 1))],
)
def test_an_hour_that_comes_twice_counts_the_first_time_and_the_rule_acts_once(zone: str, date: dt.date) -> None:
    twice = dt.time(2, 30) if zone == BERLIN else dt.time(1, 30)
    Newsletter.objects.update(zone=zone, send_at=twice, remind_at=dt.time(0, 45), draft_at=dt.time(0, 15))
    hours = Hours.of(factories.newsletter(), date)
    made = factories.issue(date, state="in_review", checked_at=hours.draft, composed_at=hours.draft)
    assert deadline.apply(made, hours.send)
    assert not deadline.apply(made, hours.send + dt.timedelta(hours=1))


# ---- the mails --------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("clock", "due"),
    [("06:02", [Kind.DRAFT]), ("07:29", [Kind.DRAFT]), ("07:30", [Kind.REMINDER]), ("08:00", [])],
)
def test_the_editors_are_told_when_it_is_ready_and_reminded_before_the_hour(
    issue: Issue, clock: str, due: list[Kind]
) -> None:
    assert kinds(at(clock)) == due


def test_without_a_draft_at_the_reminders_hour_that_is_what_they_are_told() -> None:
    assert kinds(at("07:29")) == []
    assert kinds(at("07:30")) == [Kind.NO_DRAFT]


def test_an_approved_issue_needs_no_reminder(issue: Issue, lin: User) -> None:
    workflow.approve(issue, lin)
    assert kinds(at("07:30")) == []


def test_each_mail_leaves_once_however_often_the_tick_runs(issue: Issue, lin: User) -> None:
    letter = factories.newsletter()
    for clock in ("06:03", "06:04", "07:00", "07:30", "07:31"):
        notices.send_due(letter, at(clock))
    assert [subject.partition("]")[2].strip()[:16] for subject in subjects()] == [
        "No. 128 is ready",
        "No. 128 is not a",
    ]
    assert EditorMail.objects.filter(sent_at=None).count() == 0


def test_two_ticks_that_run_at_once_send_one_mail(issue: Issue, lin: User, monkeypatch: pytest.MonkeyPatch) -> None:
    letter, now = factories.newsletter(), at("06:03")
    both_saw = notices.waiting(letter, now)
    monkeypatch.setattr(notices, "waiting", lambda *_: both_saw)
    assert [notices.send_due(letter, now), notices.send_due(letter, now)] == [1, 0]
    assert len(mail.outbox) == 1


def test_a_mail_says_how_it_stands_and_where_in_both_languages(issue: Issue, lin: User, settings: Any) -> None:
    doubt(issue)
    notices.send_due(factories.newsletter(), at("06:03"))
    (sent,) = mail.outbox
    assert sent.to == ["lin@paper.example"]
    assert "1 finding to settle" in sent.subject
    for words in ("No 40 in [1].", f"{settings.SITE_URL}/desk/{DAY}/", issue.title_en, issue.title_zh, "it is held"):
        assert words in sent.body


def test_a_mail_by_rule_says_that_no_person_reviewed_it(issue: Issue, lin: User) -> None:
    policy("send_if_no_high")
    deadline.apply(Issue.objects.get(), at("08:00"))
    Issue.objects.get().moves.update(at=at("08:00"))
    notices.send_due(factories.newsletter(), at("08:01"))
    (sent,) = mail.outbox
    assert "not reviewed by a person" in sent.subject
    assert "not reviewed by a person" in sent.body


def test_only_those_who_may_edit_and_have_an_address_are_mailed(issue: Issue, lin: User) -> None:
    factories.editor("bare")
    factories.editor("gone", email="gone@paper.example", is_active=False)
    User.objects.create_user("visitor", email="visitor@paper.example", is_staff=True)
    factories.editor("wei", role="writer", email="wei@paper.example")
    notices.send_due(factories.newsletter(), at("06:03"))
    assert sorted(each.to[0] for each in mail.outbox) == ["lin@paper.example", "wei@paper.example"]


def test_a_mail_that_could_not_be_handed_over_is_tried_again_a_few_times(
    issue: Issue, lin: User, settings: Any
) -> None:
    settings.EMAIL_BACKEND = "newsletter.deliver.backend.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 1
    letter = factories.newsletter()
    for minute in range(0, 80):
        notices.send_due(letter, at("06:03") + dt.timedelta(minutes=minute))
    row = EditorMail.objects.get()
    assert (row.attempts, row.sent_at) == (notices.MOST_ATTEMPTS, None)
    assert "127.0.0.1" in row.reply


def test_a_checklist_that_only_waits_for_reasons_does_not_stop_the_rule(issue: Issue) -> None:
    assert {point.slug for point in checklist.missing(issue)} == {"links", "trial"}
    assert checklist.unfit(issue) == []
