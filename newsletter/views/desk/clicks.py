"""Clicks: how often the links of an issue's mails were followed, link by link, as a page and as a file."""

import csv
from collections import defaultdict
from dataclasses import dataclass
from typing import Any

from django.db.models import Sum
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from newsletter.models import Citation, Issue, LinkClicks
from newsletter.page import safe_url
from newsletter.views.desk import tally
from newsletter.views.desk.access import desk_view
from newsletter.views.desk.find import the_newsletter
from subscribers.transfer.cells import safe

_COLUMNS = ("number", "date", "link", "outlet", "title", "url", "day", "clicks")
_MOST_ROWS = 200_000  # lines of a file; a year of daily issues has some 40,000


@dataclass(frozen=True, slots=True)
class Link:
    """One link of one issue. `share` is of all its clicks, in percent from 0 to 100."""

    citation: Citation
    clicks: int
    share: float

    @property
    def url(self) -> str:
        """Where it leads; empty where it is no link."""
        return safe_url(self.citation.url)


@require_safe
@desk_view
def clicks(request: HttpRequest, pk: int) -> HttpResponse:
    """The links of one issue, the most followed first; those that nobody followed too."""
    issue = get_object_or_404(Issue.objects.select_related("newsletter"), pk=pk, newsletter=the_newsletter())
    days = list(LinkClicks.objects.filter(issue=issue).values_list("day").annotate(n=Sum("clicks")).order_by("day"))
    context: dict[str, Any] = {
        **{"issue": issue, "newsletter": issue.newsletter, "links": _links(issue), "days": days},
        "sum": sum(count for _day, count in days),
    }
    return render(request, "desk/clicks.html", context)


@require_safe
@desk_view
def clicks_file(request: HttpRequest) -> HttpResponse:
    """A line for each issue, link and day, of the same issues as the file of numbers, and as safe in a spreadsheet."""
    newsletter = the_newsletter()
    issues = {issue.pk: issue for issue in tally.last_issues(newsletter, tally.span_of(request.GET.get("issues", "")))}
    response = HttpResponse("\ufeff", content_type="text/csv; charset=utf-8")
    name = f"{newsletter.slug}-clicks-{newsletter.today():%Y-%m-%d}.csv"
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    writer = csv.writer(response)
    writer.writerow(_COLUMNS)
    cited = _citations(list(issues))
    rows = LinkClicks.objects.filter(issue__in=issues).order_by("-issue__date", "issue", "number", "day")
    for row in rows[:_MOST_ROWS].iterator():
        issue, about = issues[row.issue_id], cited[row.issue_id].get(row.number)
        told = (about.outlet, about.title, about.url) if about else ("", "", "")
        writer.writerow([safe(each) for each in (issue.number, issue.date, row.number, *told, row.day, row.clicks)])
    return response


def _links(issue: Issue) -> list[Link]:
    counted = dict(LinkClicks.objects.filter(issue=issue).order_by().values_list("number").annotate(n=Sum("clicks")))
    whole = sum(counted.values()) or 1
    found = [
        Link(each, counted.get(each.number, 0), 100 * counted.get(each.number, 0) / whole)
        for each in issue.citations.all()
    ]
    return sorted(found, key=lambda link: (-link.clicks, link.citation.number))


def _citations(issues: list[int]) -> dict[int, dict[int, Citation]]:
    found: dict[int, dict[int, Citation]] = defaultdict(dict)
    wanted = Citation.objects.filter(issue__in=issues).only("issue", "number", "outlet", "title", "url")
    for each in wanted:
        found[each.issue_id][each.number] = each
    return found
