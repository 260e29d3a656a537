"""The moves of a delivery: every one a conditional UPDATE, so that of two workers one wins and the other is told.

    queued | deferred -> claimed -> (handed over) -> accepted | deferred | refused | uncertain | withdrawn

A claim is named by its worker and its time. Whoever hands a mail over must still hold the claim at that moment: a
worker that was thought dead and wakes up finds it gone, and sends nothing.
"""

import datetime as dt
from dataclasses import dataclass
from typing import Any

from django.db import connection, transaction
from django.db.models import F, Min, Q, QuerySet
from django.utils import timezone

from newsletter.deliver import recipients
from newsletter.deliver.outcome import Kind, Outcome
from newsletter.models import Delivery, DeliveryState, Issue
from newsletter.models.delivery import FINAL
from newsletter.runs import LEASE, is_dead, this_worker
from subscribers.models import Subscriber

# Minutes until the next attempt after the first, second, … that was put off; after the last, the mail is given up.
# Sixteen hours in all: yesterday's paper isn't worth a reader's morning.
WAITS = (5, 15, 30, 60, 120, 240, 480)

_ANYONE = -1  # stands for a reader's id in a statement written beforehand


@dataclass(frozen=True)
class Recovered:
    """What dead workers left: `queued` were surely not sent, `uncertain` may have been."""

    queued: int
    uncertain: int


@dataclass(frozen=True)
class Verdict:
    """What became of a delivery; `again_at` is set where it is put off."""

    state: DeliveryState
    reply: str
    again_at: dt.datetime | None = None


def recover(issue: Issue) -> Recovered:
    """Take up what dead workers of `issue` held. A mail that may have left is never sent again by itself."""
    claimed = Delivery.objects.filter(issue=issue, state=DeliveryState.CLAIMED)
    now = timezone.now()
    holders = claimed.order_by().values_list("claimed_by").annotate(since=Min("claimed_at"))
    gone = [worker for worker, since in holders if since and is_dead(worker, now)]
    dead = claimed.filter(Q(claimed_by__in=gone) | Q(claimed_at__lt=now - LEASE) | Q(claimed_at=None))
    uncertain = dead.filter(handed_over_at__isnull=False).update(
        state=DeliveryState.UNCERTAIN, finished_at=now, reply="the worker died after the message was handed over"
    )
    return Recovered(dead.filter(handed_over_at=None).update(state=DeliveryState.QUEUED), uncertain)


def claim(issue: Issue, *, due_by: dt.datetime, size: int) -> list[Delivery]:
    """Up to `size` deliveries that are due, now held by this worker; the longest due first. Empty: none is due."""
    stamp, worker = timezone.now(), this_worker()
    with transaction.atomic():
        ids = _ids(issue, DeliveryState.QUEUED, due_by, size)
        ids += _ids(issue, DeliveryState.DEFERRED, due_by, size - len(ids)) if len(ids) < size else []
        # "not one of the others": for "one of these" SQLite would walk the index on state, and all that are queued
        Delivery.objects.filter(pk__in=ids).exclude(state__in=FINAL | {DeliveryState.CLAIMED}).update(
            state=DeliveryState.CLAIMED,
            claimed_by=worker,
            claimed_at=stamp,
            handed_over_at=None,
            attempts=F("attempts") + 1,
        )
    mine = Delivery.objects.filter(pk__in=ids, state=DeliveryState.CLAIMED, claimed_by=worker, claimed_at=stamp)
    return list(mine.order_by("due_at", "pk"))


def _ids(issue: Issue, state: DeliveryState, due_by: dt.datetime, size: int) -> list[int]:
    # One state at a time: the index on (state, due_at) then gives the first rows without sorting the others.
    due: QuerySet[Delivery] = Delivery.objects.filter(issue=issue, state=state, due_at__lte=due_by).order_by("due_at")
    if connection.features.has_select_for_update_skip_locked:
        due = due.select_for_update(skip_locked=True)
    return list(due.values_list("pk", flat=True)[:size])


