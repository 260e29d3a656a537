"""The moves of a delivery: every one a conditional UPDATE, so that of two workers one wins and the other is told.

    queued | deferred -> claimed -> accepted | deferred | refused | uncertain | withdrawn

A batch is claimed under the name of one run, in one commit with the outcomes of the batch before. From then on its
mails may leave: which of them did, the run's own record knows (see record), and the database after the next commit.
A claim whose worker's record is gone with its machine is uncertain once it lapses, never sent again by itself.
"""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.db import connection, transaction
from django.db.models import F
from django.utils import timezone

from newsletter.deliver.outcome import Kind, Outcome
from newsletter.models import Delivery, DeliveryState, Issue, IssueState
from newsletter.models.delivery import FINAL

# Minutes until the next attempt after the first, second, … that was put off; after the last, the mail is given up.
# A day in all: yesterday's paper isn't worth a reader's morning.
WAITS = (5, 15, 30, 60, 120, 240, 480, 480)
TAKEN_BACK = "taken back by an editor before it was sent"


@dataclass(frozen=True)
class Claimed:
    """A delivery that this run holds. `attempts` counts the one to come; from `expires_at` on it may not leave."""

    pk: int
    reader_id: int
    edition_id: int
    attempts: int
    expires_at: dt.datetime


@dataclass(frozen=True)
class Verdict:
    """What became of a delivery at `at`; `again_at` is set where it is put off."""

    state: DeliveryState
    reply: str
    at: dt.datetime
    again_at: dt.datetime | None = None

    def as_json(self) -> dict[str, Any]:
        """For the record."""
        again = self.again_at.isoformat() if self.again_at else None
        return {"state": self.state, "reply": self.reply[:300], "at": self.at.isoformat(), "again_at": again}

    @classmethod
    def from_json(cls, told: Mapping[str, Any]) -> "Verdict":
        """As `as_json` wrote it."""
        again = dt.datetime.fromisoformat(told["again_at"]) if told["again_at"] else None
        return cls(DeliveryState(told["state"]), told["reply"], dt.datetime.fromisoformat(told["at"]), again)


# Two states, one after the other: the index on (state, due_at, edition) then gives the first rows without sorting the
# others. Edition by edition, because a worker keeps only some of them cut up (addressing.READY).
# "Not one of the others" says in the UPDATE what was selected: for "is this one" SQLite would walk that index again.
_CLAIM = """
UPDATE {delivery} SET
    state = %s, claimed_by = %s, claimed_at = %s, handed_over_at = %s, attempts = attempts + 1
WHERE id IN (
    SELECT id FROM {delivery} WHERE issue_id = %s AND state = %s AND due_at <= %s
    ORDER BY due_at, edition_id LIMIT %s {skip_locked}
) AND state NOT IN ({others})
RETURNING id, reader_id, edition_id, attempts, expires_at
"""
_OTHERS = sorted(FINAL | {DeliveryState.CLAIMED})


def claim(issue: Issue, worker: str, *, due_by: dt.datetime, size: int) -> list[Claimed]:
    """The up to `size` deliveries that are due for longest, now held by the run `worker`, edition by edition. Empty:
    none is due, or the issue isn't being sent any more, or is paused."""
    with transaction.atomic():
        if not Issue.objects.filter(pk=issue.pk, state=IssueState.SENDING, pause=None).exists():
            return []
        found = _claim(issue, worker, DeliveryState.QUEUED, due_by, size)
        if len(found) < size:
            found += _claim(issue, worker, DeliveryState.DEFERRED, due_by, size - len(found))
        return found


def _claim(issue: Issue, worker: str, state: DeliveryState, due_by: dt.datetime, size: int) -> list[Claimed]:
    statement = _CLAIM.format(
        delivery=connection.ops.quote_name(Delivery._meta.db_table),
        skip_locked="FOR UPDATE SKIP LOCKED" if connection.features.has_select_for_update_skip_locked else "",
        others=", ".join(["%s"] * len(_OTHERS)),
    )
    adapt = connection.ops.adapt_datetimefield_value
    now = adapt(timezone.now())  # from now on it may have left
    held = [DeliveryState.CLAIMED, worker, now, now, issue.pk, state, adapt(due_by), size]
    with connection.cursor() as cursor:
        cursor.execute(statement, [*held, *_OTHERS])
        rows = cursor.fetchall()
    found = [Claimed(pk, reader, edition, tries, _time(end)) for pk, reader, edition, tries, end in rows]
    # RETURNING has no order: one edition after the other, so that each is fetched once
    return sorted(found, key=lambda each: (each.edition_id, each.pk))


