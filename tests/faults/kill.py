"""Workers killed with -9 at random while they send: who got how many mails, and what does the ledger say?

    python -m tests.faults.kill [--mails 20000] [--kills 100] [--workers 2] [--faults 0.05] [--own-postgres]

Prints a table: sent, doubled, lost, uncertain; and ends with an error where one was lost, or got two without that the
ledger calls it uncertain. `--own-postgres` starts a cluster of its own, and kills it too.
"""

import argparse
import os
import random
import signal
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

PAUSE = (0.02, 0.4)  # seconds between two kills
HOURS = 24 * 3  # what was put off is due at once: a run's clock is this much ahead


@dataclass(frozen=True)
class Table:
    """What became of all mails. `doubled` and `lost` without a word in the ledger; `uncertain` as it says."""

    mails: int
    kills: int
    sent: int
    refused: int
    uncertain: int
    uncertain_arrived: int
    doubled: int
    lost: int
    open_ended: int
    seconds: float

    def __str__(self) -> str:
        return (
            f"{self.mails} mails, {self.kills} kills, {self.seconds:.0f} s: {self.sent} sent, {self.refused} refused, "
            f"{self.doubled} doubled, {self.lost} lost, {self.open_ended} without an outcome, "
            f"{self.uncertain} uncertain ({self.uncertain_arrived} of them had arrived)"
        )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--mails", type=int, default=20_000)
    parser.add_argument("--kills", type=int, default=100)
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--faults", type=float, default=0.0, help="how often a command meets a fault of the server")
    parser.add_argument("--database", default="")
    parser.add_argument("--own-postgres", action="store_true")
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as name, ExitStack() as stack:
        folder = Path(name)
        folder.chmod(0o755)
        server = stack.enter_context(own_postgres(folder)) if options.own_postgres else None
        database = server.address if server else options.database or f"sqlite:///{folder / 'faults.sqlite3'}"
        port = stack.enter_context(sink(folder / "got", options.faults))
        prepare(folder, database, port)
        table = run(options, folder / "got", server)
    print(table)  # noqa: T201
    if table.doubled or table.lost or table.open_ended:
        raise SystemExit("mails were lost or doubled")


def prepare(folder: Path, database: str, port: int) -> None:
    """Django, in this process, from which the workers are forked."""
    os.environ |= {"VAR_DIR": str(folder), "DEBUG": "1", "SMTP_PORT": str(port), "LOG_LEVEL": "ERROR"}
    os.environ |= {"DATABASE_URL": database, "DJANGO_SETTINGS_MODULE": "tests.newsletter.deliver.process_settings"}
    (folder / "email").mkdir()
    from tests.newsletter.deliver import conftest

    (folder / "email" / "issue.txt").write_text(conftest.TEXT)
    (folder / "email" / "issue.mjml").write_text(conftest.HTML)
    import django

    django.setup()
    from django.conf import settings

    settings.DEBUG = False
    settings.SMTP_CONNECTIONS = 4


def run(options: argparse.Namespace, log: Path, server: "OwnPostgres | None") -> Table:
    """Freeze, send, kill, and count."""
    issue, started = _frozen_issue(options.mails), time.monotonic()
    from django.db import connection

    connection.close()
    fate, kills, workers = random.Random(options.seed), 0, list[int]()
    while True:
        workers = [pid for pid in workers if not _has_ended(pid)]
        if not workers and _is_done(issue):
            break
        while len(workers) < options.workers:
            workers.append(_fork(issue))
        time.sleep(fate.uniform(*PAUSE))
        if kills < options.kills:
            kills += 1
            if server and kills % 10 == 0:
                server.kill()
            else:
                _kill(workers.pop(fate.randrange(len(workers))))
    return _count(issue, log, kills, time.monotonic() - started)


def _frozen_issue(mails: int) -> Any:
    from django.core.management import call_command

    call_command("migrate", verbosity=0)
    from newsletter.deliver import editions
    from subscribers.models import Subscriber
    from subscribers.models.subscriber import hash_choices
    from tests.newsletter.deliver.helpers import approved_issue, quiet

    choices = hash_choices(Subscriber().choices())
    for start in range(0, mails, 1000):
        Subscriber.objects.bulk_create(
            Subscriber(
                email=f"r{n}@a.example",
                email_key=f"r{n}@a.example",
                state="active",
                token=f"{n:032x}",
                choices_hash=choices,
            )
            for n in range(start, min(start + 1000, mails))
        )
    issue = approved_issue()
    editions.freeze(issue, quiet)
    return issue


