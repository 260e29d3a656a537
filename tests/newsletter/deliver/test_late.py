"""Readers who come after the issue has begun to leave: they get today's once, and nobody gets two."""

import datetime as dt

import pytest

from newsletter import schedules, workflow
from newsletter.deliver import editions, late, withdrawal
from newsletter.models import Correction, Delivery, Issue, IssueState
from newsletter.workflow import Act
from subscribers import joining
from subscribers.joining import Proof
from subscribers.models import Subscriber, Way
from tests import factories as make
from tests.newsletter.deliver.helpers import NINE, approved_issue, deliver, quiet
from tests.newsletter.deliver.sink import Sink

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.usefixtures("small_templates"),
    pytest.mark.urls("tests.newsletter.deliver.reader_urls"),
]
HOUR, MINUTE = dt.timedelta(hours=1), dt.timedelta(minutes=1)
TEN = NINE + HOUR


@pytest.fixture
def issue(sink: Sink) -> Issue:
    """Out since 09:00, to one reader."""
    make.reader("first@a.example")
    issue = approved_issue()
    assert deliver(issue)["accepted"] == 1
    assert issue.state == IssueState.SENT
    return issue


def confirmed(email: str, at: dt.datetime, **fields: object) -> Subscriber:
    """Somebody who asked on the page and answered the mail at `at`."""
    reader = make.reader(email, state="pending", asked_at=at - MINUTE, **fields)
    assert joining.confirm(reader, Proof(how=Way.PAGE, at=at))
    return reader


def is_due(issue: Issue, now: dt.datetime) -> bool:
    return ("deliver", issue.pk) in list(schedules.due(make.newsletter(), now))


def test_who_confirms_after_the_hour_gets_it_at_once_and_once(issue: Issue, sink: Sink) -> None:
    assert not is_due(issue, TEN)
    confirmed("late@a.example", TEN)

    assert is_due(issue, TEN + MINUTE), "the next tick takes it up"
    assert deliver(issue, TEN + MINUTE) == {"recipients": 2, "due": 1, "accepted": 1}
    assert sink.recipients == ["first@a.example", "late@a.example"]
    assert (issue.state, issue.outcomes) == (IssueState.SENT, {"accepted": 2})
    assert list(issue.moves.values_list("act", "because")[:2]) == [(Act.FINISH, ""), (Act.ADD_LATE, "1")]

    assert not is_due(issue, TEN + 2 * MINUTE)
    assert deliver(issue, TEN + 2 * MINUTE) == {"recipients": 2}


def test_whose_hour_is_still_to_come_gets_it_then(issue: Issue, sink: Sink) -> None:
    confirmed("late@a.example", TEN, zone="Europe/Berlin")  # 08:00 there is 14:00 in Shanghai
    assert not is_due(issue, TEN + MINUTE)

    two = TEN + 4 * HOUR
    assert is_due(issue, two - 5 * MINUTE)
    assert deliver(issue, two - 5 * MINUTE) == {"recipients": 2, "waiting": 1}
    assert deliver(issue, two)["accepted"] == 1
    assert sink.recipients[1:] == ["late@a.example"]


def test_who_comes_back_from_a_pause_gets_it_at_an_hour_to_come_and_not_at_one_that_has_passed(issue: Issue) -> None:
    make.reader("passed@a.example", confirmed_at=NINE - 30 * 24 * HOUR)
    make.reader("coming@a.example", confirmed_at=NINE - 30 * 24 * HOUR, send_at=dt.time(10, 10))
    deliver(issue, TEN)
    assert list(Delivery.objects.values_list("reader__email", flat=True)) == ["first@a.example", "coming@a.example"]


def test_who_chose_another_frequency_does_not_get_it(issue: Issue) -> None:
    confirmed("late@a.example", TEN, frequency="weekly")
    assert not is_due(issue, TEN + MINUTE)
    assert deliver(issue, TEN + MINUTE) == {"recipients": 1}


def test_who_is_imported_late_waits_for_the_next(issue: Issue) -> None:
    make.reader("imported@a.example", confirmed_at=TEN, source=Way.IMPORT)
    assert not is_due(issue, TEN + MINUTE)


def test_a_day_after_their_hour_nobody_is_added(issue: Issue) -> None:
    confirmed("late@a.example", NINE + 22 * HOUR + 59 * MINUTE)
    assert is_due(issue, NINE + 22 * HOUR + 59 * MINUTE)
    assert not is_due(issue, NINE + 23 * HOUR), "08:00: the next issue’s"
    assert deliver(issue, NINE + 23 * HOUR) == {"recipients": 1}


