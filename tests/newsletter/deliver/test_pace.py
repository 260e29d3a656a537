"""How fast mail goes to whom, and what holds it back: lanes, warm-up, servers' limits, complaints, a person."""

import datetime as dt
from collections import Counter
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.utils import timezone
from pytest_django import Settings

from newsletter.deliver import editions, ledger, pace, pausing
from newsletter.deliver.ledger import StoppedError
from newsletter.deliver.pace import Turn
from newsletter.deliver.servers import Server
from newsletter.models import Delivery, DeliveryEvent, Issue, Pause
from newsletter.workflow import WorkflowError
from subscribers import limits
from subscribers.limits import Limit
from tests import factories as make
from tests.newsletter.deliver.helpers import NINE, approved_issue, deliver, quiet
from tests.newsletter.deliver.sink import Sink

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.usefixtures("small_templates"),
    pytest.mark.urls("tests.newsletter.deliver.reader_urls"),
]
MINUTE = dt.timedelta(minutes=1)
FIVE = Limit("five", 5, MINUTE)
TWO = Limit("two", 2, dt.timedelta(hours=1))


def to(*domains: str, each: int = 1) -> Issue:
    """An issue that is being sent, to so many readers at each domain."""
    for domain in domains:
        for n in range(each):
            make.reader(f"r{n}@{domain}")
    issue = approved_issue()
    editions.freeze(issue, quiet)
    return issue


def states() -> Counter[str]:
    return Counter(Delivery.objects.values_list("state", flat=True))


# ---- counting ----------------------------------------------------------------------------------------------------


def test_a_limit_grants_what_is_left_of_it() -> None:
    assert limits.take([(FIVE, "")], 3, NINE) == 3
    assert limits.take([(FIVE, "")], 3, NINE) == 2
    assert limits.take([(FIVE, "")], 3, NINE) == 0
    assert limits.take([(FIVE, "other")], 1, NINE) == 1
    assert limits.take([(FIVE, "")], 9, NINE + MINUTE) == 5, "the next minute"


def test_of_two_limits_the_tighter_counts_and_neither_counts_more() -> None:
    assert limits.take([(FIVE, ""), (TWO, "")], 4, NINE) == 2
    assert limits.left(FIVE, "", NINE) == 3


def test_what_may_not_leave_now_has_its_turn_in_the_minutes_after() -> None:
    turn = pace.turns({"qq.com": 150, "a.example": 9}, NINE)
    assert turn["a.example"] == Turn(9)
    assert (turn["qq.com"].now, len(turn["qq.com"].later)) == (60, 90)
    assert Counter(turn["qq.com"].later) == {NINE + MINUTE: 60, NINE + 2 * MINUTE: 30}


def test_domains_of_one_provider_share_its_allowance() -> None:
    pace.turns({"qq.com": 50}, NINE)
    assert pace.turns({"foxmail.com": 50}, NINE)["foxmail.com"].now == 10


def test_a_warm_up_begins_small_and_ends_after_four_weeks(settings: Settings) -> None:
    settings.WARM_UP_SINCE = NINE.date()
    counts = [limit.count if (limit := pace.warm_up(NINE + dt.timedelta(days=day))) else None for day in range(29)]
    assert counts[0] == 200
    assert counts[-1] is None
    assert counts[:-1] == sorted(count for count in counts[:-1] if count)
    assert pace.turns({"a.example": 500}, NINE)["a.example"].now == 200
    assert pace.turns({"b.example": 5}, NINE)["b.example"].later == (NINE.replace(hour=0) + dt.timedelta(days=1),) * 5


def test_what_is_counted_too_much_and_given_back_is_seen_by_no_other_worker(monkeypatch: pytest.MonkeyPatch) -> None:
    """A provider's batch counts all its mails at first, in the warm-up's day as well: another worker that looked just
    then took the day for used up, and put its mails off until tomorrow."""
    outside, inside, take = len(connection.savepoint_ids), list[int](), limits.take

    def watched(*asked: Any) -> int:
        inside.append(len(connection.savepoint_ids))
        return take(*asked)

    monkeypatch.setattr(limits, "take", watched)
    pace.turns({"qq.com": 150}, NINE)
    assert inside == [outside + 1], "one transaction, whose rows the other waits for"


# ---- sending -----------------------------------------------------------------------------------------------------


def test_a_provider_gets_its_share_now_and_the_rest_later_while_others_get_all(
    sink: Sink, monkeypatch: pytest.MonkeyPatch
) -> None:
    lane = pace.Lane("slow", ("slow.example",), (Limit("lane slow m", 2, MINUTE),))
    monkeypatch.setattr(pace, "lanes", lambda: {"slow.example": lane})
    issue = to("slow.example", "quick.example", each=5)

    assert deliver(issue) == {"recipients": 10, "due": 7, "accepted": 7, "waiting": 3}
    assert deliver(issue) == {"recipients": 10, "waiting": 3}, "a run at the same minute, as after a restart"
    assert deliver(issue, NINE + MINUTE)["accepted"] == 2
    assert deliver(issue, NINE + 2 * MINUTE)["accepted"] == 1
    assert set(Delivery.objects.values_list("attempts", flat=True)) == {1}, "waiting for its turn is no attempt"
    assert len(set(sink.recipients)) == len(sink.mails) == 10


