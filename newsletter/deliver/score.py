"""How much speaks against an address whose mails keep coming back for reasons that may pass. Pure.

Each mail that failed adds what its reason weighs; what has gathered halves every HALF_LIFE days, and with every mail
that was taken and didn't come back. Above LIMIT the reader is moved to bounced. So with a daily issue a mailbox that
stays full is given up on the sixth morning and a server that is never there on the eleventh, with a weekly one in the
seventh and the nineteenth week; a mailbox that takes one mail in three is kept. What others do: docs/decisions.md.
"""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from enum import Enum

from newsletter.deliver.wording import Reason

LIMIT = 5.0
HALF_LIFE = dt.timedelta(days=60)
LOOKED_BACK = 6 * HALF_LIFE  # what is older weighs less than a sixtieth
_FULL_WEIGHT, _HALF_WEIGHT, _QUARTER_WEIGHT = 1.0, 0.5, 0.25

_WEIGHTS: dict[Reason, float] = {
    Reason.SLOW_DOWN: 0.0,  # "frequency limited": it is we who were too fast
    Reason.POLICY: 0.0,  # it is us whom they don't want
    Reason.TOO_BIG: _QUARTER_WEIGHT,  # tomorrow's may be smaller
    Reason.LOOP: _HALF_WEIGHT,  # their servers' doing, and such things are mended
    Reason.UNREACHABLE: _HALF_WEIGHT,
    Reason.EXPIRED: _HALF_WEIGHT,
}


class Outcome(Enum):
    """What became of one mail, as far as it says something about the address."""

    FAILED = "failed"
    THROUGH = "through"  # taken, and it didn't come back


@dataclass(frozen=True)
class Mail:
    """One mail to one reader; `weight` counts where it failed."""

    at: dt.datetime
    outcome: Outcome
    weight: float = 0.0


@dataclass(frozen=True)
class Score:
    """`points` at the time of the newest failure; `failures` since the points were last as good as none."""

    points: float = 0.0
    failures: int = 0
    since: dt.datetime | None = None  # the first of those failures

    @property
    def is_over(self) -> bool:
        """Whether the address is to be given up."""
        return self.points > LIMIT

    def __str__(self) -> str:
        return f"{self.points:.1f} of {LIMIT:.0f}"


def weight(status: str | None, reason: str | None) -> float:
    """What one failure adds: 1 where the mailbox itself is the matter or nothing is said, less where it isn't.

    `status` is RFC 3463's: class 4 is a server that gave up trying, whatever kept it from success.
    """
    known = Reason(reason) if reason in set(Reason) else None
    about = _WEIGHTS.get(known, _FULL_WEIGHT) if known else _FULL_WEIGHT
    full = known is Reason.FULL or (status or "").endswith(".2.2")
    given_up = (status or "").startswith("4.") and not full
    return min(about, _HALF_WEIGHT) if given_up else about


def of_mails(mails: Iterable[Mail]) -> Score:
    """The score after `mails`, which come from the oldest to the newest."""
    score, last = Score(), None
    for mail in mails:
        points = score.points * (0.5 ** ((mail.at - last) / HALF_LIFE) if last else 1)
        last = mail.at
        if mail.outcome is Outcome.THROUGH:
            score = _lowered(score, points / 2)
        elif mail.weight:
            score = Score(points + mail.weight, score.failures + 1, score.since or mail.at)
    return score


def _lowered(score: Score, points: float) -> Score:
    """A quarter of a point is nothing any more: the next failure begins a new count."""
    return Score(points, score.failures, score.since) if points > _QUARTER_WEIGHT else Score()
