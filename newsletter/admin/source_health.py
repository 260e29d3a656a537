"""How sources do: what their rows and articles say, in a number of queries that doesn't grow with the sources."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import (
    Case,
    Count,
    DateTimeField,
    Exists,
    F,
    IntegerField,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Value,
    When,
)
from django.db.models.functions import Coalesce
from django.utils import timezone
from django.utils.timesince import timesince
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from newsletter.admin.source_reasons import in_words
from newsletter.models import Article, Citation, Issue, Source

STALE_AFTER = dt.timedelta(days=7)  # without a new entry, though its visits go well
DAYS = 14  # over which entries a day are counted
ISSUES = 14  # the last issues, of whose citations a source has its share

FAILING, NEVER, STALE, WELL, FROM_FILES, OFF = range(6)  # trouble first


@dataclass(frozen=True)
class Share:
    """What of the last issues came from a source."""

    citations: int
    issues: int  # in how many of them it is cited
    of_citations: int
    of_issues: int

    @property
    def percent(self) -> float:
        return 100 * self.citations / self.of_citations if self.of_citations else 0.0


def with_health(sources: QuerySet[Any]) -> QuerySet[Any]:
    """`sources` with `newest` (the date of the newest article), `recent` (articles of the last DAYS days) and
    `standing` (one of the constants above).
    """
    now = timezone.now()
    articles = Article.objects.filter(source=OuterRef("pk"), dated_at__lte=now + dt.timedelta(hours=1)).order_by()
    newest = articles.order_by("-dated_at").values("dated_at")[:1]
    recent = articles.filter(dated_at__gt=now - dt.timedelta(days=DAYS))
    counted = recent.values("source").annotate(n=Count("pk")).values("n")
    counted_too = sources.annotate(
        newest=Subquery(newest, output_field=DateTimeField()),
        recent=Coalesce(Subquery(counted, output_field=IntegerField()), 0),
    )
    judged: QuerySet[Any] = counted_too.annotate(standing=_standing(now))
    return judged


def _standing(now: dt.datetime) -> Case:
    return Case(
        When(active=False, then=Value(OFF)),
        When(failures__gt=0, then=Value(FAILING)),
        When(url__startswith="file:", then=Value(FROM_FILES)),
        When(last_visit_at=None, then=Value(NEVER)),
        When(is_stale(now), then=Value(STALE)),
        default=Value(WELL),
        output_field=IntegerField(),
    )


def is_stale(now: dt.datetime) -> Q:
    """Read without error, and nothing new for STALE_AFTER."""
    fresh = Article.objects.filter(source=OuterRef("pk"), dated_at__gt=now - STALE_AFTER)
    return ~Q(Exists(fresh))


# Trouble on top: what fails longest, what was never visited, what has gone quiet; switched off at the end.
BY_TROUBLE = ("standing", F("failures").desc(), F("newest").asc(nulls_first=True), "name", "pk")


def shares(sources: Iterable[Source]) -> dict[int, Share]:
    """By source id, its share of the last ISSUES issues. Three queries, however many sources."""
    latest = _latest_issues()
    cited = Citation.objects.filter(issue__in=latest)
    total = cited.count()
    rows = (
        cited.filter(article__source__in=[source.pk for source in sources])
        .order_by()
        .values("article__source")
        .annotate(n=Count("pk"), issues=Count("issue", distinct=True))
    )
    found = {row["article__source"]: Share(row["n"], row["issues"], total, len(latest)) for row in rows}
    none = Share(0, 0, total, len(latest))
    return {source.pk: found.get(source.pk, none) for source in sources}


def list_shares() -> tuple[dict[int, int], int]:
    """Citations of the last ISSUES issues by source list, and all of them. Two queries."""
    cited = Citation.objects.filter(issue__in=_latest_issues()).order_by()
    counts = dict(cited.values_list("source_list").annotate(n=Count("pk")))
    return counts, sum(counts.values())


def _latest_issues() -> list[int]:
    newest = Issue.objects.filter(kind="daily").order_by("-date", "-sequence")
    return list(newest.values_list("pk", flat=True)[:ISSUES])


def standing_in_words(source: Any) -> str:
    """How `source`, of `with_health`, stands, in one line."""
    if source.standing == OFF:
        return _off(source)
    if source.standing == FAILING:
        told = ngettext("failing, %(n)d visit: %(why)s", "failing, %(n)d visits in a row: %(why)s", source.failures)
        return told % {"n": source.failures, "why": in_words(source.last_error)}
    if source.standing == NEVER:
        return _("not visited yet")
    if source.standing == FROM_FILES:
        return _("read from a folder")
    if source.standing == STALE:
        return _("quiet: no entry for %(time)s") % {"time": ago(source.newest)} if source.newest else _("no entry yet")
    return _("well; %(warning)s") % {"warning": in_words(source.last_error)} if source.last_error else _("well")


def _off(source: Source) -> str:
    if not source.off_at:
        return _("switched off")
    told = _("switched off on %(date)s") % {"date": f"{source.off_at:%Y-%m-%d}"}
    if source.off_by:
        who = {"date": f"{source.off_at:%Y-%m-%d}", "who": source.off_by.get_username()}
        told = _("switched off on %(date)s by %(who)s") % who
    return _("%(told)s: %(why)s") % {"told": told, "why": source.off_reason} if source.off_reason else told


def ago(moment: dt.datetime | None) -> str:
    """`3 days`: the time since `moment` in its largest unit; "–" where there is none."""
    return timesince(moment, depth=1) if moment else "–"


def a_day(recent: int) -> str:
    """Articles of DAYS days as so many a day."""
    return f"{recent / DAYS:.1f}"
