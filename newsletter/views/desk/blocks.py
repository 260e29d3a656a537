"""What an editor does to one block beside its texts: undo, redo, drop, restore, move. All by POST."""

import datetime as dt
from collections.abc import Callable
from dataclasses import replace

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from newsletter.models import Block, BlockRevision, Issue
from newsletter.review import editing, undoing
from newsletter.review.order import Direction
from newsletter.review.steps import steps
from newsletter.views.desk.access import chinese, desk_view, editor
from newsletter.views.desk.answers import Done, answer, attempt
from newsletter.views.desk.find import block_or_404, issue_or_404


@require_POST
@desk_view
def undo(request: HttpRequest, date: dt.date, key: str) -> HttpResponse:
    """Take back the last change of the block, or the one that the form names."""
    return _step(request, block_or_404(date, key), back=True)


@require_POST
@desk_view
def redo(request: HttpRequest, date: dt.date, key: str) -> HttpResponse:
    """Do again what the last undo of the block took back."""
    return _step(request, block_or_404(date, key), back=False)


@require_POST
@desk_view
def undo_mine(request: HttpRequest, date: dt.date) -> HttpResponse:
    """Take back the editor's own last change, in whichever block it was."""
    return _mine(request, issue_or_404(date), back=True)


@require_POST
@desk_view
def redo_mine(request: HttpRequest, date: dt.date) -> HttpResponse:
    """Do again what the editor's own last undo took back."""
    return _mine(request, issue_or_404(date), back=False)


@require_POST
@desk_view
def drop(request: HttpRequest, date: dt.date, key: str) -> HttpResponse:
    """Take the block out."""

    def do(block: Block) -> Done:
        editing.drop(block, editor(request))
        return _done(block, _("%(block)s: dropped. It stays here, and can be put back.") % {"block": _name(block)})

    return act(request, block_or_404(date, key), do)


@require_POST
@desk_view
def restore(request: HttpRequest, date: dt.date, key: str) -> HttpResponse:
    """Put the block back."""

    def do(block: Block) -> Done:
        editing.restore(block, editor(request))
        return _done(block, _("%(block)s: back in the issue.") % {"block": _name(block)})

    return act(request, block_or_404(date, key), do)


@require_POST
@desk_view
def move(request: HttpRequest, date: dt.date, key: str) -> HttpResponse:
    """One place `direction` (up, down) among the items, or to the place that `to` names, counted from 1."""
    to = request.POST.get("to", "")
    direction: Direction = "up" if request.POST.get("direction") == "up" else "down"

    def do(block: Block) -> Done:
        if to.isascii() and to.isdecimal():
            moved = editing.move_to(block, editor(request), int(to))
        else:
            moved = editing.move(block, editor(request), direction)
        if not moved:
            return Done(_("It can’t go further that way."), (block.key,), f"b-{block.key}")
        items = list(block.issue.blocks.filter(kind="item", dropped=False).order_by("position", "pk"))
        place = {"block": _name(block), "n": items.index(block) + 1, "all": len(items)}
        return _done(block, _("%(block)s: now %(n)d of %(all)d.") % place)

    return act(request, block_or_404(date, key), do)


def act(request: HttpRequest, block: Block, do: Callable[[Block], Done]) -> HttpResponse:
    """Do it, and say what came of it; where it is refused, the block is shown as it stands."""
    return attempt(request, block.issue, lambda: do(block), lambda said: replace(_done(block, said), failed=True))


def _step(request: HttpRequest, block: Block, *, back: bool) -> HttpResponse:
    wanted = _number(request.POST.get("revision", ""))

    def do(block: Block) -> Done:
        made = steps(list(block.revisions.all()))
        revision = made.undo if back else made.redo
        step = undoing.undo if back else undoing.redo
        if not step(block, editor(request), revision_id=wanted):
            return Done(_("There is nothing to undo here.") if back else _("There is nothing to do again here."))
        said = _("%(block)s: the change is undone.") if back else _("%(block)s: the change is made again.")
        several = bool(revision and revision.act)
        return Done(said % {"block": _name(block)}, (block.key,), f"b-{block.key}", reload=several)

    return act(request, block, do)


def _mine(request: HttpRequest, issue: Issue, *, back: bool) -> HttpResponse:
    """The newest step of the editor's that is next in its block; others' changes are left alone."""
    of_block: dict[int, list[BlockRevision]] = {}
    for revision in BlockRevision.objects.filter(block__issue=issue).select_related("block"):
        of_block.setdefault(revision.block_id, []).append(revision)
    nexts = [steps(revisions) for revisions in of_block.values()]
    candidates = [step.undo if back else step.redo for step in nexts]
    mine = [revision for revision in candidates if revision and revision.by_id == editor(request).pk]
    if not mine:
        said = _("You have nothing to undo.") if back else _("You have nothing to do again.")
        return answer(request, issue, Done(said))
    newest = max(mine, key=lambda revision: (revision.at, revision.pk))
    newest.block.issue = issue
    return _step(request, newest.block, back=back)


def _done(block: Block, said: str) -> Done:
    return Done(said, (block.key,), f"b-{block.key}")


def _name(block: Block) -> str:
    """The block in words: its headline in the editor's language, else its part."""
    title = block.title_zh if chinese() else block.title_en
    return title or block.title_en or block.title_zh or str(block.get_kind_display())


def _number(given: str) -> int | None:
    return int(given) if given.isascii() and given.isdecimal() else None
