"""Who is to get an issue, in which edition and when: querysets and values, no loop over readers.

Nothing here knows an issue: the date, the kind and the newsletter's hour come in as values.
"""

import datetime as dt
from dataclasses import dataclass
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

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


def mailable(on_date: dt.date) -> QuerySet[Subscriber]:
    """The readers who may be mailed on `on_date`: confirmed, with an address, not pausing on that day."""
    return Subscriber.objects.filter(
        Q(paused_until=None) | Q(paused_until__lte=on_date), state__in=MAILABLE, email__isnull=False
    ).exclude(email="")


def wanting(kind: str, on_date: dt.date) -> QuerySet[Subscriber]:
    """The mailable readers whose frequency asks for an issue of `kind` dated `on_date`.

    A weekly issue goes to weekly readers, every other to daily ones. A reader is due on the issue's own date by the
    clock of their own zone (see `due_moments`), so `on_date`'s weekday is the reader's weekday wherever they live.
    """
    if kind == "weekly":
        return mailable(on_date).filter(frequency=Frequency.WEEKLY)
    frequencies = [Frequency.DAILY] if on_date.weekday() >= SATURDAY else [Frequency.DAILY, Frequency.WEEKDAYS]
    return mailable(on_date).filter(frequency__in=frequencies)


def choices_in_use(readers: QuerySet[Subscriber]) -> list[ChoicesInUse]:
    """Each distinct set of choices among `readers`, with how many share it; the commonest first. Two queries."""
    rows = readers.order_by().values("choices_hash").annotate(sample=Min("pk"), readers=Count("pk"))
    groups = list(rows.order_by("-readers", "choices_hash").values_list("choices_hash", "sample", "readers"))
    samples = Subscriber.objects.in_bulk([sample for _, sample, _ in groups])
    return [ChoicesInUse(digest, samples[sample].choices(), count) for digest, sample, count in groups]


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
