"""What only the mailbox's owner may do: a copy of the data, erasing it, another address. Single-use links, by POST."""

import functools
from collections.abc import Callable

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from subscribers import addresses, forms, joining, limits, links, moving, records, tickets
from subscribers.models import Subscriber, Ticket
from subscribers.views import pages

View = Callable[[HttpRequest, Ticket], HttpResponse]


def by_ticket(purpose: Ticket.Purpose) -> Callable[[View], Callable[..., HttpResponse]]:
    """Hand the view the unused ticket of its link; anything else gets the page of dead links."""

    def decorate(view: View) -> Callable[..., HttpResponse]:
        @csrf_exempt
        @require_http_methods(["GET", "HEAD", "POST"])
        @functools.wraps(view)
        def wrapped(request: HttpRequest, signed: str) -> HttpResponse:
            try:
                ticket = tickets.read(signed, purpose, timezone.now())
            except links.LinkError:
                return pages.private(pages.dead_link(request))
            return pages.private(view(request, ticket))

        return wrapped

    return decorate


@by_ticket(Ticket.Purpose.COPY)
def copy(request: HttpRequest, ticket: Ticket) -> HttpResponse:
    """GET shows a button; its POST gives one JSON file, once."""
    if request.method != "POST":
        return _show(request, ticket, "copy")
    if not tickets.use(ticket, timezone.now()):
        return pages.dead_link(request)
    response = JsonResponse(records.everything(ticket.reader), json_dumps_params={"ensure_ascii": False, "indent": 2})
    response["Content-Disposition"] = 'attachment; filename="chenbao-my-data.json"'
    return response


@by_ticket(Ticket.Purpose.ERASE)
def erase(request: HttpRequest, ticket: Ticket) -> HttpResponse:
    """GET says what goes and what stays; the POST erases."""
    if request.method != "POST":
        return _show(request, ticket, "erase")
    language = pages.chosen_language(request, ticket.reader.language)
    if not tickets.use(ticket, timezone.now()):
        return pages.dead_link(request)
    joining.erase(ticket.reader, pages.proof_of(request, "page"))
    return pages.render(request, "subscribers/grave_done.html", language, {"done": "erase"})


@by_ticket(Ticket.Purpose.CHANGE)
def change(request: HttpRequest, ticket: Ticket) -> HttpResponse:
    """GET asks for the new address; the POST writes to it, and nothing has changed yet."""
    if request.method != "POST":
        return _show(request, ticket, "change")
    typed = request.POST.get("email", "")
    try:
        address = addresses.normalise(typed)
    except addresses.AddressError:
        return _show(request, ticket, "change", typed=typed, error=forms.NO_ADDRESS)
    if address.key == ticket.reader.email_key:
        return _show(request, ticket, "change", typed=typed, error=_("This is the address that we write to already."))
    now = timezone.now()
    if not tickets.use(ticket, now):
        return pages.dead_link(request)
    if limits.allow([(limits.PER_ADDRESS, address.key)], now):
        tickets.send(ticket.reader, Ticket.Purpose.NEW_ADDRESS, now, new_email=address.email)
    language = pages.chosen_language(request, ticket.reader.language)
    return pages.render(request, "subscribers/grave_done.html", language, {"done": "change"})


@by_ticket(Ticket.Purpose.NEW_ADDRESS)
def new_address(request: HttpRequest, ticket: Ticket) -> HttpResponse:
    """GET shows a button; its POST, from the new mailbox, moves the reader there."""
    if request.method != "POST":
        return _show(request, ticket, "new_address")
    if not tickets.use(ticket, timezone.now()):
        return pages.dead_link(request)
    moving.move_address(ticket.reader, ticket.new_email, pages.proof_of(request, "page"))
    reader = Subscriber.objects.get(pk=ticket.reader_id)
    context = {"done": "new_address", "preferences_url": links.preferences_url(reader)}
    return pages.render(
        request, "subscribers/grave_done.html", pages.chosen_language(request, reader.language), context
    )


def _show(request: HttpRequest, ticket: Ticket, act: str, *, typed: str = "", error: object = "") -> HttpResponse:
    context = {
        "act": act,
        "typed": typed,
        "error": error,
        "masked": addresses.mask(ticket.reader.email or ""),
        "masked_new": addresses.mask(ticket.new_email) if ticket.new_email else "",
    }
    language = pages.chosen_language(request, ticket.reader.language)
    return pages.render(request, "subscribers/grave.html", language, context, status=422 if error else 200)
