"""An editor's word on a finding: let the sentence stand, with a reason; or take that word back."""

import datetime as dt
from dataclasses import dataclass

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
from newsletter.views.desk.proof import Doubt, Proofreader, Row, Section
from newsletter.workflow import WorkflowError


@dataclass(frozen=True, slots=True)
class Place:
    """Where in the proof a finding stands; without row or section it is about the block, or the issue, as a whole."""

    doubt: Doubt
    section: Section | None = None
    row: Row | None = None

    @property
    def address(self) -> str:
        """The desk, at that place."""
        anchor = self.row.anchor if self.row else self.section.anchor if self.section else "top"
        return f"{reverse('desk:issue', args=[self.doubt.finding.issue.date])}#{anchor}"


@require_http_methods(["GET", "HEAD", "POST"])
@desk_view
def keep(request: HttpRequest, date: dt.date, pk: int) -> HttpResponse:
    """Asks why the sentence may stand, with the sentence and its sources in sight."""
    finding = finding_or_404(date, pk)
    place = _place(finding)
    form = KeepForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        given = form.cleaned_data
        try:
            keep_finding(finding, editor(request), given["because"], vouched=given["vouched"])
        except EditRefusedError as refused:
            for name, message in refused.problems.items():
                form.add_error(name, message)
        except WorkflowError as reason:
            return plain_error(request, str(reason), 409, place.address)
        else:
            messages.success(request, _("Kept, on your word."))
            return redirect(place.address)
    context = {"finding": finding, "issue": finding.issue, "form": form, "place": place}
    return render(request, "desk/keep.html", context, status=422 if form.errors else 200)


@require_POST
@desk_view
def reopen(request: HttpRequest, date: dt.date, pk: int) -> HttpResponse:
    """Take back the word that was given."""
    finding = finding_or_404(date, pk)
    try:
        reopen_finding(finding, editor(request))
    except WorkflowError as reason:
        messages.error(request, str(reason))
    return redirect(_place(finding).address)


def _place(finding: Finding) -> Place:
    proof = Proofreader(finding.issue).proof()
    places = [Place(doubt) for doubt in proof.whole]
    for section in proof.sections:
        places += [Place(doubt, section) for doubt in section.loose]
        places += [Place(doubt, section, row) for row in section.rows for doubt in row.doubts]
    return next(place for place in places if place.doubt.finding.pk == finding.pk)
