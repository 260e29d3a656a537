"""An editor's answer to a finding: let it stand, take the check's own words, drop the sentence, think again."""

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from newsletter.models import Finding
from newsletter.review.editing import EditRefusedError
from newsletter.review.keeping import keep_finding, must_be_settled, reopen_finding
from newsletter.review.sentences import drop_sentence, mend_sentence
from newsletter.views.desk.access import desk_view, editor, plain_error
from newsletter.views.desk.answers import Done, answer, attempt, by_htmx
from newsletter.views.desk.find import finding_or_404
from newsletter.views.desk.forms import KeepForm
from newsletter.views.desk.proof import Doubt, Proofreader, Row, Section
from newsletter.views.desk.sources import Quote, quotes
from newsletter.workflow import WorkflowError


@dataclass(frozen=True, slots=True)
class Place:
    """Where in the proof a finding stands; without row or section it is about the block, or the issue, as a whole."""

    doubt: Doubt
    section: Section | None = None
    row: Row | None = None
    quotes: tuple[Quote, ...] = ()

    @property
    def anchor(self) -> str:
        """The id of that place on the issue's page."""
        return self.row.anchor if self.row else self.section.anchor if self.section else "top"

    @property
    def address(self) -> str:
        """The desk, at that place."""
        return f"{reverse('desk:issue', args=[self.doubt.finding.issue.date])}#{self.anchor}"


@require_http_methods(["GET", "HEAD", "POST"])
@desk_view
def keep(request: HttpRequest, date: dt.date, pk: int) -> HttpResponse:
    """Let the sentence stand. One that blocks approval asks why first, with the sentence and its sources in sight; for
    the others a click is enough."""
    finding = finding_or_404(date, pk)
    place = _place(finding)
    one_click = request.method == "POST" and "because" not in request.POST and not must_be_settled(finding)
    said = {"because": _("Read, and it may stand.")} if one_click else request.POST
    form = KeepForm(said if request.method == "POST" else None)
    if form.is_valid():
        given = form.cleaned_data
        try:
            keep_finding(finding, editor(request), given["because"], vouched=given["vouched"])
        except EditRefusedError as refused:
            for name, message in refused.problems.items():
                form.add_error(name, message)
        except WorkflowError as reason:
            if by_htmx(request):
                return answer(request, finding.issue, _done(place, str(reason), failed=True))
            return plain_error(request, str(reason), 409, place.address)
        else:
            return answer(request, finding.issue, _done(place, _("Accepted, on your word.")))
    context = {"finding": finding, "issue": finding.issue, "date": date, "form": form, "place": place}
    template = "desk/_keep.html" if by_htmx(request) else "desk/keep.html"
    return render(request, template, context, status=422 if form.errors else 200)


@require_POST
@desk_view
def reopen(request: HttpRequest, date: dt.date, pk: int) -> HttpResponse:
    """Take back the word that was given."""

    def do(finding: Finding) -> str:
        reopen_finding(finding, editor(request))
        return _("The finding is open again.")

    return _act(request, finding_or_404(date, pk), do)


@require_POST
@desk_view
def mend(request: HttpRequest, date: dt.date, pk: int) -> HttpResponse:
    """Take the words that the check proposes."""

    def do(finding: Finding) -> str:
        mend_sentence(finding, editor(request))
        return _("Changed as proposed, and read again.")

    return _act(request, finding_or_404(date, pk), do)


@require_POST
@desk_view
def drop(request: HttpRequest, date: dt.date, pk: int) -> HttpResponse:
    """Take the sentence out in both languages, or the block where it is about all of it."""

    def do(finding: Finding) -> str:
        dropped = drop_sentence(finding, editor(request))
        return _("Dropped in both languages. Undo brings it back.") if dropped else _("It is no longer there.")

    return _act(request, finding_or_404(date, pk), do)


def _act(request: HttpRequest, finding: Finding, do: Callable[[Finding], str]) -> HttpResponse:
    place = _place(finding)
    return attempt(
        request, finding.issue, lambda: _done(place, do(finding)), lambda said: _done(place, said, failed=True)
    )


def _done(place: Place, said: str, *, failed: bool = False) -> Done:
    keys = (place.section.block.key,) if place.section else ()
    return Done(said, keys, place.anchor, failed=failed)


def _place(finding: Finding) -> Place:
    reader = Proofreader(finding.issue)
    proof = reader.proof()
    places = [Place(doubt) for doubt in proof.whole]
    for section in proof.sections:
        places += [Place(doubt, section) for doubt in section.loose]
        places += [Place(doubt, section, row) for row in section.rows for doubt in row.doubts]
    place = next((place for place in places if place.doubt.finding.pk == finding.pk), None)
    if place is None:  # another editor's change has settled it just now
        raise Http404(_("That sentence is no longer there."))
    row = place.row
    return Place(place.doubt, place.section, row, tuple(quotes(reader, row.pair, row.cited))) if row else place
