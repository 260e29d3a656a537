"""The page of choices, at a signed link in every mail. It shows the address masked, because mails get forwarded."""

import datetime as dt
from typing import Any
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_POST

from subscribers import (
    addresses,
    consents,
    joining,
    limits,
    links,
    offers,
    preferences,
    signup,
    tickets,
    upcoming,
    zones,
)
from subscribers.forms import PreferencesForm, present_choices
from subscribers.models import Happening, State, Subscriber, Ticket
from subscribers.views import pages

HOURS = tuple(f"{hour:02d}:{minute:02d}" for hour in range(24) for minute in (0, 30))


# What the page calls each question, to lead to those that are answered wrongly.
LABELS = {
    "language": _("Language"),
    "lists": _("Reports on"),
    "sections": _("Sections"),
    "topics": _("Topics"),
    "frequency": _("How often"),
    "send_at": _("Hour"),
    "zone": _("Time zone"),
    "plain_text": _("Format"),
    "paused_until": _("Pause until"),
}


@pages.by_link(links.Purpose.PREFERENCES)
@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: HttpRequest, reader: Subscriber, signed: str) -> HttpResponse:
    """GET shows the choices as they are; POST stores them and shows them again, with word that they are stored.

    With `act=resume` it ends a pause and touches no choice; with `act=return` who is not on the list is asked by mail
    to confirm. So many an hour for each reader (limits.PER_READER).
    """
    present = offers.current()
    today = timezone.now().date()
    gets_mail = reader.state in (State.ACTIVE, State.PAUSED)
    if request.method != "POST":
        form = PreferencesForm(present, today, present_choices(reader, present))
        return _page(request, reader, present, form)
    act = request.POST.get("act")
    form = PreferencesForm(present, today, request.POST, may_pause=gets_mail)
    if not act and not form.is_valid():
        return _page(request, reader, present, form, errors=True)
    if refusal := pages.too_often(request, reader):
        return refusal
    if act == "return":
        return _ask_to_return(request, reader)
    if act == "resume":
        joining.resume(reader, pages.proof_of(request, "page"))
    else:
        until = form.cleaned_data["paused_until"]
        preferences.save(reader, form.choices(), until, pages.proof_of(request, "page"))
    return pages.back_to(request, saved="1")


def _ask_to_return(request: HttpRequest, reader: Subscriber) -> HttpResponse:
    """Coming back is joining anew: the mail that asks to confirm goes out, within the limits of the sign-up form."""
    if reader.state in (State.ACTIVE, State.PAUSED):
        return pages.back_to(request)
    language = pages.chosen_language(request, reader.language)
    proof = pages.proof_of(request, "page", wording=consents.signing_up(language))
    asked = signup.ask(addresses.normalise(reader.email or ""), reader.language, proof)
    return pages.back_to(request, asked="1" if asked else "0")


@pages.by_link(links.Purpose.PREFERENCES)
@require_POST
def ask(request: HttpRequest, reader: Subscriber, signed: str) -> HttpResponse:
    """For what a forwarded mail must not be able to do, a single-use link goes to the reader's own mailbox."""
    wish = request.POST.get("wish", "")
    mailed = None
    if wish in (Ticket.Purpose.COPY, Ticket.Purpose.ERASE, Ticket.Purpose.CHANGE):
        mailed = tickets.send(reader, Ticket.Purpose(wish), timezone.now())
    target = reverse("readers:preferences", args=[signed])
    query = {"language": pages.chosen_language(request, reader.language), "mailed": "1" if mailed else "0"}
    return HttpResponse(status=303, headers={"Location": f"{target}?{urlencode(query)}#grave"})


def _page(
    request: HttpRequest, reader: Subscriber, present: offers.Offers, form: PreferencesForm, *, errors: bool = False
) -> HttpResponse:
    now = timezone.now()
    moment = upcoming.next_mail(reader, present, now)
    data = form.data
    context: dict[str, Any] = {
        "reader": reader,
        "masked": addresses.mask(reader.email or ""),
        "next_mail": upcoming.say(moment, reader.zone) if moment else None,
        "saved": "saved" in request.GET and not errors,
        "mailed": request.GET.get("mailed", ""),
        "ticket_again": upcoming.on_clock(tickets.again_at(now), reader.zone),
        "asked": request.GET.get("asked", ""),
        "asked_again": upcoming.on_clock(limits.PER_ADDRESS.ends(now), reader.zone),
        "wording": consents.SIGN_UP,
        "gaps": preferences.gaps(reader, present),
        "clock": _clock(reader.zone),
        "paused_until": reader.state == State.PAUSED and reader.paused_until and upcoming.say_day(reader.paused_until),
        "ask_url": reverse("readers:ask", args=[links.sign(reader.token, links.Purpose.PREFERENCES)]),
        # as lazy texts, because the page may say them in two languages
        "errors": {name: [each.message for each in found] for name, found in form.errors.as_data().items()},
        "wrong": [(name, LABELS[name]) for name in form.errors],
        "chosen": {name: _list(data, name) for name in ("lists", "sections", "topics")},
        "data": data,
        # an import may bring another, which an untouched save keeps
        "hours": sorted({*HOURS, f"{reader.send_at:%H:%M}"}) if reader.send_at else HOURS,
        "usual_hour": f"{present.hour:%H:%M}",
        "zones": zones.usual(),
        "other_zones": zones.others_with(zones.canonical(reader.zone)),
        "tomorrow": (now + dt.timedelta(days=1)).date().isoformat(),
        "latest_pause": (now + joining.LONGEST_PAUSE).date().isoformat(),
        "leave_url": links.leave_url(reader),
        "gets_mail": reader.state in (State.ACTIVE, State.PAUSED),
        "may_leave": reader.state in joining.MOVES[Happening.LEFT].sources,
        "may_undo": joining.may_undo(reader, now),
    }
    language = pages.chosen_language(request, reader.language)
    return pages.render(request, "subscribers/preferences.html", language, context, status=422 if errors else 200)


def _clock(zone: str) -> dict[str, str]:
    """What the reader's clock shows now, and where that is, by Django's language code."""
    english, chinese = zones.city(zone)
    now = f"{timezone.now().astimezone(ZoneInfo(zone)):%H:%M}" if zones.is_known(zone) else ""
    return {"time": now, "en": english, "zh-hans": chinese}


def _list(data: Any, name: str) -> list[str]:
    values = data.getlist(name) if hasattr(data, "getlist") else data[name]
    return list(values)
