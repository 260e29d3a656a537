"""An SMTP server over bare sockets, for what no library's does: pipelining, TLS, and faults at every command."""

import contextlib
import socket
import socketserver
import ssl
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from tests.loopback import serving

DROP = "drop the line"
Answer = Callable[[str, str], str | float | None]  # (command, recipient) -> a reply, DROP, seconds to wait, or nothing


@dataclass
class RawServer:
    """What came, and what to answer. The commands: greet, ehlo, mail, rcpt, data, body (before its answer), rset."""

    extensions: tuple[str, ...] = ("PIPELINING", "SIZE 10000000")
    answer: Answer = lambda command, recipient: None
    context: ssl.SSLContext | None = None
    tls_at_once: bool = False
    port: int = 0  # 0: any that is free
    mails: list[tuple[str, bytes]] = field(default_factory=list)
    strays: list[bytes] = field(default_factory=list)  # messages for a recipient that was refused
    written: list[bytes] = field(default_factory=list)  # what came in one read
    sessions: int = 0
    open_sessions: int = 0
    most_sessions: int = 0
    lock: threading.Lock = field(default_factory=threading.Lock)

    @property
    def recipients(self) -> list[str]:
        return sorted(recipient for recipient, _ in self.mails)


class _GoneError(Exception):
    """The session is over."""


class _Session(socketserver.BaseRequestHandler):
    server: "_Server"

    def handle(self) -> None:
        told = self.server.told
        with told.lock:
            told.sessions += 1
            told.open_sessions += 1
            told.most_sessions = max(told.most_sessions, told.open_sessions)
        self.buffer, self.recipient = b"", ""
        try:
            with contextlib.suppress(_GoneError, OSError):
                if told.tls_at_once:
                    self._encrypt()
                self._say("greet", "220 raw ESMTP")
                while True:
                    self._command(self._line())
        finally:
            self.request.close()
            with told.lock:
                told.open_sessions -= 1

    def _command(self, line: bytes) -> None:
        verb, _, rest = line.decode().partition(" ")
        match verb.upper():
            case "EHLO":
                lines = ["raw", *self.server.told.extensions]
                self._say("ehlo", "\r\n".join([*(f"250-{each}" for each in lines[:-1]), f"250 {lines[-1]}"]))
            case "STARTTLS":
                self._put("220 2.0.0 go on")
                self._encrypt()
            case "MAIL":
                self.recipient = ""
                self._say("mail", "250 2.1.0 OK")
            case "RCPT":
                self.recipient = rest.partition("<")[2].partition(">")[0]
                if not self._say("rcpt", "250 2.1.5 OK"):
                    self.recipient = ""
            case "DATA":
                # as some do: 354 even where no recipient was taken
                if self._say("data", "354 go on"):
                    self._body()
            case "QUIT":
                self._put("221 2.0.0 bye")
                raise _GoneError
            case _:
                self._say("rset", "250 2.0.0 OK")

    def _body(self) -> None:
        while b"\r\n.\r\n" not in b"\r\n" + self.buffer:
            self._read()
        content, _, self.buffer = (b"\r\n" + self.buffer).partition(b"\r\n.\r\n")
        content = content[2:].replace(b"\r\n..", b"\r\n.") + b"\r\n"
        if not self.recipient:
            if content != b"\r\n":
                self.server.told.strays.append(content)
            self._put("554 5.5.1 no valid recipients")
            return
        if self._say("body", "250 2.0.0 OK: queued", before=lambda: self._keep(content)):
            return

    def _keep(self, content: bytes) -> None:
        with self.server.told.lock:
            self.server.told.mails.append((self.recipient, content))

    def _say(self, command: str, usual: str, before: Callable[[], None] = lambda: None) -> bool:
        """Answer as the test wants it; whether that is favourable."""
        wanted = self.server.told.answer(command, self.recipient)
        if isinstance(wanted, float):
            time.sleep(wanted)
        reply = wanted if isinstance(wanted, str) else usual
        if reply == DROP:
            raise _GoneError
        if reply[0] in "23":
            before()
        self._put(reply)
        if reply.startswith("421"):
            raise _GoneError
        return reply[0] in "23"

    def _put(self, reply: str) -> None:
        self.request.sendall(reply.encode() + b"\r\n")

    def _line(self) -> bytes:
        while b"\n" not in self.buffer:
            self._read()
        line, _, self.buffer = self.buffer.partition(b"\n")
        return line.rstrip(b"\r")

    def _read(self) -> None:
        got = self.request.recv(65536)
        if not got:
            raise _GoneError
        self.server.told.written.append(got)
        self.buffer += got

    def _encrypt(self) -> None:
        assert self.server.told.context
        self.request = self.server.told.context.wrap_socket(self.request, server_side=True)


class _Server(socketserver.ThreadingTCPServer):
    daemon_threads = True
    allow_reuse_address = True
    block_on_close = False

    def __init__(self, told: RawServer) -> None:
        super().__init__(("127.0.0.1", told.port), _Session)
        self.told = told

    def handle_error(self, request: object, client_address: object) -> None:
        with contextlib.suppress(OSError):
            assert isinstance(request, socket.socket)
            request.close()

    def shutdown_request(self, request: object) -> None:
        with contextlib.suppress(OSError):
            assert isinstance(request, socket.socket)
            request.close()


@contextmanager
def running(told: RawServer) -> Iterator[int]:
    """The server on a loopback port while the block runs; yields the port."""
    server = _Server(told)
    with serving(server):
        yield server.server_address[1]
