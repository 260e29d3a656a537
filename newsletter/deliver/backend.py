"""Django's EMAIL_BACKEND: single mails (confirmations, notices to editors) on the same transport as the issue."""

import smtplib
import time
from collections.abc import Iterator, Sequence
from email import message_from_bytes
from email.generator import BytesGenerator
from email.message import Message
from email.policy import SMTP, compat32
from email.utils import parseaddr
from io import BytesIO
from typing import Any

from django.core.mail import EmailMessage
from django.core.mail.backends.base import BaseEmailBackend

from newsletter.deliver import dkim, headers
from newsletter.deliver.carrier import Carrier, carrier
from newsletter.deliver.envelope import Envelope
from newsletter.deliver.outcome import Kind, Outcome
from newsletter.deliver.slots import best_encoding, freeze_text
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


class FrozenMail(EmailMessage):
    """A mail whose bytes are finished but for the signature: a frozen edition on its way to somebody who is no reader.

    `content` has CRLF line ends. Any of Django's backends can send it; ours sends it to the byte.
    """

    def __init__(self, content: bytes, subject: str, sender: str, recipient: str, envelope_sender: str) -> None:
        super().__init__(subject, "", sender, [recipient])
        self.content = content
        self.envelope_sender = envelope_sender

    def message(self, *, policy: Any = None) -> Any:
        """Taken apart, as Django's own backends want it."""
        return message_from_bytes(self.content, policy=policy or SMTP)


def wire_bytes(message: EmailMessage) -> bytes:
    """The message with CRLF line ends and 7-bit bodies; Django's own are 8-bit, which not every server takes.

    Its texts are in the shorter of the two 7-bit encodings, its fields folded as an issue's are: Python begins a field
    whose first word is long with an empty line, which some programs take for its end. A mailbox whose name is beyond
    ASCII stands in its header as it is, in UTF-8 (RFC 6532 §3.2): Django writes an encoded word there, which RFC 2047
    §5 forbids inside an address. Raises smtplib.SMTPException for what is none.
    """
    if isinstance(message, FrozenMail):
        return message.content
    made = message_from_bytes(message.message().as_bytes(), policy=compat32)
    for part in made.walk():
        if part.get_content_maintype() == "text":
            _shorten(part)
    buffer = BytesIO()
    written = compat32.clone(cte_type="7bit", linesep=headers.CRLF)
    BytesGenerator(buffer, mangle_from_=False, policy=written).flatten(made)
    body = buffer.getvalue().partition(b"\r\n\r\n")[2]
    head = "".join(f"{name}: {value}{headers.CRLF}" for name, value in _fields(message, made))
    return head.encode() + headers.CRLF.encode() + body


def _fields(message: EmailMessage, made: "Message[str, str]") -> Iterator[tuple[str, str]]:
    """The header's fields, folded; those of MIME last, as in an issue."""
    mailboxes = {"From": [message.from_email], "To": message.to, "Cc": message.cc, "Reply-To": message.reply_to}
    for name, value in sorted(made.items(), key=lambda field: field[0] in ("MIME-Version", "Content-Type")):
        if name in mailboxes and name not in message.extra_headers:
            yield name, _mailboxes(mailboxes[name])
        elif name == "Subject":
            yield name, headers.text(name, str(message.subject))
        else:
            lines = [line.strip() for line in str(value).splitlines()]
            folded = f"{headers.CRLF} ".join(line for line in lines if line)
            # RFC 5322 §3.3: "-0000" would say that nobody knows the zone; it is UTC
            yield name, folded.replace("-0000", "+0000") if name == "Date" else folded


def _mailboxes(written: Sequence[str]) -> str:
    addresses = [headers.mailbox(parseaddr(each)[0], _bare(each)) for each in written]
    return f",{headers.CRLF} ".join(addresses)


def _shorten(part: "Message[str, str]") -> None:
    """Its text in the encoding that takes less room."""
    raw = part.get_payload(decode=True)
    assert isinstance(raw, bytes)
    charset = part.get_content_charset() or "us-ascii"
    if charset not in ("utf-8", "us-ascii"):
        return
    text = raw.decode(charset)
    encoding = best_encoding(text)
    del part["Content-Transfer-Encoding"]
    part["Content-Transfer-Encoding"] = encoding
    part.set_payload(freeze_text(text, encoding, []).decode("ascii"))


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
