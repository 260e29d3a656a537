"""Who is to get an issue, in which edition and when: querysets and values, no loop over readers.

Nothing here knows an issue: the date, the kind and the newsletter's hour come in as values.
"""

import datetime as dt
from dataclasses import dataclass
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from django.db import connection
from django.db.models import Count, Min, Q, QuerySet, TimeField, Value
from django.db.models.functions import Coalesce

from subscribers.models import MAILABLE, Subscriber
from subscribers.models.subscriber import Frequency

SATURDAY = 5  # date.weekday(): Monday is 0


@dataclass(frozen=True)
class ChoicesInUse:
    """One set of choices that at least one reader has made."""

    choices_hash: str
    choices: dict[str, Any]
    readers: int


@dataclass(frozen=True)
class Moment:
    """When the readers of one zone who chose one hour are due."""

    zone: str
    hour: dt.time
    due_at: dt.datetime  # aware


@dataclass(frozen=True)
class Crowd:
    """How many readers of one language are due at one moment."""

    due_at: dt.datetime  # aware
    language: str  # en, zh, both
    readers: int


def mailable(on_date: dt.date) -> QuerySet[Subscriber]:
    """The readers who may be mailed on `on_date`: confirmed, not pausing on that day. They all have an address, which
    the table itself sees to."""
    return Subscriber.objects.filter(_mailable(on_date))


def wanting(kind: str, on_date: dt.date) -> QuerySet[Subscriber]:
    """The mailable readers whose frequency asks for an issue of `kind` dated `on_date`.

    A weekly issue goes to weekly readers, every other to daily ones. A reader is due on the issue's own date by the
    clock of their own zone (see `due_moments`), so `on_date`'s weekday is the reader's weekday wherever they live.
    """
    return Subscriber.objects.filter(_wanting(kind, on_date))


def _mailable(on_date: dt.date) -> Q:
    return Q(Q(paused_until=None) | Q(paused_until__lte=on_date), state__in=MAILABLE)


def _wanting(kind: str, on_date: dt.date) -> Q:
    if kind == "weekly":
        frequencies = [Frequency.WEEKLY]
    else:
        frequencies = [Frequency.DAILY] if on_date.weekday() >= SATURDAY else [Frequency.DAILY, Frequency.WEEKDAYS]
    return _mailable(on_date) & Q(frequency__in=frequencies)


def due_between(
    kind: str, since: dt.datetime, until: dt.datetime, *, hour: dt.time, zone: ZoneInfo
) -> QuerySet[Subscriber]:
    """The readers whose hour, by the clock of their zone, comes from `since` on and before `until`, with the issue of
    `kind` of that day, whether or not there is one. `hour` and `zone` as for `due_moments`.

    One query for the hours in use, and a union to be counted, listed or inserted from; both read the index alone.
    """
    due: dict[tuple[dt.date, dt.time | None], list[str]] = {}
    for name, chosen in _hours_in_use().items():
        clock = _zone(name) or zone
        for date in {since.astimezone(clock).date(), until.astimezone(clock).date()}:
            for at_hour in chosen:
                if since <= _instant(date, at_hour or hour, clock) < until:
                    due.setdefault((date, at_hour), []).append(name)
    parts = [
        Subscriber.objects.filter(_wanting(kind, date), zone__in=names, send_at=at_hour)
        for (date, at_hour), names in due.items()
    ]
    return parts[0].union(*parts[1:], all=True) if parts else Subscriber.objects.none()


def crowds(
    kind: str, on_date: dt.date, *, hour: dt.time, zone: ZoneInfo, not_before: dt.datetime | None = None
) -> list[Crowd]:
    """Who is due when with the issue of `kind` of `on_date`, by moment and language, the earliest first.

    One query, counted by the database from an index alone; `hour`, `zone`, `not_before` as for `due_moments`.
    """
    # by send_at as it stands, none too: so the rows come out of the index in the order of the groups
    rows = wanting(kind, on_date).order_by().values_list("zone", "send_at", "language")
    found: dict[tuple[dt.datetime, str], int] = {}
    for name, chosen, language, readers in rows.annotate(readers=Count("pk")):
        at = _instant(on_date, chosen or hour, _zone(name) or zone)
        key = max(at, not_before) if not_before else at, language
        found[key] = found.get(key, 0) + readers
    return [Crowd(at, language, readers) for (at, language), readers in sorted(found.items())]


# From each pair of zone and hour to the next one in the index, instead of over all readers. Every zone's last row has
# no hour, and stands for those who chose none.
_HOURS_IN_USE = """
WITH RECURSIVE
place (zone) AS (
    SELECT min(zone) FROM {readers} WHERE state = %s
    UNION ALL
    SELECT (SELECT min(zone) FROM {readers} WHERE state = %s AND zone > place.zone) FROM place WHERE zone IS NOT NULL
),
clock (zone, hour) AS (
    SELECT zone, (SELECT min(send_at) FROM {readers} AS r WHERE r.state = %s AND r.zone = place.zone)
    FROM place WHERE zone IS NOT NULL
    UNION ALL
    SELECT zone, (
        SELECT min(send_at) FROM {readers} AS r WHERE r.state = %s AND r.zone = clock.zone AND r.send_at > clock.hour
    )
    FROM clock WHERE hour IS NOT NULL
)
SELECT zone, hour FROM clock
"""


