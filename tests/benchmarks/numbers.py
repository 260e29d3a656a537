"""How fast the desk's numbers come: `.venv/bin/python -m tests.benchmarks.numbers [--issues 400] [--events 1000000]`.

In a database of its own, made and dropped here (SQLite in a folder of its own, or where DATABASE_URL points): so many
issues that went out, a delivery and a report of a bounce, a complaint or a delay for each event, as many consents, and
60 links a day for each issue. Prints seconds for the page and the two files, cold and as the next editor gets them.
"""

import argparse
import datetime as dt
import os
import time

if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tests.settings")
    import django

    django.setup()

from django.contrib.auth.models import User
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.test.utils import get_runner, setup_test_environment, teardown_test_environment

SERIES = "WITH RECURSIVE n(i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i < {last}) "
READER = """INSERT INTO subscribers_subscriber (id, email, email_key, state, language, plain_text, choices_hash,
frequency, zone, token, created_at, source)
SELECT i + 1, 'r' || i || '@a.example', 'r' || i || '@a.example', 'active', 'both',
false, 'x', 'daily', 'Asia/Shanghai', 'token' || i, '2026-01-01T00:00:00Z', 'import' FROM n"""
DELIVERY = """INSERT INTO newsletter_delivery (id, issue_id, reader_id, edition_id, state, due_at, expires_at,
handed_over_at, claimed_by, attempts, reply) SELECT i + 1, i % {issues} + 1, i / {issues} + 1, i % {issues} + 1,
CASE WHEN i % 50 = 0 THEN 'refused' ELSE 'accepted' END, '2026-05-07T00:00:00Z', '2026-05-08T00:00:00Z',
'2026-05-07T00:00:00Z', '', 1, '' FROM n"""
EVENT = """INSERT INTO newsletter_deliveryevent (delivery_id, reader_id, kind, external_id, occurred_at, applied_at,
detail) SELECT i + 1, i / {issues} + 1, CASE WHEN i % 20 = 0 THEN 'complaint' WHEN i % 3 = 0 THEN 'delay' ELSE 'bounce'
END, 'e' || i, '2026-05-07T00:00:00Z', '2026-05-07T00:00:00Z', '{{}}' FROM n"""
CONSENT = """INSERT INTO subscribers_consentevent (subscriber_id, kind, from_state, to_state, at, how, wording, note)
SELECT i % {readers} + 1, CASE WHEN i % 10 = 0 THEN 'left' ELSE 'confirmed' END, 'active', 'left', {at}, 'page', '', ''
FROM n"""
CLICKS = """INSERT INTO newsletter_linkclicks (issue_id, number, day, clicks)
SELECT i % {issues} + 1, i / {issues} % 60 + 1, '2026-05-07', i % 1000 FROM n"""


def fill(issues: int, events: int) -> None:
    """Write the rows."""
    from newsletter.models import Edition, Issue, Newsletter

    newsletter = Newsletter.objects.get()
    newsletter.count_clicks = True
    newsletter.save()
    newest, now = dt.date(2026, 5, 7), dt.datetime(2026, 5, 7, tzinfo=dt.UTC)
    rows = [
        Issue(
            **{"pk": n + 1, "newsletter": newsletter, "date": newest - dt.timedelta(days=n), "number": issues - n},
            **{"state": "sent", "cutoff": now, "outcomes": {"accepted": events // issues}, "title_en": f"Day {n}"},
        )
        for n in range(issues)
    ]
    Issue.objects.bulk_create(rows)
    like = {"choices": {}, "mime": b"", "size": 0, "frozen_at": now, "subject": "x"}
    Edition.objects.bulk_create([Edition(pk=each.pk, issue=each, **like) for each in rows])
    readers = events // issues + 1
    days = f"{issues} * (i % 997) / 997"
    at = (
        f"timestamptz '2026-05-07 00:00Z' - ({days}) * interval '1 day'"
        if connection.vendor == "postgresql"
        else f"datetime('2026-05-07', '-' || ({days}) || ' days')"
    )
    wanted = ((READER, readers), (DELIVERY, events), (EVENT, events), (CONSENT, events), (CLICKS, issues * 60))
    with connection.cursor() as cursor:
        for sql, count in wanted:
            cursor.execute(SERIES.format(last=count - 1) + sql.format(issues=issues, readers=readers, at=at))
        cursor.execute("ANALYZE")


def main() -> None:
    """Make the database, measure, drop it."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--issues", type=int, default=400)
    parser.add_argument("--events", type=int, default=1_000_000)
    wanted = parser.parse_args()
    from django.conf import settings

    setup_test_environment()
    runner = get_runner(settings)(verbosity=0, interactive=False)
    made = runner.setup_databases()
    try:
        started = time.perf_counter()
        fill(wanted.issues, wanted.events)
        print(f"{connection.vendor}: filled in {time.perf_counter() - started:.0f} s")  # noqa: T201
        client = Client()
        client.force_login(User.objects.create_superuser("mei"))
        for path in ("/desk/numbers/?issues=14", "/desk/numbers/?issues=365", "/desk/numbers/numbers.csv?issues=365",
                     "/desk/numbers/clicks.csv?issues=365", "/desk/numbers/1/clicks/"):  # fmt: skip
            cache.clear()
            seconds = [_seconds(client, path) for _ in range(2)]
            print(f"{path:42} {seconds[0]:7.2f} s, then {seconds[1]:.2f}")  # noqa: T201
    finally:
        runner.teardown_databases(made)
        teardown_test_environment()


def _seconds(client: Client, path: str) -> float:
    started = time.perf_counter()
    answer = client.get(path)
    assert answer.status_code == 200, (path, answer.status_code)
    return time.perf_counter() - started


if __name__ == "__main__":
    main()
