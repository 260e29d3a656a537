"""An editor's word on a finding: let the sentence stand, with a reason; or take that word back."""

import datetime as dt

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from newsletter.models import Finding
from newsletter.review.editing import EditRefusedError
from newsletter.review.keeping import keep_finding, reopen_finding
from newsletter.views.desk.access import desk_view, editor, plain_error
from newsletter.views.desk.find import finding_or_404
from newsletter.views.desk.forms import KeepForm
from newsletter.views.desk.proof import Proofreader, Row, Section
from newsletter.workflow import WorkflowError


@require_http_methods(["GET", "HEAD", "POST"])
@desk_view
def keep(request: HttpRequest, date: dt.date, pk: int) -> HttpResponse:
    """Asks why the sentence may stand, with the sentence and its sources in sight."""
    finding = finding_or_404(date, pk)
    form = KeepForm(request.POST if request.method == "POST" else None)
    status = 200
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        try:
            keep_finding(finding, editor(request), given["because"], vouched=given["vouched"])
        except EditRefusedError as refused:
            for name, message in refused.problems.items():
                form.add_error(name, message)
            status = 422
        except WorkflowError as reason:
            return plain_error(request, str(reason), 409, _back(finding))
        else:
            messages.success(request, _("Kept, on your word."))
            return redirect(_back(finding))
    section, row = _place(finding)
    context = {
        **{"finding": finding, "issue": finding.issue, "form": form, "section": section, "row": row},
        "doubt": next(d for d in Proofreader(finding.issue).proof().doubts if d.finding.pk == finding.pk),
        "back": _back(finding),
    }
    return render(request, "desk/keep.html", context, status=status)


@require_POST
@desk_view
def reopen(request: HttpRequest, date: dt.date, pk: int) -> HttpResponse:
    """Take back the word that was given."""
    finding = finding_or_404(date, pk)
    try:
        reopen_finding(finding, editor(request))
    except WorkflowError as reason:
        messages.error(request, str(reason))
    return redirect(_back(finding))


def _place(finding: Finding) -> tuple[Section | None, Row | None]:
    """Where in the proof the finding stands."""
    for section in Proofreader(finding.issue).proof().sections:
        if section.block.pk == finding.block_id:
            rows = [row for row in section.rows if any(d.finding.pk == finding.pk for d in row.doubts)]
            return section, rows[0] if rows else None
    return None, None


def _back(finding: Finding) -> str:
    section, row = _place(finding)
    anchor = row.anchor if row else section.anchor if section else "top"
    return f"{reverse('desk:issue', args=[finding.issue.date])}#{anchor}"
