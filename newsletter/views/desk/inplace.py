"""Editing a block in its place: the form opens among the blocks, saves by itself, and is read by the checks at once.

Without JavaScript the same addresses give a page with the whole texts (desk/edit.html).
"""

import datetime as dt
import secrets
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from newsletter import workflow
from newsletter.models import Block
from newsletter.models.issue import EDITABLE
from newsletter.review import editing, undoing
from newsletter.review.clash import together
from newsletter.review.record import too_late
from newsletter.views.desk import rows
from newsletter.views.desk.access import desk_view, editor, plain_error
from newsletter.views.desk.answers import Done, answer, by_htmx, parts, section_of
from newsletter.views.desk.clashes import found, told
from newsletter.views.desk.find import block_or_404
from newsletter.views.desk.forms import BlockForm
from newsletter.views.desk.proof import Proof, Proofreader, doubted_words
from newsletter.views.desk.rail import local_hour
from newsletter.views.desk.sources import quotes
from newsletter.workflow import WorkflowError

_NOTHING = "-"  # names no text: a form that doesn't say what it was opened with saves onto none


@require_http_methods(["GET", "HEAD", "POST"])
@desk_view
def edit(request: HttpRequest, date: dt.date, key: str) -> HttpResponse:
    """GET opens the block's texts; POST saves them. `choice` says what with a text that someone else has changed
    since (theirs, mine, both), or that the editor has finished (done)."""
    block = block_or_404(date, key)
    if block.issue.state not in EDITABLE:
        return _too_late(request, block, str(too_late(block.issue)))
    if request.method != "POST":
        return _editor(request, block) if by_htmx(request) else _page(request, block, BlockForm(block))
    try:
        return _save(request, block)
    except editing.EditRefusedError as refused:
        return _refused(request, block, refused)
    except editing.EditConflictError:
        return _clash(request, block)
    except WorkflowError as reason:
        return _too_late(request, block, str(reason))


def back_to(block: Block) -> str:
    """The block's place at the desk."""
    return f"{reverse('desk:issue', args=[block.issue.date])}#b-{block.key}"


def _save(request: HttpRequest, block: Block) -> HttpResponse:
    choice, data = request.POST.get("choice", ""), request.POST
    mine = rows.changes(block, data)
    seen = data.get("version") or _NOTHING
    if choice == "both":
        mine, seen = together(found(block, data), mine)[0], editing.version(block)
    elif choice in ("mine", "theirs"):
        seen = data.get("theirs") or _NOTHING
    saved = editing.edit_block(block, editor(request), mine, seen=seen, sitting=data.get("sitting", "")[:32])
    if choice == "theirs":
        if saved:  # kept in the history, from where it can be taken again
            undoing.undo(block, editor(request))
        return _close(request, block, _("Theirs stays. Your text is in the block’s history."))
    if not by_htmx(request):
        messages.success(request, _saved(block) if saved else _("Nothing was changed."))
        return redirect(back_to(block))
    if choice == "done":
        touched = saved or block.revisions.filter(sitting=data.get("sitting") or "-").exists()
        return _close(request, block, _saved(block) if touched else "")
    if choice == "both":
        block.refresh_from_db()
        response = _editor(request, block, said=_("Both texts are in the block now: read it once through."))
        response.headers["X-Closed"] = "1"  # as far as the form is concerned that the editor had open
        return response
    return _saved_parts(request, block)


def _too_late(request: HttpRequest, block: Block, said: str) -> HttpResponse:
    """The block as it can still be read; a form that is open keeps its text, and says that it isn't saved."""
    if not by_htmx(request):
        return plain_error(request, said, 409, back_to(block))
    if request.method == "POST":
        told = {"key": block.key, "problems": [said]}
        return parts(request, block.issue, Done(said, failed=True), lambda proof: told)
    response = answer(request, block.issue, Done(said, (block.key,), f"b-{block.key}", failed=True))
    response.headers["HX-Reswap"] = "none"  # the parts find their places by themselves
    return response


def _close(request: HttpRequest, block: Block, said: str) -> HttpResponse:
    """The block as it is read, in the form's place; the header lets the browser throw its copy of the text away."""
    response = answer(request, block.issue, Done(said, (block.key,), f"b-{block.key}"))
    response.headers["X-Closed"] = "1"
    return response


