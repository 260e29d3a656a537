"""Joining: the form's answer, the page that says a mail is on its way, and the link's page with its one button."""

from functools import cache

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_GET, require_http_methods

from subscribers import addresses, consents, forms, joining, limits, links, offers, signup, upcoming, writing
from subscribers.models import Language, State, Subscriber
from subscribers.views import pages, typed

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
    written = request.POST.get("email", "")
    try:
        address = typed.read(written)
    except typed.TypedError as wrong:
        return _again(request, shown, written, status=422, wrong=wrong.args[0])
    age = forms.judge_age(request.POST.get("age", ""))
    if age != forms.Age.HAND:
        return _again(request, shown, address.email, again=True, quick=age == forms.Age.QUICK)
    # with the age of the form that came: the hand is proven, and choosing between two buttons is quick
    fields = {"language": shown, "age": request.POST["age"], "zone": forms.read_zone(request.POST)}
    here = reverse("readers:join", args=[language])
    if question := typed.doubt(request, address, shown, action=here, other=f"{here}?language={shown}", fields=fields):
        return question
    proof = pages.proof_of(request, "form", wording=consents.signing_up(shown))
    with writing.lightly():
        allowed = limits.allow_from(proof.ip, proof.at)
        if allowed:
            signup.note(address, shown, proof, zone=fields["zone"])
    return _joined(shown) if allowed else _again(request, shown, address.email, status=429, too_many=True)


def _again(request: HttpRequest, language: str, email: str, *, status: int = 200, **why: object) -> HttpResponse:
    """The form once more, with the address as it was typed and a word on `why`."""
    return pages.render(request, "subscribers/join.html", language, {**why, "email": email}, status=status)


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
        wording = consents.confirming(language, offers.current())
        joining.confirm(reader, pages.proof_of(request, "page", wording=wording), language=language)
        return pages.back_to(request)
    now, present = timezone.now(), offers.current()
    moment = upcoming.next_mail(reader, present, now)
    context = {
        "next_mail": upcoming.say(moment, reader.zone) if moment else None,
        "on_its_way": upcoming.on_its_way(reader, present, now),
        "statement": consents.statements(present),
        "yes": consents.YES,
        "masked": addresses.mask(reader.email or ""),
        "waiting": joining.may_confirm(reader, now),
        "subscribed": reader.state in (State.ACTIVE, State.PAUSED),
        "preferences_url": links.preferences_url(reader),
    }
    return pages.render(request, "subscribers/confirm.html", language, context)
