"""Readers by the hour at which they are due and by language: a small table, and its sums."""

import datetime as dt
from dataclasses import dataclass

from django.core.cache import cache
from django.utils import timezone

from newsletter.models import Issue, Newsletter
from newsletter.views.desk import standing
from subscribers import audience
from subscribers.audience import Crowd

KEPT = 300  # seconds: readers come and go slowly
LANGUAGES = ("en", "zh", "both")


@dataclass(frozen=True, slots=True)
class Hour:
    """The readers due within one hour of the newsletter's clock."""

    clock: str  # 08:00
    day: int  # 0: the issue's own date; 1: the day after; -1: the day before
    counts: tuple[int, int, int]  # en, zh, both
    share: int  # of the fullest hour, in per cent, for the bar

    @property
    def all(self) -> int:
        return sum(self.counts)


def due_now_and_later(crowds: list[Crowd], now: dt.datetime) -> tuple[int, int]:
    """How many are due by `now`, and how many after."""
    due = sum(crowd.readers for crowd in crowds if crowd.due_at <= now)
    return due, sum(crowd.readers for crowd in crowds) - due


def by_hour(crowds: list[Crowd], newsletter: Newsletter, date: dt.date) -> list[Hour]:
    """A line for each hour in which anybody is due, the earliest first."""
    counts: dict[tuple[int, int], dict[str, int]] = {}
    for crowd in crowds:
        local = crowd.due_at.astimezone(newsletter.tz)
        row = counts.setdefault(((local.date() - date).days, local.hour), dict.fromkeys(LANGUAGES, 0))
        row[crowd.language] = row.get(crowd.language, 0) + crowd.readers
    most = max((sum(row.values()) for row in counts.values()), default=1)
    return [
        Hour(f"{hour:02d}:00", day, (row["en"], row["zh"], row["both"]), round(100 * sum(row.values()) / most))
        for (day, hour), row in sorted(counts.items())
    ]


def of_issue(issue: Issue) -> list[Crowd]:
    """standing.crowds, kept for a few minutes: a page that looks again every minute needn't count a million anew."""
    key = f"desk-crowds-{issue.pk}-{issue.state}-{issue.send_from is not None}-{issue.to_all_at_once}"
    found: list[Crowd] | None = cache.get(key)
    if found is None:
        found = standing.crowds(issue)
        cache.set(key, found, KEPT)
    return found


def of_day(newsletter: Newsletter, date: dt.date) -> list[Crowd]:
    """The same for a day that has no issue yet: nothing leaves before the send hour."""
    key = f"desk-crowds-{newsletter.pk}-{date}-{newsletter.send_at}"
    found: list[Crowd] | None = cache.get(key)
    if found is None:
        soonest = standing.earliest(newsletter, date, timezone.now())
        found = audience.crowds("daily", date, hour=newsletter.send_at, zone=newsletter.tz, not_before=soonest)
        cache.set(key, found, KEPT)
    return found
