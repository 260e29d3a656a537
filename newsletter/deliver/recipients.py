"""One delivery row for each reader who is to get an issue, written by the database from its own rows."""

import datetime as dt
from collections.abc import Callable
from dataclasses import replace
from typing import Any

from django.conf import settings
from django.db import connection
from django.db.models import Exists, Max, OuterRef, QuerySet
from django.db.models.functions import Coalesce

from newsletter.deliver import corrected
from newsletter.models import Delivery, DeliveryState, Edition, Issue
from newsletter.models.delivery import LIFE
from subscribers import audience
from subscribers.audience import Moment
from subscribers.models import Subscriber

BATCH = 50_000  # reader ids in one statement
MOMENTS = 5_000  # with four values each, well under SQLite's 32,766 in one statement

# Whoever has chosen what wasn't printed when we looked gets the commonest edition, and at the claim their own (see
# addressing). `WHERE true`: without it SQLite takes ON CONFLICT for a part of the join.
_INSERT = """
WITH moment (zone, at_hour, due_at, expires_at) AS (VALUES {moments})
INSERT INTO {delivery}
    (issue_id, reader_id, edition_id, state, due_at, expires_at, claimed_by, attempts, reply)
SELECT %s, reader.id, COALESCE(edition.id, %s), %s, {due_at}, moment.expires_at, '', 0, ''
FROM ({readers}) AS reader
LEFT JOIN {edition} AS edition ON edition.issue_id = %s AND edition.choices_hash = reader.choices_hash
JOIN moment ON moment.zone = reader.zone AND moment.at_hour = reader.at_hour
WHERE true
ON CONFLICT DO NOTHING
"""


# Each reader some seconds after their hour, always as many: everybody sends at the full hour, and providers count.
_SECONDS = "(reader.id * 7919) %% {seconds}"
_SPREAD = {
    "postgresql": f"moment.due_at + make_interval(secs => {_SECONDS})",
    "sqlite": f"strftime('%%Y-%%m-%%d %%H:%%M:%%S', moment.due_at, '+' || ({_SECONDS}) || ' seconds')",
}


def wanting(issue: Issue) -> QuerySet[Subscriber]:
    """The readers who are to get `issue`, as of now: a correction goes to those who got what was wrong."""
    if issue.corrects_id is not None:
        return corrected.readers(issue)
    return audience.wanting(issue.kind, issue.date)


def left_out(issue: Issue) -> QuerySet[Subscriber]:
    """The readers who are to get `issue` and have no delivery of it yet: all of them, before it is frozen."""
    has_one = Exists(Delivery.objects.filter(issue=issue, reader=OuterRef("pk")))
    return wanting(issue).exclude(has_one)


def enlist(issue: Issue, progress: Callable[[str, int, int], None], released_at: dt.datetime) -> int:
    """A queued delivery for every reader who is to get `issue`, whose editions are frozen; how many were written.

    Due at the reader's hour by the clock of their zone on the issue's date, or at once where that was before
    `released_at`, or where an editor wants it with everyone at once. A reader who has a delivery keeps it.
    """
    readers = wanting(issue)
    hour, moments = issue.newsletter.send_at, _moments(issue, readers, released_at)
    last = readers.aggregate(last=Coalesce(Max("pk"), 0))["last"]
    rows = audience.appointments(readers, hour)
    written = 0
    for start in range(0, last + 1, BATCH):
        # who has a row is told by the unique key: looking first cost PostgreSQL twenty times as long
        written += insert(issue, rows.filter(pk__gte=start, pk__lt=start + BATCH), moments)
        progress("recipients", min(start + BATCH, last), last)
    if written < readers.count():  # some chose another hour meanwhile
        rest = left_out(issue)
        written += insert(issue, audience.appointments(rest, hour), _moments(issue, rest, released_at))
    return written


def _moments(issue: Issue, readers: QuerySet[Subscriber], released_at: dt.datetime) -> list[Moment]:
    letter = issue.newsletter
    moments = audience.due_moments(readers, issue.date, hour=letter.send_at, zone=letter.tz, not_before=released_at)
    if issue.to_all_at_once and issue.send_from:
        return [replace(moment, due_at=issue.send_from) for moment in moments]
    return moments


def analyse() -> None:
    """Let PostgreSQL know at once how many rows have come, so that it takes the next ones due from the index."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute(f"ANALYZE {connection.ops.quote_name(Delivery._meta.db_table)}")


def insert(
    issue: Issue, appointments: QuerySet[Subscriber, Any], moments: list[Moment], *, due_at: dt.datetime | None = None
) -> int:
    """A queued delivery for each of `appointments` (see audience) whose zone and hour are among `moments`; how many.

    Due at `due_at`, else at their moment; they expire LIFE after their moment.
    """
    commonest = issue.editions.order_by("pk").values_list("pk", flat=True)[0]
    return sum(
        _insert(issue, appointments, moments[first : first + MOMENTS], commonest, due_at)
        for first in range(0, len(moments), MOMENTS)
    )


def _insert(
    issue: Issue, readers: QuerySet[Subscriber, Any], moments: list[Moment], commonest: int, due_at: dt.datetime | None
) -> int:
    adapt, spread = connection.ops, settings.SEND_SPREAD_MINUTES * 60
    select, select_values = readers.query.sql_with_params()
    values = [
        value
        for m in moments
        for value in (
            m.zone,
            adapt.adapt_timefield_value(m.hour),
            adapt.adapt_datetimefield_value(due_at or m.due_at),
            adapt.adapt_datetimefield_value(m.due_at + LIFE),
        )
    ]
    statement = _INSERT.format(
        moments=", ".join(["(%s, %s, %s, %s)"] * len(moments)),
        due_at=_SPREAD[connection.vendor].format(seconds=spread) if spread and due_at is None else "moment.due_at",
        delivery=connection.ops.quote_name(Delivery._meta.db_table),
        edition=connection.ops.quote_name(Edition._meta.db_table),
        readers=select,
    )
    with connection.cursor() as cursor:
        cursor.execute(statement, [*values, issue.pk, commonest, DeliveryState.QUEUED, *select_values, issue.pk])
        if connection.vendor == "sqlite":  # Python counts no rows of a statement that begins with WITH
            return int(cursor.execute("SELECT changes()").fetchone()[0])
        return int(cursor.rowcount)
