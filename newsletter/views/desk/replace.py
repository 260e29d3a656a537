"""Find and replace over the whole issue, in both languages; and taking back an act of several blocks."""

import datetime as dt
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST

from newsletter.models import BlockRevision, Issue
from newsletter.models.issue import EDITABLE
from newsletter.review import editing, replacing, undoing
from newsletter.review.editing import EditConflictError, EditRefusedError
from newsletter.review.record import too_late
from newsletter.review.replacing import Hit, Wanted
from newsletter.views.desk.access import desk_view, editor, plain_error
from newsletter.views.desk.find import issue_or_404
from newsletter.views.desk.proof import Proofreader
from newsletter.workflow import WorkflowError


@dataclass(frozen=True, slots=True)
class Group:
    """The places in one block."""

    key: str
    name: str
    version: str
    hits: list[Hit]


@require_http_methods(["GET", "HEAD", "POST"])
@desk_view
def replace(request: HttpRequest, date: dt.date) -> HttpResponse:
    """GET shows every place with what stands around it; POST replaces those that are ticked, as one act."""
    issue = issue_or_404(date)
    if issue.state not in EDITABLE:
        return plain_error(request, str(too_late(issue)), 409, reverse("desk:issue", args=[date]))
    if request.method != "POST":
        return _page(request, issue, _wanted(request.GET), status=200)
    wanted = _wanted(request.POST)
    chosen = set(request.POST.getlist("hit"))
    seen = dict(each.split("=", 1) for each in request.POST.getlist("seen") if "=" in each)
    try:
        act = replacing.replace(issue, editor(request), wanted, chosen, seen)
    except EditConflictError:
        problem = _("Nothing was replaced: a block has been changed meanwhile. These are the places now.")
    except EditRefusedError as refused:
        problem = " ".join([_("Nothing was replaced."), *dict.fromkeys(refused.problems.values())])
    except WorkflowError as reason:
        return plain_error(request, str(reason), 409, reverse("desk:issue", args=[date]))
    else:
        if not act:
            messages.info(request, _("Nothing was changed."))
        else:
            said = ngettext("Replaced in %(n)d place.", "Replaced in %(n)d places.", len(chosen))
            messages.success(request, said % {"n": len(chosen)})
        return redirect(f"{reverse('desk:replace', args=[date])}?done={act}")
    return _page(request, issue, wanted, status=409, problem=problem)


@require_POST
@desk_view
def undo_act(request: HttpRequest, date: dt.date) -> HttpResponse:
    """Take back all that one act changed."""
    issue = issue_or_404(date)
    try:
        done = undoing.undo_act(issue, editor(request), request.POST.get("act", "")[:32])
    except EditConflictError:
        messages.error(request, _("Not undone: one of these blocks has been changed again since. Undo that first."))
    except WorkflowError as reason:
        messages.error(request, str(reason))
    else:
        messages.success(request, _("All of it is undone.") if done else _("There is nothing to undo here."))
    back = request.POST.get("back", "")
    safe = url_has_allowed_host_and_scheme(back, {request.get_host()}, require_https=request.is_secure())
    return redirect(back if safe else reverse("desk:issue", args=[date]))


def _wanted(said: Any) -> Wanted:
    return Wanted(
        find=said.get("find", "")[: replacing.LONGEST],
        replace=said.get("with", "")[: replacing.LONGEST],
        any_case=bool(said.get("any_case")),
        whole_words=bool(said.get("whole_words")),
        language=said.get("language", "") if said.get("language") in ("en", "zh") else "",
    )


def _page(request: HttpRequest, issue: Issue, wanted: Wanted, *, status: int, problem: str = "") -> HttpResponse:
    found = replacing.hits(issue, wanted)
    act = request.GET.get("done", "")[:32]
    context = {
        **{"issue": issue, "newsletter": issue.newsletter, "date": issue.date, "wanted": wanted, "problem": problem},
        **{"groups": _groups(issue, found), "count": len(found), "full": len(found) == replacing.MOST},
        "back": reverse("desk:issue", args=[issue.date]),
        "act": act if _is_open(issue, act) else "",
        "changing": "with" in request.GET or "with" in request.POST,
    }
    return render(request, "desk/replace.html", context, status=status)


def _groups(issue: Issue, found: list[Hit]) -> list[Group]:
    if not found:
        return []
    places = Proofreader(issue).places
    groups = []
    for key, hits in groupby(found, key=lambda hit: hit.block.key):
        here = list(hits)
        name, number = places[key]
        groups.append(Group(key, f"{number} {name}" if number else name, editing.version(here[0].block), here))
    return groups


def _is_open(issue: Issue, act: str) -> bool:
    """Whether the act is of this issue and stands."""
    return (
        bool(act) and BlockRevision.objects.filter(block__issue=issue, act=act, undoes=None, undone_by=None).exists()
    )
