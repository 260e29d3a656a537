"""Handing mails to the servers that the settings name: several at once over lines that are kept, or a single one.

Mail is shared out by the servers' weights. One that can't be reached, or that ends a session it has just begun, is
left in peace for a while, and the others take its share.
"""

import logging
import selectors
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from functools import partial
from types import TracebackType
from typing import Protocol, Self

from newsletter.deliver import servers
from newsletter.deliver.envelope import Envelope
from newsletter.deliver.outcome import Kind, Outcome
from newsletter.deliver.pipelining import Line
from newsletter.deliver.servers import Server
from newsletter.deliver.session import UnreachableError, advice

log = logging.getLogger(__name__)

REST = 60.0  # seconds
_NAP = 0.2  # seconds

Ref = int  # what the caller knows a mail by
Ended = tuple[Ref, Outcome]


class Permit(Protocol):
    """Whether a server may get one more mail now; with `use`, it does."""

    def __call__(self, server: Server, *, use: bool) -> bool: ...


def _any_number(server: Server, *, use: bool) -> bool:
    return True


@dataclass
class _Share:
    """One server and its lines."""

    server: Server
    lines: list[Line] = field(default_factory=list)
    idle: list[Line] = field(default_factory=list)  # of the lines, those that a mail can be offered to
    given: int = 0  # mails
    rests_until: float = 0.0  # monotonic
    why: UnreachableError | None = None

    def has_room(self, now: float, permit: Permit) -> bool:
        has_line = self.idle or (len(self.lines) < self.server.connections and now >= self.rests_until)
        return bool(has_line) and permit(self.server, use=False)


@dataclass(frozen=True)
class _Held:
    """A mail on a line. `fresh`: none had gone over that session before; `again`: it has met a dead line once."""

    ref: Ref
    mail: Envelope
    share: _Share
    fresh: bool
    again: bool


