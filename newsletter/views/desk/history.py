"""The history of an issue: what every editor, rule and program did to it, newest first; and old texts put back."""

import datetime as dt
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.contrib.auth.models import User
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_POST, require_safe

from newsletter.deliver import pausing
from newsletter.models import Block, BlockRevision, Issue, Move
from newsletter.models.issue import EDITABLE, BlockKind
from newsletter.review import editing, history, words
from newsletter.review.history import Entry
from newsletter.views.desk.access import chinese, desk_view, editor
from newsletter.views.desk.find import issue_or_404
from newsletter.views.desk.proof import name_of
from newsletter.workflow import Act, WorkflowError

PER_PAGE = 40  # lines
ACTS: dict[str, Promise] = {
    Act.REVIEW: gettext_lazy("Went into review"),
    Act.APPROVE: gettext_lazy("Approved"),
    Act.RELEASE: gettext_lazy("Released by the rule for unapproved issues; no person read it"),
    Act.VOID: gettext_lazy("Approval voided"),
    Act.HOLD: gettext_lazy("Held"),
    Act.UNHOLD: gettext_lazy("No longer held"),
    Act.SKIP: gettext_lazy("Skipped"),
    Act.UNSKIP: gettext_lazy("No longer skipped"),
    Act.SEND: gettext_lazy("Began to go out"),
    Act.FINISH: gettext_lazy("Sent"),
    Act.TAKE_BACK: gettext_lazy("Taken back"),
    Act.SEND_ON: gettext_lazy("Sent on"),
    Act.SEND_NOW: gettext_lazy("Sent now, at an editor’s word"),
    Act.PAUSE: gettext_lazy("Paused while it went out"),
    Act.RESUME: gettext_lazy("Let go on"),
    Act.SEND_AGAIN: gettext_lazy("Sent mails in doubt again"),
    Act.COUNT_AS_SENT: gettext_lazy("Counted mails in doubt as sent"),
    Act.TRY_AGAIN: gettext_lazy("Tried refused mails again"),
    Act.ADD_LATE: gettext_lazy("Sent to readers who came late"),
}


@dataclass(frozen=True, slots=True)
class Line:
    """An entry as it is shown."""

    entry: Entry
    what: str  # the act in words
    place: str = ""  # which block
    note: str = ""
    sentence: str = ""
    may_put_back: bool = False
    version: str = ""  # of the block's texts as this page shows them

    @property
    def struck(self) -> bool:
        """Whether somebody took the change back since."""
        return self.entry.kind == "edited" and hasattr(self.entry.row, "undone_by")


@require_safe
@desk_view
def history_page(request: HttpRequest, date: dt.date) -> HttpResponse:
    """One page of the history, of one block or by one person where that is asked for."""
    issue = issue_or_404(date)
    places = _places(issue)
    block = next((each for each in places if each.key == request.GET.get("block")), None)
    everybody = history.people(issue)
    person = next((each for each in everybody if each.get_username() == request.GET.get("by")), None)
    page = Paginator(history.listing(issue, block=block, person=person), PER_PAGE).get_page(request.GET.get("page"))
    entries = history.entries(issue, page.object_list)
    context = {
        **{"issue": issue, "newsletter": issue.newsletter, "date": date, "page": page, "chosen": block},
        **{"person": person, "people": everybody, "filtered": block is not None or person is not None},
        "places": [(each.key, name) for each, name in places.items()],
        "lines": [_line(issue, entry, places) for entry in entries],
        "query": _query(block, person),
    }
    return render(request, "desk/history.html", context)


@require_POST
@desk_view
def put_back(request: HttpRequest, date: dt.date, pk: int) -> HttpResponse:
    """Write an earlier text into its block again, as a new edit."""
    issue = issue_or_404(date)
    revision = get_object_or_404(BlockRevision.objects.select_related("block"), pk=pk, block__issue=issue)
    revision.block.issue = issue
    try:
        done = history.put_back(revision, editor(request), seen=request.POST.get("version") or "-")
    except editing.EditRefusedError as refused:
        messages.error(request, " ".join(refused.problems.values()))
    except editing.EditConflictError:
        messages.error(request, _("Someone changed the block again in the meantime: look at it first."))
    except WorkflowError as reason:
        messages.error(request, str(reason))
    else:
        said = _("Put back. It is a new edit: what stood there is in the history too.")
        messages.success(request, said if done else _("That is what stands there."))
    return redirect(f"{reverse('desk:history', args=[date])}?{urlencode({'block': revision.block.key})}")


def _places(issue: Issue) -> dict[Block, str]:
    """Every block with its name, in the issue's order."""
    counts: dict[tuple[str, int | None], int] = {}
    places: dict[Block, str] = {}
    for block in issue.blocks.select_related("source_list").order_by("position", "pk"):
        nth = counts[block.kind, block.source_list_id] = counts.get((block.kind, block.source_list_id), 0) + 1
        title = (block.title_zh or block.title_en) if chinese() else (block.title_en or block.title_zh)
        places[block] = title if block.kind == BlockKind.ITEM and title else name_of(block, nth)
    return places


def _query(block: Block | None, person: User | None) -> str:
    """What the links to other pages keep."""
    asked = {"block": block.key if block else "", "by": person.get_username() if person else ""}
    return urlencode({name: value for name, value in asked.items() if value})


def _line(issue: Issue, entry: Entry, places: dict[Block, str]) -> Line:
    place = places.get(entry.block, "") if entry.block else ""
    row: Any = entry.row
    if entry.kind in ("edited", "undone", "redone"):
        old = bool(entry.old) and issue.state in EDITABLE
        return Line(entry, _edited(entry), place, may_put_back=old, version=editing.version(row.block) if old else "")
    if entry.kind == "word":
        what = _("Let a finding stand") if row.because else _("Took back the word on a finding")
        return Line(entry, what, place, note=row.because, sentence=row.sentence)
    if entry.kind == "move":
        return Line(entry, str(ACTS.get(row.act, words.STATES[row.became])), place, note=_note_of_move(row))
    if entry.kind == "waiver":
        return Line(entry, _("Waived a point before approval"), note=row.because)
    if entry.kind == "trial":
        return Line(entry, _("Sent a test") if row.accepted else _("Tried to send a test"), note=row.address)
    if entry.kind == "correction":
        return Line(entry, _("Corrected after sending"), place, note=row.note_zh if chinese() else row.note_en)
    return Line(entry, _("Composed"))


def _note_of_move(move: Move) -> str:
    """Why; of mails that were decided about, how many."""
    if move.act == Act.PAUSE:
        return pausing.told_in_history(move.because)
    number, _blank, where = move.because.partition(" ")
    if move.act in (Act.SEND_AGAIN, Act.COUNT_AS_SENT, Act.TRY_AGAIN) and number.isdecimal():
        mails = ngettext("%(n)d mail", "%(n)d mails", int(number)) % {"n": int(number)}
        return f"{mails} {where}".strip()
    return move.because


def _edited(entry: Entry) -> str:
    if entry.kind == "undone":
        return _("Undid a change")
    if entry.kind == "redone":
        return _("Did a change again")
    fields = {change.field: change for change in entry.changes}
    if "dropped" in fields:
        return _("Put back into the issue") if fields["dropped"].was else _("Dropped")
    if "moved" in fields:
        return _("Moved up") if fields["moved"].was < 0 else _("Moved down")
    return _("Edited")
