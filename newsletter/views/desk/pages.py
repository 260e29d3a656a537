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
from newsletter.models import Issue, IssueState
from newsletter.models.issue import EDITABLE
from newsletter.review import checklist, history, words
from newsletter.review.proofread import check_issue
from newsletter.views.desk import mail, rail
from newsletter.views.desk.access import desk_view, in_desk_language
from newsletter.views.desk.find import issue_of, issue_or_404, the_newsletter
from newsletter.views.desk.proof import Proof, Proofreader
from newsletter.views.desk.writing import waits_until, writing

PAST_ISSUES = 60


@require_safe
@desk_view
def today(request: HttpRequest) -> HttpResponse:
    """Today's issue, or what is still missing before there is one."""
    return _desk(request, the_newsletter().today())


@require_safe
@desk_view
def issue(request: HttpRequest, date: dt.date) -> HttpResponse:
    """The issue of one day."""
    return _desk(request, date)


@require_safe
@desk_view
def issues(request: HttpRequest) -> HttpResponse:
    """The latest issues and how each stands."""
    newest = Issue.objects.filter(newsletter=the_newsletter()).select_related("approved_by")[:PAST_ISSUES]
    rows = [{"issue": each, "state": words.STATES[each.state]} for each in newest]
    return render(request, "desk/issues.html", {"rows": rows, "newsletter": the_newsletter()})


@require_POST
@desk_view
def read_again(request: HttpRequest, date: dt.date) -> HttpResponse:
    """Let the checks read the issue now."""
    found = issue_or_404(date)
    try:
        counts = check_issue(found, lambda what, done, total: None)
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
    return render(request, "desk/issue.html", _context(found))


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
        "latest": Issue.objects.filter(newsletter=newsletter).first(),
    }


def _context(found: Issue) -> dict[str, Any]:
    proof = Proofreader(found).proof()
    size = mail.size(found)
    digest = workflow.content_hash(found)
    checks = checklist.before_approval(found, mail_bytes=size, rendered=size is not None)
    void = _void(found, digest, proof)
    return {
        **{"issue": found, "newsletter": found.newsletter, "date": found.date, "proof": proof, "digest": digest},
        "state": words.STATES[found.state],
        "editable": found.state in EDITABLE,
        "clock": rail.clock(found.newsletter, found.date),
        "checks": checks,
        "stale_check": any(check.slug == "read" and not check.ok for check in checks),
        "approval": _approval(found, proof, checks),
        "void": void,
        # the change whose undo the strip offers: its block doesn't offer the same a second time
        "offered": void["last"]["it"].revision.pk if void and void["last"] and not void["same"] else None,
        "moments": rail.day_so_far(found),
        "tallies": rail.tallies(proof),
        "writing": writing(found),
        "written_by": found.composer.removesuffix("+offline") if found.composer != "offline" else "",
        "stops": rail.stops(proof),
        "open_count": sum(not doubt.kept for doubt in proof.doubts),
        "first_finding": proof.first_anchor(blocking=False),
        "saved": rail.local_hour(checklist.last_change(found) or found.composed_at, found.newsletter),
        "has_mail": size is not None,
    }


def _approval(found: Issue, proof: Proof, checks: list[checklist.Check]) -> dict[str, Any] | None:
    """What the approve button says and where it leads: to what is missing, instead of going grey."""
    approved = any(check.slug == "approval" and check.ok for check in checks)
    if found.state not in EDITABLE or approved:
        return None
    open_points = [check for check in checks if check.blocking and not check.ok]
    if not open_points:
        return {"ready": True, "label": _("Approve"), "anchor": ""}
    first = open_points[0]
    label = _("Approve: %(what)s") % {"what": first.label[:1].lower() + first.label[1:]}
    waiting = workflow.open_findings(found)
    if len(open_points) == 1 and first.slug == "findings":
        label = _("Approve: settle %(n)d first") % {"n": waiting}
    anchor = (
        proof.first_anchor(blocking=True) if first.slug == "findings" else f"b-{first.block}" if first.block else ""
    )
    return {"ready": False, "label": label, "anchor": anchor}


def _void(found: Issue, digest: str, proof: Proof) -> dict[str, Any] | None:
    """The strip that names what ended an approval; None where there was none or it stands."""
    if not found.approved_hash or found.approved_at is None or found.state not in EDITABLE:
        return None
    same = digest == found.approved_hash
    if found.state == IssueState.APPROVED and same:
        return None
    places = {section.block.pk: section.number or section.name for section in proof.sections}
    told = history.since(found, found.approved_at)
    changes = [{"it": change, "place": places[change.block.pk]} for change in told]
    undone = None if changes or same else history.last_undo(found, found.approved_at)
    last = changes[0] if changes else None
    return {"same": same, "changes": changes, "last": last, "undone": undone, "digest": digest}