def _time(value: dt.datetime | str) -> dt.datetime:
    """Aware: SQLite has no type for times, and tells them without a zone."""
    known = dt.datetime.fromisoformat(value) if isinstance(value, str) else value
    return known if known.tzinfo else known.replace(tzinfo=dt.UTC)


def judge(claimed: Claimed, outcome: Outcome, *, at: dt.datetime) -> Verdict:
    """What an outcome at `at` means for its delivery: put off with a next attempt, or final."""
    if outcome.kind not in (Kind.DEFERRED, Kind.OUR_FAULT):
        return Verdict(DeliveryState(outcome.kind), outcome.reply, at)
    if claimed.attempts > len(WAITS):
        reply = f"given up after {claimed.attempts} attempts: {outcome.reply}"
        return Verdict(DeliveryState.REFUSED, reply, at)
    again_at = at + dt.timedelta(minutes=WAITS[claimed.attempts - 1])
    if outcome.kind is Kind.DEFERRED and again_at >= claimed.expires_at:
        reply = f"given up after {claimed.attempts} attempts, its day being over: {outcome.reply}"
        return Verdict(DeliveryState.REFUSED, reply, at)
    return Verdict(DeliveryState.DEFERRED, outcome.reply, at, again_at=again_at)


# One statement for a batch: Django's bulk_update writes a CASE of every row for every column. Both databases name the
# columns of VALUES so.
_SETTLE = """
UPDATE {delivery} AS row SET
    state = told.column2,
    reply = told.column3,
    finished_at = {finished_at},
    due_at = COALESCE({again_at}, row.due_at),
    handed_over_at = CASE WHEN told.column5 IS NULL THEN row.handed_over_at END
FROM (VALUES {rows}) AS told
WHERE row.id = told.column1 AND row.claimed_by = %s AND row.state IN (%s, %s)
"""


def settle(worker: str, verdicts: Mapping[int, Verdict]) -> int:
    """Write down what became of mails that the run `worker` claimed; how many rows that changed. Twice is once.

    Another worker may have taken us for dead meanwhile and called them uncertain: we know better.
    """
    if not verdicts:
        return 0
    adapt = connection.ops.adapt_datetimefield_value
    values: list[Any] = []
    for pk, verdict in verdicts.items():
        finished = None if verdict.again_at else adapt(verdict.at)
        values += [pk, verdict.state.value, verdict.reply[:300], finished]
        values.append(adapt(verdict.again_at) if verdict.again_at else None)
    as_time = "CAST({} AS timestamptz)" if connection.vendor == "postgresql" else "{}"
    statement = _SETTLE.format(
        rows=", ".join(["(%s, %s, %s, %s, %s)"] * len(verdicts)),
        delivery=connection.ops.quote_name(Delivery._meta.db_table),
        finished_at=as_time.format("told.column4"),
        again_at=as_time.format("told.column5"),
    )
    with connection.cursor() as cursor:
        cursor.execute(statement, [*values, worker, DeliveryState.CLAIMED, DeliveryState.UNCERTAIN])
        return int(cursor.rowcount)


def release(worker: str) -> int:
    """Give back what the run `worker` holds and has surely not handed over, as if it had never been claimed; how many.

    Where an editor has taken the issue back meanwhile, it is withdrawn.
    """
    held = Delivery.objects.filter(claimed_by=worker, state=DeliveryState.CLAIMED)
    free = {"claimed_at": None, "claimed_by": "", "handed_over_at": None, "attempts": F("attempts") - 1}
    queued = held.filter(issue__state=IssueState.SENDING).update(state=DeliveryState.QUEUED, **free)
    withdrawn = {"state": DeliveryState.WITHDRAWN, "finished_at": timezone.now(), "reply": TAKEN_BACK}
    return queued + held.update(**withdrawn, **free)


def put_off(worker: str, later: Mapping[int, dt.datetime]) -> None:
    """Give back what the run `worker` holds and hasn't begun, to be claimed from these times on; by delivery."""
    by_time: dict[dt.datetime, list[int]] = {}
    for pk, until in later.items():
        by_time.setdefault(until, []).append(pk)
    free = {"claimed_at": None, "claimed_by": "", "handed_over_at": None, "attempts": F("attempts") - 1}
    with transaction.atomic():
        for until, pks in by_time.items():
            held = Delivery.objects.filter(pk__in=pks, claimed_by=worker, state=DeliveryState.CLAIMED)
            held.update(state=DeliveryState.QUEUED, due_at=until, **free)


def move(claimed: Claimed, edition_id: int) -> None:
    """It goes out in another edition: its reader has chosen anew."""
    Delivery.objects.filter(pk=claimed.pk).update(edition_id=edition_id)
