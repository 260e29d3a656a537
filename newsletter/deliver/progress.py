"""How far an issue has got on its way to the readers, as its deliveries say it: one grouped query, kept for a moment.

Nothing here changes anything. Rates are mails a second, times are seconds.
"""

import datetime as dt
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from itertools import takewhile
from typing import Any, TypeVar

from django.core.cache import cache
from django.db.models import Count, Max, Min, Q
from django.db.models.functions import TruncHour

from newsletter.deliver import pace
from newsletter.models import DeliveryState, Issue, IssueState, Move, Pause, Run
from newsletter.models.delivery import RETRYABLE
from newsletter.workflow import Act
from subscribers import limits
from subscribers.models.domain import Domain

MINUTE, FIVE_MINUTES = dt.timedelta(minutes=1), dt.timedelta(minutes=5)
FEW = 30  # mails in a minute: below that the rate of five minutes says more
SHARE = 20  # of the time, one part may go into counting: what took a second stands for twenty
SHORTEST, LONGEST = 1.0, 30.0  # seconds that a count stands at least, and at most
DOMAINS = 8  # shown
_SAMPLE = 400  # rows of which the last words are read

_Found = TypeVar("_Found")
_BEGINNINGS = (Act.SEND, Act.SEND_ON, Act.RESUME, Act.SEND_AGAIN, Act.TRY_AGAIN)


@dataclass(frozen=True, slots=True)
class Progress:
    """An issue's deliveries at `at`. `counts`: by state, all states in it."""

    at: dt.datetime
    counts: Mapping[str, int] = field(default_factory=dict)
    due: int = 0  # whose time has come, and those in workers' hands
    queued_due: int = 0  # of those, the ones that nobody has tried
    rate: float = 0.0  # mails a second that got an outcome in the last minute (or five, where they are few)
    newest: dt.datetime | None = None  # when the last outcome came
    last_due: dt.datetime | None = None  # when the last reader's hour is, of those in the queue

    @property
    def all(self) -> int:
        return sum(self.counts.values())

    @property
    def accepted(self) -> int:
        return self.counts.get(DeliveryState.ACCEPTED, 0)

    @property
    def open(self) -> int:
        """Those without an outcome."""
        return sum(self.counts.get(state, 0) for state in (*RETRYABLE, DeliveryState.CLAIMED))

    @property
    def later(self) -> int:
        """Those who wait for their hour; whom a server has put off aren't among them."""
        return self.counts.get(DeliveryState.QUEUED, 0) - self.queued_due

    @property
    def done(self) -> int:
        """Those with an outcome, whichever."""
        return self.all - self.open

    @property
    def seconds_left(self) -> int | None:
        """Until what is due now has its outcome, at the present rate; None where nothing moves."""
        return round(self.due / self.rate) if self.rate and self.due else None


@dataclass(frozen=True, slots=True)
class PutOff:
    """Mails to one domain that its server wants later. `words`: the last it said."""

    domain: str
    mails: int
    first: dt.datetime
    last: dt.datetime
    words: str = ""


@dataclass(frozen=True, slots=True)
class Slow:
    """A provider that gets no more for now by our own limit: `mails` wait, until `again` at least.

    `domains`: some of its own; empty: all readers, by the warm-up of a new sender.
    """

    domains: tuple[str, ...]
    count: int
    period: dt.timedelta
    again: dt.datetime
    mails: int


@dataclass(frozen=True, slots=True)
class Trouble:
    """Why the last run over an issue ended early, though nobody paused it: it is tried again every minute."""

    since: dt.datetime
    error: str


def look(issue: Issue, now: dt.datetime, *, anew: bool = False) -> Progress:
    """How `issue` stands at `now`, or a moment ago: many pages look, and a million rows take a second to count.

    `anew`: a person has just done something, and is to see what came of it.
    """
    return kept(f"progress-{issue.pk}-{issue.state}", lambda: count(issue, now), anew=anew)


def count(issue: Issue, now: dt.datetime) -> Progress:
    """The same, counted now."""
    began = _began(issue, now)
    rows = (
        issue.deliveries.order_by()
        .values("state")
        .annotate(
            n=Count("pk"),
            due=Count("pk", filter=Q(due_at__lte=now)),
            minute=Count("pk", filter=Q(finished_at__gt=now - MINUTE)),
            five=Count("pk", filter=Q(finished_at__gt=now - FIVE_MINUTES)),
            newest=Max("finished_at"),
            last=Max("due_at"),
        )
    )
    found = {row["state"]: row for row in rows}
    moved = [row for state, row in found.items() if state != DeliveryState.WITHDRAWN]
    waiting = [row for state, row in found.items() if state in RETRYABLE]
    queued = found.get(DeliveryState.QUEUED)
    claimed = found.get(DeliveryState.CLAIMED, {"n": 0})
    return Progress(
        at=now,
        counts={state: found[state]["n"] if state in found else 0 for state in DeliveryState.values},
        due=sum(row["due"] for row in waiting) + claimed["n"],
        queued_due=queued["due"] if queued else 0,
        rate=_rate(sum(row["minute"] for row in moved), sum(row["five"] for row in moved), now - began),
        newest=max((row["newest"] for row in moved if row["newest"]), default=None),
        last_due=queued["last"] if queued else None,
    )


