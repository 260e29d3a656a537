"""Rows of a table into readers. Every row becomes one, or is known, or is refused with a reason."""

import gc
import hashlib
import sqlite3
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from subscribers import addresses
from subscribers.admitting import Newcomer
from subscribers.models import ImportPurpose
from subscribers.transfer.cells import plain
from subscribers.transfer.choosing import chosen
from subscribers.transfer.columns import Columns
from subscribers.transfer.reasons import NOT_AN_ADDRESS, OTHERS, Reason, Why
from subscribers.transfer.table import Row

BATCH = 10_000
# What an admission may say of an address that isn't taken.
REFUSING = frozenset({Why.SUPPRESSED.value, Why.STAYS.value})
MOST_REASONS = 20  # a wrongly chosen column can give a reason for each row

# What becomes of each person, by key: admitting.admit, shutting_out.shut_out, or what only foresees one of them.
Admission = Callable[[Sequence[Newcomer]], dict[str, str]]


@dataclass(frozen=True)
class RowError:
    """One row that was not taken, and why. `line` is its line in the file."""

    line: int
    email: str
    reason: Reason


@dataclass
class Report:
    """What became of the rows."""

    rows: int = 0
    added: int = 0
    known: int = 0
    refused: int = 0
    reasons: dict[Reason, int] = field(default_factory=dict)

    @classmethod
    def of(cls, kept: dict[str, Any]) -> "Report":
        """A report as `kept` made it; an empty one of nothing."""
        reasons = {Reason(Why(why), column, value): n for why, column, value, n in kept.get("reasons", ())}
        return cls(**{**kept, "reasons": reasons})

    def kept(self) -> dict[str, Any]:
        """The report as the import's row keeps it."""
        return {**vars(self), "reasons": [[*reason, count] for reason, count in self.reasons.items()]}

    def add(self, more: "Report") -> None:
        """Count `more` as well. Of many different reasons the rarer are counted together."""
        for name in ("rows", "added", "known", "refused"):
            setattr(self, name, getattr(self, name) + getattr(more, name))
        reasons = Counter(self.reasons) + Counter(more.reasons)
        others = reasons.pop(OTHERS, 0) + sum(n for _reason, n in _apart(reasons)[MOST_REASONS:])
        self.reasons = dict(_apart(reasons)[:MOST_REASONS]) | ({OTHERS: others} if others else {})


def _apart(reasons: Counter[Reason]) -> list[tuple[Reason, int]]:
    """Our own reasons first, then those that the file's cells gave, the most frequent first."""
    return sorted(reasons.items(), key=lambda each: (bool(each[0].column), -each[1]))


@contextmanager
def _uncollected() -> Iterator[None]:
    """A batch makes many thousand small values and no cycle: the collector would go through them over and over."""
    collects = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if collects:
            gc.enable()


@_uncollected()
def take(
    batch: Sequence[Row],
    where: Columns,
    language: str,
    admission: Admission,
    on_error: Callable[[RowError], None],
    purpose: str = ImportPurpose.READERS,
) -> Report:
    """Hand the people in `batch` to `admission`, each once, and report what became of its rows."""
    report = Report(rows=len(batch))
    people: dict[str, tuple[int, Newcomer]] = {}
    read = _read_gone if purpose == ImportPurpose.GONE else _read

    def refuse(line: int, email: str, reason: Reason) -> None:
        report.refused += 1
        report.reasons[reason] = report.reasons.get(reason, 0) + 1
        on_error(RowError(line, email, reason))

    width = where.width
    for line, cells in batch:
        if len(cells) < width:
            cells = [*cells, *[""] * (width - len(cells))]
        found = read(where, cells, language)
        if isinstance(found, Reason):
            refuse(line, plain(cells[where.email].strip()), found)
        else:
            people.setdefault(found.address.key, (line, found))
    report.known = report.rows - report.refused - len(people)  # those that stand there twice
    outcome = admission([person for _line, person in people.values()])
    became = Counter(outcome.values())
    report.added, report.known = became["added"], report.known + became["known"]
    for key, (line, person) in people.items() if len(became.keys() & REFUSING) else ():
        if outcome[key] in REFUSING:
            refuse(line, person.address.email, Reason(Why(outcome[key])))
    return report


def _read(where: Columns, cells: Sequence[str], language: str) -> Newcomer | Reason:
    """Somebody who is to become a reader, or why not."""
    if reason := where.gone(cells):
        return reason
    choices = chosen(where, cells)
    if isinstance(choices, Reason):
        return choices
    address = _address(where, cells)
    if isinstance(address, Reason):
        return address
    return Newcomer(address, where.language_of(cells, language), where.zone_of(cells), choices, where.proof_of(cells))


def _read_gone(where: Columns, cells: Sequence[str], language: str) -> Newcomer | Reason:
    """Somebody who is never to be mailed; where the file tells who left and who didn't, only who left."""
    if where.tell_apart and not where.gone(cells):
        return Reason(Why.STILL_THERE)
    address = _address(where, cells)
    return address if isinstance(address, Reason) else Newcomer(address, language)


def _address(where: Columns, cells: Sequence[str]) -> addresses.Address | Reason:
    try:
        return addresses.normalise(plain(cells[where.email].strip()))
    except addresses.AddressError:
        return NOT_AN_ADDRESS


class Rehearsal:
    """Foresees an import of many batches: who came in an earlier one is known by then.

    The keys are kept as hashes in a file that SQLite makes and forgets by itself: a set of a million is too large.
    """

    def __init__(self, foresee: Admission) -> None:
        self._foresee = foresee
        self._seen = sqlite3.connect("", isolation_level=None)
        self._seen.execute("PRAGMA journal_mode=OFF")
        self._seen.execute("CREATE TABLE seen (key INTEGER PRIMARY KEY)")
        self._seen.execute("BEGIN")

    def foresee(self, newcomers: Sequence[Newcomer]) -> dict[str, str]:
        """As the function that it was made with, after all the batches before this one."""
        outcome = self._foresee(newcomers)
        for key, become in outcome.items():
            if become == "added" and not self._is_new(key):
                outcome[key] = "known"
        return outcome

    def _is_new(self, key: str) -> bool:
        number = int.from_bytes(hashlib.blake2b(key.encode(), digest_size=8).digest(), "big", signed=True)
        return self._seen.execute("INSERT OR IGNORE INTO seen VALUES (?)", (number,)).rowcount == 1
