"""SMTP: one connection, kept for many mails, and what the server said of each."""

import re
import smtplib
import ssl
from dataclasses import dataclass, replace
from enum import StrEnum
from types import TracebackType
from typing import Self

from django.conf import settings
from django.core.mail.utils import DNS_NAME

from newsletter.runs import ActError

# After the final dot the server may still be delivering: giving up early makes duplicates (RFC 5321 §4.5.3.2.6).
DOT_TIMEOUT = 600  # seconds
_ENHANCED = re.compile(r"\b([245]\.\d{1,3}\.\d{1,3})\b")  # RFC 3463
# QQ and 163 refuse for the moment with a 550 that asks to slow down: the address is fine.
_SLOW_DOWN = re.compile(r"frequen|too many (?:connections|messages)|rate limit", re.IGNORECASE)


class Kind(StrEnum):
    """What became of one mail."""

    ACCEPTED = "accepted"  # 250 after the dot
    DEFERRED = "deferred"  # not taken now: 4xx, or the line fell before the message was handed over
    REFUSED = "refused"  # 5xx
    OUR_FAULT = "our_fault"  # 5.7.x: sender, policy or signature is wrong, and would be for the next reader too
    UNCERTAIN = "uncertain"  # the line fell after the message was handed over


@dataclass(frozen=True)
class Outcome:
    """The server's answer. `code` 0: it gave none. `enhanced` as in RFC 3463, or empty."""

    kind: Kind
    code: int = 0
    enhanced: str = ""
    text: str = ""

    @property
    def lost(self) -> bool:
        """The line fell on this mail."""
        return self.code == 0 and self.kind in (Kind.DEFERRED, Kind.UNCERTAIN)

    @property
    def reply(self) -> str:
        """For people: code and text in one line."""
        return f"{self.code} {self.text}".strip() if self.code else self.text


class UnreachableError(ActError):
    """No session with the server could be had; nothing was handed over. Says host, port and what to do."""


def judge(code: int, text: str) -> Outcome:
    """The outcome that a reply to MAIL, RCPT, DATA or the final dot stands for."""
    line = " ".join(text.split())
    found = _ENHANCED.search(line)
    enhanced = found[1] if found else ""
    if 200 <= code < 300:
        kind = Kind.ACCEPTED
    elif 400 <= code < 500 or _SLOW_DOWN.search(line):
        kind = Kind.DEFERRED
    elif enhanced.startswith("5.7."):
        kind = Kind.OUR_FAULT
    else:
        kind = Kind.REFUSED
    return Outcome(kind, code, enhanced, line)


class _RefusedError(Exception):
    """A command was not taken; nothing was handed over."""

    def __init__(self, outcome: Outcome) -> None:
        super().__init__(outcome.reply)
        self.outcome = outcome


