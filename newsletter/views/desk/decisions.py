"""Mails of which nobody knows whether they arrived, and those that were refused: what a person makes of them."""

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass

from django.contrib import messages
from django.contrib.auth.models import User
from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from newsletter import workflow
from newsletter.deliver import deciding
from newsletter.models import Delivery, Issue
from newsletter.review.record import audit
from newsletter.roles import APPROVE, READERS
from newsletter.views.desk.access import desk_view, editor, needs
from newsletter.views.desk.sending import server_names

PER_PAGE = 50


@dataclass(frozen=True, slots=True)
class Decision:
    """One of the two ways. `act` is its place in the address."""

    act: str
    label: Promise
    do: Callable[[Issue, QuerySet[Delivery], User], int]


SEND_AGAIN = Decision("send-again", gettext_lazy("Send again"), deciding.send_again)
COUNT_AS_SENT = Decision("count-as-sent", gettext_lazy("Count as sent"), deciding.count_as_sent)
DECISIONS = {each.act: each for each in (SEND_AGAIN, COUNT_AS_SENT)}


@require_safe
@desk_view
def uncertain(request: HttpRequest, pk: int) -> HttpResponse:
    """The list, the newest first."""
    issue, now = _issue(pk), timezone.now()
    rows = deciding.uncertain(issue)
    page = Paginator(rows.select_related("reader"), PER_PAGE).get_page(request.GET.get("page"))
    context = {
        **{"issue": issue, "newsletter": issue.newsletter, "page": page, "now": now},
        **{"fresh": deciding.fresh(rows, now).count(), "servers": server_names()},
        "may_approve": editor(request).has_perm(APPROVE),
        "may_see": editor(request).has_perm(READERS),
    }
    return render(request, "desk/uncertain.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@desk_view
@needs(APPROVE)
def decide(request: HttpRequest, pk: int, act: str) -> HttpResponse:
    """One mail at once; all that were there when the page was shown, after a page that asks."""
    issue, decision = _issue(pk), DECISIONS.get(act)
    if decision is None:
        raise Http404
    if request.method != "POST":
        now = timezone.now()
        rows = deciding.uncertain(issue, until=now)
        every = rows.count()
        count = deciding.fresh(rows, now).count() if decision is SEND_AGAIN else every
        context = {
            "issue": issue,
            "decision": decision,
            "count": count,
            "until": now,
            "left_out": every - count,
        }
        return render(request, "desk/decide.html", context)
    rows = _meant(issue, request)
    try:
        done = decision.do(issue, rows, editor(request))
    except workflow.WorkflowError:
        done = 0
    _say(request, decision, done)
    if done and (one := request.POST.get("delivery")):
        audit(editor(request), Delivery.objects.get(pk=one), act)
    is_done = not deciding.uncertain(issue).exists()
    return redirect("desk:sending" if is_done else "desk:uncertain", pk=pk)


@require_POST
@desk_view
@needs(APPROVE)
def try_again(request: HttpRequest, pk: int) -> HttpResponse:
    """What one domain refused in one way is queued anew, once its cause is mended."""
    issue = _issue(pk)
    try:
        count = deciding.try_again(
            issue, request.POST.get("domain", ""), request.POST.get("code", ""), editor(request)
        )
    except workflow.WorkflowError:
        count = 0
    if count:
        told = ngettext("%(n)s mail is tried again.", "%(n)s mails are tried again.", count)
        messages.success(request, told % {"n": f"{count:,}"})
    else:
        _say_nothing_was(request)
    return redirect("desk:sending", pk=pk)


def _issue(pk: int) -> Issue:
    return get_object_or_404(Issue.objects.select_related("newsletter"), pk=pk)


def _meant(issue: Issue, request: HttpRequest) -> QuerySet[Delivery]:
    """The one mail that the form names, or all up to its moment; none where it names neither."""
    one = request.POST.get("delivery", "")
    if one:
        return deciding.uncertain(issue).filter(pk=int(one) if one.isdecimal() else 0)
    until = _moment(request.POST.get("until", ""))
    return deciding.uncertain(issue, until=until) if until else Delivery.objects.none()


def _moment(text: str) -> dt.datetime | None:
    try:
        moment = parse_datetime(text)
    except ValueError:
        return None
    return moment if moment and moment.tzinfo else None


def _say(request: HttpRequest, decision: Decision, done: int) -> None:
    if not done:
        _say_nothing_was(request)
        return
    told = (
        ngettext("%(n)s mail is sent again.", "%(n)s mails are sent again.", done)
        if decision is SEND_AGAIN
        else ngettext("%(n)s mail counts as sent.", "%(n)s mails count as sent.", done)
    )
    messages.success(request, told % {"n": f"{done:,}"})


def _say_nothing_was(request: HttpRequest) -> None:
    messages.error(request, _("Nothing was changed: somebody was faster, or its day is over."))
