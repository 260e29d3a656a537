"""What was told from outside and not believed, or not understood: looked at by a person, applied or discarded."""

from typing import Any

from django.contrib import messages
from django.contrib.admin.models import DELETION, LogEntry
from django.core.paginator import Paginator
from django.db.models import Count
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_POST, require_safe

from newsletter.deliver import keeping
from newsletter.deliver.bounces import Kind
from newsletter.models import DeliveryEvent
from newsletter.review.record import audit
from newsletter.roles import READERS
from newsletter.views.desk.access import desk_view, editor, needs
from newsletter.views.desk.find import the_newsletter
from subscribers.addresses import AddressError, normalise
from subscribers.models import State, Subscriber

PER_PAGE = 50
KINDS: dict[str, Promise] = {
    Kind.BOUNCE: gettext_lazy("Came back"),
    Kind.DELAY: gettext_lazy("Late"),
    Kind.COMPLAINT: gettext_lazy("Called spam"),
    Kind.OPT_OUT: gettext_lazy("Wants to leave"),
    Kind.OTHER: gettext_lazy("Not understood"),
}
# Why nothing was applied, as deliver.finding says it.
_WHY: dict[str, Promise] = {
    "it names no mail of ours": gettext_lazy("it names no mail of ours"),
    "the mail it names was never sent": gettext_lazy("the mail it names was never sent"),
    "the mail it names was sent more than 30 days ago": gettext_lazy(
        "the mail it names was sent more than 30 days ago"
    ),
    "the reader has proved an address since": gettext_lazy("the reader has proved an address since"),
    "the reader is erased": gettext_lazy("the reader is erased"),
}


@require_safe
@desk_view
@needs(READERS)
def reports(request: HttpRequest) -> HttpResponse:
    """All that waits, or of one kind; each can be opened, and many discarded at once."""
    counts = dict(keeping.waiting().order_by().values_list("kind").annotate(n=Count("pk")))
    kind = request.GET.get("kind", "")
    kind = kind if kind in counts else ""
    found = keeping.waiting().filter(kind=kind) if kind else keeping.waiting()
    page = Paginator(found, PER_PAGE).get_page(request.GET.get("page"))
    context: dict[str, Any] = {
        **{"page": page, "kind": kind, "newsletter": the_newsletter(), "kept_days": keeping.KEPT_FOR.days},
        "kinds": [(name, KINDS.get(name, name), count) for name, count in sorted(counts.items())],
        "rows": [(event, KINDS.get(event.kind, event.kind), _gist(event), _why(event)) for event in page],
        "all": sum(counts.values()),
    }
    return render(request, "desk/reports.html", context)


@require_safe
@desk_view
@needs(READERS)
def report(request: HttpRequest, pk: int) -> HttpResponse:
    """One of them, with all that is kept of it."""
    return _one(request, get_object_or_404(keeping.waiting(), pk=pk))


@require_POST
@desk_view
@needs(READERS)
def apply_report(request: HttpRequest, pk: int) -> HttpResponse:
    """The person says whom it is about: what it says is done to that reader, and it is settled."""
    event = get_object_or_404(keeping.waiting(), pk=pk, kind__in=keeping.APPLICABLE)
    address = request.POST.get("address", "").strip()
    reader = _reader(address)
    if reader is None:
        return _one(request, event, problem=_("No reader has this address."), address=address, status=422)
    if keeping.apply_to(event, reader, editor(request).get_username(), timezone.now()):
        audit(editor(request), event, f"applied to reader {reader.pk}")
        reader.refresh_from_db()
        messages.success(request, _("Applied: the reader is now “%(state)s”.") % {"state": State(reader.state).label})
    return redirect("desk:reports")


@require_POST
@desk_view
@needs(READERS)
def discard(request: HttpRequest) -> HttpResponse:
    """Delete those that were ticked, or all of the kind that is shown. No reader is touched."""
    found = keeping.waiting()
    if request.POST.get("all") == "1":
        kind = request.POST.get("kind", "")
        found = found.filter(kind=kind) if kind else found
    else:
        found = found.filter(pk__in=[each for each in request.POST.getlist("report") if each.isdecimal()][:PER_PAGE])
    rows = list(found)
    if rows:
        LogEntry.objects.log_actions(editor(request).pk, rows, DELETION, "discarded")
        DeliveryEvent.objects.filter(pk__in=[row.pk for row in rows], applied_at=None).delete()
    said = ngettext("%(n)d report discarded.", "%(n)d reports discarded.", len(rows)) % {"n": len(rows)}
    messages.success(request, said)
    return redirect("desk:reports")


def _one(
    request: HttpRequest, event: DeliveryEvent, *, problem: str = "", address: str = "", status: int = 200
) -> HttpResponse:
    context: dict[str, Any] = {
        **{"event": event, "name": KINDS.get(event.kind, event.kind), "why": _why(event), "address": address},
        "words": event.detail.get("diagnostic") or event.detail.get("text", ""),
        **{"problem": problem, "newsletter": the_newsletter(), "applicable": event.kind in keeping.APPLICABLE},
    }
    return render(request, "desk/report.html", context, status=status)


def _reader(address: str) -> Subscriber | None:
    try:
        key = normalise(address).key
    except AddressError:
        return None
    return Subscriber.objects.filter(email_key=key).first()


def _gist(event: DeliveryEvent) -> str:
    words = [event.detail.get(name) for name in ("status", "diagnostic", "subject")]
    return " · ".join(filter(None, words))


def _why(event: DeliveryEvent) -> str:
    said = event.detail.get("why", "")
    return str(_WHY.get(said, said))
