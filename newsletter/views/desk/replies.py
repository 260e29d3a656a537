"""What readers answered to our mails: a list to be worked off, each answer as plain text, whoever wrote it."""

from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from newsletter.deliver import replies as answers
from newsletter.models import Reply
from newsletter.review.record import audit
from newsletter.roles import EDIT
from newsletter.views.desk.access import desk_view, editor, needs
from newsletter.views.desk.find import the_newsletter

PER_PAGE = 50
SHELVES = ("open", "done", "all")


@require_safe
@desk_view
@needs(EDIT)
def replies(request: HttpRequest) -> HttpResponse:
    """The answers that wait, were dealt with, or all; those with a word in them, where one is looked for."""
    shelf = request.GET.get("show", "open")
    shelf = shelf if shelf in SHELVES else "open"
    sought = request.GET.get("q", "").strip()[:100]
    found = _sought(_on(shelf).select_related("reader", "issue"), sought)
    context = {
        **{"shelf": shelf, "sought": sought, "newsletter": the_newsletter(), "kept_days": answers.REPLIES_KEPT.days},
        "page": Paginator(found, PER_PAGE).get_page(request.GET.get("page")),
        "query": urlencode({"show": shelf, **({"q": sought} if sought else {})}),
        "counts": [(name, _on(name).count()) for name in SHELVES],
        "forwarded_to": _forwarded_to(),
    }
    return render(request, "desk/replies.html", context)


@require_safe
@desk_view
@needs(EDIT)
def reply(request: HttpRequest, pk: int) -> HttpResponse:
    """One answer, as text: nothing in it is HTML, no address in it is a link, nothing attached is opened."""
    found = get_object_or_404(Reply.objects.select_related("reader", "issue", "done_by"), pk=pk)
    following = _on("open").filter(received_at__lt=found.received_at).first()
    context: dict[str, Any] = {"reply": found, "newsletter": the_newsletter(), "following": following}
    context["kept_days"] = answers.REPLIES_KEPT.days
    return render(request, "desk/reply.html", context)


@require_POST
@desk_view
def settle(request: HttpRequest, pk: int) -> HttpResponse:
    """Mark an answer as dealt with, or take that back."""
    found = get_object_or_404(Reply, pk=pk)
    done = request.POST.get("done") == "1"
    found.done_at, found.done_by = (timezone.now(), editor(request)) if done else (None, None)
    found.save(update_fields=["done_at", "done_by"])
    audit(editor(request), found, "done" if done else "open again")
    messages.success(request, _("Dealt with.") if done else _("Waiting again."))
    return redirect("desk:replies" if done else reverse("desk:reply", args=[pk]))


@require_POST
@desk_view
def delete(request: HttpRequest, pk: int) -> HttpResponse:
    """Delete an answer for good, as spam or at its writer's wish."""
    found = get_object_or_404(Reply, pk=pk)
    audit(editor(request), found, "deleted")
    found.delete()
    messages.success(request, _("Deleted."))
    return redirect("desk:replies")


def open_count() -> int:
    """How many answers nobody has dealt with."""
    return _on("open").count()


def _on(shelf: str) -> QuerySet[Reply]:
    rows = Reply.objects.all()
    return rows if shelf == "all" else rows.filter(done_at__isnull=shelf == "open")


def _sought(rows: QuerySet[Reply], sought: str) -> QuerySet[Reply]:
    if not sought:
        return rows
    fields = ("sender", "sender_name", "subject", "text")
    wanted = Q()
    for name in fields:
        wanted |= Q(**{f"{name}__icontains": sought})
    return rows.filter(wanted)


def _forwarded_to() -> str:
    """Where answers are passed on to; empty: they are read here alone."""
    newsletter = the_newsletter()
    same = newsletter.reply_address.lower() == newsletter.sender_address.lower()
    return "" if same else newsletter.reply_address
