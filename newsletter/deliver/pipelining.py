"""One SMTP session that never blocks: MAIL, RCPT and DATA in one write where the server takes that (RFC 2920).

The answers are read in their order, and nothing of a message leaves before all three are favourable. From the moment
that the system has taken its last byte, a line that falls leaves it open whether the message arrived.
"""

import re
import socket
import ssl
import time
from collections.abc import Callable
from dataclasses import replace

from django.conf import settings

from newsletter.deliver.envelope import Envelope
from newsletter.deliver.outcome import Kind, Outcome, judge
from newsletter.deliver.servers import Server
from newsletter.deliver.session import connect
from newsletter.deliver.wording import storable

# After the final dot the server may still be delivering: giving up early makes duplicates (RFC 5321 §4.5.3.2.6).
DOT_TIMEOUT = 600  # seconds
_READ = 65536
_TLS_RECORD = 16384  # RFC 8446 §5.1
_REPLY = re.compile(rb"((?:\d{3}-[^\n]*\n)*)(\d{3})(?: ([^\n]*))?\r?\n")  # RFC 5321 §4.2.1
_LONGEST_REPLY = 100_000  # bytes

BeforeMessage = Callable[[], None]


class Line:
    """A session for one mail after the other. Not for sharing between threads.

    `offer` a mail while none is under way; call `turn` whenever the socket is ready, until it gives the outcome, or
    `expire` once `deadline` (monotonic) is over. `is_open` False: the session has ended.
    """

    def __init__(self, server: Server) -> None:
        """Connect. Raises UnreachableError."""
        self.server = server
        self.offered = 0  # mails, over this session
        self.is_open, self.deadline = True, 0.0
        self._smtp = connect(server)
        assert self._smtp.sock is not None
        self._sock: socket.socket = self._smtp.sock
        self._sock.setblocking(False)
        self._sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)  # each write is whole: nothing to wait for
        self._pipelines = self._smtp.has_extn("pipelining")
        self._in, self._out = b"", memoryview(b"")
        self._mail: Envelope | None = None
        self._before_message: BeforeMessage = lambda: None
        self._commands: list[tuple[str, bytes]] = []  # not yet sent
        self._awaited: list[str] = []
        self._refused: Outcome | None = None
        self._has_recipient = False
        self._reset_first = False
        self._handed_over = False

    @property
    def wants_to_write(self) -> bool:
        """Whether the socket's readiness to write is waited for, too."""
        return bool(self._out)

    def fileno(self) -> int:
        """For selectors."""
        return self._sock.fileno()

    def close(self) -> None:
        """Say goodbye, if the line still stands, without waiting for the answer."""
        if self.is_open and self._mail is None:
            try:
                self._sock.send(b"QUIT\r\n")
            except OSError:
                self.is_open = False
        self._drop()

    def offer(self, mail: Envelope, before_message: BeforeMessage) -> Outcome | None:
        """Begin to hand `mail` over. An outcome: it can't go over this session at all.

        `before_message` is called just before its first byte leaves; where that raises (anything but an OSError),
        nothing of the message has left, and the session is closed.
        """
        options = [f"SIZE={len(mail.message)}"] if self._smtp.has_extn("size") else []
        is_ascii = not mail.may_be_8bit or mail.message.isascii()
        head = b"" if is_ascii else mail.message.partition(b"\r\n\r\n")[0]
        if not (mail.sender + mail.recipient).isascii() or not head.isascii():  # RFC 6531 §3.1
            if not self._smtp.has_extn("smtputf8"):
                lacking = "5.6.7 the mail server takes no addresses beyond ASCII: it doesn't offer SMTPUTF8"
                return judge(553, lacking)
            options += ["SMTPUTF8"]
        if not is_ascii and self._smtp.has_extn("8bitmime"):
            options += ["BODY=8BITMIME"]
        self.offered += 1
        self._mail, self._before_message = mail, before_message
        self._refused, self._has_recipient, self._handed_over = None, False, False
        envelope = " ".join([f"MAIL FROM:<{mail.sender}>", *options])
        self._commands = [("rset", b"RSET\r\n")] if self._reset_first else []
        self._commands += [
            ("mail", f"{envelope}\r\n".encode()),
            ("rcpt", f"RCPT TO:<{mail.recipient}>\r\n".encode()),
            ("data", b"DATA\r\n"),
        ]
        self._reset_first = False
        try:
            self._send_commands()
        except OSError as error:
            return self._fallen(error)
        return None

    def turn(self) -> Outcome | None:
        """Go on as far as the socket allows; the outcome once it is known. Whatever `before_message` raises."""
        try:
            if self._out:
                self._write()
            return self._read()
        except OSError as error:
            return self._fallen(error)

    def expire(self) -> Outcome:
        """The server took too long."""
        return self._fallen(TimeoutError("timed out"))

    # ---- writing

    def _send_commands(self) -> None:
        count = len(self._commands) if self._pipelines else 1
        now, self._commands = self._commands[:count], self._commands[count:]
        self._awaited += [name for name, _ in now]
        self._put(b"".join([line for _, line in now]), settings.EMAIL_TIMEOUT)

    def _put(self, content: bytes, timeout: float) -> None:
        self._out = memoryview(content)
        self.deadline = time.monotonic() + timeout
        self._write()

    def _write(self) -> None:
        try:
            while self._out:
                self._out = self._out[self._sock.send(self._out) :]
        except (BlockingIOError, ssl.SSLWantWriteError, ssl.SSLWantReadError):
            # TLS keeps the record that it couldn't send whole, and the last byte may be in there
            in_last_record = isinstance(self._sock, ssl.SSLSocket) and len(self._out) <= _TLS_RECORD
            self._handed_over |= self._awaited == ["dot"] and in_last_record
        else:
            self._handed_over |= self._awaited == ["dot"]

    def _send_message(self) -> None:
        assert self._mail is not None
        try:
            self._before_message()
        except BaseException:
            self._drop()
            raise
        message = self._mail.message
        if self._mail.may_have_dots:
            message = message.replace(b"\r\n.", b"\r\n..")  # RFC 5321 §4.5.2
            message = b"." + message if message.startswith(b".") else message
        self._awaited = ["dot"]
        self._put(message + (b".\r\n" if message.endswith(b"\r\n") else b"\r\n.\r\n"), DOT_TIMEOUT)

    # ---- reading

    def _read(self) -> Outcome | None:
        while True:
            try:
                chunk = self._sock.recv(_READ)
            except (BlockingIOError, ssl.SSLWantReadError, ssl.SSLWantWriteError):
                return None
            if not chunk:
                raise ConnectionResetError("the server closed the line")
            self._in += chunk
            outcome = self._take_replies()
            if outcome is not None:
                return outcome
            if len(chunk) < _READ and not isinstance(self._sock, ssl.SSLSocket):
                return None  # it was all; of TLS a record may be left that the socket doesn't show

    def _take_replies(self) -> Outcome | None:
        outcome, end = None, 0
        while outcome is None and (found := _REPLY.match(self._in, end)):
            end, said = found.end(), found[3] or b""
            if found[1]:
                said = b" ".join([line[4:] for line in found[1].splitlines()] + [said])
            outcome = self._answered(int(found[2]), storable(said.decode("utf-8", "replace")))
        self._in = self._in[end:]
        if (self._in and not self._in[:1].isdigit()) or len(self._in) > _LONGEST_REPLY:
            raise ConnectionAbortedError("the server's answer isn't SMTP")
        return outcome

    def _answered(self, code: int, text: str) -> Outcome | None:
        """One reply to the command that stands first."""
        if not self._awaited:
            raise ConnectionAbortedError(f"the server spoke unasked: {code} {text}")
        step = self._awaited.pop(0)
        if step == "dot":
            if not (200 <= code < 300 or 400 <= code < 600):
                raise ConnectionAbortedError(f"no answer to a message: {code} {text}")
            return self._ended(judge(code, text), code)
        if step == "lone dot":
            assert self._refused is not None
            return self._ended(self._refused, code)
        if code == 421:  # the server ends the session (RFC 5321 §3.8)
            return self._ended(self._refused or judge(code, text), code)
        if step == "data":
            return self._after_data(code, text)
        self._has_recipient |= step == "rcpt" and 200 <= code < 300
        if step != "rset" and not 200 <= code < 300 and self._refused is None:
            outcome = judge(code, text)
            # a refused sender is refused for every reader
            sender = step == "mail" and outcome.kind is Kind.REFUSED
            self._refused = replace(outcome, kind=Kind.OUR_FAULT) if sender else outcome
        if self._refused is not None and not self._awaited:  # one command at a time: what follows needn't be said
            return self._ended(self._refused, code)
        if self._commands and not self._awaited:
            self._send_commands()
        return None

    def _after_data(self, code: int, text: str) -> Outcome | None:
        if 400 <= code < 600:
            return self._ended(self._refused or judge(code, text), code)
        if code != 354:
            raise ConnectionAbortedError(f"no answer to DATA: {code} {text}")
        if self._refused is not None and self._has_recipient:  # a lone dot would be a mail without a text
            self._drop()
            return self._refused
        if self._refused is not None:
            # RFC 2920 §3.1: a server may take DATA though it took no recipient; a lone dot ends that
            self._awaited = ["lone dot"]
            self._put(b".\r\n", settings.EMAIL_TIMEOUT)
            return None
        self._send_message()
        return None

    # ---- ends

    def _ended(self, outcome: Outcome, code: int) -> Outcome:
        """The mail's outcome; the session goes on unless the server has ended it."""
        self._mail, self._commands = None, []
        self._reset_first = outcome.kind is not Kind.ACCEPTED
        if code == 421 or self._awaited:
            self._drop()
        return outcome

    def _fallen(self, error: OSError) -> Outcome:
        handed_over, refused = self._handed_over, self._refused
        self._drop()
        if refused is not None:
            return refused
        said = str(error) or type(error).__name__
        if handed_over:
            return Outcome(Kind.UNCERTAIN, text=f"the line fell after the message was handed over: {said}")
        return Outcome(Kind.DEFERRED, text=f"the line fell before the message was handed over: {said}")

    def _drop(self) -> None:
        self.is_open, self._mail = False, None
        self._smtp.close()
