"""Several worker processes on one database, and one that is killed: nobody gets two, nobody is lost."""

import contextlib
import json
import os
import sqlite3
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from aiosmtpd.smtp import Envelope
from django.conf import settings
from django.db import connection

from tests import factories as make
from tests.newsletter.deliver.helpers import NINE, approved_issue
from tests.newsletter.deliver.sink import Sink

pytestmark = [
    pytest.mark.django_db(transaction=True, serialized_rollback=True),
    pytest.mark.usefixtures("small_templates"),
]
READERS = 60
WORKER = f"""
import datetime as dt, json, django
django.setup()
from newsletter.deliver.ledger import deliver_issue
from newsletter.models import Issue
now = dt.datetime.fromisoformat("{NINE.isoformat()}")
print(json.dumps(deliver_issue(Issue.objects.get(), now=now, progress=lambda *_: None)))
"""
Start = Callable[[], "subprocess.Popen[str]"]


@pytest.fixture
def start(tmp_path: Path, sink: Sink) -> Iterator[Start]:
    """Starts a worker on an approved issue and its readers."""
    for n in range(READERS):
        make.reader(f"r{n}@a.example", language=("en", "zh", "both")[n % 3])
    approved_issue()
    environment = {
        **os.environ,
        "DATABASE_URL": shared_database(tmp_path),
        "VAR_DIR": str(tmp_path),
        "DEBUG": "1",
        "LOG_LEVEL": "WARNING",
        "DJANGO_SETTINGS_MODULE": "tests.newsletter.deliver.process_settings",
        "SMTP_HOST": settings.EMAIL_HOST,
        "SMTP_PORT": str(settings.EMAIL_PORT),
    }

    started: list[subprocess.Popen[str]] = []

    def worker() -> "subprocess.Popen[str]":
        command = [sys.executable, "-c", WORKER]
        started.append(
            subprocess.Popen(
                command,
                stdout=subprocess.PIPE,
                stderr=subprocess.PIPE,
                text=True,
                env=environment,
                cwd=settings.BASE_DIR,
            )
        )
        return started[-1]

    yield worker
    for each in started:
        with each:
            each.kill()


def shared_database(folder: Path) -> str:
    """Where the test's rows can be reached from other processes: a copy in a file of SQLite in memory."""
    connection.ensure_connection()
    if connection.vendor == "sqlite":
        path = folder / "workers.sqlite3"
        with contextlib.closing(sqlite3.connect(path)) as copy:
            connection.connection.backup(copy)
            copy.execute("PRAGMA journal_mode=WAL")  # as `migrate` leaves it: three who change it at once would clash
        return f"sqlite:///{path}"
    where = connection.settings_dict
    return f"postgres://{where['USER']}:{where['PASSWORD']}@{where['HOST']}:{where['PORT']}/{where['NAME']}"


def counts(worker: "subprocess.Popen[str]") -> dict[str, int]:
    output, errors = worker.communicate(timeout=300)
    assert worker.returncode == 0, errors
    found: dict[str, int] = json.loads(output)
    return found


def test_three_workers_at_once_send_one_mail_each(start: Start, sink: Sink) -> None:
    results = [counts(worker) for worker in [start(), start(), start()]]

    assert sum(result["accepted"] for result in results) == READERS
    assert all(result["recipients"] == READERS for result in results)
    assert len(set(sink.recipients)) == len(sink.mails) == READERS


def test_a_worker_killed_in_the_middle_leaves_one_mail_uncertain_and_the_rest_to_the_next(
    start: Start, sink: Sink
) -> None:
    tenth, killed = threading.Event(), threading.Event()

    def hold_the_tenth(envelope: Envelope) -> None:
        if len(sink.mails) == 9 and not killed.is_set():
            tenth.set()
            killed.wait(120)

    sink.before_data = hold_the_tenth
    first = start()
    assert tenth.wait(120)
    first.kill()
    first.communicate()
    killed.set()

    assert counts(start())["uncertain"] == 1
    # The server had the whole of the tenth, so it did go out: that is why it must not be sent again.
    assert len(set(sink.recipients)) == len(sink.mails) == READERS
    assert counts(start()) == {**dict.fromkeys(counts(start()), 0), "recipients": READERS}
