"""Signed links: one salt per purpose, so that a link for one thing is useless for another.

A link names the reader by `token` and carries a signature of fixed length, so that every reader's link has the
same width and can be spliced into a frozen edition. Keys rotate with SECRET_KEY_FALLBACKS.
"""

import base64
import hashlib
from collections.abc import Callable
from enum import StrEnum
from typing import Protocol
from zlib import crc32

from django.conf import settings
from django.core.signing import BadSignature, Signer
from django.urls import reverse

from subscribers import seals
from subscribers.keyed import keyed
from subscribers.models import Subscriber, Ticket


class Purpose(StrEnum):
    """What a link may do. The value is the salt's last part and never changes: links stay in mailboxes for years."""

    CONFIRM = "confirm"
    PREFERENCES = "preferences"
    LEAVE = "leave"
    ONE_CLICK = "one_click"
    # Of tickets: the token in these names the ticket, not the reader.
    COPY = "copy"
    ERASE = "erase"
    CHANGE = "change"
    NEW_ADDRESS = "new_address"


class Addressee(Protocol):
    """A reader, or what was read of one, whom links in a mail are made for."""

    @property
    def pk(self) -> int: ...
    @property
    def token(self) -> str: ...


class LinkError(Exception):
    """The link is not ours, or not for this purpose."""


def _salt(purpose: Purpose) -> str:
    return f"chenbao.subscribers.links.{purpose}"


def _signer(purpose: Purpose) -> Signer:
    return Signer(salt=_salt(purpose), sep=".")


def sign(token: str, purpose: Purpose) -> str:
    """`token.signature` for one purpose; 43 characters of signature (HMAC-SHA256, base64url)."""
    return _signer(purpose).sign(token)


def unsign(signed: str, purpose: Purpose) -> str:
    """The token of a link made for `purpose`. Raises LinkError for anything else."""
    try:
        return _signer(purpose).unsign(signed)
    except BadSignature:
        raise LinkError("this link is incomplete, or was made for something else") from None


def url(subscriber: Subscriber, purpose: Purpose) -> str:
    """The absolute address of `purpose` for this reader."""
    return settings.SITE_URL + reverse(f"readers:{purpose}", args=[sign(subscriber.token, purpose)])


def maker(purpose: Purpose) -> Callable[[Addressee], str]:
    """A function that does what `url` does, for many readers: what is the same for all is looked up once."""
    nobody = "0" * 32
    signed = sign(nobody, purpose)
    before, _, after = (settings.SITE_URL + reverse(f"readers:{purpose}", args=[signed])).partition(signed)
    # as Signer does it, which derives its key anew for each signature
    digest = keyed(hashlib.sha256(f"{_salt(purpose)}signer{settings.SECRET_KEY}".encode()).digest())

    def make(subscriber: Addressee) -> str:
        signature = base64.urlsafe_b64encode(digest(subscriber.token.encode()))[:-1].decode("ascii")
        return f"{before}{subscriber.token}.{signature}{after}"

    return make


def preferences_url(subscriber: Subscriber) -> str:
    """Choices, pause and leaving; in every mail."""
    return url(subscriber, Purpose.PREFERENCES)


def leave_url(subscriber: Subscriber) -> str:
    """The page whose one button ends the subscription."""
    return url(subscriber, Purpose.LEAVE)


def one_click_url(subscriber: Subscriber) -> str:
    """For List-Unsubscribe (RFC 8058): a POST to it ends the subscription, a GET changes nothing."""
    return url(subscriber, Purpose.ONE_CLICK)


def confirm_url(subscriber: Subscriber, language: str) -> str:
    """The page whose one button confirms the sign-up, and in which `language` (en, zh, both) it was asked for."""
    return f"{url(subscriber, Purpose.CONFIRM)}?language={language}"


def privacy_url(language: str) -> str:
    """What is kept of readers, said in `language` (en, zh or both); no reader is named in it."""
    path = reverse("readers:privacy", args=["zh" if language == "zh" else "en"])
    return settings.SITE_URL + path + ("?language=both" if language == "both" else "")


def ticket_url(ticket: Ticket) -> str:
    """The page of a single-use link."""
    purpose = Purpose(ticket.purpose)
    return settings.SITE_URL + reverse(f"readers:{purpose}", args=[sign(ticket.token, purpose)])


def leave_address(subscriber: Addressee) -> str:
    """The address to which a mail ends the subscription."""
    return f"leave+{subscriber.token}@{settings.MAIL_DOMAIN}"


def confirm_address(subscriber: Subscriber) -> str:
    """The address to which a mail confirms the sign-up; dies with the token, as the link does."""
    return f"confirm+{seals.seal('confirm', crc32(subscriber.token.encode()), subscriber.pk)}@{settings.MAIL_DOMAIN}"


def confirming(sealed: str) -> Subscriber | None:
    """Whose confirm+SEAL@ that is; None if it isn't one of ours, or the reader's token has changed."""
    try:
        check, pk = seals.unseal("confirm", sealed)
    except seals.SealError:
        return None
    reader = Subscriber.objects.filter(pk=pk).first()
    return reader if reader is not None and crc32(reader.token.encode()) == check else None


def bounce_address(subscriber: Addressee, issue_id: int = 0) -> str:
    """The envelope sender (VERP) of `issue_id`, or of a single mail: only we can make or read one."""
    return f"bounce+{seals.seal('bounce', issue_id, subscriber.pk)}@{settings.MAIL_DOMAIN}"
