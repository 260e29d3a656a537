"""Who received an issue and who didn't, line by line."""

import csv
from collections.abc import Iterator
from typing import Any

from django.db.models import QuerySet

from newsletter.models import Delivery, DeliveryState, Issue
from subscribers.transfer.cells import safe

COLUMNS = ("address", "language", "outcome", "due_at", "finished_at", "attempts", "server_said")
_FIELDS = ("reader__email", "reader__language", "state", "due_at", "finished_at", "attempts", "reply")


class _Echo:
    """A file that gives back what is written into it."""

    def write(self, text: str) -> str:
        return text


def deliveries(issue: Issue, *, taken: bool) -> QuerySet[Delivery]:
    """The issue's rows; without `taken`, those alone whose mail no server has taken."""
    rows = issue.deliveries.all()
    return rows if taken else rows.exclude(state=DeliveryState.ACCEPTED)


def lines(rows: QuerySet[Delivery], *, mark: bool = True) -> Iterator[str]:
    """CSV with no cell that a spreadsheet would run. `mark`: first that of UTF-8, which they want in a file."""
    writer: Any = csv.writer(_Echo())
    yield ("\ufeff" if mark else "") + writer.writerow(COLUMNS)
    for row in rows.order_by("reader").values_list(*_FIELDS).iterator(2000):
        yield writer.writerow([safe(value) for value in row])
