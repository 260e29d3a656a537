"""The development inbox: an SMTP server that takes every mail and keeps it in a Maildir, for /inbox/ to show."""

import os
import socket
import time
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import count
from pathlib import Path

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session
from django.conf import settings

_serial = count(1)
MAX_BYTES = 40_000_000


class MaildirHandler:
    """Writes each message as it came, with the envelope in two fields before it."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        for name in ("tmp", "new", "cur"):
            (folder / name).mkdir(parents=True, exist_ok=True)

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802
        """aiosmtpd's hook: 250 once the file stands in `new`."""
        recipients = ", ".join(envelope.rcpt_tos)
        fields = f"X-Envelope-From: <{envelope.mail_from or ''}>\r\nX-Envelope-To: {recipients}\r\n"
        content = envelope.content
        assert isinstance(content, bytes)
        # https://cr.yp.to/proto/maildir.html: written under tmp, then moved, so that nobody sees half a mail
        name = f"{time.time():.6f}.P{os.getpid()}Q{next(_serial)}.{socket.gethostname()}"
        (self.folder / "tmp" / name).write_bytes(fields.encode("utf-8", "surrogateescape") + content)
        (self.folder / "tmp" / name).rename(self.folder / "new" / name)
        return "250 2.0.0 kept in the development inbox"


@contextmanager
def running_inbox(port: int = 0, host: str = "127.0.0.1") -> Iterator[tuple[str, int]]:
    """Take mail on `host`:`port` (0: any free one) while the block runs; yields the address.

    Keeps to settings.DEVELOPMENT_INBOX as it is at the start. Raises OSError where the port is taken.
    """
    controller = Controller(
        MaildirHandler(settings.DEVELOPMENT_INBOX),
        hostname=host,
        port=port or _free_port(host),
        enable_SMTPUTF8=True,
        data_size_limit=MAX_BYTES,
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
