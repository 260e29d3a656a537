"""Why readers left: how many in each month, and what they said of it."""

import datetime as dt
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db.models import Count
from django.db.models.functions import TruncMonth
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import URLPattern, path
from django.utils import timezone
from django.utils.translation import gettext as _

from subscribers.models import ConsentEvent, Happening
from subscribers.views.leave import REASONS

MONTHS = 12  # that the page shows


@dataclass(frozen=True)
class Month:
    """One month: how often somebody left, each reason's count in the order of REASONS, and how many said nothing."""

    date: dt.date  # its first day
    left: int
    said: tuple[int, ...]
    silent: int


def by_month(now: dt.datetime) -> list[Month]:
    """The last MONTHS months in which anybody left, the newest first; months are those of UTC.

    Counted from the history, which an erased reader takes along.
    """
    first = (now.replace(day=1) - dt.timedelta(days=31 * (MONTHS - 1))).replace(day=1, hour=0, minute=0, second=0)
    events = ConsentEvent.objects.filter(kind__in=(Happening.LEFT, Happening.GAVE_REASON), at__gte=first)
    monthly = events.order_by().annotate(month=TruncMonth("at", tzinfo=dt.UTC)).values("month", "kind", "note")
    counts: dict[dt.date, dict[str, int]] = {}
    for row in monthly.annotate(count=Count("pk")).values_list("month", "kind", "note", "count"):
        month, kind, note, count = row
        name = "left" if kind == Happening.LEFT else note
        found = counts.setdefault(month.date(), {})
        found[name] = found.get(name, 0) + count
    return [_month(date, found) for date, found in sorted(counts.items(), reverse=True)]


def _month(date: dt.date, found: dict[str, int]) -> Month:
    said = tuple(found.get(slug, 0) for slug in REASONS)
    left = found.get("left", 0)
    return Month(date, left, said, max(0, left - sum(said)))


class Reasons:
    """Mixed into the readers' admin: `reasons/` shows the table to who may see readers."""

    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view(self.reasons_view)  # type: ignore[attr-defined]
        own: list[URLPattern] = super().get_urls()  # type: ignore[misc]
        return [path("reasons/", view, name="subscribers_subscriber_reasons"), *own]

    def reasons_view(self, request: HttpRequest) -> HttpResponse:
        """The table; each reason leads to the readers who gave it."""
        if not self.has_view_or_change_permission(request):  # type: ignore[attr-defined]
            raise PermissionDenied
        months = by_month(timezone.now())
        context: dict[str, Any] = {
            **self.admin_site.each_context(request),  # type: ignore[attr-defined]
            "title": _("Why readers left"),
            "opts": self.opts,  # type: ignore[attr-defined]
            "reasons": list(REASONS.items()),
            "months": months,
            "total": _total(months),
        }
        return TemplateResponse(request, "subscribers/admin_reasons.html", context)


def _total(months: list[Month]) -> Month:
    said = tuple(sum(column) for column in zip(*(month.said for month in months), strict=True))
    return Month(dt.date.min, sum(each.left for each in months), said, sum(each.silent for each in months))
