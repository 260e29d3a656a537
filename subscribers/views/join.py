"""Joining: the form's answer, the page that says a mail is on its way, and the link's page with its one button."""

from functools import cache

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone, translation
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_GET, require_http_methods

from subscribers import forms, joining, limits, links, offers, signup, slips, upcoming, writing
from subscribers.addresses import AddressError
from subscribers.models import Language, State, Subscriber
from subscribers.tongues import tongues_of
from subscribers.views import pages

LANGUAGES = frozenset(Language.values)


@csrf_exempt  # nobody is logged in: a forged sign-up can do no more than anybody's own
@require_http_methods(["GET", "HEAD", "POST"])
def join(request: HttpRequest, language: str) -> HttpResponse:
    """GET: the form on a page of its own. POST: the same answer, whoever the address belongs to.

    What is answered otherwise depends on the form, the address's spelling and the network alone. Our rows about that
    address aren't even read here, so that the time it takes tells nothing either.
    """
    if request.method != "POST":
        return pages.render(request, "subscribers/join.html", pages.chosen_language(request, language))
    asked = request.POST.get("language", "")
    shown = asked if asked in LANGUAGES else language
    if request.POST.get(forms.HONEYPOT):
        return _joined(shown)
    try:
        wanted = forms.read_join(request.POST)
    except AddressError:
        return _again(request, shown, "errors", request.POST.get("email", ""), status=422)
    address = wanted.address
    if settings.REFUSE_DISPOSABLE and slips.is_disposable(address):
        return _again(request, shown, "disposable", address.email, status=422)
    if not forms.is_hand_made(request.POST.get("age", "")):
        return _again(request, shown, "again", address.email)
    if request.POST.get("keep") != address.key and (slips.suggestion(address) or slips.is_shared(address)):
        context = {"meant": slips.suggestion(address), "address": address, "zone": wanted.zone}
        # the age of the form that came: the hand is proven, and choosing between two buttons is quick
        context["earlier_age"] = request.POST["age"]
        return pages.render(request, "subscribers/slip.html", shown, context)
    proof = pages.proof_of(request, "form", wording=_wording(shown))
    with writing.lightly():
        allowed = limits.allow_from(proof.ip, proof.at)
        if allowed:
            signup.note(address, shown, proof, zone=wanted.zone)
    return _joined(shown) if allowed else _again(request, shown, "too_many", address.email, status=429)


def _again(request: HttpRequest, language: str, why: str, email: str, *, status: int = 200) -> HttpResponse:
    """The form once more, with the address as it was typed and a word on `why`."""
    context = {why: True, "email": email, "no_address": forms.NO_ADDRESS}
    return pages.render(request, "subscribers/join.html", language, context, status=status)


@cache
def _wording(language: str) -> str:
    """What stood beside the button, in the languages in which it stood there."""
    said = []
    for tongue in tongues_of(language):
        with translation.override(tongue):
            said.append(str(forms.WORDING))
    return " ".join(said)


def _joined(language: str) -> HttpResponse:
    return HttpResponse(status=303, headers={"Location": _joined_path(language)})


@cache
def _joined_path(language: str) -> str:
    path = reverse("readers:joined", args=["zh" if language == "zh" else "en"])
    return path + ("?language=both" if language == "both" else "")


@require_GET
def joined(request: HttpRequest, language: str) -> HttpResponse:
    """A mail is on its way: the same bytes for everybody."""
    return pages.render(request, "subscribers/joined.html", pages.chosen_language(request, language))


@pages.by_link(links.Purpose.CONFIRM)
@require_http_methods(["GET", "HEAD", "POST"])
def confirm(request: HttpRequest, reader: Subscriber, signed: str) -> HttpResponse:
    """GET shows one button, because mail scanners open links; its POST makes the reader active."""
    language = pages.chosen_language(request, reader.language)
    if request.method == "POST":
        joining.confirm(reader, pages.proof_of(request, "page"), language=language)
        return pages.back_to(request)
    now = timezone.now()
    moment = upcoming.next_mail(reader, offers.current(), now)
    context = {
        "next_mail": upcoming.say(moment, reader.zone) if moment else None,
        "waiting": joining.may_confirm(reader, now),
        "subscribed": reader.state in (State.ACTIVE, State.PAUSED),
        "preferences_url": links.preferences_url(reader),
    }
    return pages.render(request, "subscribers/confirm.html", language, context)
