"""Who may sit at the desk, in which language, and what a browser may do with its pages."""

from collections.abc import Callable
from functools import wraps
from typing import Any, Concatenate, ParamSpec

from django.conf import settings
from django.contrib.auth.models import User
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render, resolve_url
from django.template.response import SimpleTemplateResponse
from django.utils import translation
from django.utils.cache import patch_vary_headers

P = ParamSpec("P")
View = Callable[Concatenate[HttpRequest, P], HttpResponseBase]

# No inline script or style, nothing from elsewhere: whatever a feed smuggles into a text stays text.
POLICY = "; ".join(
    (
        "default-src 'none'",
        *("script-src 'self'", "style-src 'self'", "img-src 'self' data:", "font-src 'self'", "frame-src 'self'"),
        *("connect-src 'self'", "form-action 'self'", "base-uri 'none'", "frame-ancestors 'self'"),
    )
)


def desk_language(request: HttpRequest) -> str:
    """The editor's language, `en` or `zh-hans`: the cookie of the switch, else what the browser asks for."""
    return translation.get_language_from_request(request)


def in_desk_language(view: View[P]) -> View[P]:
    """Answer in the editor's language, with the desk's headers. For pages that anybody may see: log-in and log-out."""

    @wraps(view)
    def wrapped(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
        with translation.override(desk_language(request)):
            response = view(request, *args, **kwargs)
            if isinstance(response, SimpleTemplateResponse):
                response.render()  # while the language is on
        response.headers.setdefault("Content-Security-Policy", POLICY)
        response.headers["Cache-Control"] = "no-store"  # unsent text; and Back shows what stands there now
        patch_vary_headers(response, ["Accept-Language", "Cookie"])
        return response

    return wrapped


def desk_view(view: View[P]) -> View[P]:
    """For editors (staff) only: others are sent to log in, or told plainly that they may not."""

    @wraps(view)
    def wrapped(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
        if not request.user.is_authenticated:
            return redirect_to_login(request.get_full_path(), resolve_url(settings.LOGIN_URL))
        if not request.user.is_staff:
            return render(request, "desk/forbidden.html", status=403)
        return view(request, *args, **kwargs)

    return in_desk_language(wrapped)


def editor(request: HttpRequest) -> User:
    """The logged-in editor; only to be asked inside a `desk_view`."""
    user: Any = request.user
    assert isinstance(user, User)
    return user


def chinese() -> bool:
    """Whether the page is being answered in Chinese."""
    return (translation.get_language() or "").startswith("zh")


def plain_error(request: HttpRequest, message: str, status: int, back: str) -> HttpResponse:
    """A page that says what could not be done, why, and leads back."""
    return render(request, "desk/refused.html", {"message": message, "back": back}, status=status)
