"""Who is due at an hour, among a million readers: found, counted, inserted from; and with which plan."""

import argparse
import datetime as dt
from typing import Any

from tests.benchmarks.readers_common import best, say


def measure_due(options: argparse.Namespace) -> None:
    from zoneinfo import ZoneInfo

    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    from subscribers import audience
    from subscribers.models import Subscriber
    from tests.benchmarks.readers_crowd import make_crowd

    def due() -> Any:
        until = since + dt.timedelta(hours=1)
        return audience.due_between("daily", since, until, hour=dt.time(8), zone=ZoneInfo("Asia/Shanghai"))

    make_crowd(options.readers)
    everybody = best(Subscriber.objects.count)
    say(f"\n{connection.vendor}: who is due at an hour, among {Subscriber.objects.count()} readers")
    say(f"  SELECT count(*) of all readers: {everybody:.1f} ms")
    for hour in (15, 0):  # a quiet hour, and the one in which most of China wakes up
        since = dt.datetime(2026, 5, 7, hour, tzinfo=dt.UTC)
        same = due().values("pk")
        counted, inserted, listed = best(same.count), best(lambda: _insert_due(due())), best(lambda: _ids(due()))
        with CaptureQueriesContext(connection) as asked:
            found = _ids(due())
        say(f"  {hour:02d}:00 UTC: {found} due; SELECT count(*) of the same rows {counted:.1f} ms")
        say(f"    found and inserted from, as by the sender: {inserted:.1f} ms, {len(asked)} queries")
        say(f"    ratio {inserted / counted:.2f} (aim at most 3); to all readers {inserted / everybody:.2f}")
        say(f"    each id brought to Python: {listed:.1f} ms, ratio {listed / counted:.2f}")
        say("    plan: " + _plan(same))


def _ids(readers: Any) -> int:
    return len(readers.values_list("pk", flat=True))


def _insert_due(readers: Any) -> None:
    from django.db import connection

    statement, values = readers.values("pk").query.sql_with_params()
    with connection.cursor() as cursor:
        cursor.execute("CREATE TEMPORARY TABLE due (id bigint)")
        cursor.execute(f"INSERT INTO due {statement}", values)
        cursor.execute("DROP TABLE due")


def _plan(readers: Any) -> str:
    lines = [line.strip() for line in readers.values("pk").explain().splitlines()]
    steps = [line for line in lines if "SEARCH" in line or "Scan" in line or "SCAN" in line]
    assert all("reader_due" in step for step in steps), steps
    return f"{len(steps)} x {steps[-1][steps[-1].index('S') if 'SEARCH' in steps[-1] else 0 :][:90]}"