class Transport:
    """Lines to all servers, opened when first needed. Use as a context manager. Not for sharing between threads.

    `before_message` is called with a mail's ref just before its first byte leaves; what it raises stops that. `permit`
    says whether a server may get one more mail now, and is told when it does.
    """

    def __init__(self, before_message: Callable[[Ref], None] = lambda ref: None, permit: Permit | None = None) -> None:
        """Raises ServerError where MAIL_SERVERS can't be read."""
        self._permit = permit or _any_number
        self._shares = [_Share(server) for server in servers.configured()]
        self._before_message = before_message
        self._selector = selectors.DefaultSelector()
        self._writing: set[Line] = set()  # whose readiness to write is waited for, too
        self._held: dict[Line, _Held] = {}
        self._ended: list[Ended] = []

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, tb: TracebackType | None
    ) -> None:
        self.close()

    @property
    def busy(self) -> int:
        """How many mails are on the lines, or have an outcome that `turn` hasn't given yet."""
        return len(self._held) + len(self._ended)

    def connect(self) -> None:
        """Make sure of a session with one server. Raises UnreachableError."""
        if not any(share.lines for share in self._shares) and self.has_room():
            self._a_line()

    def has_room(self) -> bool:
        """Whether a mail can be offered now. Also true where `offer` will say that no server can be reached."""
        now = time.monotonic()
        if any(share.has_room(now, self._permit) for share in self._shares):
            return True
        # none can be reached; or each may have some more in a while
        return not any(share.lines or share.rests_until <= now for share in self._shares)

    def offer(self, ref: Ref, mail: Envelope) -> None:
        """Begin to hand a mail over; there must be room. Raises UnreachableError: then nothing was."""
        self._offer(ref, mail, again=False)

    def turn(self, timeout: float | None = None) -> list[Ended]:
        """Go on with all that is under way; what has ended, in its order. Waits until something happens, or for
        `timeout` seconds."""
        if self._ended:
            timeout = 0
        elif not self._held:
            time.sleep(_NAP if timeout is None else min(timeout, _NAP))  # no server may have more just now
        if self._held or self._ended:
            for key, _ in self._selector.select(self._patience(timeout)):
                self._go_on(*key.data)
            self._expire()
        ended, self._ended = self._ended, []
        return ended

    def send(self, mail: Envelope) -> Outcome:
        """Hand one mail over and wait for its outcome. Raises UnreachableError: then it was not."""
        assert not self.busy
        self.offer(0, mail)
        while not (ended := self.turn()):
            continue
        ((_, outcome),) = ended
        return outcome

    def close(self) -> None:
        """Say goodbye on every line that still stands."""
        for share in self._shares:
            for line in list(share.lines):
                self._forget(share, line)

    # ---- the lines

    def _a_line(self) -> tuple[_Share, Line]:
        """An idle line of the server that is furthest behind its share. Raises UnreachableError."""
        now = time.monotonic()
        with_room = [share for share in self._shares if share.has_room(now, self._permit)]
        for share in sorted(with_room, key=lambda each: each.given / each.server.weight):
            with suppress(UnreachableError):
                return share, share.idle[-1] if share.idle else self._open(share)
        raise next(share.why for share in self._shares if share.why)  # asked without room: all of them are down

    def _open(self, share: _Share) -> Line:
        try:
            line = Line(share.server)
        except UnreachableError as error:
            self._let_rest(share, error)
            raise
        share.lines.append(line)
        share.idle.append(line)
        self._selector.register(line, selectors.EVENT_READ, (share, line))
        return line

    def _let_rest(self, share: _Share, why: UnreachableError) -> None:
        share.why, share.rests_until = why, time.monotonic() + REST
        log.warning("%s; it is left in peace for %d seconds", why, REST)

    def _forget(self, share: _Share, line: Line) -> None:
        share.lines.remove(line)
        if line in share.idle:
            share.idle.remove(line)
        self._writing.discard(line)
        self._selector.unregister(line)
        line.close()

    def _offer(self, ref: Ref, mail: Envelope, *, again: bool) -> None:
        share, line = self._a_line()
        share.idle.remove(line)
        share.given += 1
        self._permit(share.server, use=True)
        self._held[line] = _Held(ref, mail, share, fresh=line.offered == 0, again=again)
        outcome = line.offer(mail, partial(self._before_message, ref))
        self._after(line, outcome)

    def _go_on(self, share: _Share, line: Line) -> None:
        """The socket of `line` is ready."""
        if line in self._held:
            try:
                outcome = line.turn()
            except BaseException:  # of `before_message`: the session was closed, and nothing has left
                del self._held[line]
                self._forget(share, line)
                raise
            self._after(line, outcome)
        elif line in share.lines:  # an idle line speaks only to say that it ends
            self._forget(share, line)

    def _expire(self) -> None:
        """Give up the lines whose servers took too long."""
        now = time.monotonic()
        for line in [line for line in self._held if now >= line.deadline]:
            self._after(line, line.expire())

    def _after(self, line: Line, outcome: Outcome | None) -> None:
        """What follows from a step on `line`."""
        held = self._held[line]
        if not line.is_open:
            self._forget(held.share, line)
        elif line.wants_to_write != (line in self._writing):
            self._writing ^= {line}
            write = selectors.EVENT_WRITE if line.wants_to_write else 0
            self._selector.modify(line, selectors.EVENT_READ | write, (held.share, line))
        if outcome is not None:
            del self._held[line]
            if line.is_open:
                held.share.idle.append(line)
            self._end(held, outcome)

    def _end(self, held: _Held, outcome: Outcome) -> None:
        """An outcome; but a mail that met a line which had served others and was dead gets another one, once."""
        turned_away = outcome.code == 421 and outcome.kind is Kind.DEFERRED
        if (turned_away or outcome.lost) and outcome.kind is not Kind.UNCERTAIN:
            if not held.fresh and not held.again:
                try:
                    self._offer(held.ref, held.mail, again=True)
                except UnreachableError:
                    log.info("no other line for a mail whose line fell")
                else:
                    return
            elif turned_away:
                self._let_rest(held.share, UnreachableError(advice(held.share.server, outcome.reply, "wait")))
        self._ended.append((held.ref, outcome))

    def _patience(self, timeout: float | None) -> float:
        """Seconds until `timeout` or the first line's deadline."""
        until = min((line.deadline for line in self._held), default=0.0) - time.monotonic()
        return max(0.0, until if timeout is None else min(until, timeout))