def _hours_in_use() -> dict[str, list[dt.time | None]]:
    """The zones of mailable readers, each with the hours that at least one of them chose, and None. One query."""
    (state,) = MAILABLE
    statement = _HOURS_IN_USE.format(readers=connection.ops.quote_name(Subscriber._meta.db_table))
    hours: dict[str, list[dt.time | None]] = {}
    with connection.cursor() as cursor:
        cursor.execute(statement, [state] * 4)
        for zone, at_hour in cursor.fetchall():
            hours.setdefault(zone, []).append(_time(at_hour))
    return hours


def _time(value: dt.time | str | None) -> dt.time | None:
    return dt.time.fromisoformat(value) if isinstance(value, str) else value  # SQLite has no type for times


def choices_in_use(readers: QuerySet[Subscriber]) -> list[ChoicesInUse]:
    """Each distinct set of choices among `readers`, with how many share it; the commonest first. Two queries, and one
    more for each set whose sample has chosen anew between them, and speaks for the others no longer."""
    rows = readers.order_by().values("choices_hash").annotate(sample=Min("pk"), readers=Count("pk"))
    groups = list(rows.order_by("-readers", "choices_hash").values_list("choices_hash", "sample", "readers"))
    samples = Subscriber.objects.in_bulk([sample for _, sample, _ in groups])
    found = []
    for digest, sample, count in groups:
        same = samples[sample].choices_hash == digest
        reader = samples[sample] if same else readers.filter(choices_hash=digest).first()
        if reader is not None:
            found.append(ChoicesInUse(digest, reader.choices(), count))
    return found


def appointments(readers: QuerySet[Subscriber], hour: dt.time) -> QuerySet[Subscriber, tuple[int, str, str, Any]]:
    """Per reader: id, choices_hash, zone, and `at_hour`, the hour they chose or else `hour`, on the clock of zone."""
    return readers.order_by().annotate(at_hour=_hour(hour)).values_list("id", "choices_hash", "zone", "at_hour")


def due_moments(
    readers: QuerySet[Subscriber], date: dt.date, *, hour: dt.time, zone: ZoneInfo, not_before: dt.datetime
) -> list[Moment]:
    """The moment at which each pair of zone and hour among `readers` is due on `date`. One query.

    `hour` is for readers who chose none, `zone` for readers whose own is unknown to this machine. An hour before
    `not_before` (the approval) is due at once, that is at `not_before`. Where clocks go forward over an hour, it is
    due as much later as they jump; where they go back, at its first passing.
    """
    pairs = readers.order_by().annotate(at_hour=_hour(hour)).values_list("zone", "at_hour").distinct()
    return [
        Moment(name, at_hour, max(_instant(date, at_hour, _zone(name) or zone), not_before)) for name, at_hour in pairs
    ]


def moments(date: dt.date, *, hour: dt.time, zone: ZoneInfo) -> list[Moment]:
    """When the mailable readers are due on `date`, for each zone and hour that somebody chose, whatever their
    frequency; `hour` and `zone` as for `due_moments`. One query, which jumps through an index."""
    return [
        Moment(name, at_hour, _instant(date, at_hour, _zone(name) or zone))
        for name, chosen in _hours_in_use().items()
        for at_hour in {each or hour for each in chosen}
    ]


def at(due: list[Moment], readers: QuerySet[Subscriber], hour: dt.time) -> QuerySet[Subscriber]:
    """Those of `readers` whose zone and hour are among `due`, which isn't empty; `hour` is for who chose none."""
    zones: dict[dt.time, list[str]] = {}
    for moment in due:
        zones.setdefault(moment.hour, []).append(moment.zone)
    chosen = Q()
    for at_hour, names in zones.items():
        said = Q(send_at=at_hour) | Q(send_at=None) if at_hour == hour else Q(send_at=at_hour)
        chosen |= Q(said, zone__in=names)
    return readers.filter(chosen)


def _hour(default: dt.time) -> Coalesce:
    return Coalesce("send_at", Value(default, output_field=TimeField()))


def _instant(date: dt.date, hour: dt.time, zone: ZoneInfo) -> dt.datetime:
    # fold=0 is the first passing of an hour that comes twice, and the old offset in one that is jumped over
    return dt.datetime.combine(date, hour.replace(fold=0), tzinfo=zone).astimezone(dt.UTC)


def _zone(name: str) -> ZoneInfo | None:
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):  # unknown; not a zone's name at all; a folder of tzdata
        return None