class Transport:
    """A connection to the server that the settings name. Use as a context manager; it connects when first needed.

    Not for sharing between threads.
    """

    def __init__(self) -> None:
        self.host, self.port = settings.EMAIL_HOST, settings.EMAIL_PORT
        self._smtp: smtplib.SMTP | None = None
        self._fresh = True  # no mail has gone over this session yet

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, tb: TracebackType | None
    ) -> None:
        self.close()

    def connect(self) -> None:
        """Make sure of a session. Raises UnreachableError."""
        if self._smtp is not None:
            return
        try:
            self._smtp = self._open()
        except smtplib.SMTPAuthenticationError as error:
            raise UnreachableError(self._advice(error, "check SMTP_USER and SMTP_PASSWORD")) from error
        except (smtplib.SMTPNotSupportedError, ssl.SSLError) as error:
            raise UnreachableError(self._advice(error, "check SMTP_STARTTLS and the server's certificate")) from error
        except OSError as error:
            raise UnreachableError(
                self._advice(
                    error,
                    "start the mail server there (in development: `manage.py inbox`), or set SMTP_HOST and SMTP_PORT",
                )
            ) from error
        self._fresh = True

    def close(self) -> None:
        """Say goodbye if the line still stands."""
        smtp, self._smtp = self._smtp, None
        if smtp is None:
            return
        try:
            smtp.quit()
        except OSError:
            smtp.close()

    def send(self, sender: str, recipient: str, message: bytes) -> Outcome:
        """Hand one mail over. `message` has CRLF line ends; `sender` "" is the null sender.

        A line that turns out to be dead (servers close idle sessions) is opened anew once. Raises UnreachableError
        where that fails; the mail was then not handed over.
        """
        self.connect()
        fresh, self._fresh = self._fresh, False
        outcome = self._try(sender, recipient, message)
        if self._smtp is None and outcome.kind is Kind.DEFERRED and not fresh:
            self.connect()
            outcome = self._try(sender, recipient, message)
        return outcome

    def _try(self, sender: str, recipient: str, message: bytes) -> Outcome:
        assert self._smtp is not None
        try:
            self._begin(self._smtp, sender, recipient, message)
        except _RefusedError as refused:
            if refused.outcome.code == 421:  # the server ends the session (RFC 5321 §3.8)
                self._drop()
            else:
                self._reset()
            return refused.outcome
        except OSError as error:  # SMTPException is one too
            self._drop()
            return Outcome(Kind.DEFERRED, text=f"the line fell before the message was handed over: {error}")
        return self._finish(self._smtp, message)

    def _open(self) -> smtplib.SMTP:
        options = {"local_hostname": DNS_NAME.get_fqdn(), "timeout": settings.EMAIL_TIMEOUT}
        context = ssl.create_default_context()
        if settings.EMAIL_USE_SSL:
            smtp: smtplib.SMTP = smtplib.SMTP_SSL(self.host, self.port, context=context, **options)
        else:
            smtp = smtplib.SMTP(self.host, self.port, **options)
        try:
            if settings.EMAIL_USE_TLS:
                smtp.starttls(context=context)
            if settings.EMAIL_HOST_USER:
                smtp.login(settings.EMAIL_HOST_USER, settings.EMAIL_HOST_PASSWORD)
            smtp.ehlo_or_helo_if_needed()
        except BaseException:
            smtp.close()
            raise
        return smtp

    def _begin(self, smtp: smtplib.SMTP, sender: str, recipient: str, message: bytes) -> None:
        """MAIL, RCPT, DATA: nothing is handed over yet. Raises _RefusedError."""
        options = [f"SIZE={len(message)}"] if smtp.has_extn("size") else []
        if not (sender + recipient).isascii() or not _head_of(message).isascii():  # RFC 6531 §3.1, RFC 6532
            if not smtp.has_extn("smtputf8"):
                lacking = "5.6.7 the mail server takes no addresses beyond ASCII: it doesn't offer SMTPUTF8"
                raise _RefusedError(judge(553, lacking))
            options += ["SMTPUTF8"]
        if not message.isascii() and smtp.has_extn("8bitmime"):
            options += ["BODY=8BITMIME"]
        code, text = smtp.mail(sender, options)
        if not 200 <= code < 300:
            outcome = judge(code, _decoded(text))
            # a refused sender is refused for every reader
            raise _RefusedError(replace(outcome, kind=Kind.OUR_FAULT) if outcome.kind is Kind.REFUSED else outcome)
        code, text = smtp.rcpt(recipient)
        if not 200 <= code < 300:
            raise _RefusedError(judge(code, _decoded(text)))
        code, text = smtp.docmd("DATA")
        if code != 354:
            raise _RefusedError(judge(code, _decoded(text)))

    def _finish(self, smtp: smtplib.SMTP, message: bytes) -> Outcome:
        """The message and the final dot. From the first byte on, a fallen line leaves it open whether it arrived."""
        stuffed = message.replace(b"\r\n.", b"\r\n..")  # RFC 5321 §4.5.2
        stuffed = b"." + stuffed if stuffed.startswith(b".") else stuffed
        try:
            smtp.send(stuffed + (b".\r\n" if stuffed.endswith(b"\r\n") else b"\r\n.\r\n"))
            assert smtp.sock is not None
            smtp.sock.settimeout(DOT_TIMEOUT)
            code, text = smtp.getreply()
            smtp.sock.settimeout(settings.EMAIL_TIMEOUT)
        except OSError as error:
            self._drop()
            return Outcome(Kind.UNCERTAIN, text=f"the line fell after the message was handed over: {error}")
        outcome = judge(code, _decoded(text))
        if code == 421:
            self._drop()
        return outcome

    def _reset(self) -> None:
        try:
            if self._smtp is not None:
                self._smtp.rset()
        except OSError:
            self._drop()

    def _drop(self) -> None:
        if self._smtp is not None:
            self._smtp.close()
            self._smtp = None

    def _advice(self, reason: object, what_to_do: str) -> str:
        said = " ".join(str(reason).split()) or type(reason).__name__
        return (
            f"no mail could be handed to {self.host}:{self.port} ({said}): {what_to_do}; nothing is lost, run it again"
        )


def _head_of(message: bytes) -> bytes:
    return b"" if message.isascii() else message.partition(b"\r\n\r\n")[0]


def _decoded(text: bytes) -> str:
    return text.decode("utf-8", "replace")
