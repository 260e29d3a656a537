"""The entrance for a mail server's SMTP or LMTP: takes only our own addresses, and answers 250 after the commit."""

import asyncio
import logging
import socket
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from typing import Any

from aiosmtpd.controller import Controller
from aiosmtpd.lmtp import LMTP
from aiosmtpd.smtp import SMTP, Envelope, Session
from django.conf import settings
from django.db import DatabaseError, close_old_connections
from django.utils import timezone

from newsletter.deliver import inbound
from subscribers import mailbox, seals

log = logging.getLogger(__name__)

MAX_BYTES = 10_000_000  # a bounce brings the whole mail back, ours are far below
THREADS = 4  # mails stored at once
MAX_RECIPIENTS = 50
_LONGEST_LINE = 1_000_000  # real bounces keep no limit

Receive = Callable[..., inbound.Decision]


class Handler:
    """aiosmtpd's hooks. `one_recipient`: LMTP answers for each recipient (RFC 2033 §4.2), aiosmtpd only once."""

    def __init__(self, pool: ThreadPoolExecutor, *, one_recipient: bool, receive: Receive = inbound.receive) -> None:
        self.pool, self.one_recipient, self.receive = pool, one_recipient, receive

    async def handle_RCPT(  # noqa: N802
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        """Only our own addresses are taken, so that whoever mistypes one learns it at once."""
        if not is_ours(address):
            return "550 5.1.1 no such address here"
        if len(envelope.rcpt_tos) >= (1 if self.one_recipient else MAX_RECIPIENTS):
            return "452 4.5.3 too many recipients: send it to the others in a transaction of their own"
        envelope.rcpt_tos.append(address)
        return "250 2.1.5 OK"

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802
        """250 once everything is committed. A server that hears nothing else offers the mail again, to no harm."""
        try:
            await asyncio.get_running_loop().run_in_executor(self.pool, self._store, envelope)
        except DatabaseError as error:
            log.error("mail in: the database is in trouble: %s", type(error).__name__)
            return "451 4.3.0 can't be stored now: try again later"
        except Exception:
            log.exception("mail in: not stored")
            return "451 4.3.0 can't be read now: try again later"
        return "250 2.0.0 stored"

    def _store(self, envelope: Envelope) -> None:
        content = envelope.content
        assert isinstance(content, bytes)
        close_old_connections()
        try:
            for recipient in envelope.rcpt_tos:
                self.receive(
                    content, envelope_sender=envelope.mail_from or "", envelope_recipient=recipient, now=timezone.now()
                )
        finally:
            close_old_connections()


class _Smtp(SMTP):
    line_length_limit = _LONGEST_LINE


class _Lmtp(LMTP):
    line_length_limit = _LONGEST_LINE


class _Controller(Controller):
    def __init__(self, handler: Handler, protocol: type[SMTP], **options: Any) -> None:
        self.protocol = protocol
        super().__init__(handler, **options)

    def factory(self) -> SMTP:
        return self.protocol(self.handler, **self.SMTP_kwargs)


def is_ours(address: str) -> bool:
    """Whether mail to `address` is taken: a command, a report's address, or a seal that we made."""
    aim = mailbox.destination(address, settings.MAIL_DOMAIN)
    if aim is None:
        return False
    if aim.name not in ("bounce", "confirm"):
        return True
    try:
        seals.unseal(aim.name, aim.detail)
    except seals.SealError:
        return False
    return True


@contextmanager
def running(host: str, port: int, *, lmtp: bool, receive: Receive = inbound.receive) -> Iterator[tuple[str, int]]:
    """Take mail on `host`:`port` (0: any free one) while the block runs; yields the address.

    At the end what is being stored is stored first. Raises OSError where the port is taken.
    """
    with ThreadPoolExecutor(THREADS, thread_name_prefix="inbound") as pool:
        controller = _Controller(
            Handler(pool, one_recipient=lmtp, receive=receive),
            _Lmtp if lmtp else _Smtp,
            hostname=host,
            port=port or _free_port(host),
            enable_SMTPUTF8=True,
            data_size_limit=MAX_BYTES,
            ident="Chenbao inbound",
        )
        controller.start()
        try:
            yield host, controller.port
        finally:
            controller.stop()


def _free_port(host: str) -> int:
    with socket.socket() as probe:
        probe.bind((host, 0))
        return int(probe.getsockname()[1])
