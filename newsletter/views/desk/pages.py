"""The desk itself: an issue with everything an editor has to settle, and the list of issues."""

import datetime as dt
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import check_for_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from newsletter import workflow
from newsletter.models import Issue
from newsletter.review import words
from newsletter.review.proofread import check_issue
from newsletter.views.desk import rail, whole
from newsletter.views.desk.access import desk_view, in_desk_language
from newsletter.views.desk.find import issue_of, issue_or_404, the_newsletter
from newsletter.views.desk.writing import waits_until

PAST_ISSUES = 60


@require_safe
@desk_view
def issue(request: HttpRequest, date: dt.date) -> HttpResponse:
    """The issue of one day."""
    return _desk(request, date)


@require_safe
@desk_view
def head(request: HttpRequest, date: dt.date) -> HttpResponse:
    """The head of the issue's page with the mail measured: asked for by the open page, some time after a change."""
    return render(request, "desk/_head.html", {**whole.context(issue_or_404(date)), "swapped": True})


@require_safe
@desk_view
def issues(request: HttpRequest) -> HttpResponse:
    """The latest issues and how each stands."""
    newest = Issue.objects.filter(newsletter=the_newsletter()).select_related("approved_by", "correction")[
        :PAST_ISSUES
    ]
    rows = [{"issue": each, "state": words.STATES[each.state]} for each in newest]
    return render(request, "desk/issues.html", {"rows": rows, "newsletter": the_newsletter()})


@require_POST
@desk_view
def read_again(request: HttpRequest, date: dt.date) -> HttpResponse:
    """Let the checks read the issue now."""
    found = issue_or_404(date)
    try:
        counts = check_issue(found)
    except workflow.WorkflowError as reason:
        messages.error(request, str(reason))
    else:
        messages.success(request, _("Read again: %(sentences)d sentences, %(findings)d findings.") % counts)
    return redirect("desk:issue", date=date)


@require_POST
@in_desk_language
def language(request: HttpRequest) -> HttpResponse:
    """Switch the language of the desk, for a year, and go back to where the editor was."""
    wanted, back = request.POST.get("language", ""), request.POST.get("next", "")
    safe = url_has_allowed_host_and_scheme(back, {request.get_host()}, require_https=request.is_secure())
    response = redirect(back if safe else "desk:today")
    if wanted in dict(settings.LANGUAGES) and check_for_language(wanted):
        response.set_cookie(
            settings.LANGUAGE_COOKIE_NAME,
            wanted,
            max_age=365 * 24 * 3600,
            samesite="Lax",
            secure=bool(settings.SESSION_COOKIE_SECURE),
            httponly=True,
        )
    return response


def _desk(request: HttpRequest, date: dt.date) -> HttpResponse:
    found = issue_of(date)
    if found is None:
        return render(
            request, "desk/empty.html", _empty(date), status=404 if date != the_newsletter().today() else 200
        )
    return render(request, "desk/issue.html", whole.context(found))


def _empty(date: dt.date) -> dict[str, Any]:
    """Which step is missing, and when it comes by itself."""
    newsletter = the_newsletter()
    articles, stories = rail.day_counts(newsletter, date, newsletter.cutoff(date))
    step = "gather" if not articles else "rank" if not stories else "compose"
    return {
        **{"newsletter": newsletter, "date": date, "articles": articles, "stories": stories, "step": step},
        "draft_hour": f"{newsletter.draft_at:%H:%M}",
        "place": rail.place(newsletter.zone),
        "waits_until": waits_until(newsletter, date),
        "is_today": date == newsletter.today(),
        "latest": Issue.objects.filter(newsletter=newsletter, kind="daily").first(),
    }
