"""Leaving: by RFC 8058's one-click POST, or by the button of the page; and taking it back."""

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods

from subscribers import addresses, joining, links
from subscribers.models import State, Subscriber
from subscribers.views import pages

# Optional, and from a list: nobody has to write anything, and nothing personal can be written.
REASONS = {
    "too_many": _("Too many mails"),
    "not_useful": _("Not what I hoped for"),
    "not_asked": _("I never asked for it"),
    "other": _("Something else"),
}


@pages.by_link(links.Purpose.LEAVE)
@require_http_methods(["GET", "HEAD", "POST"])
def leave(request: HttpRequest, reader: Subscriber, signed: str) -> HttpResponse:
    """GET shows a button. POST leaves, gives a reason afterwards, or takes it back, as its `act` says.

    Taking it back is limited by the hour (limits.PER_READER); leaving never is, and a second time it writes nothing.
    """
    if request.method != "POST":
        return _page(request, reader, signed)
    act = request.POST.get("act", "leave")
    if act == "undo":
        if refusal := pages.too_often(request, reader):
            return refusal
        joining.undo_leave(reader, pages.proof_of(request, "page"))
        return pages.back_to(request, back="1")
    if act == "reason" and request.POST.get("reason") in REASONS:
        joining.give_reason(reader, pages.proof_of(request, "page", note=request.POST["reason"]))
        return pages.back_to(request, thanks="1")
    joining.leave(reader, pages.proof_of(request, "page"))
    return pages.back_to(request)


@pages.by_link(links.Purpose.ONE_CLICK)
@require_http_methods(["GET", "HEAD", "POST"])
def one_click(request: HttpRequest, reader: Subscriber, signed: str) -> HttpResponse:
    """RFC 8058 §3.2: the POST comes from the mail provider's machine, without cookie, and gets a plain 200."""
    if request.method != "POST":
        return _page(request, reader, links.sign(reader.token, links.Purpose.LEAVE))
    joining.leave(reader, pages.proof_of(request, "one_click"))
    return HttpResponse("You have left the list.\n已退订。\n", content_type="text/plain; charset=utf-8")


def _page(request: HttpRequest, reader: Subscriber, signed: str) -> HttpResponse:
    context = {
        "reader": reader,
        "signed": signed,
        "masked": addresses.mask(reader.email or ""),
        "gone": reader.state in (State.LEFT, State.COMPLAINED),
        "may_undo": joining.may_undo(reader, timezone.now()),
        "came_back": "back" in request.GET and reader.state != State.LEFT,
        "thanks": "thanks" in request.GET,
        "reasons": REASONS,
        "preferences_url": links.preferences_url(reader),
    }
    return pages.render(request, "subscribers/leave.html", pages.chosen_language(request, reader.language), context)
