"""Servers of an experiment's own, which may be killed: PostgreSQL, Redis, and the mail server that writes down."""

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Literal

Mode = Literal["immediate", "fast", "smart"]


def free_port() -> int:
    """A port of loopback that nobody listened on a moment ago."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


class OwnPostgres:
    """A cluster with fsync on, as it comes."""

    def __init__(self, folder: Path) -> None:
        self._bin = sorted(Path("/usr/lib/postgresql").glob("*/bin"))[-1]
        self._data, self._port = folder / "pg", free_port()
        subprocess.run(["install", "-d", "-o", "postgres", str(self._data)], check=True)
        self._run("initdb", "-A", "trust", "-U", "chenbao", "-E", "UTF8", "--locale=C.UTF-8")
        self.start()

    @property
    def address(self) -> str:
        """For DATABASE_URL."""
        return f"postgres://chenbao@127.0.0.1:{self._port}/postgres"

    def stop(self, mode: Mode = "immediate") -> None:
        """`immediate` is how it ends in a crash: without a checkpoint, every session cut."""
        self._run("pg_ctl", "-m", mode, "stop")

    def kill(self) -> None:
        """kill -9 of the server's first process and all its others."""
        first = int((self._data / "postmaster.pid").read_text().split()[0])
        for pid in [first, *_children(first)]:
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)

    def start(self) -> None:
        """Up again; after a kill its shared memory may be held for a moment."""
        options = f"-p {self._port} -c listen_addresses=127.0.0.1 -c unix_socket_directories={self._data}"
        for left in reversed(range(50)):
            try:
                self._run("pg_ctl", "-w", "-l", str(self._data / "log"), "-o", options, "start")
            except subprocess.CalledProcessError:
                if not left:
                    raise
                time.sleep(0.2)
            else:
                return

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


@contextmanager
def own_redis(folder: Path) -> Iterator[str]:
    """The address of a Redis that keeps nothing, for as long as the block runs."""
    port = free_port()
    command = ["redis-server", "--port", str(port), "--bind", "127.0.0.1", "--save", "", "--dir", str(folder)]
    with subprocess.Popen(command, stdout=subprocess.DEVNULL) as process:
        try:
            yield f"redis://127.0.0.1:{port}/0"
        finally:
            process.kill()


class Sink:
    """The mail server that writes down (see `sink`), in a process of its own; it may die and come back."""

    def __init__(self, log: Path, *, faults: float = 0.0, wait: float = 0.0) -> None:
        self.log, self.port = log, 0
        self._options = ["--faults", str(faults), "--wait", str(wait)]
        log.touch()
        self.start()

    def start(self) -> None:
        """At the same port as before."""
        command = [sys.executable, "-m", "tests.faults.sink", str(self.log), *self._options, "--port", str(self.port)]
        self._process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        assert self._process.stdout
        self.port = int(self._process.stdout.readline())

    def kill(self) -> None:
        """With -9, whatever it has in hand."""
        self._process.kill()
        with self._process:
            self._process.wait()

    def count(self) -> int:
        """Mails taken so far."""
        return self.log.read_bytes().count(b"\n")


def _children(parent: int) -> list[int]:
    with suppress(OSError):
        return [int(pid) for pid in Path(f"/proc/{parent}/task/{parent}/children").read_text().split()]
    return []