def test_after_down_time_an_old_issue_is_not_sent_to_who_came_meanwhile(issue: Issue) -> None:
    confirmed("late@a.example", TEN)
    assert not is_due(issue, NINE + 7 * 24 * HOUR)
    assert not late.add(issue, NINE + 7 * 24 * HOUR)


def test_who_left_before_it_was_sent_and_confirms_anew_gets_it(sink: Sink) -> None:
    make.reader("first@a.example")
    ana = make.reader("ana@a.example", state="left")
    issue = approved_issue()
    Subscriber.objects.filter(pk=ana.pk).update(state="active")
    editions.freeze(issue, quiet)
    Subscriber.objects.filter(pk=ana.pk).update(state="left", asked_at=TEN - MINUTE)
    assert deliver(issue)["withdrawn"] == 1
    assert joining.confirm(ana, Proof(how=Way.PAGE, at=TEN))

    assert is_due(issue, TEN + MINUTE)
    assert deliver(issue, TEN + MINUTE) == {"recipients": 2, "due": 1, "accepted": 1}
    assert sink.recipients == ["ana@a.example", "first@a.example"]
    assert not is_due(issue, TEN + 2 * MINUTE)


def test_who_had_it_leaves_and_confirms_anew_gets_no_second_copy(issue: Issue, sink: Sink) -> None:
    first = Subscriber.objects.get()
    Subscriber.objects.update(state="left", asked_at=TEN - MINUTE)
    assert joining.confirm(first, Proof(how=Way.PAGE, at=TEN))
    assert not is_due(issue, TEN + MINUTE)
    assert deliver(issue, TEN + MINUTE) == {"recipients": 1}
    assert len(sink.mails) == 1


def test_choices_that_nobody_had_are_printed_for_the_late_reader(issue: Issue, sink: Sink) -> None:
    confirmed("late@a.example", TEN, language="zh")
    assert deliver(issue, TEN + MINUTE)["accepted"] == 1
    assert sink.to("late@a.example").parsed["Subject"] == issue.subject_zh


def test_what_was_taken_back_takes_nobody(sink: Sink) -> None:
    make.reader("first@a.example")
    make.reader("west@a.example", zone="America/New_York")
    issue = approved_issue()
    deliver(issue)
    withdrawal.take_back(issue, make.editor())
    assert issue.state == IssueState.SENT
    confirmed("late@a.example", TEN)
    assert not late.is_wanted(issue, TEN + MINUTE)


def test_what_was_corrected_takes_nobody(issue: Issue) -> None:
    texts = {"title_en": "", "title_zh": "", "text_en": "", "text_zh": ""}
    fields = {"note_en": "No.", "note_zh": "不。", "before": texts, "after": texts}
    Correction.objects.create(issue=issue, block=issue.blocks.get(), at=TEN, by=make.editor(), **fields)
    confirmed("late@a.example", TEN)
    assert not workflow.takes_late_readers(issue)
    assert not is_due(issue, TEN + MINUTE)


def test_while_it_is_going_out_the_run_takes_late_readers_with_it(sink: Sink) -> None:
    make.reader("west@a.example", zone="America/New_York")
    issue = approved_issue()
    assert deliver(issue) == {"recipients": 1, "waiting": 1}
    confirmed("late@a.example", TEN)
    assert deliver(issue, TEN + MINUTE) == {"recipients": 2, "due": 1, "accepted": 1, "waiting": 1}
    assert issue.state == IssueState.SENDING
    assert not issue.moves.filter(act=Act.ADD_LATE).exists(), "that is no move"


def test_once_the_next_one_has_left_for_all_at_once_nobody_gets_the_older_one_after_it(issue: Issue) -> None:
    confirmed("late@a.example", TEN)
    confirmed("coming@a.example", TEN, zone="Europe/Berlin")
    newer = make.issue(issue.date + dt.timedelta(days=1), state="sending", to_all_at_once=True)

    two = TEN + 4 * HOUR - MINUTE
    assert not is_due(issue, two)
    assert deliver(issue, two) == {"recipients": 1}
    Issue.objects.filter(pk=newer.pk).update(to_all_at_once=False)
    assert is_due(issue, two), "each at their hour: then theirs of yesterday's comes first"
