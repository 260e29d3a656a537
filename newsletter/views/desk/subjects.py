"""The main line and the subjects of the mail, as mail programs will show them."""

import datetime as dt
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from newsletter.bilingual import LANGUAGES
from newsletter.models import Block, Issue
from newsletter.models.issue import EDITABLE
from newsletter.page import Choices, lay_out
from newsletter.review import editing, headlines
from newsletter.review.record import too_late
from newsletter.views.desk.access import desk_view, editor, plain_error
from newsletter.views.desk.find import block_or_404, issue_or_404
from newsletter.workflow import WorkflowError

NAMES = tuple(f"{stem}_{language}" for language in LANGUAGES for stem in ("title", "subject"))


@dataclass(frozen=True, slots=True)
class Leaf:
    """One language: what stands in the two fields, how long the subject is, what speaks against it."""

    language: str
    title: str
    subject: str
    long: int
    phone: int  # characters that a phone shows; Han ones where the language is Chinese
    cautions: list[headlines.Caution]
    problems: dict[str, str]
    preheader: str  # what a list of mails shows beside the subject: made from the first headlines

    @property
    def tag(self) -> str:
        return "zh-Hans" if self.language == "zh" else "en"


@require_http_methods(["GET", "HEAD", "POST"])
@desk_view
def subjects(request: HttpRequest, date: dt.date) -> HttpResponse:
    """GET shows them with their lengths and what speaks against them; POST saves all of them as one change."""
    issue = issue_or_404(date)
    back = reverse("desk:issue", args=[date])
    if issue.state not in EDITABLE:
        return plain_error(request, str(too_late(issue)), 409, back)
    block = block_or_404(date, "main-line")
    if request.method != "POST":
        return _page(request, block, editing.values(block))
    typed = {name: request.POST.get(name, "") for name in NAMES}
    try:
        saved = editing.edit_block(block, editor(request), typed, seen=request.POST.get("version", ""))
    except editing.EditRefusedError as refused:
        return _page(request, block, typed, refused.problems, status=422)
    except editing.EditConflictError as conflict:
        return _page(request, block, typed, theirs=conflict.theirs, status=409)
    except WorkflowError as reason:
        return plain_error(request, str(reason), 409, back)
    messages.success(request, _("Saved, and read by the checks.") if saved else _("Nothing was changed."))
    return redirect("desk:subjects", date=date)


def _page(
    request: HttpRequest,
    block: Block,
    typed: dict[str, Any],
    problems: dict[str, str] | None = None,
    *,
    theirs: dict[str, Any] | None = None,
    status: int = 200,
) -> HttpResponse:
    issue = block.issue
    block.refresh_from_db()
    context = {
        **{"issue": issue, "newsletter": issue.newsletter, "date": issue.date, "problems": problems or {}},
        **{"back": f"{reverse('desk:issue', args=[issue.date])}#b-main-line", "version": editing.version(block)},
        "leaves": [_leaf(issue, language, typed, problems or {}) for language in LANGUAGES],
        "theirs": {name: theirs[name] for name in NAMES if theirs[name] != typed[name]} if theirs else {},
    }
    return render(request, "desk/subjects.html", context, status=status)


def _leaf(issue: Issue, language: str, typed: dict[str, Any], problems: dict[str, str]) -> Leaf:
    subject = str(typed[f"subject_{language}"])
    return Leaf(
        *(language, str(typed[f"title_{language}"]), subject),
        long=headlines.length(subject.strip(), language),
        phone=headlines.ON_A_PHONE[language],
        cautions=[each for each in headlines.cautions(issue, subject, language) if each.slug != "phone"],  # counted
        problems={name[:-3]: said for name, said in problems.items() if name.endswith(f"_{language}")},
        preheader=lay_out(issue, Choices(language)).preheader,
    )
