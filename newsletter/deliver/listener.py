"""The entrance for a mail server's SMTP or LMTP: takes only our own addresses, and answers 250 after the commit."""

import asyncio
import logging
import socket
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager

from aiosmtpd.lmtp import LMTP
from aiosmtpd.smtp import SMTP, Envelope, Session
from django.conf import settings
from django.db import connections
from django.utils import timezone

from newsletter.deliver import inbound, replies
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
        self.busy = 0

    async def handle_RCPT(  # noqa: N802
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        """Only our own addresses are taken, so that whoever mistypes one learns it at once."""
        try:
            known = is_ours(address) or await self._is_for_editors(address)
        except Exception as error:
            log.error("mail in: no address can be looked up: %s", inbound.trouble(error))
            return "451 4.3.0 can't be looked up now: try again later"
        if not known:
            return "550 5.1.1 no such address here"
        if len(envelope.rcpt_tos) >= (1 if self.one_recipient else MAX_RECIPIENTS):
            return "452 4.5.3 too many recipients: send it to the others in a transaction of their own"
        envelope.rcpt_tos.append(address)
        return "250 2.1.5 OK"

    async def _is_for_editors(self, address: str) -> bool:
        return await asyncio.get_running_loop().run_in_executor(self.pool, _asked_of_the_database, address)

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802
        """250 once everything is committed. A server that hears nothing else offers the mail again, to no harm."""
        self.busy += 1
        try:
            await asyncio.get_running_loop().run_in_executor(self.pool, self._store, envelope)
        except Exception as error:
            # Whatever broke, the mail is still whole in the server's queue: refusing it for good would lose it.
            log.error("mail in: not stored, to be offered again: %s", inbound.trouble(error))
            return "451 4.3.0 can't be stored now: try again later"
        finally:
            self.busy -= 1
        return "250 2.0.0 stored"

    async def idle(self) -> None:
        """Return once nothing is being stored and the last answers have left."""
        while self.busy:
            await asyncio.sleep(0.02)
        await asyncio.sleep(0.1)

    def _store(self, envelope: Envelope) -> None:
        content = envelope.content
        assert isinstance(content, bytes)
        sender = (envelope.mail_from or "").strip("<>")  # aiosmtpd gives the null sender as "<>"
        try:
            for recipient in envelope.rcpt_tos:
                self.receive(content, envelope_sender=sender, envelope_recipient=recipient, now=timezone.now())
        finally:
            connections.close_all()  # the thread may be gone before anything else is asked of it


def _asked_of_the_database(address: str) -> bool:
    try:
        return replies.is_for_editors(address)
    finally:
        connections.close_all()


class _Smtp(SMTP):
    line_length_limit = _LONGEST_LINE


class _Lmtp(LMTP):
    line_length_limit = _LONGEST_LINE


class _Server(threading.Thread):
    """The listener's loop in a thread of its own, on a socket that is bound already."""

    def __init__(self, line: socket.socket, protocol: type[SMTP], handler: Handler) -> None:
        super().__init__(name="inbound", daemon=True)
        self.line, self.protocol, self.handler = line, protocol, handler
        self.ready = threading.Event()
        self.loop: asyncio.AbstractEventLoop
        self.stopping: asyncio.Event

    def run(self) -> None:
        """Serve until `stop`."""
        asyncio.run(self._serve())

    def stop(self) -> None:
        """Take no more, answer for what is being stored, and end."""
        self.loop.call_soon_threadsafe(self.stopping.set)
        self.join()

    async def _serve(self) -> None:
        self.loop, self.stopping = asyncio.get_running_loop(), asyncio.Event()
        server = await self.loop.create_server(self._session, sock=self.line)
        self.ready.set()
        await self.stopping.wait()
        server.close()
        await self.handler.idle()

    def _session(self) -> SMTP:
        return self.protocol(
            self.handler, loop=self.loop, data_size_limit=MAX_BYTES, enable_SMTPUTF8=True, ident="Chenbao inbound"
        )


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
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with (
        socket.create_server((host, port), family=family) as line,
        ThreadPoolExecutor(THREADS, thread_name_prefix="inbound") as pool,
    ):
        handler = Handler(pool, one_recipient=lmtp, receive=receive)
        server = _Server(line, _Lmtp if lmtp else _Smtp, handler)
        server.start()
        server.ready.wait()
        try:
            yield host, line.getsockname()[1]
        finally:
            server.stop()
