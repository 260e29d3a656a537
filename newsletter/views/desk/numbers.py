"""Numbers: what became of the last issues, as charts, as a table and as a file."""

import csv
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from newsletter.deliver.pausing import COMPLAINT_RATE, COMPLAINTS
from newsletter.models import Newsletter
from newsletter.templatetags.desk import desk_date
from newsletter.views.desk import chart, tally
from newsletter.views.desk.access import desk_view
from newsletter.views.desk.find import the_newsletter
from newsletter.views.desk.tally import Tally
from subscribers.transfer.cells import safe

_SUMS = ("accepted", "refused", "uncertain", "waiting", "withdrawn", "came_back", "complained", "left", "clicks")


@dataclass(frozen=True, slots=True)
class Panel:
    """One chart: its name, the sum beneath it, and that sum's share of the mails accepted."""

    slug: str
    name: str
    sum: int
    share: str
    chart: chart.Chart


@require_safe
@desk_view
def numbers(request: HttpRequest) -> HttpResponse:
    """The charts, and the table that says the same."""
    newsletter, span = the_newsletter(), tally.span_of(request.GET.get("issues", ""))
    rows = tally.of_last(newsletter, span)
    counted = newsletter.count_clicks or any(row.clicks for row in rows)
    context: dict[str, Any] = {
        **{"newsletter": newsletter, "span": span, "spans": tally.SPANS, "rows": rows, "sums": _sums(rows)},
        **{"panels": _panels(rows, counted=counted), "hot": {row.issue.pk for row in rows if _is_hot(row)}},
        "kept": tally.kept_for_a_person(),
        "counted": counted,
        **({"oldest": rows[-1].issue.date, "newest": rows[0].issue.date} if rows else {}),
    }
    return render(request, "desk/numbers.html", context)


@require_safe
@desk_view
def numbers_file(request: HttpRequest) -> HttpResponse:
    """The same as CSV: UTF-8 with the mark that spreadsheets want, and no cell that they would run."""
    newsletter = the_newsletter()
    response = HttpResponse("\ufeff", content_type="text/csv; charset=utf-8")
    response.headers["Content-Disposition"] = f'attachment; filename="{_file_name(newsletter)}"'
    writer = csv.writer(response)
    writer.writerow(("number", "date", "kind", "title_en", "title_zh", "sent_at", "readers", *_SUMS))
    for row in tally.of_last(newsletter, tally.span_of(request.GET.get("issues", ""))):
        issue = row.issue
        told = (issue.number, issue.date, issue.kind, issue.title_en, issue.title_zh, issue.sent_at, row.readers)
        writer.writerow([safe(value) for value in (*told, *(getattr(row, name) for name in _SUMS))])
    return response


def _file_name(newsletter: Newsletter) -> str:
    return f"{newsletter.slug}-numbers-{newsletter.today():%Y-%m-%d}.csv"


def _sums(rows: list[Tally]) -> dict[str, int]:
    return {name: sum(getattr(row, name) for row in rows) for name in ("readers", *_SUMS)}


def _panels(rows: list[Tally], *, counted: bool) -> list[Panel]:
    sums, oldest_first = _sums(rows), rows[::-1]
    names = {
        "accepted": _("Accepted by a mail server"),
        "came_back": _("Came back"),
        "complained": _("Called spam"),
        "left": _("Readers who left that day"),
        **({"clicks": _("Links followed")} if counted else {}),
    }
    return [
        Panel(
            slug,
            name,
            sums[slug],
            "" if slug in ("accepted", "clicks") else _share(sums[slug], sums["accepted"]),
            chart.bars([(_words(row), getattr(row, slug)) for row in oldest_first]),
        )
        for slug, name in names.items()
    ]


def _share(part: int, whole: int) -> str:
    """To the hundredth of a percent; what is less is said to be, for it isn't nothing."""
    if not whole:
        return ""
    return "< 0.01%" if 0 < part / whole < 0.0001 else f"{part / whole:.2%}"


def _words(row: Tally) -> str:
    number = _("No. %(number)s") % {"number": row.issue.number}
    return f"{number} · {desk_date(row.issue.date)}"


def _is_hot(row: Tally) -> bool:
    """Whether so many complained that an issue is paused for it."""
    return row.complained >= COMPLAINTS and row.complained > row.accepted * COMPLAINT_RATE
