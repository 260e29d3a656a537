"""What a worker's log says of an act that could not do its work: one line, whoever is at fault."""

import datetime as dt
import logging
from collections.abc import Callable
from typing import Any

import pytest
from django.utils import timezone
from pytest_django import Settings

from newsletter import schedules, tasks, workflow
from newsletter.deliver.ledger import run_name
from newsletter.models import Issue, Run
from newsletter.runs import recorded
from tests import factories
from tests.newsletter.deliver.helpers import approved_issue

pytestmark = pytest.mark.django_db

LINE = tuple[int, str]  # level, words


@pytest.fixture
def said(caplog: pytest.LogCaptureFixture) -> Callable[[], list[LINE]]:
    """The lines of our own log; a record with a traceback is no line."""
    caplog.set_level(logging.INFO, "newsletter.tasks")

    def lines() -> list[LINE]:
        assert not any(record.exc_info or "\n" in record.getMessage() for record in caplog.records)
        return [(r.levelno, r.getMessage()) for r in caplog.records if r.name == "newsletter.tasks"]

    return lines


def test_a_day_without_stories_is_one_quiet_line(said: Callable[[], list[LINE]]) -> None:
    tasks.compose(factories.newsletter().pk, factories.DAY)
    ((level, words),) = said()
    assert (level, words[:30]) == (logging.INFO, "compose: nothing to compose: n")
    assert "nothing to compose" in Run.objects.get(act="compose").error
    assert not Issue.objects.exists()


def test_an_act_that_runs_already_is_one_quiet_line(said: Callable[[], list[LINE]]) -> None:
    letter, issue = factories.newsletter(), approved_issue()
    factories.reader("ana@a.example")
    acts: dict[str, Callable[[], None]] = {
        "gather": lambda: tasks.gather(letter.pk),
        "rank": lambda: tasks.rank(letter.pk, factories.DAY),
        "check_issue": lambda: tasks.check(issue.pk),
        run_name(issue): lambda: tasks.deliver(issue.pk),
    }
    for act, task in acts.items():
        with recorded(letter, act, factories.DAY):
            task()
        level, words = said()[-1]
        assert (level, words.partition(", by ")[0]) == (logging.INFO, f"{act}: {act} is already running")


def test_a_place_in_the_sending_that_went_down_with_its_machine_is_taken_soon(said: Callable[[], list[LINE]]) -> None:
    issue = approved_issue()
    lost = timezone.now() - tasks.SENDING_LEASE - dt.timedelta(seconds=1)
    Run.objects.create(
        newsletter=issue.newsletter, act=run_name(issue), date=issue.date, worker="elsewhere:1", started_at=lost
    )
    tasks.deliver(issue.pk)
    assert "has no reader" in said()[-1][1], "it ran"


def test_an_issue_doesnt_wait_for_another_that_is_sent_at_the_same_moment(said: Callable[[], list[LINE]]) -> None:
    """Yesterday's goes on for a day, and each minute's task of it begins with today's."""
    issue, yesterdays = approved_issue(), factories.issue(factories.DAY - dt.timedelta(days=1), state="sending")
    with recorded(issue.newsletter, run_name(yesterdays), yesterdays.date):
        tasks.deliver(issue.pk)
    assert "has no reader" in said()[-1][1], "it ran"


def test_stragglers_leave_the_worker_soon_beside_a_newer_issue(monkeypatch: pytest.MonkeyPatch) -> None:
    lengths: list[float] = []

    def sent(issue: Issue, **told: Any) -> dict[str, int]:
        lengths.append(told["at_most"])
        return {}

    monkeypatch.setattr(tasks, "deliver_issue", sent)
    older = factories.issue(factories.DAY - dt.timedelta(days=1), state="sending")
    tasks.deliver(older.pk)
    newer = factories.issue(state="sending")
    tasks.deliver(older.pk)
    tasks.deliver(newer.pk)
    whole, beside, newest = lengths
    assert beside < whole == newest


def test_an_issue_that_nobody_is_to_get_is_one_quiet_line(said: Callable[[], list[LINE]]) -> None:
    tasks.deliver(approved_issue().pk)
    ((level, words),) = said()
    assert level == logging.INFO
    assert "has no reader" in words


def test_a_mail_server_that_is_away_is_one_line_that_wants_the_operator(
    said: Callable[[], list[LINE]], settings: Settings
) -> None:
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 1
    factories.reader("ana@a.example")
    tasks.deliver(approved_issue().pk)
    ((level, words),) = said()
    assert level == logging.ERROR
    assert "127.0.0.1:1" in words


def test_what_no_longer_may_be_done_is_one_line(said: Callable[[], list[LINE]]) -> None:
    issue = factories.issue(state="sent")
    tasks.check(issue.pk)
    tasks.deliver(factories.issue(factories.DAY.replace(day=8), state="in_review").pk)
    tasks.deadline(issue.pk)
    assert [level for level, _ in said()] == [logging.ERROR, logging.ERROR]


def test_a_fault_of_ours_keeps_its_traceback(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tasks, "rank_day", lambda *_: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        tasks.rank(factories.newsletter().pk, factories.DAY)


def test_an_approval_that_an_upgrade_made_untrue_ends_at_the_hour_and_the_deadline_says_so(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Else the desk says "it leaves within a minute" all day, and nobody is told."""
    factories.reader("ana@a.example")
    issue = approved_issue()
    nine = issue.newsletter.moment(issue.date, dt.time(9))
    assert ("deliver", issue.pk) in list(schedules.due(issue.newsletter, nine))

    monkeypatch.setattr(workflow, "template_version", lambda: "upgraded")
    tasks.deliver(issue.pk)
    issue.refresh_from_db()
    assert issue.state == "in_review"
    assert workflow.standing(issue) == []
    assert ("deadline", issue.pk) in list(schedules.due(issue.newsletter, nine))
