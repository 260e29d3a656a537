"""The mail servers that the settings name: how each is reached, and how much of the mail it gets."""

import re
from dataclasses import dataclass, field
from typing import Literal
from urllib.parse import SplitResult, parse_qsl, unquote, urlsplit

from django.conf import settings

from newsletter.runs import ActError

Security = Literal["none", "starttls", "tls"]
_SCHEMES: dict[str, tuple[Security, int]] = {
    "smtp": ("none", 25),
    "smtp+starttls": ("starttls", 587),  # RFC 6409
    "smtps": ("tls", 465),  # RFC 8314 §3.3
}
_OPTIONS = ("weight", "connections", "per_minute")
_LOCAL = re.compile(r"localhost|127\.\d+\.\d+\.\d+|::1")


class ServerError(ActError):
    """MAIL_SERVERS can't be read. Doesn't repeat the entry: a password may stand in it."""


@dataclass(frozen=True)
class Server:
    """One mail server. `weight`: its share; `connections`: at most so many of one worker; `per_minute` 0: no limit."""

    host: str
    port: int
    security: Security = "none"
    user: str = ""
    password: str = field(default="", repr=False)
    weight: int = 1
    connections: int = 4
    per_minute: int = 0

    @property
    def name(self) -> str:
        """As people know it."""
        return f"{self.host}:{self.port}"

    @property
    def is_local(self) -> bool:
        """Whether what goes there never leaves this machine."""
        return bool(_LOCAL.fullmatch(self.host))


def configured() -> tuple[Server, ...]:
    """The servers of MAIL_SERVERS, or the one of SMTP_HOST. Raises ServerError."""
    entries = settings.MAIL_SERVERS
    if not entries:
        return (_of_host(),)
    return tuple(_read(entry, f"MAIL_SERVERS, entry {number}") for number, entry in enumerate(entries, 1))


def _of_host() -> Server:
    security: Security = "tls" if settings.EMAIL_USE_SSL else "starttls" if settings.EMAIL_USE_TLS else "none"
    return Server(
        settings.EMAIL_HOST,
        settings.EMAIL_PORT,
        security,
        settings.EMAIL_HOST_USER,
        settings.EMAIL_HOST_PASSWORD,
        connections=settings.SMTP_CONNECTIONS,
    )


def _read(entry: str, place: str) -> Server:
    form = "write smtp+starttls://user:password@host:587?weight=2&connections=4&per_minute=600"
    try:
        url = urlsplit(entry)
        port = url.port
    except ValueError:
        raise ServerError(f"{place} is no address: {form}") from None
    if url.scheme not in _SCHEMES or not url.hostname:
        raise ServerError(f"{place} begins with {url.scheme or 'nothing'}://: {form}")
    security, usual = _SCHEMES[url.scheme]
    options = _options(url, place)
    return Server(
        url.hostname,
        port or usual,
        security,
        unquote(url.username or ""),
        unquote(url.password or ""),
        weight=options.get("weight", 1),
        connections=options.get("connections", settings.SMTP_CONNECTIONS),
        per_minute=options.get("per_minute", 0),
    )


def _options(url: SplitResult, place: str) -> dict[str, int]:
    options = {}
    for name, value in parse_qsl(url.query, keep_blank_values=True):
        if name not in _OPTIONS or not value.isdecimal() or (name != "per_minute" and not int(value)):
            raise ServerError(f"{place}: {name}={value} isn't understood: {', '.join(_OPTIONS)} take a whole number")
        options[name] = int(value)
    return options