class Readers:
    """Reads a reader anew just before the hand-over. The statement is written once a run: Django takes far longer to
    write it than the database to answer it."""

    def __init__(self, issue: Issue) -> None:
        self._sql, self._values = recipients.wanting(issue).filter(pk=_ANYONE).query.sql_with_params()

    def get(self, pk: int) -> Subscriber | None:
        """The reader as they are now; None if they no longer want the issue."""
        values = [pk if value == _ANYONE else value for value in self._values]
        return next(iter(Subscriber.objects.raw(self._sql, values)), None)


def withdraw(delivery: Delivery) -> None:
    """The reader left, paused or chose another frequency before it was sent."""
    reason = "the reader left, paused or chose another frequency before it was sent"
    _held(delivery).update(state=DeliveryState.WITHDRAWN, finished_at=timezone.now(), reply=reason)


def hand_over(delivery: Delivery) -> bool:
    """Note that the bytes leave now. False: the claim has passed to another worker, and nothing may be sent."""
    return bool(_held(delivery).update(handed_over_at=timezone.now()))


def take_back(delivery: Delivery) -> None:
    """The bytes did not leave after all: there was no line to the server. It is queued again."""
    Delivery.objects.filter(state=DeliveryState.CLAIMED, **_claim(delivery)).update(handed_over_at=None)
    release([delivery])


def judge(delivery: Delivery, outcome: Outcome, *, at: dt.datetime) -> Verdict:
    """What an outcome at `at` means for its delivery: put off with a next attempt, or final."""
    if outcome.kind not in (Kind.DEFERRED, Kind.OUR_FAULT):
        return Verdict(DeliveryState(outcome.kind), outcome.reply)
    if delivery.attempts > len(WAITS):
        return Verdict(DeliveryState.REFUSED, f"given up after {delivery.attempts} attempts: {outcome.reply}")
    wait = dt.timedelta(minutes=WAITS[delivery.attempts - 1])
    return Verdict(DeliveryState.DEFERRED, outcome.reply, again_at=at + wait)


def record(delivery: Delivery, verdict: Verdict) -> None:
    """Write down what became of a mail. Doing it twice is doing it once."""
    fields: dict[str, Any] = {"state": verdict.state, "reply": verdict.reply[:300]}
    if verdict.again_at:
        fields |= {"due_at": verdict.again_at, "handed_over_at": None}
    else:
        fields["finished_at"] = timezone.now()
    # Another worker may have taken us for dead meanwhile and called it uncertain: we know better.
    ours = (DeliveryState.CLAIMED, DeliveryState.UNCERTAIN)
    Delivery.objects.filter(state__in=ours, **_claim(delivery)).update(**fields)


def release(deliveries: list[Delivery]) -> None:
    """Give back those still claimed and not handed over, as if they had never been claimed."""
    if deliveries:
        first = deliveries[0]
        _unsent(first.claimed_by, first.claimed_at).filter(pk__in=[each.pk for each in deliveries]).update(
            state=DeliveryState.QUEUED, claimed_at=None, claimed_by="", attempts=F("attempts") - 1
        )


def _held(delivery: Delivery) -> QuerySet[Delivery]:
    """The row, if it is still claimed by us and not handed over."""
    return _unsent(delivery.claimed_by, delivery.claimed_at).filter(pk=delivery.pk)


def _unsent(worker: str, since: dt.datetime | None) -> QuerySet[Delivery]:
    return Delivery.objects.filter(
        state=DeliveryState.CLAIMED, handed_over_at=None, claimed_by=worker, claimed_at=since
    )


def _claim(delivery: Delivery) -> dict[str, Any]:
    return {"pk": delivery.pk, "claimed_by": delivery.claimed_by, "claimed_at": delivery.claimed_at}
