"""Readers out as CSV, to be read by spreadsheets and by an import."""

import csv
from typing import IO

from django.db.models import QuerySet

from subscribers.models import State, Subscriber
from subscribers.transfer.cells import safe

AT_ONCE = 2000
COLUMNS = (
    *("email", "state", "language", "lists", "sections", "topics", "frequency", "send_at", "zone"),
    *("plain_text", "paused_until", "source", "created_at", "confirmed_at"),
)


def export_readers(file: IO[str], readers: QuerySet[Subscriber]) -> int:
    """Write `readers` but the erased; how many. Lists are joined by blanks, and empty where they mean all."""
    writer = csv.writer(file)
    writer.writerow(COLUMNS)
    written = 0
    present = readers.exclude(state=State.ERASED).order_by("pk")
    for values in present.values_list(*COLUMNS).iterator(chunk_size=AT_ONCE):
        writer.writerow(safe(" ".join(value) if isinstance(value, list) else value) for value in values)
        written += 1
    return written
