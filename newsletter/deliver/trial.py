"""A test mail: the very bytes that a reader of the edition would get, marked, for somebody who is no reader."""

import secrets
from collections.abc import Callable, Mapping
from dataclasses import replace
from email.utils import format_datetime, formataddr
from functools import lru_cache
from typing import Any

from django.conf import settings
from django.utils import timezone

from newsletter.deliver import sample
from newsletter.deliver.backend import FrozenMail
from newsletter.deliver.editions import Frozen, render
from newsletter.deliver.headers import CRLF, shared_headers
from newsletter.deliver.slots import Piece, compile_slots, splice
from newsletter.models import Issue
from subscribers import links
from subscribers.models import Subscriber

Maker = Callable[[str, str], FrozenMail]


def maker(issue: Issue, mark: str, addresses: Mapping[str, str]) -> Maker:
    """A function that makes the test mail in one language (both, en, zh) to one address.

    Each language is rendered once, by the code that freezes editions. What is not as a reader's: the `mark` before the
    subject, a Message-ID of its own (a program that knows it would show no second copy), the reader's pages, for which
    `addresses` stand (PREFERENCES_URL, LEAVE_URL), and a one-click link of nobody's.
    """

    @lru_cache
    def edition(language: str) -> tuple[str, list[Piece]]:
        choices: dict[str, Any] = {"lists": None, "sections": None, "topics": None, "plain_text": False}
        frozen = render(issue, {**choices, "language": language})
        subject = f"{mark} {frozen.subject}"
        return subject, compile_slots(_marked(issue, language, frozen, subject).mime)

    def make(language: str, address: str) -> FrozenMail:
        subject, pieces = edition(language)
        content = _own_fields(address).encode() + splice(pieces, sample.widened(addresses))
        sender = formataddr((issue.newsletter.sender_name, issue.newsletter.sender_address))
        return FrozenMail(content, subject, sender, address, links.bounce_address(_nobody(), issue.pk))

    return make


def _marked(issue: Issue, language: str, frozen: Frozen, subject: str) -> Frozen:
    """The same edition under another subject."""
    head = shared_headers(issue, language, frozen.subject).encode("ascii")
    assert frozen.mime.startswith(head)
    marked = shared_headers(issue, language, subject).encode("ascii")
    return replace(frozen, mime=marked + frozen.mime.removeprefix(head))


def _nobody() -> Subscriber:
    """Whose links and addresses are formed as a reader's are, and lead to no reader."""
    return Subscriber(pk=0, token="0" * 32)


def _own_fields(address: str) -> str:
    """As `envelope.ReadyEdition.address_to` writes them for a reader."""
    one_click, by_mail = links.one_click_url(_nobody()), links.leave_address(_nobody())
    fields = (
        f"Date: {format_datetime(timezone.now())}",
        f"To: {address}",
        f"Message-ID: <{secrets.token_hex(16)}@{settings.MAIL_DOMAIN}>",
        f"List-Unsubscribe: <{one_click}>,{CRLF} <mailto:{by_mail}>",
    )
    return "".join(field + CRLF for field in fields)
