"""A watch outside django-q2's cluster, which knows two ways of standing still that it doesn't notice itself.

A worker that is killed while it waits for a task takes the queue's lock with it: no other ever gets a task again, and
the cluster looks well (django-q2 1.11.1). And whatever else may hang, the tick then no longer runs.
"""

import logging
import os
import signal
import subprocess
import sys
import time
from contextlib import suppress
from pathlib import Path

from django.conf import settings
from django.db import DatabaseError, close_old_connections
from django.utils import timezone

from newsletter import runs

log = logging.getLogger(__name__)

# Seconds without a tick on any machine: every worker may be at a task of ten minutes.
STALE = 900.0
LOOK = 1.0  # seconds between looks at the processes
ASK = 30.0  # seconds between looks at the heartbeat
GRACE = 120.0  # seconds that tasks in hand get to end, as in the unit's TimeoutStopSec
_SHORT_GRACE = 5.0  # where the queue has lost its lock, and nothing is being sent
_AIDES = 2  # of the guard's children the last two are no workers: what writes results down, and what fetches tasks


class Cluster:
    """`manage.py qcluster`, started anew, in a process group of its own."""

    def __init__(self) -> None:
        command = [sys.executable, str(settings.BASE_DIR / "manage.py"), "qcluster"]
        self._process = subprocess.Popen(command, process_group=0)  # noqa: S603
        self._workers: set[int] = set()
        self._began = time.monotonic()
        self._asked = self._began

    def trouble(self) -> str:
        """Why it has to begin anew; empty: all is well."""
        if (status := self._process.poll()) is not None:
            return f"it ended by itself (status {status})"
        if self._has_lost_a_worker():
            return "one of its processes was killed or took too long, and may have taken the queue's lock with it"
        now = time.monotonic()
        if now - self._asked >= ASK:
            self._asked = now
            if now - self._began > STALE and _seconds_since_the_tick() > STALE:
                return f"the tick hasn't run for {STALE / 60:.0f} minutes"
        return ""

    def stop(self) -> None:
        """Let tasks in hand end, for GRACE seconds; then end what is left."""
        with suppress(ProcessLookupError):
            self._process.terminate()  # the first process alone: it tells the others
        self._end_within(GRACE)

    def give_up(self) -> None:
        """End it, hung or not. A task that is sending mails gets GRACE seconds: it needs nobody's lock."""
        with suppress(ProcessLookupError):
            self._process.terminate()
        until = time.monotonic() + GRACE
        while time.monotonic() < until and self._is_sending():
            time.sleep(LOOK)
        self._end_within(_SHORT_GRACE)

    def _end_within(self, seconds: float) -> None:
        with suppress(subprocess.TimeoutExpired):
            self._process.wait(seconds)
        with suppress(ProcessLookupError):
            os.killpg(self._process.pid, signal.SIGKILL)
        self._process.wait()

    def _has_lost_a_worker(self) -> bool:
        """Whether a worker, or the one that writes results down, is gone. The one that fetches tasks may come and go:
        it ends itself where database or Redis are away."""
        guards = children(self._process.pid)
        present = sorted(children(guards[0]), key=started_at) if guards else []
        if not self._workers and len(present) >= settings.Q_CLUSTER["workers"] + _AIDES:
            self._workers = set(present[:-1])
            log.info("the queue runs, and its processes %s are watched", sorted(self._workers))
        return bool(present) and not self._workers <= set(present)

    def _is_sending(self) -> bool:
        """Whether one of its workers has a record of mails open."""
        found = (path.name.split(":") for path in (Path(settings.VAR_DIR) / "sending").glob("*.record"))
        pids = {int(pid) for _, pid, *_ in found}
        return any(started_at(pid) for pid in pids & self._workers)


def children(pid: int) -> list[int]:
    """The living children of a process; empty where it has none, is gone, or the system doesn't say."""
    with suppress(OSError):
        found = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
        return [int(each) for each in found if started_at(int(each))]
    return []


def started_at(pid: int) -> int:
    """When a process began, in ticks since the machine did; 0: it is dead."""
    with suppress(OSError):
        told = runs.stat(pid)
        return 0 if told[runs.STATE] in "ZX" else int(told[runs.BEGAN])
    return 0


def _seconds_since_the_tick() -> float:
    """0 where nobody can say: without a database nothing could run."""
    close_old_connections()
    with suppress(DatabaseError):
        last = runs.last_tick()
        return (timezone.now() - last).total_seconds() if last else STALE * 2
    return 0.0
