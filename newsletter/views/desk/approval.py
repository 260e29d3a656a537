"""Before and after approving: the checklist with what to do about each point, the approval, and how it goes out."""

import datetime as dt
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from newsletter import workflow
from newsletter.models import Issue, IssueState, LinkCheck
from newsletter.models.issue import EDITABLE, PUBLIC
from newsletter.page import BUDGET_BYTES
from newsletter.review import checklist, links, points, sender, trial, words
from newsletter.review.approval import approve as give_approval
from newsletter.roles import APPROVE
from newsletter.views.desk import rail, readers_due, standing
from newsletter.views.desk.access import desk_view, editor, may_not, needs
from newsletter.views.desk.answers import by_htmx
from newsletter.views.desk.find import issue_or_404

AT_ONCE = 6.0  # seconds that one press of "Ask now" asks; with htmx the page presses again until all are asked
_ON_THE_WAY = (IssueState.DRAFT, IssueState.IN_REVIEW)  # where the checks, or the rule at the hour, come by themselves


@require_http_methods(["GET", "HEAD", "POST"])
@desk_view
def approve(request: HttpRequest, date: dt.date) -> HttpResponse:
    """Bind the approval to the text whose hash the form carries; another text is not approved."""
    issue, problem = issue_or_404(date), ""
    if request.method == "POST":
        if not editor(request).has_perm(APPROVE):
            return may_not(request, APPROVE)
        try:
            digest = give_approval(issue, editor(request), seen=request.POST.get("seen") or "-")
        except workflow.WorkflowError as reason:
            problem = str(reason)
        else:
            messages.success(request, _approved_words(issue, digest))
            return redirect("desk:issue" if issue.state == IssueState.APPROVED else "desk:approve", date=date)
    context = {**_context(issue, request), "problem": problem}
    return render(request, "desk/approve.html", context, status=409 if problem else 200)


def _approved_words(issue: Issue, digest: str) -> str:
    if issue.state == IssueState.APPROVED:
        return _("Approved as %(hash)s.") % {"hash": digest[:8]}
    return _("Your approval of %(hash)s stands. A second person has to give theirs.") % {"hash": digest[:8]}


@require_POST
@desk_view
@needs(APPROVE)
def waive(request: HttpRequest, date: dt.date, point: str) -> HttpResponse:
    """Let a point pass as it stands, with a reason; or, by "undo", take that back."""
    issue = issue_or_404(date)
    try:
        if request.POST.get("undo"):
            checklist.unwaive(issue, point, editor(request))
        else:
            checklist.waive(issue, point, editor(request), request.POST.get("because", ""))
    except workflow.WorkflowError as reason:
        messages.error(request, str(reason))
    return _back(issue, f"p-{point}")


@require_POST
@desk_view
def ask_links(request: HttpRequest, date: dt.date) -> HttpResponse:
    """Ask the addresses in the issue for some seconds: those that nobody has asked, or anew those named."""
    issue = issue_or_404(date)
    if issue.state not in EDITABLE:
        return _back(issue, "links")
    if request.POST.get("again"):
        links.again(issue, request.POST.getlist("url"))
    links.check(issue, AT_ONCE)
    if by_htmx(request):
        return render(request, "desk/_links.html", {"issue": issue, "date": date, "editable": True, **_links(issue)})
    return _back(issue, "links")


@require_POST
@desk_view
def ask_sender(request: HttpRequest, date: dt.date) -> HttpResponse:
    """Ask the name servers about the newsletter's sender now."""
    issue = issue_or_404(date)
    sender.look_up(issue.newsletter)
    return _back(issue, "sender")


def _back(issue: Issue, anchor: str) -> HttpResponseRedirect:
    response = redirect("desk:approve", date=issue.date)
    response["Location"] += f"#{anchor}"
    return response


def _context(issue: Issue, request: HttpRequest) -> dict[str, Any]:
    user, now, digest = editor(request), timezone.now(), workflow.content_hash(issue)
    sizes = points.sizes(issue, digest)
    both = sizes["both"]
    checks = checklist.before_approval(issue, digest=digest, mail_bytes=both, rendered=both is not None)
    open_points = checklist.still_open(checks)
    due, later = readers_due.due_now_and_later(readers_due.of_issue(issue), now)
    given = workflow.standing(issue, digest)
    return {
        **{"issue": issue, "newsletter": issue.newsletter, "date": issue.date, "digest": digest},
        **{"state": words.STATES[issue.state], "editable": issue.state in EDITABLE, "public": issue.state in PUBLIC},
        "checks": [check for check in checks if check.slug != "approval"],
        "open_points": open_points,
        "doubted": issue.findings.filter(kept_by=None).exclude(severity=workflow.BLOCKING).count(),
        "given": given,
        "needed": workflow.approvers_needed(issue),
        "mine": any(row.by_id == user.pk for row in given),
        "is_covered": issue.state == IssueState.APPROVED and bool(given) and issue.approved_hash == digest,
        **{"due": due, "later": later, "all": due + later, "clock": rail.clock(issue.newsletter, issue.date)},
        **{
            "ways": standing.ways(issue, user, now),
            "why": standing.why_it_stands(issue),
            **{"fate": standing.fate(issue), "stale": standing.is_stale(issue, now)},
            "still": standing.standstill(issue.newsletter, now) if issue.state in _ON_THE_WAY else "",
            "to_all_at_once": standing.is_to_all_at_once(issue),
        },
        "outcomes": _outcomes(issue),
        "next": standing.next_step(issue, now, digest=digest, points=open_points),
        "sizes": [(language, number) for language, number in sizes.items() if number is not None],
        "budget": BUDGET_BYTES,
        "records": sender.known(issue.newsletter),
        "sender_domain": sender.domain_of(issue.newsletter),
        "sender_is_example": sender.is_example(issue.newsletter),
        "trials": list(issue.trial_mails.select_related("by")[:12]),
        "groups": list(issue.newsletter.trial_groups.all()),
        "trial_languages": [("both", _("Both")), ("en", "English"), ("zh", "中文")],
        "may_approve": user.has_perm(APPROVE),
        "mark": trial.MARK,
        **_links(issue),
    }


def _links(issue: Issue) -> dict[str, Any]:
    """The addresses, those first that want looking at, each with the citations that lead there."""
    order = {"broken": 0, "unknown": 1, "waiting": 2, "ok": 3}
    places = links.cited(issue)
    now = links.standing(issue, places)
    found: list[dict[str, Any]] = [
        {"row": row, "numbers": places[row.url], "said": LinkCheck.Outcome(row.outcome).label}
        for row in sorted(now.rows, key=lambda row: order[row.outcome])
    ]
    return {"links": found, "links_now": now}


def _outcomes(issue: Issue) -> dict[str, int]:
    """State -> deliveries, where any stand: as kept with an issue that is out, else counted."""
    if issue.state not in PUBLIC:
        return {}
    return dict(issue.outcomes) if standing.is_counted(issue) else workflow.outcomes(issue)
