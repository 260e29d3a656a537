"""What an editor does to one block: edit, undo, drop, restore, move. GET shows, POST changes."""

import datetime as dt
from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST

from newsletter.models import Block
from newsletter.models.issue import EDITABLE
from newsletter.review import editing, history, undoing, words
from newsletter.review.checklist import last_change
from newsletter.review.order import Direction
from newsletter.views.desk.access import desk_view, editor, plain_error
from newsletter.views.desk.find import block_or_404
from newsletter.views.desk.forms import BlockForm
from newsletter.views.desk.proof import Proofreader
from newsletter.workflow import WorkflowError


@require_http_methods(["GET", "HEAD", "POST"])
@desk_view
def edit(request: HttpRequest, date: dt.date, key: str) -> HttpResponse:
    """Both languages of a block side by side, with what is doubted in it and the articles it cites."""
    block = block_or_404(date, key)
    if block.issue.state not in EDITABLE:
        state = {"number": block.issue.number, "state": words.STATES[block.issue.state]}
        message = _("No. %(number)d can’t be changed any more: it is “%(state)s”.") % state
        return plain_error(request, message, 409, back_to(block))
    if request.method != "POST":
        return _form_page(request, block, BlockForm(block))
    form = BlockForm(block, request.POST)
    if not form.is_valid():
        return _form_page(request, block, form, status=422)
    changes = {name: value for name, value in form.cleaned_data.items() if name != "version"}
    try:
        saved = editing.edit_block(block, editor(request), changes, seen=form.cleaned_data["version"])
    except editing.EditRefusedError as refused:
        form.add_problems(refused.problems)
        return _form_page(request, block, form, status=422)
    except editing.EditConflictError as conflict:
        return _conflict(request, block, changes, conflict.theirs)
    except WorkflowError as reason:
        return plain_error(request, str(reason), 409, back_to(block))
    messages.success(request, _saved(block) if saved else _("Nothing was changed."))
    return redirect(back_to(block))


@require_POST
@desk_view
def undo(request: HttpRequest, date: dt.date, key: str) -> HttpResponse:
    """Take back the last change of the block, or the one that the form names."""
    revision = request.POST.get("revision", "")
    wanted = int(revision) if revision.isascii() and revision.isdecimal() else None

    def act(block: Block) -> str:
        done = undoing.undo(block, editor(request), revision_id=wanted)
        return _("The change is undone.") if done else _("There is nothing to undo here.")

    return _act(request, date, key, act)


@require_POST
@desk_view
def drop(request: HttpRequest, date: dt.date, key: str) -> HttpResponse:
    """Take the block out."""

    def act(block: Block) -> str:
        editing.drop(block, editor(request))
        return _("Dropped. It stays here, and can be put back.")

    return _act(request, date, key, act)


@require_POST
@desk_view
def restore(request: HttpRequest, date: dt.date, key: str) -> HttpResponse:
    """Put the block back."""

    def act(block: Block) -> str:
        editing.restore(block, editor(request))
        return _("Back in the issue.")

    return _act(request, date, key, act)


@require_POST
@desk_view
def move(request: HttpRequest, date: dt.date, key: str) -> HttpResponse:
    """One place up or down among the items."""
    direction: Direction = "up" if request.POST.get("direction") == "up" else "down"

    def act(block: Block) -> str:
        moved = editing.move(block, editor(request), direction)
        return _("Moved.") if moved else _("It can’t go further that way.")

    return _act(request, date, key, act)


def back_to(block: Block) -> str:
    """The block's place at the desk."""
    return f"{reverse('desk:issue', args=[block.issue.date])}#b-{block.key}"


def _act(request: HttpRequest, date: dt.date, key: str, act: Callable[[Block], str]) -> HttpResponse:
    block = block_or_404(date, key)
    try:
        messages.success(request, act(block))
    except editing.EditRefusedError as refused:
        messages.error(request, " ".join(refused.problems.values()))
    except editing.EditConflictError:
        messages.error(request, _("Someone changed the block again in the meantime: look at it first."))
    except WorkflowError as reason:
        messages.error(request, str(reason))
    return redirect(back_to(block))


def _saved(block: Block) -> str:
    block.issue.refresh_from_db()
    read, changed = block.issue.checked_at, last_change(block.issue)
    if read is None or (changed and read < changed):
        return _("Saved. The checks have not read it yet.")
    left = block.findings.filter(kept_by=None).count()
    if not left:
        return _("Saved and read again: nothing is doubted in this block.")
    return ngettext(
        "Saved and read again: %(n)d finding in this block.",
        "Saved and read again: %(n)d findings in this block.",
        left,
    ) % {"n": left}


def _conflict(request: HttpRequest, block: Block, mine: dict[str, Any], theirs: dict[str, Any]) -> HttpResponse:
    """Both texts: the editor's stays in the form, the other's stands beside it. Saving again knows both."""
    block.refresh_from_db()
    form = BlockForm(block, {**mine, "version": editing.version(block)})
    rows = [
        {
            "name": form[name].label,
            "lang": name[-2:],
            "theirs": theirs[name],
            "pieces": history.difference(theirs[name], value),
        }
        for name, value in mine.items()
        if isinstance(value, str) and value != theirs[name]
    ]
    return _form_page(request, block, form, status=409, conflict=rows)


def _form_page(
    request: HttpRequest,
    block: Block,
    form: BlockForm,
    *,
    status: int = 200,
    conflict: list[dict[str, Any]] | None = None,
) -> HttpResponse:
    proof = Proofreader(block.issue).proof()
    section = next(each for each in proof.sections if each.block.pk == block.pk)
    quotes = {quote.citation.number: quote for row in section.rows for quote in row.quotes}
    others = [c for c in block.issue.citations.all() if c.number not in quotes]
    context = {
        **{"block": block, "issue": block.issue, "form": form, "section": section, "others": others},
        "quotes": [quotes[number] for number in sorted(quotes)],
        "conflict": conflict,
        "back": back_to(block),
    }
    return render(request, "desk/edit.html", context, status=status)