def _fork(issue: Any) -> int:
    if pid := os.fork():
        return pid
    status = 1
    with suppress(BaseException):
        _work(issue)
        status = 0
    os._exit(status)


def _work(issue: Any) -> None:
    """What a task does, again and again: errors that an act foresees wait for the next tick."""
    import datetime as dt

    from django.db import OperationalError, close_old_connections
    from django.utils import timezone

    from newsletter.deliver import pausing
    from newsletter.deliver.ledger import deliver_issue
    from newsletter.runs import ActError
    from newsletter.workflow import WorkflowError

    for round_ in range(1, 40):
        ahead = dt.timedelta(hours=HOURS * round_)
        with suppress(ActError, OperationalError):
            with suppress(WorkflowError):  # the operator is quick
                pausing.resume(issue)
            counts = deliver_issue(issue, now=timezone.now() + ahead, progress=lambda *_: None)
            if not counts["waiting"]:
                return
        close_old_connections()
        time.sleep(0.05)


def _is_done(issue: Any) -> bool:
    from django.db import DatabaseError, connection

    from newsletter.models.delivery import FINAL

    try:
        return not issue.deliveries.exclude(state__in=FINAL).exists()
    except DatabaseError:
        return False
    finally:
        connection.close()


def _has_ended(pid: int) -> bool:
    return os.waitpid(pid, os.WNOHANG)[0] == pid


def _kill(pid: int) -> None:
    with suppress(ProcessLookupError):
        os.kill(pid, signal.SIGKILL)
    os.waitpid(pid, 0)


def _count(issue: Any, log: Path, kills: int, seconds: float) -> Table:
    from newsletter.models.delivery import FINAL

    got = Counter(log.read_text().split())
    states = dict(issue.deliveries.values_list("reader__email", "state"))
    count = Counter(states.values())
    uncertain = [email for email, state in states.items() if state == "uncertain"]
    return Table(
        mails=len(states),
        kills=kills,
        sent=sum(state == "accepted" and got[email] == 1 for email, state in states.items()),
        refused=count["refused"],
        uncertain=len(uncertain),
        uncertain_arrived=sum(got[email] > 0 for email in uncertain),
        doubled=sum(times > 1 for times in got.values()),
        lost=sum(state == "accepted" and not got[email] for email, state in states.items()),
        open_ended=sum(state not in FINAL for state in states.values()),
        seconds=seconds,
    )


@contextmanager
def sink(log: Path, faults: float) -> Iterator[int]:
    """The recording server, in a process of its own; yields its port."""
    log.touch()
    command = [sys.executable, "-m", "tests.faults.sink", str(log), str(faults)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout
        try:
            yield int(process.stdout.readline())
        finally:
            process.kill()


class OwnPostgres:
    """A cluster that may be killed."""

    def __init__(self, folder: Path) -> None:
        self._bin = sorted(Path("/usr/lib/postgresql").glob("*/bin"))[-1]
        self._data, self._port = folder / "pg", random.randrange(20000, 30000)
        subprocess.run(["install", "-d", "-o", "postgres", str(self._data)], check=True)
        self._run("initdb", "-A", "trust", "-U", "chenbao", "-E", "UTF8", "--locale=C.UTF-8")
        self._start()

    @property
    def address(self) -> str:
        return f"postgres://chenbao@127.0.0.1:{self._port}/postgres"

    def kill(self) -> None:
        """As a crash does it, and up again."""
        self._run("pg_ctl", "-m", "immediate", "stop")
        self._start()

    def stop(self) -> None:
        self._run("pg_ctl", "-m", "immediate", "stop")

    def _start(self) -> None:
        options = f"-p {self._port} -c listen_addresses=127.0.0.1 -c unix_socket_directories={self._data}"
        self._run("pg_ctl", "-w", "-l", str(self._data / "log"), "-o", options, "start")

    def _run(self, program: str, *options: str) -> None:
        command = ["runuser", "-u", "postgres", "--", str(self._bin / program), "-D", str(self._data), *options]
        subprocess.run(command, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)


@contextmanager
def own_postgres(folder: Path) -> Iterator[OwnPostgres]:
    """A cluster for as long as the block runs."""
    cluster = OwnPostgres(folder)
    try:
        yield cluster
    finally:
        cluster.stop()


if __name__ == "__main__":
    main()
