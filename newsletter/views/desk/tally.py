"""What became of the last issues, in a handful of queries however many there are and however many readers they had."""

import datetime as dt
import hashlib
from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import TypeVar

from django.core.cache import cache
from django.db.models import Count, Sum
from django.db.models.functions import TruncDate

from newsletter.deliver.bounces import Kind
from newsletter.deliver.finding import TOLD_WITHIN
from newsletter.deliver.inbound import REFUSED_IN_SESSION
from newsletter.models import Delivery, DeliveryEvent, DeliveryState, Issue, LinkClicks, Newsletter
from newsletter.models.issue import PUBLIC
from newsletter.views.desk import standing
from subscribers.models import ConsentEvent, Happening

KEPT = 60  # seconds that what was counted stands
KEPT_SETTLED = 6 * 3600  # and of issues so old that a report of them would change nothing any more
SPANS = (14, 30, 90, 365)  # issues
USUAL = 30

_Counts = dict[str, int]
_Row = TypeVar("_Row")


@dataclass(frozen=True, slots=True)
class Tally:
    """One issue. `came_back` and `complained` are mails, each counted once; `left` are readers, on the issue's day;
    `clicks` are of its mails' links, where they are counted.
    """

    issue: Issue
    accepted: int = 0
    refused: int = 0
    uncertain: int = 0
    waiting: int = 0
    withdrawn: int = 0
    came_back: int = 0
    complained: int = 0
    left: int = 0
    clicks: int = 0

    @property
    def readers(self) -> int:
        """All whom it was meant for when it left."""
        return self.accepted + self.refused + self.uncertain + self.waiting + self.withdrawn


def of_last(newsletter: Newsletter, count: int) -> list[Tally]:
    """The last `count` issues that went out, corrections among them, the newest first."""
    issues = last_issues(newsletter, count)
    outcomes, told = _outcomes(issues), _told(newsletter, issues)
    left, clicks = _left(newsletter, issues), _clicks(issues)
    return [
        Tally(
            issue,
            accepted=outcomes[issue.pk].get(DeliveryState.ACCEPTED, 0),
            refused=outcomes[issue.pk].get(DeliveryState.REFUSED, 0),
            uncertain=outcomes[issue.pk].get(DeliveryState.UNCERTAIN, 0),
            withdrawn=outcomes[issue.pk].get(DeliveryState.WITHDRAWN, 0),
            waiting=sum(outcomes[issue.pk].get(state, 0) for state in standing.LEFT),
            came_back=told[issue.pk].get(Kind.BOUNCE, 0),
            complained=told[issue.pk].get(Kind.COMPLAINT, 0),
            left=left.get(issue.date, 0) if issue.kind == "daily" else 0,
            clicks=clicks.get(issue.pk, 0),
        )
        for issue in issues
    ]


def last_issues(newsletter: Newsletter, count: int) -> list[Issue]:
    """The last `count` that went out, corrections among them, the newest first."""
    found = Issue.objects.filter(newsletter=newsletter, state__in=PUBLIC).select_related("correction")
    return list(found.order_by("-date", "-pk")[:count])


def span_of(wanted: str) -> int:
    """How many issues are asked for, where that is one of SPANS; else USUAL."""
    return next((span for span in SPANS if str(span) == wanted), USUAL)


def kept_for_a_person() -> int:
    """Reports from outside that nobody could believe or understand."""
    return DeliveryEvent.objects.filter(applied_at=None).count()


def _kept(name: str, count: Callable[[], list[_Row]], seconds: int = KEPT) -> list[_Row]:
    """What `count` gives, for some seconds: a page, its file and the next editor's page ask for the same."""
    key = f"desk-numbers-{hashlib.sha256(name.encode()).hexdigest()}"
    found: list[_Row] | None = cache.get(key)
    if found is None:
        found = count()
        cache.set(key, found, seconds)
    return found


def _outcomes(issues: Sequence[Issue]) -> dict[int, _Counts]:
    """By issue and state. What is kept with an issue is taken as it is; the others are counted, in one query."""
    found: dict[int, _Counts] = defaultdict(dict)
    found |= {issue.pk: issue.outcomes for issue in issues if standing.is_counted(issue)}
    open_ones = [issue.pk for issue in issues if issue.pk not in found]
    if open_ones:
        rows = Delivery.objects.filter(issue__in=open_ones).order_by().values_list("issue", "state")
        for issue, state, count in _kept(f"states-{open_ones}", lambda: list(rows.annotate(n=Count("pk")))):
            found[issue][state] = count
    return found


def _told(newsletter: Newsletter, issues: Sequence[Issue]) -> dict[int, _Counts]:
    """By issue and kind: mails of which it was told. A refusal in the session isn't one that came back, and
    isn't either once it is tried again."""
    settled_before = newsletter.today() - TOLD_WITHIN - dt.timedelta(days=2)
    settled = [issue.pk for issue in issues if issue.date < settled_before]
    fresh = [issue.pk for issue in issues if issue.date >= settled_before]
    found: dict[int, _Counts] = defaultdict(dict)
    for ids, seconds in ((settled, KEPT_SETTLED), (fresh, KEPT)):
        rows = (
            DeliveryEvent.objects.filter(delivery__issue__in=ids, kind__in=(Kind.BOUNCE, Kind.COMPLAINT))
            .exclude(delivery__state=DeliveryState.REFUSED)
            .exclude(external_id__startswith=REFUSED_IN_SESSION)
            .order_by()
            .values_list("delivery__issue", "kind")
            .annotate(n=Count("delivery", distinct=True))
        )
        counted: list[tuple[int, str, int]] = _kept(f"told-{ids}", partial(list, rows), seconds) if ids else []
        for issue, kind, count in counted:
            found[issue][kind] = count
    return found


def _left(newsletter: Newsletter, issues: Sequence[Issue]) -> dict[dt.date, int]:
    """How many readers left on each day, on the newsletter's clock, by whatever way."""
    if not issues:
        return {}
    first = dt.datetime.combine(min(issue.date for issue in issues), dt.time(), newsletter.tz)
    rows = (
        ConsentEvent.objects.filter(kind=Happening.LEFT, at__gte=first)
        .order_by()
        .annotate(day=TruncDate("at", tzinfo=newsletter.tz))
        .values_list("day")
        .annotate(n=Count("pk"))
    )
    return dict(_kept(f"left-{first:%Y%m%d}", lambda: list(rows)))


def _clicks(issues: Sequence[Issue]) -> dict[int, int]:
    """By issue."""
    ids = [issue.pk for issue in issues]
    rows = LinkClicks.objects.filter(issue__in=ids).order_by().values_list("issue").annotate(n=Sum("clicks"))
    return dict(_kept(f"clicks-{ids}", lambda: list(rows)))
