"""The morning at a glance: one address to bookmark, on a phone, too. Its live part looks again by itself."""

import datetime as dt
from decimal import Decimal
from typing import Any

from django.core.cache import cache
from django.db.models import Count, Q, Sum
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from newsletter import schedules, workflow
from newsletter.models import Finding, Issue, IssueState, ModelCall, Newsletter, Source
from newsletter.models.issue import PUBLIC
from newsletter.review import words
from newsletter.runs import is_running
from newsletter.views.desk import rail, readers_due, standing
from newsletter.views.desk.access import chinese, desk_view, editor
from newsletter.views.desk.answers import by_htmx
from newsletter.views.desk.find import issue_of, the_newsletter
from newsletter.views.desk.writing import waits_until

LAST = 14  # issues
FAILED_SHOWN = 6
EVERY = 45  # seconds between two looks
COUNTED = 20  # seconds that a count of deliveries stands


@require_safe
@desk_view
def today(request: HttpRequest) -> HttpResponse:
    """Today's issue and all around it; for htmx the live part alone."""
    newsletter, now = the_newsletter(), timezone.now()
    context = _context(newsletter, now, request)
    return render(request, "desk/_today.html" if by_htmx(request) else "desk/today.html", context)


@require_POST
@desk_view
def compose(request: HttpRequest) -> HttpResponse:
    """Write today's draft now, before its hour or after something had failed: put on the queue, seen on the page."""
    newsletter = the_newsletter()
    schedules.wake_compose(newsletter, newsletter.today())
    return redirect("desk:today")


def _context(newsletter: Newsletter, now: dt.datetime, request: HttpRequest) -> dict[str, Any]:
    date = now.astimezone(newsletter.tz).date()
    issue = issue_of(date)
    crowds = readers_due.of_issue(issue) if issue else readers_due.of_day(newsletter, date)
    due, later = readers_due.due_now_and_later(crowds, now)
    return {
        **{"newsletter": newsletter, "date": date, "now": now, "every": EVERY, "clock": rail.clock(newsletter, date)},
        **(_of_issue(issue, now, request) if issue else _of_none(newsletter, date, now)),
        **{"due": due, "later": later, "all": due + later},
        "hours": readers_due.by_hour(crowds, newsletter, date),
        "cost": _cost(newsletter, date),
        **_sources(newsletter),
        "last": _last(newsletter),
        "zh": chinese(),
    }


def _of_issue(issue: Issue, now: dt.datetime, request: HttpRequest) -> dict[str, Any]:
    return {
        **{"issue": issue, "state": words.STATES[issue.state], "next": standing.next_step(issue, now)},
        **{"ways": standing.ways(issue, editor(request), now), "why": standing.why_it_stands(issue)},
        "fate": standing.fate(issue) if issue.state == IssueState.IN_REVIEW else "",
        "still": standing.standstill(issue.newsletter, now) if issue.state == IssueState.IN_REVIEW else "",
        **{"is_sent_now": standing.is_sent_now(issue), "to_all_at_once": standing.is_to_all_at_once(issue)},
        "severities": _severities(issue),
        "moments": rail.day_so_far(issue),
        "outcomes": _left(issue),
    }


def _of_none(newsletter: Newsletter, date: dt.date, now: dt.datetime) -> dict[str, Any]:
    """No issue yet: when it comes, what there is for it, and whether it is being written."""
    articles, stories = rail.day_counts(newsletter, date, newsletter.cutoff(date))
    return {
        **{"issue": None, "articles": articles, "stories": stories, "place": rail.place(newsletter.zone)},
        "draft_hour": f"{newsletter.draft_at:%H:%M}",
        "is_late": now >= newsletter.cutoff(date) + dt.timedelta(minutes=15),
        "is_composing": is_running(newsletter, "compose"),
        "waits_until": waits_until(newsletter, date),
        "still": standing.standstill(newsletter, now),
        "is_first": not Issue.objects.filter(newsletter=newsletter).exists(),
    }


def _severities(issue: Issue) -> list[dict[str, Any]]:
    """High, medium and low: how many are open, and how many an editor has let stand."""
    rows = issue.findings.exclude(block__dropped=True).order_by().annotate(is_open=Q(kept_by=None))
    tallies = rows.values_list("severity", "is_open").annotate(n=Count("pk"))
    counts = {(severity, is_open): n for severity, is_open, n in tallies}
    names = {"high": _("To settle"), "medium": _("To look at"), "low": _("Style and order")}
    return [
        {"slug": slug, "name": names[slug], "open": counts.get((slug, True), 0), "kept": counts.get((slug, False), 0)}
        for slug in Finding.Severity.values
    ]


def _cost(newsletter: Newsletter, date: dt.date) -> dict[str, Any] | None:
    """US dollars and calls of the day; None where no model was asked."""
    sums = ModelCall.objects.filter(newsletter=newsletter, date=date).aggregate(
        calls=Count("pk"), cost=Sum("cost_usd")
    )
    return {"calls": sums["calls"], "cost": sums["cost"] or Decimal(0)} if sums["calls"] else None


def _sources(newsletter: Newsletter) -> dict[str, Any]:
    """Those whose last visits failed, the longest failing first; and how many nobody has ever heard from."""
    active = Source.objects.filter(source_list__newsletter=newsletter, active=True)
    failed = active.filter(failures__gt=0).order_by("-failures", "name")
    counts = active.aggregate(
        sources=Count("pk"),
        failing=Count("pk", filter=Q(failures__gt=0)),
        unvisited=Count("pk", filter=Q(failures=0, last_success_at=None)),
    )
    more = max(0, counts.pop("failing") - FAILED_SHOWN)
    return {"failed": list(failed[:FAILED_SHOWN]), "failed_more": more, **counts}


def _last(newsletter: Newsletter) -> list[dict[str, Any]]:
    """The latest daily issues with their outcomes; only one that is being sent is counted anew."""
    newest = Issue.objects.filter(newsletter=newsletter, kind="daily").select_related("approved_by")[:LAST]
    return [{"issue": each, "state": words.STATES[each.state], **_left(each)} for each in newest]


def _left(issue: Issue) -> dict[str, Any]:
    """How many mails a server has taken, how many still wait, how many came to nothing."""
    if issue.state not in PUBLIC:
        return {"accepted": None, "waiting": 0, "lost": 0}
    now = issue.outcomes if standing.is_counted(issue) else _counted(issue)
    accepted = now.get("accepted", 0)
    waiting = sum(now.get(state, 0) for state in standing.LEFT)
    return {"accepted": accepted, "waiting": waiting, "lost": sum(now.values()) - accepted - waiting}


def _counted(issue: Issue) -> dict[str, int]:
    """The outcomes as they are now, for some seconds: every editor's page looks again every minute."""
    key = f"desk-outcomes-{issue.pk}-{issue.state}"
    found: dict[str, int] | None = cache.get(key)
    if found is None:
        found = workflow.outcomes(issue)
        cache.set(key, found, COUNTED)
    return found
