"""Rows of a table into readers. Every row becomes one, or is known, or is refused with a reason."""

import hashlib
import sqlite3
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from subscribers import addresses, admitting
from subscribers.admitting import Newcomer
from subscribers.transfer.cells import plain
from subscribers.transfer.columns import Columns
from subscribers.transfer.table import Row

BATCH = 10_000
NOT_AN_ADDRESS = "not an address"
SUPPRESSED = "on the suppression list"
OTHERS = "for other reasons"
MOST_REASONS = 20  # a wrongly chosen column can give a reason for each row

# What becomes of each newcomer, by key: admitting.admit, or what only foresees it.
Admission = Callable[[Sequence[Newcomer]], dict[str, str]]


@dataclass(frozen=True)
class RowError:
    """One row that was not taken, and why. `line` is its line in the file."""

    line: int
    email: str
    reason: str


@dataclass
class Report:
    """What became of the rows."""

    rows: int = 0
    added: int = 0
    known: int = 0
    refused: int = 0
    reasons: dict[str, int] = field(default_factory=dict)

    def add(self, more: "Report") -> None:
        """Count `more` as well. Of many different reasons the rarer are counted together."""
        for name in ("rows", "added", "known", "refused"):
            setattr(self, name, getattr(self, name) + getattr(more, name))
        reasons = Counter(self.reasons) + Counter(more.reasons)
        others = reasons.pop(OTHERS, 0) + sum(n for _reason, n in _apart(reasons)[MOST_REASONS:])
        self.reasons = dict(_apart(reasons)[:MOST_REASONS]) | ({OTHERS: others} if others else {})


def _apart(reasons: Counter[str]) -> list[tuple[str, int]]:
    """Our own two reasons first, then those that the file's cells gave, the most frequent first."""
    return sorted(reasons.items(), key=lambda each: (each[0] not in (NOT_AN_ADDRESS, SUPPRESSED), -each[1]))


def take(
    batch: Sequence[Row], where: Columns, language: str, admission: Admission, on_error: Callable[[RowError], None]
) -> Report:
    """Hand the people in `batch` to `admission`, each once, and report what became of its rows."""
    report = Report(rows=len(batch))
    newcomers: dict[str, tuple[int, Newcomer]] = {}

    def refuse(line: int, email: str, reason: str) -> None:
        report.refused += 1
        report.reasons[reason] = report.reasons.get(reason, 0) + 1
        on_error(RowError(line, email, reason))

    for line, cells in batch:
        if len(cells) < where.width:
            cells = [*cells, *[""] * (where.width - len(cells))]
        email = plain(cells[where.email].strip())
        if reason := where.gone(cells):
            refuse(line, email, reason)
            continue
        try:
            address = addresses.normalise(email)
        except addresses.AddressError:
            refuse(line, email, NOT_AN_ADDRESS)
            continue
        person = Newcomer(address, where.language_of(cells, language), where.zone_of(cells))
        newcomers.setdefault(address.key, (line, person))
    report.known = report.rows - report.refused - len(newcomers)  # those that stand there twice
    outcome = admission([newcomer for _line, newcomer in newcomers.values()])
    became = Counter(outcome.values())
    report.added, report.known = became["added"], report.known + became["known"]
    if became["suppressed"]:
        for key, (line, newcomer) in newcomers.items():
            if outcome[key] == "suppressed":
                refuse(line, newcomer.address.email, SUPPRESSED)
    return report


class Rehearsal:
    """Foresees an import of many batches: who came in an earlier one is known by then.

    The keys are kept as hashes in a file that SQLite makes and forgets by itself: a set of a million is too large.
    """

    def __init__(self) -> None:
        self._seen = sqlite3.connect("", isolation_level=None)
        self._seen.execute("PRAGMA journal_mode=OFF")
        self._seen.execute("CREATE TABLE seen (key INTEGER PRIMARY KEY)")
        self._seen.execute("BEGIN")

    def foresee(self, newcomers: Sequence[Newcomer]) -> dict[str, str]:
        """As admitting.foresee, after all the batches before this one."""
        outcome = admitting.foresee(newcomers)
        for key, become in outcome.items():
            if become == "added" and not self._is_new(key):
                outcome[key] = "known"
        return outcome

    def _is_new(self, key: str) -> bool:
        number = int.from_bytes(hashlib.blake2b(key.encode(), digest_size=8).digest(), "big", signed=True)
        return self._seen.execute("INSERT OR IGNORE INTO seen VALUES (?)", (number,)).rowcount == 1
