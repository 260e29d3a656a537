"""What of the mail's settings can't work: said when anything starts, not by the first mail of the morning."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Error, Tags, Warning, register
from django.core.exceptions import ImproperlyConfigured
from django.core.mail import get_connection

from newsletter.deliver import dkim, servers


@register(Tags.security)
def signing(app_configs: Sequence[Any] | None, **kwargs: Any) -> list[CheckMessage]:
    """An error for a key that can't be used, a warning for one that others can read."""
    try:
        signer = dkim.signer()
    except dkim.DkimError as error:
        reason, _, advice = str(error).partition(": ")
        return [Error(reason, hint=f"{advice[:1].upper()}{advice[1:]}.", id="chenbao.E6")]
    if signer and Path(settings.DKIM_KEY_FILE).stat().st_mode & 0o077:
        return [
            Warning(
                f"DKIM_KEY_FILE={settings.DKIM_KEY_FILE} can be read by other users of this machine",
                hint=f"chmod 600 {settings.DKIM_KEY_FILE}",
                id="chenbao.W3",
            )
        ]
    return []


@register(Tags.security)
def transport(app_configs: Sequence[Any] | None, **kwargs: Any) -> list[CheckMessage]:
    """An error for servers that can't be read, a warning for one that is talked to in the clear over the network."""
    if settings.MAIL_API:
        return _of_provider()
    try:
        found = servers.configured()
    except servers.ServerError as error:
        return [Error(str(error), id="chenbao.E7")]
    return [
        Warning(
            f"Mail goes to {server.name} without TLS: passwords and readers' addresses can be read on the way",
            hint="Set SMTP_STARTTLS=1, or write smtp+starttls:// in MAIL_SERVERS.",
            id="chenbao.W4",
        )
        for server in found
        if server.security == "none" and not server.is_local
    ]


def _of_provider() -> list[CheckMessage]:
    try:
        get_connection(settings.MAIL_API)
    except (ImproperlyConfigured, ImportError) as error:
        return [Error(f"MAIL_API={settings.MAIL_API} can't be used: {error}", id="chenbao.E8")]
    return []
