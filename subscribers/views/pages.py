"""What the reader's pages share: their language, their headers, and the way from a signed link to its reader."""

import functools
import ipaddress
from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.utils import timezone, translation
from django.utils.cache import add_never_cache_headers
from django.views.decorators.csrf import csrf_exempt

from subscribers import limits, links, offers, zones
from subscribers.joining import MOVES, Proof
from subscribers.models import Happening, Language, State, Subscriber
from subscribers.tongues import HTML_LANG, tongues_of

View = Callable[[HttpRequest, Subscriber, str], HttpResponse]


def render(
    request: HttpRequest, template: str, language: str, context: dict[str, Any] | None = None, *, status: int = 200
) -> HttpResponse:
    """A page that speaks `language` (en, zh or both)."""
    tongues = tongues_of(language)
    with translation.override(tongues[0]):
        shared: dict[str, Any] = {"language": language, "tongues": tongues, "html_lang": HTML_LANG[tongues[0]]}
        present = offers.current()
        shared |= {
            "offers": present,
            "path_language": "zh" if language == "zh" else "en",
            "names": {"en": present.name_en, "zh-hans": present.name_zh},
            "home": dict(zip(("en", "zh-hans"), zones.city(present.zone.key), strict=True)),
            "latest_url": present.latest.urls[language] if present.latest else "",
        }
        html = render_to_string(template, shared | (context or {}), request)
    return HttpResponse(html, status=status, headers={"Content-Language": ", ".join(HTML_LANG[t] for t in tongues)})


def chosen_language(request: HttpRequest, default: str) -> str:
    """The page's language: `?language=` where it says one, else `default`."""
    asked = request.GET.get("language", "")
    return asked if asked in Language.values else default


def client_ip(request: HttpRequest) -> str | None:
    """Who is asking. Behind a proxy of ours (BEHIND_PROXY), the last hop that the proxy itself saw.

    None for what is no IP: it is stored as one, and a database would refuse the row.
    """
    forwarded = request.META.get("HTTP_X_FORWARDED_FOR") if settings.BEHIND_PROXY else ""
    # without the zone of a link-local address (fe80::1%eth0, RFC 4007 §11), which PostgreSQL has no place for
    ip = (forwarded or request.META.get("REMOTE_ADDR", "")).rpartition(",")[2].strip().partition("%")[0]
    try:
        ipaddress.ip_address(ip)
    except ValueError:
        return None
    return ip


def proof_of(request: HttpRequest, how: str, *, wording: str = "", note: str = "") -> Proof:
    """What is kept of a reader's act on one of our pages."""
    return Proof(how=how, ip=client_ip(request), wording=wording, note=note)


def private(response: HttpResponse) -> HttpResponse:
    """A page behind a signed link: never cached or indexed, and its address goes nowhere with a link."""
    add_never_cache_headers(response)
    response["Referrer-Policy"] = "no-referrer"
    response["X-Robots-Tag"] = "noindex, nofollow"
    return response


def by_link(purpose: links.Purpose) -> Callable[[View], Callable[..., HttpResponse]]:
    """Hand the view the reader of a link made for `purpose`, and the link itself; a dead link gets its own page.

    The link is the authority, so there is no cookie, and no CSRF token: who can forge the request has the link.
    """

    def decorate(view: View) -> Callable[..., HttpResponse]:
        @csrf_exempt
        @functools.wraps(view)
        def wrapped(request: HttpRequest, signed: str) -> HttpResponse:
            try:
                reader = Subscriber.objects.exclude(state=State.ERASED).get(token=links.unsign(signed, purpose))
            except (links.LinkError, Subscriber.DoesNotExist):
                return private(dead_link(request))
            return private(view(request, reader, signed))

        return wrapped

    return decorate


def dead_link(request: HttpRequest) -> HttpResponse:
    """The link was cut short, used, or made before the address changed: 404, with the ways that are left."""
    return render(request, "subscribers/dead_link.html", chosen_language(request, "both"), status=404)


def too_often(request: HttpRequest, reader: Subscriber) -> HttpResponse | None:
    """Count one change by `reader`; where they have had this hour's share, the page that says so (429), else None.

    Each change is a row of their history, and a link lies in forwarded mails for ever. Leaving is never counted.
    """
    now = timezone.now()
    if limits.allow([(limits.PER_READER, str(reader.pk))], now):
        return None
    context = {
        "may_leave": reader.state in MOVES[Happening.LEFT].sources,
        "preferences_url": links.preferences_url(reader),
        "leave_url": links.leave_url(reader),
    }
    page = render(
        request, "subscribers/too_often.html", chosen_language(request, reader.language), context, status=429
    )
    page["Retry-After"] = str(limits.PER_READER.seconds_left(now))  # RFC 6585 §4
    return page


def back_to(request: HttpRequest, **query: str) -> HttpResponse:
    """After a POST, the same page again by GET, in the same language, so that a reload repeats nothing."""
    language = chosen_language(request, "")
    parameters = {**({"language": language} if language else {}), **query}
    target = request.path + ("?" + urlencode(parameters) if parameters else "")
    return HttpResponse(status=303, headers={"Location": target})
