"""A mail leaves within 24 hours from when it was due, or not at all; and then the issue ends and says why."""

import datetime as dt

import pytest
from django.utils import timezone

from newsletter import schedules
from newsletter.deliver import editions, expiry, pausing
from newsletter.models import Delivery, Issue, IssueState
from tests import factories as make
from tests.newsletter.deliver.helpers import NINE, approved_issue, deliver, quiet
from tests.newsletter.deliver.sink import Sink

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.usefixtures("small_templates"),
    pytest.mark.urls("tests.newsletter.deliver.reader_urls"),
]
HOUR, DAY, WEEK = dt.timedelta(hours=1), dt.timedelta(days=1), dt.timedelta(days=7)
EIGHT = NINE - HOUR  # the newsletter's hour


def outcome(email: str = "ana@a.example") -> tuple[str, str]:
    return Delivery.objects.values_list("state", "reply").get(reader__email=email)


def put_off(issue: Issue, sink: Sink) -> None:
    """Two readers, of whom one has it and the other's server has put it off."""
    make.reader("ana@a.example")
    make.reader("bo@a.example")
    sink.at_recipient["ana@a.example"] = ["451 4.7.1 greylisted"]
    assert deliver(issue)["deferred"] == 1


def test_what_was_put_off_before_a_long_outage_is_withdrawn_after_it(sink: Sink) -> None:
    issue = approved_issue()
    put_off(issue, sink)

    assert deliver(issue, NINE + WEEK) == {"recipients": 2, "withdrawn": 1, "expired": 1}
    assert outcome() == ("withdrawn", f"{expiry.EXPIRED}; the last answer was: 451 4.7.1 greylisted")
    assert sink.recipients == ["bo@a.example"]
    assert (issue.state, issue.outcomes) == (IssueState.SENT, {"accepted": 1, "withdrawn": 1})


def test_it_leaves_in_the_last_minute_of_its_day_and_not_in_the_first_after_it(sink: Sink) -> None:
    make.reader("ana@a.example")
    make.reader("bo@a.example", send_at=dt.time(8, 10))
    issue = approved_issue()
    editions.freeze(issue, quiet)
    assert deliver(issue, EIGHT + DAY + 9 * dt.timedelta(minutes=1)) == {
        **{"recipients": 2, "due": 1},
        **{"accepted": 1, "withdrawn": 1, "expired": 1},
    }
    assert outcome() == ("withdrawn", expiry.EXPIRED)
    assert sink.recipients == ["bo@a.example"]


def test_a_pause_that_outlasts_the_day_ends_the_issue(sink: Sink) -> None:
    issue = approved_issue()
    put_off(issue, sink)
    pausing.pause(issue, "let us look first")

    assert deliver(issue, NINE + 2 * HOUR) == {"recipients": 2, "waiting": 1}
    assert deliver(issue, NINE + DAY) == {"recipients": 2, "withdrawn": 1, "expired": 1}
    assert issue.state == IssueState.SENT


def test_one_whose_day_ends_in_a_workers_hands_does_not_leave(sink: Sink, monkeypatch: pytest.MonkeyPatch) -> None:
    make.reader("ana@a.example")
    make.reader("bo@a.example")
    issue = approved_issue()
    monkeypatch.setattr(expiry, "is_over", lambda _expires_at, _at: True)

    assert deliver(issue) == {"recipients": 2, "due": 2, "withdrawn": 2, "expired": 2}
    assert not sink.mails
    assert issue.state == IssueState.SENT


def test_an_issue_of_another_day_that_somebody_sends_by_hand_has_its_day_from_then_on(sink: Sink) -> None:
    make.reader("ana@a.example")
    issue = approved_issue()

    assert deliver(issue, NINE + WEEK)["accepted"] == 1
    row = Delivery.objects.get()
    assert row.due_at == NINE + WEEK
    assert row.expires_at == NINE + WEEK + DAY


def test_by_itself_an_issue_of_another_day_never_leaves() -> None:
    make.reader("ana@a.example")
    approved_issue(composed_at=timezone.now())
    jobs = [job[0] for job in schedules.due(make.newsletter(), NINE + DAY)]
    assert "deliver" not in jobs


def test_readers_further_west_have_their_own_day(sink: Sink) -> None:
    make.reader("ana@a.example", zone="America/Los_Angeles", send_at=dt.time(20))
    issue = approved_issue()
    deliver(issue)
    row = Delivery.objects.get()
    assert row.due_at == dt.datetime(2026, 5, 8, 3, tzinfo=dt.UTC)
    assert deliver(issue, row.due_at + DAY - HOUR)["accepted"] == 1
