"""A real SMTP server in a thread that keeps what it takes and misbehaves as it is told."""

import asyncio
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email.message import EmailMessage
from email.parser import BytesParser
from email.policy import SMTPUTF8

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session

from newsletter.demo.inbox import _free_port

DROP = "drop the line"


@dataclass
class Mail:
    """One message as it came."""

    sender: str
    recipient: str
    content: bytes
    options: list[str]

    @property
    def parsed(self) -> EmailMessage:
        return BytesParser(policy=SMTPUTF8).parsebytes(self.content)


@dataclass
class Sink:
    """What came, and what to answer: by recipient, a list used up from the front; then 250."""

    mails: list[Mail] = field(default_factory=list)
    sessions: int = 0
    at_mail: list[str] = field(default_factory=list)
    at_recipient: dict[str, list[str]] = field(default_factory=dict)
    at_data: dict[str, list[str]] = field(default_factory=dict)
    before_data: Callable[[Envelope], None] | None = None

    @property
    def recipients(self) -> list[str]:
        return sorted(mail.recipient for mail in self.mails)

    def to(self, recipient: str) -> Mail:
        """The one mail that `recipient` got."""
        (found,) = [mail for mail in self.mails if mail.recipient == recipient]
        return found

    async def handle_EHLO(  # noqa: N802
        self, server: SMTP, session: Session, envelope: Envelope, hostname: str, responses: list[str]
    ) -> list[str]:
        self.sessions += 1
        session.host_name = hostname
        return responses

    async def handle_MAIL(  # noqa: N802
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        if self.at_mail and (reply := await self._answer(server, self.at_mail)):
            return reply
        envelope.mail_from, envelope.mail_options = address, options
        return "250 2.1.0 OK"

    async def handle_RCPT(  # noqa: N802
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        if reply := await self._answer(server, self.at_recipient.get(address, [])):
            return reply
        envelope.rcpt_tos.append(address)
        return "250 2.1.5 OK"

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802
        (recipient,) = envelope.rcpt_tos
        if self.before_data:
            self.before_data(envelope)
        if reply := await self._answer(server, self.at_data.get(recipient, [])):
            return reply
        assert isinstance(envelope.content, bytes)
        mail = Mail(envelope.mail_from or "", recipient, envelope.content, envelope.mail_options)
        self.mails.append(mail)
        return "250 2.0.0 OK"

    async def _answer(self, server: SMTP, script: list[str]) -> str:
        if not script:
            return ""
        reply = script.pop(0)
        if reply == DROP:
            assert isinstance(server.transport, asyncio.Transport)
            server.transport.abort()
            await asyncio.sleep(0)
        return reply


@contextmanager
def running_sink(*, utf8: bool = True) -> Iterator[tuple[Sink, str, int]]:
    """A sink on loopback while the block runs, and its host and port."""
    sink, host = Sink(), "127.0.0.1"
    controller = Controller(sink, hostname=host, port=_free_port(host), enable_SMTPUTF8=utf8)
    controller.start()
    sink.sessions = 0
    try:
        yield sink, host, controller.port
    finally:
        controller.stop()
