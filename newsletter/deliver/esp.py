"""Handing mails to a provider's HTTP interface, by django-anymail: the same frozen parts, signed by the provider.

Looks like `transport.Transport` to whoever sends. What a provider's answer, or its silence, means for a mail is said
here, and on the side of caution: a request that may have arrived is uncertain.
"""

import email
import email.policy
from collections.abc import Callable
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from email.message import EmailMessage as Parsed
from queue import SimpleQueue
from types import TracebackType
from typing import Any, Self

import requests
from anymail.exceptions import AnymailError, AnymailRecipientsRefused
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.core.mail import EmailMultiAlternatives, get_connection

from newsletter.deliver import wording
from newsletter.deliver.envelope import Envelope
from newsletter.deliver.events import SEAL, seal_of
from newsletter.deliver.outcome import Kind, Outcome
from newsletter.deliver.session import UnreachableError
from newsletter.deliver.transport import Ended, Ref

_TAKEN = {"sent", "queued"}
_REFUSED = {"invalid", "rejected", "failed"}
# Fields that the provider writes, or that are said to it in another way.
_NOT_PASSED_ON = ("from", "to", "cc", "subject", "date", "mime-version", "reply-to", "dkim-signature")


class ProviderTransport:
    """As many requests at once as SMTP has lines. Use as a context manager. Not for sharing between threads."""

    def __init__(self, before_message: Callable[[Ref], None] = lambda ref: None) -> None:
        """Raises UnreachableError where the provider's settings are missing."""
        self._before_message = before_message
        self._connections: SimpleQueue[Any] = SimpleQueue()
        try:
            for _ in range(settings.SMTP_CONNECTIONS):
                self._connections.put(get_connection(settings.MAIL_API))
        except (ImproperlyConfigured, ImportError) as error:
            raise UnreachableError(f"no mail can be handed to the provider: MAIL_API: {error}") from None
        self._threads = ThreadPoolExecutor(settings.SMTP_CONNECTIONS)
        self._held: dict[Future[Outcome], Ref] = {}

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, tb: TracebackType | None
    ) -> None:
        self.close()

    @property
    def busy(self) -> int:
        """How many mails are under way."""
        return len(self._held)

    def connect(self) -> None:
        """Nothing: each request has its own answer."""

    def has_room(self) -> bool:
        """Whether a mail can be offered now."""
        return len(self._held) < settings.SMTP_CONNECTIONS

    def offer(self, ref: Ref, mail: Envelope) -> None:
        """Begin to hand a mail over; there must be room."""
        self._before_message(ref)
        self._held[self._threads.submit(self._post, mail)] = ref

    def turn(self, timeout: float | None = None) -> list[Ended]:
        """What has ended; waits until something has, or for `timeout` seconds."""
        done, _ = wait(self._held, timeout, FIRST_COMPLETED)
        return [(self._held.pop(each), each.result()) for each in done]

    def send(self, mail: Envelope) -> Outcome:
        """Hand one mail over and wait for its outcome."""
        return self._post(mail)

    def close(self) -> None:
        """Wait for what is under way, and end."""
        self._threads.shutdown()
        while not self._connections.empty():
            self._connections.get().close()

    def _post(self, mail: Envelope) -> Outcome:
        message = as_message(mail)
        connection = self._connections.get()
        try:
            connection.send_messages([message])
            return of_status(message.anymail_status)  # type: ignore[attr-defined]
        except AnymailRecipientsRefused as error:
            return Outcome(Kind.REFUSED, text=_words(error))
        except AnymailError as error:
            return of_error(error)
        except Exception as error:  # of the provider's client, or in an answer it can't read: it may have arrived
            return Outcome(Kind.UNCERTAIN, text=f"{type(error).__name__}: {_words(error)}")
        finally:
            self._connections.put(connection)


def as_message(mail: Envelope) -> EmailMultiAlternatives:
    """The mail as Django has it, for the provider to put together anew: the same text, HTML and fields."""
    parsed = email.message_from_bytes(mail.message, policy=email.policy.default)
    assert isinstance(parsed, Parsed)
    fields = {name: str(value) for name, value in parsed.items() if _is_passed_on(name)}
    message = EmailMultiAlternatives(
        str(parsed["Subject"] or ""),
        _text(parsed, "plain"),
        str(parsed["From"]),
        [mail.recipient],
        reply_to=[str(parsed["Reply-To"])] if parsed["Reply-To"] else None,
        headers=fields,
    )
    if html := _text(parsed, "html"):
        message.attach_alternative(html, "text/html")
    for part in parsed.iter_attachments():
        message.attach(part.get_filename(), part.get_content(), part.get_content_type())
    if mail.sender:
        message.envelope_sender = mail.sender  # type: ignore[attr-defined]
        if seal := seal_of(mail.sender):  # many providers write a Message-ID of their own
            message.metadata = {SEAL: seal}  # type: ignore[attr-defined]
    return message


def _is_passed_on(name: str) -> bool:
    return name.lower() not in _NOT_PASSED_ON and not name.lower().startswith("content-")


def _text(parsed: Parsed, kind: str) -> str:
    body = parsed.get_body((kind,))
    return "" if body is None or body.get_content_subtype() != kind else str(body.get_content())


def of_status(status: Any) -> Outcome:
    """What the provider said of one recipient. An answer that says neither yes nor no may have been a yes."""
    said = set(status.status or ())
    words = wording.storable(f"{', '.join(sorted(map(str, said)))} {status.message_id or ''}".strip())
    if said and said <= _TAKEN:
        return Outcome(Kind.ACCEPTED, text=words)
    if said and said <= _REFUSED:
        return Outcome(Kind.REFUSED, text=words)
    return Outcome(Kind.UNCERTAIN, text=f"the provider's answer says neither yes nor no: {words}")


def of_error(error: Exception) -> Outcome:
    """What an error of the request means: only one that surely kept it from arriving lets it be sent again."""
    code, words = getattr(error, "status_code", None), _words(error)
    if code is None:
        never_left = isinstance(error, requests.ConnectTimeout | requests.exceptions.SSLError) or (
            isinstance(error, requests.ConnectionError) and "NewConnectionError" in str(error)
        )
        is_ours = not isinstance(error, requests.RequestException)  # the provider's settings, or what it can't do
        kind = Kind.DEFERRED if never_left else Kind.OUR_FAULT if is_ours else Kind.UNCERTAIN
        return Outcome(kind, text=words)
    if code == 429 or code == 503:
        return Outcome(Kind.DEFERRED, code, text=words)
    if 400 <= code < 500:
        return Outcome(Kind.OUR_FAULT, code, text=words)
    return Outcome(Kind.UNCERTAIN, code, text=words)


def _words(error: Exception) -> str:
    """One line, without the message that was sent."""
    return wording.one_line(wording.storable(str(error)))[:300]
