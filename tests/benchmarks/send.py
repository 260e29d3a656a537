"""Mails a second, from the frozen issue to a mail server that takes everything, ledger and all.

    python -m tests.benchmarks.send [--readers 20000] [--rounds 1] [--postgres postgres://…/a-new-database]

In one run, on the same cores and against the same Postfix smtp-sink: Postfix's own smtp-source, as it comes (a session
for each mail) and with sessions that are kept, as ours are (-d); this project, unsigned and signed (RSA-2048), on
SQLite and on PostgreSQL (TEST_POSTGRES_URL), each in a process of its own; Django's EmailMultiAlternatives over one
connection; django-newsletter, where DJANGO_NEWSLETTER_PYTHON names a Python that has it (send_django_newsletter.py
says how to make one). All send the same real edition. The slow ones send fewer mails, and the rate is what counts.

Beside each rate stands what a mail takes of the processors, for that is what bounds it here: our workers, the sink,
and all that ran on the machine meanwhile, the kernel and the database among it. Two cores give 2,000 ms a second.
"""

import argparse
import json
import os
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

from tests.benchmarks.send_cpu import counted

HOST = "127.0.0.1"
SESSIONS = 10  # of smtp-source at most, and of each of our workers
SLOW = 50  # so many times fewer mails by the ways that are so many times slower


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--readers", type=int, default=20_000)
    parser.add_argument("--rounds", type=int, default=1, help="the best of so many, in turns")
    parser.add_argument("--postgres", default=os.environ.get("TEST_POSTGRES_URL", ""))
    options = parser.parse_args()
    with _sink() as (port, sink), tempfile.TemporaryDirectory() as folder:
        rounds = [_round(options.readers, port, sink, Path(folder), options.postgres) for _ in range(options.rounds)]
    best = {name: max((each[name] for each in rounds), key=lambda row: row["rate"]) for name in rounds[0]}
    _print(best, options.readers)


def _round(readers: int, port: int, sink: int, folder: Path, postgres: str) -> dict[str, dict[str, Any]]:
    databases = {"SQLite": f"sqlite:///{folder / f'{time.monotonic_ns()}.sqlite3'}"}
    if postgres:
        databases["PostgreSQL"] = postgres
    found = {}
    for name, address in databases.items():
        for workers in (1, 2):
            for kind, signed in (("unsigned", []), ("signed", ["--signed"])):
                words = f"{name}, {kind}" + (f", {workers} workers" if workers > 1 else "")
                ways = f"--workers={workers}", f"--sink={sink}"
                found[words] = _child("ours", readers, port, folder, address, *signed, *ways)
    size = found["SQLite, unsigned"]["size"]
    found["smtp-source"] = _smtp_source(readers, port, sink, size)
    found["smtp-source -d"] = _smtp_source(readers, port, sink, size, "-d")
    found["Django"] = _child("django", max(100, readers // SLOW), port, folder, databases["SQLite"])
    if python := os.environ.get("DJANGO_NEWSLETTER_PYTHON"):
        found["django-newsletter"] = _newsletter(python, max(100, readers // SLOW), port, folder)
    return found


def _child(way: str, readers: int, port: int, folder: Path, database: str, *options: str) -> dict[str, Any]:
    environment = {
        **os.environ,
        **{"VAR_DIR": str(folder), "DEBUG": "1", "SMTP_PORT": str(port), "LOG_LEVEL": "ERROR"},
        **{"DATABASE_URL": database, "DJANGO_SETTINGS_MODULE": "tests.benchmarks.send_settings"},
        "SMTP_CONNECTIONS": str(SESSIONS),
    }
    command = [sys.executable, "-m", "tests.benchmarks.send_ways", way, f"--readers={readers}", *options]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    if done.returncode:
        raise SystemExit(f"{way} {options}: {done.stderr[-3000:]}")
    told: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return told


def _smtp_source(readers: int, port: int, sink: int, size: int, *keep: str) -> dict[str, Any]:
    """The fastest of one, four and as many sessions as ours; with `-d` each carries mail after mail."""
    found = {}
    for sessions in (1, 4, SESSIONS):
        count = max(200, readers // 6)
        command = ["smtp-source", *keep, "-s", str(sessions), "-m", str(count), "-l", str(size)]
        started = time.perf_counter()
        with counted(count, sink) as cpu:
            subprocess.run([*command, "-f", "a@a.example", "-t", "b@a.example", f"{HOST}:{port}"], check=True)
        found[sessions] = {**cpu, "rate": count / (time.perf_counter() - started)}
    best = max(found.values(), key=lambda row: row["rate"])
    return {**best, "note": ", ".join(f"-s {n} {row['rate']:.0f}" for n, row in found.items())}


def _newsletter(python: str, readers: int, port: int, folder: Path) -> dict[str, Any]:
    script = Path(__file__).with_name("send_django_newsletter.py")
    edition = folder / "edition.json"
    with tempfile.TemporaryDirectory(dir=folder) as own:  # a database for this round
        environment = {"PATH": os.environ["PATH"], "SMTP_PORT": str(port), "READERS": str(readers), "FOLDER": own}
        done = subprocess.run([python, script, edition], env=environment, capture_output=True, text=True, check=False)
    if done.returncode:
        raise SystemExit(f"django-newsletter: {done.stderr[-3000:]}")
    told: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return told


def _print(best: dict[str, dict[str, Any]], readers: int) -> None:
    source, kept, django = (best[name]["rate"] for name in ("smtp-source", "smtp-source -d", "Django"))
    size = best["SQLite, unsigned"]["size"] / 1000
    load = os.getloadavg()[0]
    print(f"{readers} readers, mails of {size:.0f} KB, {os.cpu_count()} cores, load {load:.1f} at the end")  # noqa: T201
    for name, row in best.items():
        memory = f", {row['memory']:.0f} MB" if "memory" in row else ""
        ours = f"workers {row['cpu_ms']:.3f}, " if "cpu_ms" in row else ""
        cpu = (
            f", ms of CPU: {ours}sink {row['sink_ms']:.3f}, machine {row['machine_ms']:.3f}"
            if "sink_ms" in row
            else ""
        )
        note = f"  ({row['note']})" if "note" in row else ""
        print(  # noqa: T201
            f"{name:>32}: {row['rate']:7.0f} mails/s  {row['rate'] / source:5.2f} x smtp-source "
            f"{row['rate'] / kept:5.2f} x smtp-source -d {row['rate'] / django:6.1f} x Django{memory}{cpu}{note}"
        )


@contextmanager
def _sink() -> Iterator[tuple[int, int]]:
    """Postfix's sink: takes everything and keeps nothing, in a process of its own. Its port and process id."""
    with socket.socket() as probe:
        probe.bind((HOST, 0))
        port = probe.getsockname()[1]
    program = shutil.which("smtp-sink", path=f"{os.environ['PATH']}:/usr/sbin")
    if not program:
        raise SystemExit("smtp-sink isn't installed (Debian: postfix)")
    sink = subprocess.Popen([program, "-u", "nobody", f"{HOST}:{port}", "200"], stderr=subprocess.DEVNULL)
    try:
        for _ in range(100):
            with suppress(OSError), socket.create_connection((HOST, port), 1):
                break
            time.sleep(0.1)
        yield port, sink.pid
    finally:
        sink.terminate()
        sink.wait()


if __name__ == "__main__":
    main()