def _rate(minute: int, five: int, lasted: dt.timedelta) -> float:
    found, window = (minute, MINUTE) if minute >= FEW or lasted <= MINUTE else (five, FIVE_MINUTES)
    return found / max(1.0, min(window, lasted).total_seconds())


def _began(issue: Issue, now: dt.datetime) -> dt.datetime:
    """Since when mails leave without a break."""
    move = Move.objects.filter(issue=issue, act__in=_BEGINNINGS).order_by("-at").values_list("at", flat=True).first()
    return min(move or now - FIVE_MINUTES, now)


def put_off(issue: Issue, now: dt.datetime) -> list[PutOff]:
    """What servers wanted later, by domain, the most first."""

    def found() -> list[PutOff]:
        rows = issue.deliveries.filter(state=DeliveryState.DEFERRED).annotate(domain=Domain("reader__email_key"))
        by_domain = rows.order_by().values("domain").annotate(n=Count("pk"), first=Min("due_at"), last=Max("due_at"))
        words: dict[str, str] = {}
        for domain, reply in rows.order_by("-claimed_at").values_list("domain", "reply")[:_SAMPLE]:
            words.setdefault(domain, reply)
        return [
            PutOff(row["domain"], row["n"], row["first"], row["last"], words.get(row["domain"], ""))
            for row in by_domain.order_by("-n", "domain")[:DOMAINS]
        ]

    return kept(f"put-off-{issue.pk}-{issue.state}", found)


def slow_lanes(issue: Issue, now: dt.datetime) -> list[Slow]:
    """Providers whose share of the minute, the hour or the day is used up while readers of theirs wait."""

    def found() -> list[Slow]:
        lanes = {lane.name: lane for lane in pace.lanes().values()}
        reached = [_slow(lane.limits, lane.domains, issue, now) for lane in lanes.values()]
        overall = pace.warm_up(now)
        reached.append(_slow((overall,), (), issue, now) if overall else None)
        return [slow for slow in reached if slow and slow.mails]

    return kept(f"slow-{issue.pk}-{issue.state}", found)


def _slow(counted: tuple[limits.Limit, ...], domains: tuple[str, ...], issue: Issue, now: dt.datetime) -> Slow | None:
    reached = [limit for limit in counted if limits.left(limit, "", now) <= 0]
    if not reached:
        return None
    longest = max(reached, key=lambda limit: limit.period)
    waiting = issue.deliveries.filter(state__in=RETRYABLE)
    if domains:
        waiting = waiting.annotate(domain=Domain("reader__email_key")).filter(domain__in=domains)
    return Slow(domains[:3], longest.count, longest.period, longest.ends(now), waiting.count())


def by_hour(issue: Issue, now: dt.datetime) -> list[tuple[dt.datetime, str, int]]:
    """Who waits for an hour of theirs, not for a server that put them off: the hour (UTC), the language, how many."""

    def found() -> list[tuple[dt.datetime, str, int]]:
        rows = issue.deliveries.filter(state=DeliveryState.QUEUED, due_at__gt=now).order_by()
        hours = rows.annotate(hour=TruncHour("due_at")).values_list("hour", "reader__language")
        return sorted(hours.annotate(n=Count("pk")))

    return kept(f"hours-{issue.pk}-{issue.state}", found)


def trouble(issue: Issue, now: dt.datetime) -> Trouble | None:
    """Where the last run over an issue that is being sent, and isn't paused, ended with an error; since when it does.

    What passes by itself, as a server that is away for some minutes, isn't paused: nobody would have to resume it.
    A run that began before somebody let the issue go on says nothing of what is since.
    """
    if issue.state != IssueState.SENDING or Pause.objects.filter(issue=issue).exists():
        return None
    runs = Run.objects.filter(newsletter=issue.newsletter_id, date=issue.date, act__startswith="deliver")
    if resumed := Move.objects.filter(issue=issue, act=Act.RESUME).aggregate(at=Max("at"))["at"]:
        runs = runs.filter(started_at__gte=resumed)
    rows = runs.exclude(finished_at=None).order_by("-finished_at").values_list("started_at", "error")[:120]
    failed = list(takewhile(lambda row: row[1], rows))
    if not failed or now - failed[0][0] > FIVE_MINUTES:
        return None
    error = failed[0][1]
    return Trouble(failed[-1][0], error.partition(": ")[2] or error)


def kept(key: str, find: Callable[[], _Found], *, anew: bool = False) -> _Found:
    """What `find` gives, kept for twenty times as long as it took: however many look, it takes a twentieth at most."""
    stored: Any = None if anew else cache.get(f"sending-{key}")
    if stored is not None:
        found: _Found = stored[0]
        return found
    began = time.monotonic()
    found = find()
    cache.set(f"sending-{key}", (found,), min(LONGEST, max(SHORTEST, SHARE * (time.monotonic() - began))))
    return found
