"""A transaction for what comes in bursts and can be asked for again."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection, transaction


@contextmanager
def lightly() -> Iterator[None]:
    """One transaction that doesn't wait for SQLite's disk: only a power cut in the same moment can undo it.

    Everything else on SQLite waits (see DATABASES), and would hold up whoever signs up for as long. PostgreSQL, which
    commits many at once, waits here as well.
    """
    if connection.vendor != "sqlite" or connection.in_atomic_block:
        with transaction.atomic():
            yield
        return
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA synchronous=NORMAL")
        try:
            with transaction.atomic():
                yield
        finally:
            cursor.execute("PRAGMA synchronous=FULL")
