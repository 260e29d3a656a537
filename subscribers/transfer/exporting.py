"""Readers out as CSV, to be read by spreadsheets and by an import."""

import csv
from collections.abc import Iterator
from typing import IO, Any

from django.db.models import QuerySet

from subscribers.models import State, Subscriber
from subscribers.transfer.cells import safe

AT_ONCE = 2000
COLUMNS = (
    *("email", "state", "language", "lists", "sections", "topics", "frequency", "send_at", "zone"),
    *("plain_text", "paused_until", "source", "created_at", "confirmed_at"),
)


def export_readers(file: IO[str], readers: QuerySet[Subscriber]) -> int:
    """Write `readers` but the erased; how many. An import of the file brings the same readers with the same choices.

    Lists are joined by blanks; empty where they mean all, `[]` where nothing was chosen.
    """
    written = -1  # the header
    for line in stream(readers):
        file.write(line)
        written += 1
    return written


def stream(readers: QuerySet[Subscriber]) -> Iterator[str]:
    """The lines of the file, one by one: nothing is held in memory."""
    writer = csv.writer(_Passing())
    return (writer.writerow(row) for row in rows_of(readers))


def rows_of(readers: QuerySet[Subscriber]) -> Iterator[tuple[str, ...]]:
    """The header, then a row for each of `readers` but the erased; no spreadsheet takes a cell for a formula."""
    yield COLUMNS
    present = readers.exclude(state=State.ERASED).order_by("pk")
    for values in present.values_list(*COLUMNS).iterator(chunk_size=AT_ONCE):
        yield tuple(map(safe, values))


class _Passing:
    """A file that gives back what is written to it."""

    def write(self, text: str) -> Any:
        return text
