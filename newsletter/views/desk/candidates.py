"""Swapping one of the ten: the day's other stories, and what each would be as an item."""

import datetime as dt

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from newsletter.models import Block, Proposal, Story
from newsletter.models.issue import EDITABLE, BlockKind
from newsletter.review import proposing
from newsletter.review.candidates import candidates
from newsletter.review.editing import EditRefusedError
from newsletter.review.record import too_late
from newsletter.views.desk.access import desk_view, editor, plain_error
from newsletter.views.desk.find import block_or_404
from newsletter.views.desk.inplace import back_to
from newsletter.views.desk.writers import begin, can_ask_claude, wanted
from newsletter.workflow import WorkflowError

FIRST = 30  # candidates shown before an editor asks for all


@require_http_methods(["GET", "HEAD", "POST"])
@desk_view
def swap(request: HttpRequest, date: dt.date, key: str) -> HttpResponse:
    """GET lists what could stand in the item's place; POST has one composed, and shows it before anything changes."""
    block = block_or_404(date, key)
    if block.kind != BlockKind.ITEM or block.dropped:
        return plain_error(
            request, _("Only an item that is in the issue can give way to another."), 409, back_to(block)
        )
    if block.issue.state not in EDITABLE:
        return plain_error(request, str(too_late(block.issue)), 409, back_to(block))
    if request.method == "POST":
        chosen = request.POST.get("story", "")
        story = get_object_or_404(Story, pk=chosen if chosen.isdecimal() else 0, newsletter=block.issue.newsletter)
        try:
            made = proposing.ask(
                *(block.issue, editor(request), Proposal.Purpose.SWAP),
                writer=wanted(request),
                block=block,
                story=story,
            )
        except (WorkflowError, EditRefusedError) as reason:
            messages.error(request, str(reason))
            return redirect(back_to(block))
        begin(made)
        return redirect("desk:proposal", date=date, pk=made.pk)
    query, everything = request.GET.get("q", "")[:100], "all" in request.GET
    found = candidates(block.issue, query)
    free = [row for row in found if not row.stands]
    shown = free if everything or query else free[:FIRST]
    context = {
        **{"it": block, "issue": block.issue, "newsletter": block.issue.newsletter, "back": back_to(block)},
        **{"query": query, "all": everything, "hidden": len(free) - len(shown), "can_ask_claude": can_ask_claude()},
        **{"rows": shown, "standing": [row for row in found if row.stands]},
        "number": _number(block),
    }
    return render(request, "desk/candidates.html", context)


def _number(block: Block) -> int:
    """The item's place among those in the issue, as readers count."""

    items = block.issue.blocks.filter(kind=BlockKind.ITEM, dropped=False).order_by("position", "pk")
    return next(n for n, each in enumerate(items, 1) if each.pk == block.pk)
