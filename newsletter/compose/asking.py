"""One morning at the model: receipts before calls, a budget before each, tries again where sense, and then no more."""

import logging
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from decimal import Decimal

from django.conf import settings

from newsletter.compose import claude, receipts
from newsletter.compose.brief import Brief
from newsletter.compose.claude import Answered, NoAnswerError, PassingError, Server
from newsletter.compose.receipts import Asked
from newsletter.models import ModelCall

log = logging.getLogger(__name__)
MOST_CALLS = 25  # for one issue, tries included
WAITS = (2.0, 8.0)  # seconds before the second and the third try, where the service names none
LEAST = 20.0  # seconds that must be left for a call to be worth beginning
sleep: Callable[[float], None] = time.sleep


@dataclass
class Morning:
    """What has been asked for one issue, what it cost, and why it was given up."""

    brief: Brief
    patience: float  # seconds for all of it
    server: Server = field(default_factory=Server)
    calls: int = 0
    on_file: int = 0
    cost: Decimal = Decimal(0)
    tokens: int = 0
    gave_up: str = ""
    notes: list[str] = field(default_factory=list)
    began: float = field(default_factory=time.monotonic)

    @property
    def left(self) -> float:
        """Seconds of patience."""
        return self.patience - (time.monotonic() - self.began)

    def ask(self, asked: Asked) -> ModelCall:
        """The receipt of `asked`: from before, or of a call made now. Raises NoAnswerError."""
        receipt = receipts.find(asked)
        if receipt:
            self.on_file += 1
            return receipt
        if self.gave_up:
            raise NoAnswerError(self.gave_up)
        try:
            receipt = self._call(asked)
        except NoAnswerError as reason:
            self.gave_up = str(reason) if reason.lasting else ""
            raise
        return receipt

    def note(self, words: str) -> None:
        """A line for the operator and the desk, said once."""
        if words not in self.notes:
            self.notes.append(words)
            log.warning("%s", words)

    def _call(self, asked: Asked) -> ModelCall:
        for wait in (*WAITS, None):
            self._allow(asked)
            self.calls += 1
            lacked = set(self.server.lacks)
            began = time.monotonic()
            try:
                answered = claude.send(asked, self.server, min(settings.CLAUDE_TIMEOUT, self.left))
            except PassingError as fault:
                self._note_lost(asked, fault, time.monotonic() - began)
                pause = fault.wait if fault.wait is not None else wait
                if wait is None or pause is None or pause + LEAST > self.left:
                    raise
                sleep(pause)
                continue
            self._note_lacks(lacked)
            return self._keep(asked, answered)
        raise AssertionError("the last try returns or raises")

    def _allow(self, asked: Asked) -> None:
        """Raises NoAnswerError where the calls, the time or the budget of the day are used up."""
        if self.calls >= MOST_CALLS:
            raise NoAnswerError(f"{MOST_CALLS} calls have been made for this issue", lasting=True)
        if self.left < LEAST:
            raise NoAnswerError(f"the {self.patience:.0f} seconds of CLAUDE_PATIENCE are over", lasting=True)
        if reason := receipts.over_budget([asked], self.brief.newsletter, self.brief.date):
            raise NoAnswerError(reason)  # not lasting: a cheaper call may still fit

    def _keep(self, asked: Asked, answered: Answered) -> ModelCall:
        receipt = receipts.record(
            asked,
            self.brief.newsletter,
            self.brief.date,
            outcome=answered.outcome,
            answer=answered.text,
            usage=answered.usage,
            seconds=answered.seconds,
        )
        self._count(receipt.cost_usd, answered.usage.total)
        return receipt

    def _note_lost(self, asked: Asked, fault: PassingError, seconds: float) -> None:
        if fault.lost:
            receipt = receipts.lost(asked, self.brief.newsletter, self.brief.date, seconds)
            self._count(receipt.cost_usd, receipt.input_tokens + receipt.output_tokens)

    def _count(self, cost: Decimal, tokens: int) -> None:
        self.cost += cost
        self.tokens += tokens

    def _note_lacks(self, before: set[str]) -> None:
        words = {
            "schema": "takes no answer schema: it is told in words, and the answer read all the more carefully",
            "caching": "takes no cache marks: nothing is cached",
            "effort": "takes no effort setting: it thinks as it likes",
        }
        for feature in sorted(self.server.lacks - before):
            self.note(f"the server at {self.server.place} {words[feature]}")
