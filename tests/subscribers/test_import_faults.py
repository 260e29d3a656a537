"""An import stopped, failing, killed or run by two: nothing is lost, doubled or half done."""

import datetime as dt
import os
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.utils import timezone

from subscribers.models import ConsentEvent, Import, ImportPurpose, ImportState, Subscriber
from subscribers.transfer import importing, running
from tests.subscribers.import_steps import IMPORTS, do, many, ready, state_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("import_folder")]


def test_stopped_midway_it_says_how_far_it_came(operator: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(importing, "BATCH", 4)
    job = ready(operator, many(12))
    do(operator, job, "start")
    real = importing.take
    calls: list[int] = []

    def take(batch: Any, *arguments: Any) -> importing.Report:
        calls.append(len(batch))
        if len(calls) == 2:  # the operator presses the button while this batch is under way
            do(operator, job, "cancel")
        return real(batch, *arguments)

    monkeypatch.setattr(importing, "take", take)
    running.run_due()
    assert calls == [4, 4]
    assert Subscriber.objects.count() == 4
    page = operator.get(f"{IMPORTS}{job.pk}/change/").content.decode()
    assert "After 4 of 12 rows. 4 readers had come in by then, and stay." in page
    assert not job.path.exists()
    assert "cancelled" in do(operator, job, "start").content.decode()
    assert state_of(job) == ImportState.CANCELLED


def test_an_error_in_mid_batch_leaves_nothing_half_done_and_is_tried_again(
    operator: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(importing, "BATCH", 4)
    job = ready(operator, many(10) + "nonsense\n")
    do(operator, job, "start")
    real = running._note
    notes: list[int] = []

    def note(*arguments: Any) -> int:
        notes.append(1)
        if len(notes) == 2:
            raise OSError("the disk is full")
        return real(*arguments)

    monkeypatch.setattr(running, "_note", note)
    running.run_due()
    assert Subscriber.objects.count() == 4  # the second batch was admitted, and undone
    assert state_of(job) == ImportState.RUNNING
    assert "the disk is full" in operator.get(f"{IMPORTS}{job.pk}/change/").content.decode()
    running.run_due()
    assert state_of(job) == ImportState.DONE
    assert (job.report["rows"], job.report["added"], job.report["refused"]) == (11, 10, 1)
    assert ConsentEvent.objects.count() == Subscriber.objects.count() == 10
    assert job.errors_path.read_text().splitlines() == ["line,email,reason", "12,nonsense,not an address"]


def test_what_never_gets_any_further_fails_and_can_be_taken_up(
    operator: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    job = ready(operator, many(3))
    do(operator, job, "start")
    with monkeypatch.context() as patch:
        patch.setitem(running.DOING, ImportPurpose.READERS, lambda people, proof: {"": str(1 / 0)})
        for _ in range(running.ATTEMPTS + 1):
            assert state_of(job) == ImportState.RUNNING
            running.run_due()
    assert state_of(job) == ImportState.FAILED
    assert "ZeroDivisionError" in operator.get(f"{IMPORTS}{job.pk}/change/").content.decode()
    do(operator, job, "resume")
    running.run_due()
    assert state_of(job) == ImportState.DONE
    assert Subscriber.objects.count() == 3


def test_what_was_written_of_an_uncommitted_batch_isnt_listed_twice(operator: Client) -> None:
    job = ready(operator, "email\nnonsense\na@mail.example\n")
    do(operator, job, "start")
    with job.errors_path.open("a") as file:  # as a worker leaves it that dies between its file and its commit
        file.write("2,nonsense,not an address\r\n")
    running.run_due()
    assert job.errors_path.read_text().count("nonsense") == 1


def test_two_workers_dont_do_the_same_rows(operator: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(importing, "BATCH", 2)
    job = ready(operator, many(4))
    do(operator, job, "start")
    real = importing.take
    inside: list[int] = []

    def take(*arguments: Any) -> importing.Report:
        if not inside:
            inside.append(running.run_due())  # it is this one's: the other finds nothing to do
            Import.objects.update(lease_until=timezone.now() - dt.timedelta(minutes=1))
            inside.append(running.run_due())  # taken for dead: the other does it all, and this one's batch is undone
        return real(*arguments)

    monkeypatch.setattr(importing, "take", take)
    running.run_due()
    assert inside == [0, 1]
    assert state_of(job) == ImportState.DONE
    assert (job.report["rows"], job.report["added"]) == (4, 4)
    assert ConsentEvent.objects.count() == 4


def test_a_long_import_goes_on_where_its_time_ran_out(operator: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(importing, "BATCH", 2)
    job = ready(operator, many(5))
    do(operator, job, "start")
    ticks = iter(range(1000))
    monkeypatch.setattr("subscribers.transfer.running.time.monotonic", lambda: float(next(ticks)))
    monkeypatch.setattr(running, "AT_MOST", 3)
    woken: list[int] = []
    monkeypatch.setattr("newsletter.schedules.wake_imports", lambda: woken.append(1))
    running.run_due()
    assert 0 < Subscriber.objects.count() < 5
    assert woken  # the rest needn't wait for the tick
    while running.run_due():
        assert len(woken) < 10
    assert state_of(job) == ImportState.DONE
    assert ConsentEvent.objects.count() == Subscriber.objects.count() == 5


@pytest.mark.django_db(transaction=True, serialized_rollback=True)
def test_a_killed_worker_loses_nothing_and_doubles_nothing(tmp_path: Path) -> None:
    """A real process, killed in mid-batch: its database is a file, and another goes on."""
    environment = os.environ | {
        "VAR_DIR": str(tmp_path),
        "DATABASE_URL": f"sqlite:///{tmp_path / 'db.sqlite3'}",
        "DJANGO_SETTINGS_MODULE": "config.settings",
        "DEBUG": "1",
        "LOG_LEVEL": "ERROR",
    }
    (tmp_path / "readers.csv").write_text(many(40) + "nonsense\n")

    def run(script: str) -> "subprocess.CompletedProcess[str]":
        return subprocess.run(
            [sys.executable, "-c", f"import django; django.setup()\n{script}"],
            env=environment,
            capture_output=True,
            text=True,
            timeout=120,
        )

    begun = run(
        "from django.core.management import call_command\n"
        "call_command('migrate', verbosity=0)\n"
        "import os, signal, itertools\n"
        "from subscribers.transfer import importing, running\n"
        "importing.BATCH = 10\n"
        "real, calls = running._record, itertools.count(1)\n"
        "def record(*arguments, **fields):\n"
        "    real(*arguments, **fields)\n"
        "    if next(calls) == 3: os.kill(os.getpid(), signal.SIGKILL)\n"  # all is written, and not committed
        "running._record = record\n"
        "from pathlib import Path\n"
        f"running.import_readers(Path({str(tmp_path / 'readers.csv')!r}), basis='x', language='en')\n"
    )
    assert begun.returncode == -signal.SIGKILL, begun.stderr
    ended = run(
        "import datetime as dt\n"
        "from subscribers.models import ConsentEvent, Import, Subscriber\n"
        "from subscribers.transfer import running\n"
        "before = Subscriber.objects.count()\n"
        "assert running.run_due() == 0  # the dead worker's lease\n"
        "Import.objects.update(lease_until=dt.datetime(2020, 1, 1, tzinfo=dt.UTC))\n"
        "running.run_due()\n"
        "job = Import.objects.get()\n"
        "print(before, Subscriber.objects.count(), ConsentEvent.objects.count(), job.state, job.report['added'],"
        " job.report['rows'], len(job.errors_path.read_text().splitlines()))\n"
    )
    assert ended.stdout.split() == ["20", "40", "40", "done", "40", "41", "2"], ended.stderr
    connection.close()
