"""Holding, skipping, sending now, taking back: each asked for on a page that says what comes of it, done by POST."""

import datetime as dt
from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.contrib.auth.models import User
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from newsletter import workflow
from newsletter.deliver import withdrawal
from newsletter.models import Issue
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
    issue, way, problem = issue_or_404(date), standing.WAYS.get(act), ""
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
            return redirect("desk:approve", date=date)
    is_open = way in standing.ways(issue, editor(request), timezone.now())
    now, later = due_now_and_later(standing.crowds(issue), timezone.now())
    context = {
        **{
            "issue": issue,
            "way": way,
            "is_open": is_open,
            "problem": problem,
            "because": request.POST.get("because", ""),
        },
        **{"now": now, "later": later, "all": now + later, "outcomes": _outcomes(issue, way)},
        "taken_back": withdrawal.taken_back(issue).count() if way is standing.SEND_ON else 0,
    }
    return render(request, "desk/go.html", context, status=409 if problem else 200)


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
    return _("It leaves within a minute.")


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
    **{"send-now": _send_now, "take-back": _take_back, "send-on": _send_on},
}
