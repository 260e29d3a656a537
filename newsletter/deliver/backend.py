"""Django's EMAIL_BACKEND: single mails (confirmations, notices to editors) on the same transport as the issue."""

import smtplib
import time
from collections.abc import Sequence
from email import message_from_bytes
from email.generator import BytesGenerator
from email.policy import compat32
from email.utils import parseaddr
from io import BytesIO
from typing import Any

from django.core.mail import EmailMessage
from django.core.mail.backends.base import BaseEmailBackend

from newsletter.deliver import dkim, headers
from newsletter.deliver.carrier import Carrier, carrier
from newsletter.deliver.envelope import Envelope
from newsletter.deliver.outcome import Kind, Outcome
from newsletter.runs import ActError
from subscribers.addresses import AddressError, normalise


class RefusedError(smtplib.SMTPRecipientsRefused):
    """The server will never take the mail for this recipient: trying again is of no use. Says why."""

    def __init__(self, recipient: str, outcome: Outcome) -> None:
        super().__init__({recipient: (outcome.code, outcome.text.encode())})
        self.outcome = outcome

    def __str__(self) -> str:
        return self.outcome.reply


class EmailBackend(BaseEmailBackend):
    """A mail whose `envelope_sender` attribute is set goes out under that instead of its From; "" is the null sender,
    which answers to mailed commands need so that nothing answers them.

    Raises RefusedError where a recipient is refused for good, another smtplib.SMTPException where a mail isn't taken
    now, unless `fail_silently`. One message may have several recipients; each gets a hand-over of its own.
    """

    def __init__(self, fail_silently: bool = False, **options: Any) -> None:
        super().__init__(fail_silently=fail_silently)
        self._transport: Carrier | None = None

    def open(self) -> bool:
        """Keep one connection for several calls; True if this call opened it."""
        if self._transport is not None:
            return False
        self._transport = carrier()
        return True

    def close(self) -> None:
        """End the connection, if there is one."""
        if self._transport is not None:
            self._transport.close()
            self._transport = None

    def send_messages(self, email_messages: Sequence[EmailMessage]) -> int:
        """How many of the messages were taken for all their recipients."""
        opened = self.open()
        try:
            return sum(self._send(message) for message in email_messages)
        finally:
            if opened:
                self.close()

    def _send(self, message: EmailMessage) -> bool:
        assert self._transport is not None
        try:
            sender = getattr(message, "envelope_sender", None)
            sender = _bare(message.from_email) if sender is None else sender
            content = _signed(wire_bytes(message))
            for recipient in message.recipients():
                outcome = self._transport.send(Envelope(sender, _bare(recipient), content))
                if outcome.kind is Kind.REFUSED:
                    raise RefusedError(recipient, outcome)
                if outcome.kind is not Kind.ACCEPTED:
                    raise smtplib.SMTPResponseException(outcome.code, outcome.text)
        except (ActError, smtplib.SMTPException) as error:
            if self.fail_silently:
                return False
            if isinstance(error, ActError):
                raise smtplib.SMTPException(str(error)) from error
            raise
        return bool(message.recipients())


def _signed(content: bytes) -> bytes:
    """With our signature, where the settings name a key. Raises DkimError."""
    signer = dkim.signer()
    return signer.signed(content, int(time.time())) if signer else content


def wire_bytes(message: EmailMessage) -> bytes:
    """The message with CRLF line ends and 7-bit bodies; Django's own are 8-bit, which not every server takes.

    A mailbox whose name is beyond ASCII stands in its header as it is, in UTF-8 (RFC 6532 §3.2): Django writes an
    encoded word there, which RFC 2047 §5 forbids inside an address. Raises smtplib.SMTPException for what is none.
    """
    as_made = message_from_bytes(message.message().as_bytes(), policy=compat32)
    raw = b""  # such fields stand first: no generator of Python's writes them unencoded beside 7-bit bodies
    for name, mailboxes in (("To", message.to), ("Cc", message.cc)):
        addresses = [_bare(mailbox) for mailbox in mailboxes]
        if not "".join(addresses).isascii():
            del as_made[name]
            written = [headers.mailbox(parseaddr(m)[0], each) for m, each in zip(mailboxes, addresses, strict=True)]
            raw += f"{name}: {', '.join(written)}\r\n".encode()
    buffer = BytesIO()
    policy = compat32.clone(cte_type="7bit", linesep="\r\n")
    BytesGenerator(buffer, mangle_from_=False, policy=policy).flatten(as_made)
    return raw + buffer.getvalue()


def _bare(address: str) -> str:
    """The address alone, its domain as A-labels; a local part beyond ASCII stays, and needs SMTPUTF8."""
    bare = parseaddr(address)[1]
    if bare.isascii():
        return bare
    try:
        found = normalise(bare)
    except AddressError as error:
        raise smtplib.SMTPException(f"{bare}: {error}") from error
    return f"{found.email.rpartition('@')[0]}@{found.key.rpartition('@')[2]}"
