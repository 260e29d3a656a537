"""Where a mail provider posts what became of our mails: anymail's own view of that provider, under a secret path.

Only where the settings name the provider, and only where its posts can be told from a stranger's: by its signature, or
by a password in the address. What isn't so, or can't be read, is answered with 400, and nothing is changed.
"""

import logging
import re
import warnings
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from anymail import signals
from anymail.exceptions import AnymailError, AnymailInsecureWebhookWarning
from anymail.webhooks.base import AnymailCoreWebhookView
from django.conf import settings
from django.core.checks import CheckMessage, Error, Tags, register
from django.core.exceptions import BadRequest, ImproperlyConfigured, SuspiciousOperation
from django.http import HttpRequest
from django.urls import URLPattern, path

from newsletter.deliver import events

log = logging.getLogger(__name__)

_SECRET = re.compile(r"[A-Za-z0-9_-]{24,100}")
_UNREADABLE = (
    *(AnymailError, AttributeError, LookupError, TypeError, ValueError),
    *(ArithmeticError, AssertionError, RecursionError),
)


class HookError(Exception):
    """The settings don't make a safe hook; says what to mend."""


class StrictHook:
    """Mixed into anymail's views, which answer a post that they can't read with 500: it would be posted for days."""

    def run_validators(self, request: HttpRequest) -> None:
        """Raises BadRequest or SuspiciousOperation, both 400, for a post that isn't the provider's."""
        with _refusing():
            super().run_validators(request)  # type: ignore[misc]

    def parse_events(self, request: HttpRequest) -> list[Any]:
        """All events of a post, before the first is applied. Raises BadRequest."""
        with _refusing():
            return list(super().parse_events(request))  # type: ignore[misc]


@contextmanager
def _refusing() -> Iterator[None]:
    try:
        yield
    except SuspiciousOperation:
        raise
    except ImproperlyConfigured:  # our own fault, whatever else it is: 500, so that it is posted again
        raise
    except _UNREADABLE as error:
        raise BadRequest(f"not as the provider writes it: {type(error).__name__}") from None


def hook() -> type[AnymailCoreWebhookView]:
    """The view of the provider that MAIL_EVENTS_FROM names. Raises HookError."""
    from anymail import urls

    name = settings.MAIL_EVENTS_FROM
    found = next((each.callback for each in urls.urlpatterns if each.name == f"{name}_tracking_webhook"), None)
    if found is None:
        raise HookError(
            f"MAIL_EVENTS_FROM={name}: write a provider as anymail names it: mailgun, postmark, amazon_ses"
        )
    if not _SECRET.fullmatch(settings.MAIL_EVENTS_SECRET):
        raise HookError("MAIL_EVENTS_SECRET is needed: 24 to 100 letters, digits, - and _, known to the provider only")
    strict: type[AnymailCoreWebhookView] = type("StrictHook", (StrictHook, found.view_class), {})
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        warnings.simplefilter("error", AnymailInsecureWebhookWarning)
        try:
            strict()
        except AnymailInsecureWebhookWarning:
            raise HookError(
                f"{name} doesn't sign what it posts: set ANYMAIL_WEBHOOK_SECRET=user:password, and give the provider "
                "the address with user:password@ before the host"
            ) from None
        except (ImproperlyConfigured, ImportError) as error:
            raise HookError(f"MAIL_EVENTS_FROM={name}: {error}") from None
    return strict


def urlpatterns() -> list[URLPattern]:
    """The hook's address, or none where no provider is named or the hook wouldn't be safe."""
    if not settings.MAIL_EVENTS_FROM:
        return []
    try:
        view = hook().as_view()
    except HookError as error:
        log.error("what the mail provider tells is not taken: %s", error)
        return []
    signals.tracking.connect(events.on_tracking, dispatch_uid="chenbao")
    return [path(f"hooks/{settings.MAIL_EVENTS_SECRET}/", view, name="mail_events")]


@register(Tags.security)
def check(app_configs: Sequence[Any] | None, **kwargs: Any) -> list[CheckMessage]:
    """An error for a provider that is named and can't be heard safely."""
    if not settings.MAIL_EVENTS_FROM:
        return []
    try:
        hook()
    except HookError as error:
        return [Error(str(error), id="chenbao.E9")]
    return []
