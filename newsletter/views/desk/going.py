"""Holding, skipping, sending now, pausing, taking back: each asked for on a page that says what comes of it, done by
POST."""

import datetime as dt
from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.contrib.auth.models import User
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from newsletter import workflow
from newsletter.deliver import pausing, withdrawal
from newsletter.models import Issue, Pause
from newsletter.roles import APPROVE
from newsletter.views.desk import standing
from newsletter.views.desk.access import desk_view, editor, needs
from newsletter.views.desk.find import issue_or_404
from newsletter.views.desk.readers_due import due_now_and_later

Done = str  # what is said when it is done


@require_http_methods(["GET", "HEAD", "POST"])
@desk_view
@needs(APPROVE)
def go(request: HttpRequest, date: dt.date, act: str) -> HttpResponse:
    """One of standing.WAYS: the page that asks, and by POST the act."""
    return _go(request, issue_or_404(date), act)


@require_http_methods(["GET", "HEAD", "POST"])
@desk_view
@needs(APPROVE)
def go_correction(request: HttpRequest, pk: int, act: str) -> HttpResponse:
    """The same for the mail about a correction, once it is being sent."""
    issue = get_object_or_404(Issue.objects.select_related("newsletter"), pk=pk, kind="correction")
    return _go(request, issue, act)


def _go(request: HttpRequest, issue: Issue, act: str) -> HttpResponse:
    way, problem = standing.WAYS.get(act), ""
    if way is None:
        raise Http404
    if request.method == "POST":
        try:
            told = _ACTS[act](issue, editor(request), request.POST)
        except workflow.WorkflowError:
            issue.refresh_from_db()
            problem = _("That can’t be done any more: it was done already, or the issue has moved on.")
        else:
            messages.success(request, told)
            return redirect(_back(issue, way))
    at = timezone.now()
    is_open = way in standing.ways(issue, editor(request), at)
    now, later = due_now_and_later(standing.crowds(issue, released_at=at), at)
    context = {
        **{
            "issue": issue,
            "way": way,
            "back": _back(issue, way),
            "is_open": is_open,
            "problem": problem,
            "because": request.POST.get("because", ""),
        },
        **{"now": now, "later": later, "all": now + later, "outcomes": _outcomes(issue, way)},
        "pause": Pause.objects.filter(issue=issue).first() if way is standing.RESUME else None,
        "taken_back": withdrawal.taken_back(issue).count() if way is standing.SEND_ON else 0,
    }
    return render(request, "desk/go.html", context, status=409 if problem else 200)


def _back(issue: Issue, way: standing.Way) -> str:
    """Where one comes from and is led to: what is about mails that leave, to their page."""
    if way in (standing.PAUSE, standing.RESUME, standing.TAKE_BACK, standing.SEND_ON):
        return reverse("desk:sending", args=[issue.pk])
    return reverse("desk:approve", args=[issue.date])


def _outcomes(issue: Issue, way: standing.Way) -> dict[str, int]:
    return workflow.outcomes(issue) if way is standing.TAKE_BACK else {}


def _hold(issue: Issue, user: User, sent: Any) -> Done:
    workflow.hold(issue, user, sent.get("because", ""))
    return _("Held: nothing of it is sent until an editor lets it go on.")


def _unhold(issue: Issue, user: User, sent: Any) -> Done:
    workflow.unhold(issue, user)
    return _("It goes on where it was held.")


def _skip(issue: Issue, user: User, sent: Any) -> Done:
    workflow.skip(issue, user, sent.get("because", ""))
    return _("Skipped: nobody gets anything today. It can be brought back.")


def _unskip(issue: Issue, user: User, sent: Any) -> Done:
    workflow.unskip(issue, user)
    return _("It is back, as it was.")


def _send_now(issue: Issue, user: User, sent: Any) -> Done:
    workflow.send_now(issue, user, everyone=sent.get("whom") == "everyone")
    return standing.standstill(issue.newsletter, timezone.now()) or _("It leaves within a minute.")


def _pause(issue: Issue, user: User, sent: Any) -> Done:
    if not pausing.pause(issue, sent.get("because", "").strip(), by=user):
        raise workflow.WorkflowError(f"{issue} is paused already")
    return _("Paused: what is on its way arrives, and nothing more leaves until somebody lets it go on.")


def _resume(issue: Issue, user: User, sent: Any) -> Done:
    pausing.resume(issue, by=user)
    return standing.standstill(issue.newsletter, timezone.now()) or _("It goes on within a minute.")


def _take_back(issue: Issue, user: User, sent: Any) -> Done:
    done = withdrawal.take_back(issue, user, sent.get("because", ""))
    stays = ngettext("%(n)s mail stays here", "%(n)s mails stay here", done.withdrawn) % {"n": f"{done.withdrawn:,}"}
    had = ngettext("%(n)s reader had it already", "%(n)s readers had it already", done.had_it)
    told = _("Taken back: %(stays)s; %(had)s.") % {"stays": stays, "had": had % {"n": f"{done.had_it:,}"}}
    if done.perhaps:
        more = ngettext("%(n)s more may get it.", "%(n)s more may get it.", done.perhaps) % {"n": f"{done.perhaps:,}"}
        told = f"{told} {more}"
    return told


def _send_on(issue: Issue, user: User, sent: Any) -> Done:
    count = withdrawal.send_on(issue, user)
    return ngettext("%(n)s mail leaves after all.", "%(n)s mails leave after all.", count) % {"n": f"{count:,}"}


_ACTS: dict[str, Callable[[Issue, User, Any], Done]] = {
    **{"hold": _hold, "unhold": _unhold, "skip": _skip, "unskip": _unskip},
    **{"send-now": _send_now, "pause": _pause, "resume": _resume, "take-back": _take_back, "send-on": _send_on},
}
