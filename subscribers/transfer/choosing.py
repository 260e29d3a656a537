"""A reader's choices as our own export writes them, read back. A cell that can't be read refuses its row."""

import datetime as dt
import re
from collections.abc import Callable, Sequence
from typing import Any

from django.utils import timezone

from subscribers.admitting import NOTHING_CHOSEN, Chosen
from subscribers.joining import LONGEST_PAUSE
from subscribers.models import Frequency, State
from subscribers.transfer.cells import NONE_CHOSEN, plain
from subscribers.transfer.columns import Columns, Role
from subscribers.transfer.reasons import Reason, Why

_SLUGS = re.compile(r"[\w-]{1,60}( +[\w-]{1,60})*")
_YES, _NO = frozenset({"true", "1", "yes", "是"}), frozenset({"false", "0", "no", "否"})
_SHOWN = 40  # characters of a cell in a reason


def chosen(where: Columns, cells: Sequence[str]) -> Chosen | Reason:
    """The choices in a row, or why it can't be taken. An empty cell is the usual choice.

    A pause whose date has come is over. Whoever is neither active nor paused is refused.
    """
    if not where.own:
        return NOTHING_CHOSEN
    fields: dict[str, Any] = {}
    paused = False
    for place, name, role in where.own:
        text = plain(cells[place].strip())
        try:
            if role is Role.STATE:
                paused = _is_paused(text)
            elif text:
                fields[role.value] = _READ[role](text)
        except _NotAReader:
            return Reason(Why.NOT_A_READER, name, text[:_SHOWN])
        except ValueError:
            return Reason(Why.UNREADABLE, name, text[:_SHOWN])
    until = fields.pop(Role.PAUSED_UNTIL.value, None)
    if paused and until is None:
        return Reason(Why.UNREADABLE, Role.PAUSED_UNTIL.value, "–")
    return Chosen(**fields, paused_until=_still_to_come(until) if paused else None)


class _NotAReader(Exception):  # noqa: N818
    """Left, bounced, complained or never confirmed."""


def _is_paused(text: str) -> bool:
    state = text.lower()
    if state not in (State.ACTIVE, State.PAUSED, ""):
        raise _NotAReader
    return state == State.PAUSED


def _still_to_come(until: dt.date) -> dt.date | None:
    return until if until > timezone.now().date() else None


def _date(text: str) -> dt.date:
    date = dt.date.fromisoformat(text)
    if date > timezone.now().date() + LONGEST_PAUSE:
        raise ValueError(text)
    return date


def _slugs(text: str) -> tuple[str, ...]:
    if text == NONE_CHOSEN:
        return ()
    if not _SLUGS.fullmatch(text):
        raise ValueError(text)
    return tuple(text.split())


def _truth(text: str) -> bool:
    if text.lower() not in _YES | _NO:
        raise ValueError(text)
    return text.lower() in _YES


def _minute(text: str) -> dt.time:
    return dt.time.fromisoformat(text).replace(tzinfo=None, second=0, microsecond=0)


_READ: dict[Role, Callable[[str], Any]] = {
    Role.FREQUENCY: lambda text: str(Frequency(text.lower())),
    Role.SEND_AT: _minute,
    Role.LISTS: _slugs,
    Role.SECTIONS: _slugs,
    Role.TOPICS: _slugs,
    Role.PLAIN_TEXT: _truth,
    Role.PAUSED_UNTIL: _date,
}
