"""The editor's own notes: written here, edited like any block, and moved to wherever they shall stand."""

import datetime as dt

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from newsletter.models import Block
from newsletter.models.issue import EDITABLE, BlockKind
from newsletter.review import notes, placing
from newsletter.review.editing import TEXTS, EditRefusedError
from newsletter.review.record import too_late
from newsletter.views.desk.access import desk_view, editor, plain_error
from newsletter.views.desk.find import block_or_404, issue_or_404
from newsletter.views.desk.inplace import back_to
from newsletter.workflow import WorkflowError


@require_http_methods(["GET", "HEAD", "POST"])
@desk_view
def note(request: HttpRequest, date: dt.date) -> HttpResponse:
    """GET is the empty note; POST puts it in."""
    issue = issue_or_404(date)
    back = reverse("desk:issue", args=[date])
    if issue.state not in EDITABLE:
        return plain_error(request, str(too_late(issue)), 409, back)
    problems: dict[str, str] = {}
    said = {name: request.POST.get(name, "") for name in TEXTS}
    chosen = request.POST.get("after") or request.GET.get("after") or "main-line"
    if request.method == "POST":
        after = issue.blocks.filter(key=chosen, dropped=False).first()
        try:
            block = notes.add_note(issue, editor(request), said, after)
        except EditRefusedError as refused:
            problems = refused.problems
        except WorkflowError as reason:
            return plain_error(request, str(reason), 409, back)
        else:
            messages.success(request, _("The note is in, and has been read by the checks."))
            return redirect(back_to(block))
    context = {
        **{"issue": issue, "newsletter": issue.newsletter, "date": date, "back": back, "chosen": chosen},
        "places": placing.places(issue, kinds=placing.FOR_NOTES),
        "fields": [
            {"name": name, "lang": name[-2:], "line": name.startswith("title"), "value": said[name]}
            | {"problem": problems.get(name, "")}
            for name in ("title_en", "text_en", "title_zh", "text_zh")
        ],
    }
    return render(request, "desk/note.html", context, status=422 if problems else 200)


@require_http_methods(["GET", "HEAD", "POST"])
@desk_view
def place(request: HttpRequest, date: dt.date, key: str) -> HttpResponse:
    """Where the note shall stand."""
    block = block_or_404(date, key)
    if block.kind != BlockKind.NOTE or block.issue.state not in EDITABLE:
        return plain_error(request, _("Only a note that is in the issue can be put elsewhere."), 409, back_to(block))
    if request.method == "POST":
        after = block_or_404(date, request.POST.get("after", ""))
        try:
            moved = placing.move_after(block, editor(request), after)
        except EditRefusedError as refused:
            messages.error(request, " ".join(refused.problems.values()))
        except WorkflowError as reason:
            messages.error(request, str(reason))
        else:
            messages.success(request, _("Moved.") if moved else _("It stands there already."))
        return redirect(back_to(block))
    places = placing.places(block.issue, kinds=placing.FOR_NOTES, but=block.key)
    context = {
        **{"it": block, "issue": block.issue, "newsletter": block.issue.newsletter, "back": back_to(block)},
        **{"places": places, "date": date, "chosen": _before(block)},
    }
    return render(request, "desk/place.html", context)


def _before(block: Block) -> str:
    """The key of what it stands after now."""
    rows = list(block.issue.blocks.filter(dropped=False).order_by("position", "pk"))
    at = next((n for n, row in enumerate(rows) if row.pk == block.pk), 0)
    return rows[at - 1].key if at else ""
