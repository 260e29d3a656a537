"""The development inbox at /inbox/: what the built-in mail server took. On a machine with DEBUG, and nowhere else."""

from collections.abc import Callable
from functools import wraps

from django.conf import settings
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import translation
from django.views.decorators.http import require_safe

from newsletter.demo import maildir

PER_PAGE = 50
TABS = ("html", "text", "headers", "source")
WIDTHS = (375, 700)  # a phone's and a desktop reading pane's, in CSS pixels
# A mail's HTML is a stranger's: no scripts, nothing from the network, no forms, no origin of ours.
_POLICY = (
    "default-src 'none'; style-src 'unsafe-inline'; img-src data:; form-action 'none'; base-uri 'none'; "
    "frame-ancestors 'self'; sandbox allow-popups allow-popups-to-escape-sandbox"
)

View = Callable[..., HttpResponse]


def _development_only(view: View) -> View:
    @wraps(view)
    def shown(request: HttpRequest, **arguments: str) -> HttpResponse:
        if not settings.DEBUG:
            raise Http404
        with translation.override(translation.get_language_from_request(request)):
            response = view(request, **arguments)
        response.headers["Cache-Control"] = "no-store"
        return response

    return require_safe(shown)


@_development_only
def index(request: HttpRequest) -> HttpResponse:
    """All mails, newest first; `?to=` narrows to addresses that contain it."""
    recipient = request.GET.get("to", "").strip()
    keys = maildir.newest(settings.DEVELOPMENT_INBOX, recipient)
    page = Paginator(keys, PER_PAGE).get_page(request.GET.get("page"))
    context = {
        "page": page,
        "entries": [maildir.entry(settings.DEVELOPMENT_INBOX, key) for key in page.object_list],
        "recipient": recipient,
        "port": settings.EMAIL_PORT,
    }
    return render(request, "inbox/list.html", context)


@_development_only
def mail(request: HttpRequest, key: str) -> HttpResponse:
    """One mail under one of the tabs."""
    shown = _read(key)
    tab = request.GET.get("show", "")
    if tab not in TABS:
        tab = "html" if shown.html else "text"
    asked = request.GET.get("width", "")
    width = int(asked) if asked in map(str, WIDTHS) else None
    context = {
        "mail": shown,
        "tab": tab,
        "width": width or WIDTHS[1],
        "fits": width is None,  # no wider than the window, unless asked to be
        "widths": WIDTHS,
        "from_field": shown.field("From"),
        "unsubscribe": shown.field("List-Unsubscribe"),
        "unsubscribe_post": shown.field("List-Unsubscribe-Post"),
        "html_bytes": len(shown.html.encode()),
    }
    return render(request, "inbox/mail.html", context)


@_development_only
def html(request: HttpRequest, key: str) -> HttpResponse:
    """The mail's HTML alone, for the frame: sandboxed, its links open in a new tab."""
    content = _read(key).html.replace("<head>", '<head><base target="_blank">', 1)
    return HttpResponse(content, headers={"Content-Security-Policy": _POLICY, "Referrer-Policy": "no-referrer"})


def _read(key: str) -> maildir.Mail:
    try:
        return maildir.read(settings.DEVELOPMENT_INBOX, key)
    except KeyError:
        raise Http404 from None
