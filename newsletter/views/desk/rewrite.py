"""A block written again, and every proposal beside what stands: watched while it is written, taken or left."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from newsletter.bilingual import LANGUAGES, Both
from newsletter.models import Block, Citation, Proposal
from newsletter.models.issue import BY_DATA, EDITABLE, BlockKind
from newsletter.review import citing, history, placing, proposing
from newsletter.review.editing import EditConflictError, EditRefusedError, version
from newsletter.review.proposing import OwnText, Shown
from newsletter.review.record import too_late
from newsletter.sentences import citations
from newsletter.views.desk.access import desk_view, editor, plain_error
from newsletter.views.desk.find import block_or_404, issue_or_404
from newsletter.views.desk.inplace import back_to
from newsletter.views.desk.proof import name_of
from newsletter.views.desk.writers import begin, can_ask_claude, spent, wanted
from newsletter.workflow import WorkflowError

State, Purpose = Proposal.State, Proposal.Purpose
ENOUGH_SAME = 0.6  # of the longer text


@dataclass(frozen=True, slots=True)
class Side:
    """One language of a proposal beside what stands: the word difference of title and text, and the plain texts."""

    language: str  # en or zh
    now_title: str
    now_text: str
    title: str
    text: str
    title_pieces: list[history.Piece]
    text_pieces: list[history.Piece]
    foreign: bool

    @property
    def is_another(self) -> bool:
        """Whether so little has stayed that the text reads better whole than with every change drawn in."""
        same = sum(len(piece.text) for piece in self.text_pieces if piece.op == "same")
        return same < ENOUGH_SAME * max(len(self.now_text), len(self.text), 1)


@require_http_methods(["GET", "HEAD", "POST"])
@desk_view
def again(request: HttpRequest, date: dt.date, key: str) -> HttpResponse:
    """GET asks who shall write the block again, and what the editor wants of it; POST begins it."""
    block = block_or_404(date, key)
    if block.issue.state not in EDITABLE:
        return plain_error(request, str(too_late(block.issue)), 409, back_to(block))
    if block.kind == BlockKind.NOTE:
        return plain_error(request, _("A note is your own: nobody writes it again."), 409, back_to(block))
    if request.method == "POST":
        wish = request.POST.get("instruction", "")
        try:
            made = proposing.ask(
                *(block.issue, editor(request), Purpose.AGAIN), writer=wanted(request), block=block, instruction=wish
            )
        except (WorkflowError, EditRefusedError) as reason:
            return plain_error(request, str(reason), 409, back_to(block))
        begin(made)
        return redirect("desk:proposal", date=date, pk=made.pk)
    earlier = block.proposals.filter(purpose=Purpose.AGAIN).select_related("by")[:6]
    money, budget = spent(block.issue)
    context = {
        **{"it": block, "issue": block.issue, "newsletter": block.issue.newsletter, "back": back_to(block)},
        **{"name": name_of(block, 1), "earlier": earlier, "spent": money, "budget": budget},
        "can_ask_claude": can_ask_claude() and block.kind not in BY_DATA,
        "by_data": block.kind in BY_DATA,
    }
    return render(request, "desk/again.html", context)


@require_safe
@desk_view
def proposal(request: HttpRequest, date: dt.date, pk: int) -> HttpResponse:
    """What is proposed, beside what stands; while it is being written, how that goes."""
    found = _proposal_or_404(date, pk)
    return render(request, "desk/proposal.html", _context(found))


@require_safe
@desk_view
def proposal_state(request: HttpRequest, date: dt.date, pk: int) -> HttpResponse:
    """The part of the page that changes, for htmx: it asks every two seconds until the writer is done."""
    found = _proposal_or_404(date, pk)
    if not _is_under_way(found):
        response = HttpResponse(status=204)
        response.headers["HX-Refresh"] = "true"
        return response
    return render(request, "desk/_proposal_wait.html", _context(found))


@require_POST
@desk_view
def take(request: HttpRequest, date: dt.date, pk: int) -> HttpResponse:
    """Put it in, onto the text that it was compared with and no other."""
    found = _proposal_or_404(date, pk)
    own = _own(request, found)
    try:
        block = proposing.take(found, editor(request), seen=request.POST.get("seen", ""), own=own)
    except EditRefusedError as refused:
        messages.error(request, " ".join(refused.problems.values()))
        if own:  # what was typed stays
            return render(request, "desk/proposal.html", _context(found, own), status=422)
    except EditConflictError:
        messages.error(
            request, _("Not taken: the block has been changed since. Compare again with what stands there.")
        )
    except WorkflowError as reason:
        messages.error(request, str(reason))
    else:
        messages.success(request, _("Taken, and read by the checks. Undo brings back what stood there."))
        return redirect(back_to(block))
    return redirect("desk:proposal", date=date, pk=pk)


@require_POST
@desk_view
def by_claude(request: HttpRequest, date: dt.date, pk: int) -> HttpResponse:
    """The same once more, by Claude; the offline one stays where it is."""
    found = _proposal_or_404(date, pk)
    try:
        made = proposing.ask(
            *(found.issue, editor(request), found.purpose),
            writer=wanted(request),
            block=found.block,
            story=found.story,
            sources=found.sources,
        )
    except (WorkflowError, EditRefusedError) as reason:
        return plain_error(request, str(reason), 409, _back(found))
    begin(made)
    return redirect("desk:proposal", date=date, pk=made.pk)


@require_POST
@desk_view
def leave(request: HttpRequest, date: dt.date, pk: int) -> HttpResponse:
    """Decide against it."""
    found = _proposal_or_404(date, pk)
    if proposing.leave(found, editor(request)):
        messages.success(request, _("Left: the issue is as it was."))
    return redirect(_back(found))


def _proposal_or_404(date: dt.date, pk: int) -> Proposal:
    issue = issue_or_404(date)
    found = get_object_or_404(Proposal.objects.select_related("block__source_list", "by", "story"), issue=issue, pk=pk)
    found.issue = issue
    if found.block:
        found.block.issue = issue
    return found


def _is_under_way(found: Proposal) -> bool:
    return found.state in (State.WAITING, State.WRITING) and not proposing.is_lost(found)


def _back(found: Proposal) -> str:
    return back_to(found.block) if found.block else reverse("desk:issue", args=[found.issue.date])


def _context(found: Proposal, own: OwnText | None = None) -> dict[str, Any]:
    """`sides` are there once something was written; `own` is what an editor has made of it and that was refused."""
    money, budget = spent(found.issue)
    told = proposing.shown(found) if found.draft else None
    if told and own:
        told = Shown(own.title, own.text, told.fresh)
    numbers = citing.number_sources(found.issue, found.sources)[0] if found.purpose == Purpose.OWN else {}
    return {
        **{"proposal": found, "issue": found.issue, "newsletter": found.issue.newsletter, "it": found.block},
        **{"date": found.issue.date, "back": _back(found), "under_way": _is_under_way(found), "spent": money},
        **{"budget": budget, "lost": proposing.is_lost(found), "editable": found.issue.state in EDITABLE},
        "name": name_of(found.block, 1) if found.block else "",
        "stale": proposing.is_stale(found) and found.state == State.READY,
        "seen": version(found.block) if found.block else "",
        "sides": _sides(found, told) if told else [],
        "cited": _cited(found, told, numbers.values()) if told else [],
        "numbers": ",".join(str(numbers.get(place, 0)) for place in range(len(found.sources))),
        "fresh": {row.number for row in told.fresh} if told else set(),
        "places": placing.places(found.issue) if found.purpose == Purpose.OWN else [],
        "can_ask_claude": can_ask_claude(),
        "same": bool(told and found.purpose == Purpose.AGAIN and _is_same(found.block, told)),
    }


def _sides(found: Proposal, told: Shown) -> list[Side]:
    sides = []
    for language in LANGUAGES:
        now_title = getattr(found.block, f"title_{language}") if found.block else ""
        now_text = getattr(found.block, f"text_{language}") if found.block else ""
        title, text = told.title[language], told.text[language]
        compared = found.purpose == Purpose.AGAIN
        sides.append(
            Side(
                language,
                *(now_title, now_text, title, text),
                title_pieces=history.difference(now_title, title) if compared else [],
                text_pieces=history.difference(now_text, text) if compared else [],
                foreign=language in found.draft["foreign"],
            )
        )
    return sides


def _is_same(block: Block | None, told: Shown) -> bool:
    if block is None:
        return False
    return (Both(block.title_en, block.title_zh), Both(block.text_en, block.text_zh)) == (told.title, told.text)


def _cited(found: Proposal, told: Shown, also: Iterable[int]) -> list[Citation]:
    """What the proposed text cites, and `also` may, in the order of the numbers."""
    wanted_numbers = {*also, *(number for language in LANGUAGES for number in citations(told.text[language]))}
    rows = {row.number: row for row in found.issue.citations.filter(number__in=wanted_numbers)}
    rows |= {row.number: row for row in told.fresh}
    return [rows[number] for number in sorted(rows)]


def _own(request: HttpRequest, found: Proposal) -> OwnText | None:
    if found.purpose != Purpose.OWN:
        return None
    said = request.POST
    numbers = tuple(int(part) for part in said.get("numbers", "").split(",") if part.isdecimal())
    after = found.issue.blocks.filter(key=said.get("after", ""), dropped=False).first()
    title, text = (Both(said.get(f"{name}_en", ""), said.get(f"{name}_zh", "")) for name in ("title", "text"))
    return OwnText(title, text, numbers, after)
