"""What only the mailbox's owner may do: a copy of the data, erasing it, another address. Single-use links, by POST."""

import functools
from collections.abc import Callable

from django.db import transaction
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from subscribers import addresses, joining, links, moving, preferences, records, tickets, upcoming
from subscribers.models import State, Subscriber, Ticket
from subscribers.views import pages, typed

View = Callable[[HttpRequest, Ticket], HttpResponse]
SAME_ADDRESS = _("This is the address that we write to already.")


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
    with transaction.atomic():  # a link with which nothing came about works on
        if not tickets.use(ticket, timezone.now()):
            return pages.dead_link(request)
        copied = records.everything(ticket.reader)
    response = JsonResponse(copied, json_dumps_params={"ensure_ascii": False, "indent": 2})
    response["Content-Disposition"] = 'attachment; filename="chenbao-my-data.json"'
    return response


@by_ticket(Ticket.Purpose.ERASE)
def erase(request: HttpRequest, ticket: Ticket) -> HttpResponse:
    """GET says what goes and what stays; the POST erases."""
    if request.method != "POST":
        return _show(request, ticket, "erase")
    language = pages.chosen_language(request, ticket.reader.language)
    with transaction.atomic():
        if not tickets.use(ticket, timezone.now()):
            return pages.dead_link(request)
        joining.erase(ticket.reader, pages.proof_of(request, "page"))
    return pages.render(request, "subscribers/grave_done.html", language, {"done": "erase"})


@by_ticket(Ticket.Purpose.CHANGE)
def change(request: HttpRequest, ticket: Ticket) -> HttpResponse:
    """GET asks for the new address; the POST writes to it, and nothing has changed yet."""
    if request.method != "POST":
        return _show(request, ticket, "change")
    written = request.POST.get("email", "")
    try:
        address = typed.read(written)
    except typed.TypedError as wrong:
        return _show(request, ticket, "change", typed=written, error=wrong.args[0])
    if address.key == ticket.reader.email_key:
        return _show(request, ticket, "change", typed=written, error=SAME_ADDRESS)
    language = pages.chosen_language(request, ticket.reader.language)
    here = f"{request.path}?language={language}"
    if question := typed.doubt(request, address, language, action=here, other=here, fields={}):
        return question
    now = timezone.now()
    with transaction.atomic():
        if not tickets.use(ticket, now):
            return pages.dead_link(request)
        if tickets.send(ticket.reader, Ticket.Purpose.NEW_ADDRESS, now, new_email=address.email):
            return pages.render(request, "subscribers/grave_done.html", language, {"done": "change"})
        transaction.set_rollback(True)  # the link works on: nothing was done with it
    again = upcoming.on_clock(tickets.again_at(now, new_email=True), ticket.reader.zone)
    return _show(request, ticket, "change", typed=written, no_mail_before=again, status=429)


@by_ticket(Ticket.Purpose.NEW_ADDRESS)
def new_address(request: HttpRequest, ticket: Ticket) -> HttpResponse:
    """GET shows a button; its POST, from the new mailbox, moves the reader there.

    Where that mailbox is a reader's already, the page says so: only its owner opens it. A POST that wasn't told so
    is shown the page once more.
    """
    replaced = _reader_at(ticket.new_email)
    if request.method != "POST" or (replaced and not request.POST.get("replace")):
        return _show(request, ticket, "new_address", replaced=replaced)
    with transaction.atomic():
        if not tickets.use(ticket, timezone.now()):
            return pages.dead_link(request)
        moving.move_address(ticket.reader, ticket.new_email, pages.proof_of(request, "page"))
    reader = Subscriber.objects.get(pk=ticket.reader_id)
    context = {"done": "new_address", "preferences_url": links.preferences_url(reader)}
    return pages.render(
        request, "subscribers/grave_done.html", pages.chosen_language(request, reader.language), context
    )


def _reader_at(email: str) -> Subscriber | None:
    return Subscriber.objects.filter(email_key=addresses.normalise(email).key).first()


def _show(
    request: HttpRequest, ticket: Ticket, act: str, *, status: int = 200, error: object = "", **more: object
) -> HttpResponse:
    reader = ticket.reader
    context = more | {
        "act": act,
        "error": error,
        "masked": addresses.mask(reader.email or ""),
        "masked_new": addresses.mask(ticket.new_email) if ticket.new_email else "",
        "gets_mail": reader.state in (State.ACTIVE, State.PAUSED),
        "choices": preferences.in_short(reader),
    }
    language = pages.chosen_language(request, reader.language)
    return pages.render(request, "subscribers/grave.html", language, context, status=422 if error else status)