def test_a_provider_that_says_too_fast_is_left_in_peace(sink: Sink) -> None:
    issue = to("qq.com", each=6)
    sink.at_data["r0@qq.com"] = ["550 Connection frequency limited"]

    # the second was made while the first one's answer was awaited
    assert deliver(issue) == {"recipients": 6, "due": 2, "accepted": 1, "deferred": 1, "waiting": 5}
    assert deliver(issue, NINE + 6 * MINUTE)["accepted"] == 1, "one tries whether it is over"
    assert deliver(issue, NINE + 31 * MINUTE)["accepted"] == 4


def test_start_times_can_be_spread(settings: Settings) -> None:
    settings.SEND_SPREAD_MINUTES = 5
    issue = to("a.example", each=30)
    first = issue.newsletter.moment(issue.date, issue.newsletter.send_at)
    waits = [(due_at - first).total_seconds() for due_at in issue.deliveries.values_list("due_at", flat=True)]
    assert all(0 <= wait < 300 for wait in waits)
    assert len(set(waits)) > 20


def test_a_servers_own_limit_is_counted_for_all_workers() -> None:
    server, one, other = Server("relay.example", 25, per_minute=4), pace.Permits(), pace.Permits()
    assert [one(server, use=True) for _ in range(3)] == [True] * 3
    assert sum(other(server, use=True) for _ in range(9)) + sum(one(server, use=True) for _ in range(9)) == 1
    assert pace.Permits()(Server("free.example", 25), use=True)


# ---- holding back ------------------------------------------------------------------------------------------------


def complain(issue: Issue, number: int) -> None:
    for delivery in issue.deliveries.filter(state="accepted")[:number]:
        DeliveryEvent.objects.create(
            delivery=delivery, kind="complaint", external_id=f"c{delivery.pk}", occurred_at=NINE
        )


def test_three_complaints_of_few_readers_stop_the_rest_and_two_do_not(
    sink: Sink, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(ledger, "GLANCE", -1)
    issue = to("a.example", each=4)
    make.reader("late@a.example", zone="Europe/Berlin", send_at=dt.time(7, 0))
    deliver(issue)
    Issue.objects.update(state="sending")
    Delivery.objects.filter(reader__email="r3@a.example").update(state="queued")
    complain(issue, 2)
    assert not pausing.complained_too_much(issue)
    complain_again = issue.deliveries.filter(state="accepted", events=None)[:1]
    for delivery in complain_again:
        DeliveryEvent.objects.create(delivery=delivery, kind="complaint", external_id="third", occurred_at=NINE)

    with pytest.raises(StoppedError, match="3 of 3 readers called it spam"):
        deliver(issue)
    assert "is paused" in caplog.text
    assert deliver(issue)["waiting"] == 1
    assert len(sink.mails) == 4


def test_complaints_of_a_small_share_do_not_stop_it() -> None:
    issue = to("a.example", each=4)
    issue.deliveries.update(state="accepted")
    complain(issue, 3)
    original = pausing.COMPLAINT_RATE
    assert pausing.complained_too_much(issue)
    try:
        pausing.COMPLAINT_RATE = 0.75
        assert not pausing.complained_too_much(issue), "as many as the rate allows"
    finally:
        pausing.COMPLAINT_RATE = original


def test_one_reader_who_complains_again_and_again_is_one() -> None:
    """Else whoever has one mail of ours could stop everybody's."""
    issue = to("a.example", each=4)
    issue.deliveries.update(state="accepted")
    loud = issue.deliveries.all()[0]
    for number in range(5):
        DeliveryEvent.objects.create(delivery=loud, kind="complaint", external_id=f"again {number}", occurred_at=NINE)
    assert not pausing.complained_too_much(issue)


def test_who_lets_it_go_on_after_complaints_is_stopped_by_new_ones_alone(sink: Sink) -> None:
    issue = to("a.example", each=8)
    issue.deliveries.filter(reader__email__lt="r6").update(state="accepted")
    complain(issue, 3)
    with pytest.raises(StoppedError, match="3 of 6"):
        deliver(issue)
    pausing.resume(issue)
    assert deliver(issue)["accepted"] == 2, "it goes on"

    later = timezone.now() + dt.timedelta(minutes=1)
    for number, delivery in enumerate(issue.deliveries.filter(events=None)[:3], 1):
        DeliveryEvent.objects.create(
            delivery=delivery, kind="complaint", external_id=f"new {number}", occurred_at=later
        )
        assert bool(pausing.complained_too_much(issue)) is (number == 3)


def test_a_paused_issue_stays_until_it_is_resumed(sink: Sink, capsys: pytest.CaptureFixture[str]) -> None:
    issue = to("a.example", each=2)
    date = issue.date.isoformat()
    call_command("sending", "--date", date, "--pause", "a look at the logs first")
    assert "is sending; queued 2" in (said := capsys.readouterr().out)
    assert "a look at the logs first" in said
    assert deliver(issue) == {"recipients": 2, "waiting": 2}
    assert not pausing.pause(issue, "again")

    call_command("sending", "--date", date, "--resume")
    assert deliver(issue)["accepted"] == 2
    assert not Pause.objects.exists()
    with pytest.raises(CommandError, match="isn't paused"):
        call_command("sending", "--date", date, "--resume")
    with pytest.raises(WorkflowError, match="nothing to pause"):
        pausing.pause(issue, "too late")


def test_a_pause_is_seen_in_the_middle_of_a_batch(sink: Sink, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ledger, "GLANCE", -1)
    issue = to("a.example", each=3)

    def pause(what: str, done: int, total: int) -> None:
        pausing.pause(issue, "stop")

    assert ledger.deliver_issue(issue, now=NINE, progress=pause)["accepted"] == 1
    assert states() == Counter(accepted=1, queued=2)
