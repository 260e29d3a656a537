"""Writing what comes in bursts and can be asked for again."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection, transaction


@contextmanager
def lightly() -> Iterator[None]:
    """On SQLite each statement commits by itself and waits for no disk: only a power cut in the same moment undoes it.

    Everything else on SQLite waits (see DATABASES), and would hold up whoever signs up for as long; and a transaction
    would hold the one lock while Python thinks. PostgreSQL, which commits many at once, takes one transaction.
    """
    if connection.vendor != "sqlite" or connection.in_atomic_block:
        with transaction.atomic():
            yield
        return
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA synchronous=NORMAL")
        try:
            yield
        finally:
            cursor.execute("PRAGMA synchronous=FULL")