def _editor(request: HttpRequest, block: Block, *, said: str = "") -> HttpResponse:
    """The block as a form. `?fix=` names the finding whose words are to be selected."""
    section = section_of(Proofreader(block.issue).proof(), block.key)
    base = (block.text_en, block.text_zh)
    laid_out = rows.laid_out(block, base, section.doubts, section.number)
    placed = {doubt.finding.pk for row in laid_out for doubt in row.doubts}
    context: dict[str, Any] = {
        **{"block": block, "issue": block.issue, "date": block.issue.date, "newsletter": block.issue.newsletter},
        **{"section": section, "rows": laid_out, "base": base, "editable": True, "said": said, "swapped": bool(said)},
        "loose": [doubt for doubt in section.doubts if doubt.finding.pk not in placed],
        "subjects": rows.subjects(block),
        "flags": [name for name in editing.FLAGS if getattr(block, name)],
        "version": editing.version(block),
        "sitting": secrets.token_hex(8),
        "chosen": doubted_words(section, request.GET.get("fix", "")),
    }
    return render(request, "desk/_editor.html", context)


def _saved_parts(request: HttpRequest, block: Block) -> HttpResponse:
    """What an open form needs once it is saved: the version to save onto next, and each row's doubts now."""
    block.refresh_from_db()
    version = editing.version(block)
    count = len(rows.pairs(rows.opened(block, request.POST), block.parity))

    def form(proof: Proof) -> dict[str, Any]:
        doubts = section_of(proof, block.key).doubts
        placed = rows.at_rows(request.POST, doubts, count)
        shown = {doubt.finding.pk for _n, here in placed for doubt in here}
        loose = [doubt for doubt in doubts if doubt.finding.pk not in shown]
        hour = local_hour(timezone.now(), block.issue.newsletter)
        return {"key": block.key, "version": version, "placed": placed, "loose": loose, "hour": hour}

    response = parts(request, block.issue, Done(""), form)
    response.headers["X-Saved"] = version
    return response


def _refused(request: HttpRequest, block: Block, refused: editing.EditRefusedError) -> HttpResponse:
    if by_htmx(request):
        problems = list(dict.fromkeys(refused.problems.values()))
        return parts(request, block.issue, Done(""), lambda proof: {"key": block.key, "problems": problems})
    form = BlockForm(block, request.POST)
    form.is_valid()
    form.add_problems(refused.problems)
    return _page(request, block, form, status=422)


def _clash(request: HttpRequest, block: Block) -> HttpResponse:
    """Both texts, and who changed what when. The editor's own stays in the form; nothing of either is lost."""
    block.refresh_from_db()
    mine = rows.changes(block, request.POST)
    clash = told(block, request.POST, mine)
    if by_htmx(request):
        return parts(request, block.issue, Done(""), lambda proof: {"key": block.key, "clash": clash})
    form = BlockForm(block, {**mine, "version": request.POST.get("version", "")})
    return _page(request, block, form, status=409, clash=clash)


def _page(
    request: HttpRequest, block: Block, form: BlockForm, *, status: int = 200, clash: Any = None
) -> HttpResponse:
    reader = Proofreader(block.issue)
    section = section_of(reader.proof(), block.key)
    cited = {number: row.pair for row in section.rows for number in row.cited}
    context = {
        **{"block": block, "issue": block.issue, "form": form, "section": section, "clash": clash},
        "others": [c for c in block.issue.citations.all() if c.number not in cited],
        "quotes": [quote for number in sorted(cited) for quote in quotes(reader, cited[number], [number])],
        "back": back_to(block),
        "base": (block.text_en, block.text_zh),
    }
    return render(request, "desk/edit.html", context, status=status)


def _saved(block: Block) -> str:
    block.issue.refresh_from_db()
    if not workflow.is_read(block.issue):
        return _("Saved. The checks have not read it yet.")
    left = block.findings.filter(kept_by=None).count()
    if not left:
        return _("Saved and read again: nothing is doubted in this block.")
    return ngettext(
        "Saved and read again: %(n)d finding in this block.",
        "Saved and read again: %(n)d findings in this block.",
        left,
    ) % {"n": left}
