"""One measurement of freezing, in a process of its own: prints it as JSON. See freeze.py."""

import argparse
import json
import resource
import time
from collections.abc import Callable, Iterator
from itertools import combinations, product
from typing import Any

import django

HASHES = 30  # sets of choices among the many readers


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("way", choices=["recipients", "editions"])
    parser.add_argument("number", type=int)
    parser.add_argument("rounds", type=int, nargs="?", default=1)
    options = parser.parse_args()
    django.setup()
    from django.core.management import call_command
    from django.db import connection

    from tests.benchmarks.send_ways import _fresh_database

    if connection.vendor == "postgresql":
        _fresh_database("freeze_benchmark")
    call_command("migrate", verbosity=0)
    many = options.way == "recipients"
    print(json.dumps(_recipients(options.number, options.rounds) if many else _editions(options.number)))  # noqa: T201


def _issue() -> Any:
    from django.utils import timezone

    from newsletter import workflow
    from tests import factories as make
    from tests.newsletter.full_issue import make_full_issue

    issue = make_full_issue(state="in_review", checked_at=timezone.now())
    workflow.approve(issue, make.editor())
    issue.refresh_from_db()
    return issue


def _readers(count: int, sets: list[dict[str, Any]]) -> None:
    """`count` readers over the world and the day, written by the database itself; of each ten one has left."""
    from django.db import connection

    from subscribers.models import Subscriber
    from subscribers.models.subscriber import hash_choices
    from tests.benchmarks.readers_crowd import HOURS, ZONES

    hashes = [hash_choices(Subscriber(**each).choices()) for each in sets]
    zones = [name for name, weight in ZONES.items() for _ in range(weight)]
    hours: list[str | None] = [*[None] * len(HOURS), *HOURS]
    columns: dict[str, list[Any]] = {"zones": zones, "hours": hours, "hashes": hashes}
    tables = ", ".join(
        f"{name} (place, value) AS (VALUES {', '.join(['(%s, %s)'] * len(values))})"
        for name, values in columns.items()
    )
    numbers = "numbers (n) AS (SELECT CAST(1 AS bigint) UNION ALL SELECT n + 1 FROM numbers WHERE n < %s)"
    clock = "CAST(hours.value AS time)" if connection.vendor == "postgresql" else "hours.value"
    statement = f"""
        WITH RECURSIVE {numbers}, {tables}
        INSERT INTO subscribers_subscriber (email, email_key, token, state, language, choices_hash, frequency, zone,
            send_at, plain_text, source, created_at, confirmed_at)
        SELECT 'r' || n || '@mail.example', 'r' || n || '@mail.example', 't' || n,
            CASE WHEN n %% 10 = 0 THEN 'left' ELSE 'active' END, 'en', hashes.value, 'daily', zones.value,
            {clock}, false, 'import', CURRENT_TIMESTAMP, CURRENT_TIMESTAMP
        FROM numbers
        JOIN zones ON zones.place = (n * 7919) %% {len(zones)}
        JOIN hours ON hours.place = (n * 104729) %% {len(hours)}
        JOIN hashes ON hashes.place = (n * 31) %% {len(hashes)}
    """
    values = [value for each in columns.values() for place in enumerate(each) for value in place]
    with connection.cursor() as cursor:
        cursor.execute(statement, [count, *values])
        cursor.execute("VACUUM ANALYZE" if connection.vendor == "postgresql" else "ANALYZE")


def _recipients(count: int, rounds: int) -> dict[str, Any]:
    from newsletter.deliver import editions
    from newsletter.models import Delivery, Issue

    issue = _issue()
    _readers(count, list(_sets(HASHES)))
    editions.prepare(issue, _quiet)
    bare, frozen = [], []
    for _ in range(rounds):
        _empty()
        bare.append(_timed(lambda: _bare(issue)))
        rows = Delivery.objects.count()
        _empty()
        frozen.append(_timed(lambda: editions.freeze(issue, _quiet)))
        assert Delivery.objects.count() == rows
        Issue.objects.filter(pk=issue.pk).update(state="approved")
        issue.refresh_from_db()
    return {"readers": count, "rows": rows, "bare": bare, "freeze": frozen}


def _bare(issue: Any) -> None:
    """The least that writes these rows: no hour, no edition looked up, no state looked at but one."""
    from django.db import connection, transaction

    edition = issue.editions.first().pk
    at = connection.ops.adapt_datetimefield_value(issue.approved_at)
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO newsletter_delivery (issue_id, reader_id, edition_id, state, due_at, expires_at, claimed_by, "
            "attempts, reply) SELECT %s, id, %s, 'queued', %s, %s, '', 0, '' FROM subscribers_subscriber "
            "WHERE state = 'active'",
            [issue.pk, edition, at, at],
        )


def _empty() -> None:
    from django.db import connection

    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("TRUNCATE newsletter_delivery CASCADE")
            return
        cursor.execute("PRAGMA foreign_keys = OFF")
        cursor.execute("DELETE FROM newsletter_delivery")
        cursor.execute("PRAGMA foreign_keys = ON")
        cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")


def _editions(count: int) -> dict[str, Any]:
    from django.db.models import Sum
    from django.db.models.functions import Length

    from newsletter.deliver import editions
    from subscribers.models import Subscriber
    from subscribers.models.subscriber import hash_choices

    issue = _issue()
    readers = []
    for n, each in enumerate(_sets(count)):
        reader = Subscriber(email=f"r{n}@a.example", email_key=f"r{n}@a.example", token=f"{n:032x}", **each)
        reader.state, reader.choices_hash = "active", hash_choices(reader.choices())
        readers.append(reader)
    Subscriber.objects.bulk_create(readers, batch_size=500)
    del readers
    seconds = _timed(lambda: editions.freeze(issue, _quiet))
    told = issue.editions.aggregate(bytes=Sum(Length("mime")))
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1000
    assert issue.editions.count() == count
    return {"editions": count, "seconds": seconds, "memory": memory, "megabytes": told["bytes"] / 1e6}


def _sets(count: int) -> Iterator[dict[str, Any]]:
    """Distinct sets of choices: every language, with whatever readers may leave out."""
    from newsletter import lexicon
    from newsletter.models import SourceList
    from newsletter.page import SECTIONS

    topics, lists = list(lexicon.load().topics), list(SourceList.objects.values_list("slug", flat=True))
    chosen = [None, *_subsets(topics, 4)], [None, *_subsets(SECTIONS, 3)], [None, *_subsets(lists, 1)]
    every = product(*chosen, ("both", "en", "zh"))
    for _, (about, sections, of, language) in zip(range(count), every, strict=False):
        yield {"language": language, "topics": about, "sections": sections, "lists": of}


def _subsets(of: Any, most: int) -> Iterator[list[str]]:
    for size in range(1, most + 1):
        yield from map(list, combinations(of, size))


def _timed(work: Callable[[], object]) -> float:
    started = time.perf_counter()
    work()
    return round(time.perf_counter() - started, 2)


def _quiet(what: str, done: int, total: int) -> None:
    """Nobody watches."""


if __name__ == "__main__":
    main()
