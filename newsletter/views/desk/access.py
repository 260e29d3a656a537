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
from django.utils.translation import gettext_lazy as _

from newsletter.roles import APPROVE, EDIT, EXPORT, MASTHEAD, READERS, SOURCES

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


# Permission -> what it lets one do, as a refusal names it.
_DOINGS = {
    EDIT: _("change an issue"),
    APPROVE: _("approve, hold, skip, send or correct an issue"),
    MASTHEAD: _("change the newsletter’s own settings"),
    SOURCES: _("change sources"),
    READERS: _("see readers"),
    EXPORT: _("take readers’ addresses out"),
}
_SAFE = frozenset({"GET", "HEAD", "OPTIONS"})


def desk_view(view: View[P]) -> View[P]:
    """For editors (staff) only: others are sent to log in, or told plainly that they may not.

    Whatever is sent by POST also needs the right to edit; what needs more says so with `needs`.
    """

    @wraps(view)
    def wrapped(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
        if not request.user.is_authenticated:
            return redirect_to_login(request.get_full_path(), resolve_url(settings.LOGIN_URL))
        if not request.user.is_staff:
            return render(request, "desk/forbidden.html", status=403)
        if request.method not in _SAFE and not request.user.has_perm(EDIT):
            return may_not(request, EDIT)
        return view(request, *args, **kwargs)

    return in_desk_language(wrapped)


def needs(permission: str) -> Callable[[View[P]], View[P]]:
    """Stands below `desk_view`: the view answers to those alone who have `permission`, as "newsletter.approve_issue"
    (see newsletter.roles). Templates ask `perms.newsletter.approve_issue`, and don't offer what would be refused.
    """

    def guard(view: View[P]) -> View[P]:
        @wraps(view)
        def wrapped(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
            if not editor(request).has_perm(permission):
                return may_not(request, permission)
            return view(request, *args, **kwargs)

        return wrapped

    return guard


def may_not(request: HttpRequest, permission: str) -> HttpResponse:
    """403: says what the account's role does not include, and who can change that."""
    return render(request, "desk/may_not.html", {"doing": _DOINGS[permission]}, status=403)


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
