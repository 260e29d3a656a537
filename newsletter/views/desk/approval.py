"""Approving: the editor sees what will be sent, under which subject, to how many; then says so by POST."""

import datetime as dt

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from newsletter import workflow
from newsletter.models.issue import EDITABLE
from newsletter.review import checklist
from newsletter.review.approval import approve as give_approval
from newsletter.views.desk import mail, rail
from newsletter.views.desk.access import desk_view, editor
from newsletter.views.desk.find import issue_or_404


@require_http_methods(["GET", "HEAD", "POST"])
@desk_view
def approve(request: HttpRequest, date: dt.date) -> HttpResponse:
    """Bind the approval to the text whose hash the form carries; another text is not approved."""
    issue = issue_or_404(date)
    problem = ""
    if request.method == "POST":
        try:
            digest = give_approval(issue, editor(request), seen=request.POST.get("seen") or "-")
        except workflow.WorkflowError as reason:
            problem = str(reason)
        else:
            messages.success(request, _("Approved as %(hash)s.") % {"hash": digest[:8]})
            return redirect("desk:issue", date=date)
    size = mail.size(issue)
    checks = checklist.before_approval(issue, mail_bytes=size, rendered=size is not None)
    context = {
        **{"issue": issue, "problem": problem, "digest": workflow.content_hash(issue)},
        "open_points": [check for check in checks if check.blocking and not check.ok],
        "warnings": [check for check in checks if check.slug == "size" and not check.ok],
        "doubted": issue.findings.filter(kept_by=None).exclude(severity=workflow.BLOCKING).count(),
        "readers": rail.active_readers(),
        "clock": rail.clock(issue.newsletter, issue.date),
        "editable": issue.state in EDITABLE,
    }
    return render(request, "desk/approve.html", context, status=409 if problem else 200)
