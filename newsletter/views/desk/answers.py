"""What a browser gets after an act at the desk: with htmx the parts of the page that changed, else the page again.

Every form of the issue's page works without JavaScript. With it, htmx posts the form, and the answer carries the
changed blocks, the head and the rail as out-of-band parts, what was done in words for the live region, and (in the
header HX-Trigger-After-Settle) the order of all blocks, since a drop or a move gives others new numbers.
"""

import json
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from newsletter.models import Issue
from newsletter.review.editing import EditConflictError, EditRefusedError
from newsletter.views.desk import whole
from newsletter.views.desk.proof import Proof, Section
from newsletter.workflow import WorkflowError


@dataclass(frozen=True, slots=True)
class Done:
    """What an act did, in the editor's language. `keys`: blocks that look different now; `focus`: the id to go to."""

    said: str
    keys: tuple[str, ...] = ()
    focus: str = ""
    failed: bool = False
    reload: bool = False  # more has changed than can be put into a page that is open


def by_htmx(request: HttpRequest) -> bool:
    """Whether the answer goes into a page that is open."""
    return request.headers.get("HX-Request") == "true"


def answer(request: HttpRequest, issue: Issue, done: Done) -> HttpResponse:
    """Say what was done: into the open page, or by the way of the page itself."""
    address = reverse("desk:issue", args=[issue.date]) + (f"#{done.focus}" if done.focus else "")
    if by_htmx(request) and not done.reload:
        return parts(request, issue, done)
    (messages.error if done.failed else messages.success)(request, done.said)
    if by_htmx(request):
        return HttpResponse(headers={"HX-Redirect": address, "HX-Refresh": "true"})
    return redirect(address)


def attempt(request: HttpRequest, issue: Issue, do: Callable[[], Done], failed: Callable[[str], Done]) -> HttpResponse:
    """Do it, and say what came of it; what is refused is said in words, by what `failed` makes of them."""
    try:
        done = do()
    except EditRefusedError as refused:
        done = failed(" ".join(refused.problems.values()))
    except EditConflictError:
        done = failed(_("Someone changed the block again in the meantime: look at it first."))
    except WorkflowError as reason:
        done = failed(str(reason))
    return answer(request, issue, done)


def parts(
    request: HttpRequest, issue: Issue, done: Done, form: Callable[[Proof], dict[str, Any]] | None = None
) -> HttpResponse:
    """The changed parts of the open page; `form` says what a form that stays open is told (desk/_form_parts.html)."""
    issue.refresh_from_db()
    context = whole.context(issue, measured=False)
    shown = [section for section in context["proof"].sections if section.block.key in done.keys]
    open_form = form(context["proof"]) if form else None
    response = render(request, "desk/_answer.html", {**context, "shown": shown, "done": done, "form": open_form})
    told = {"desk:settled": {"order": _order(context["proof"]), "focus": done.focus}}
    response.headers["HX-Trigger-After-Settle"] = json.dumps(told)
    return response


def section_of(proof: Proof, key: str) -> Section:
    """The block with this key as the proof shows it."""
    return next(section for section in proof.sections if section.block.key == key)


def _order(proof: Proof) -> list[tuple[str, int | None, bool, bool]]:
    sections: Iterable[Section] = proof.sections
    return [(section.block.key, section.number, section.can_up, section.can_down) for section in sections]
