"""One run of an act at a time: recorded, and taken over when its worker has died."""

import datetime as dt
import os
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from django.db import DatabaseError, IntegrityError, transaction
from django.utils import timezone

from newsletter import lexicon
from newsletter.models import Heartbeat, Newsletter, Run

# A run on another machine counts as dead after this long; above every task's time limit.
LEASE = dt.timedelta(minutes=30)
_TICK = "tick"


class ActError(Exception):
    """An act can't be done now; the message is one line for the operator: why, and what to do."""


class IdleError(ActError):
    """There is nothing to do, or another does it: no trouble, and the next tick looks again."""


class BusyError(IdleError):
    """The act is running already; the message says where and since when."""


def this_worker() -> str:
    """This process, as host:pid:beginning."""
    return f"{_host()}:{os.getpid()}:{_began(os.getpid())}"


def is_dead(worker: str, since: dt.datetime, lease: dt.timedelta = LEASE) -> bool:
    """Whether the process `worker` (host:pid:beginning) is surely gone: not on this machine any more, or on another
    and beyond `lease`. After a restart of a machine or container another process may well have its number."""
    host, pid, *began = worker.split(":")
    if host == _host():
        if not Path(f"/proc/{pid}").exists() or began not in ([], [_began(int(pid))]):
            return True
        lease = LEASE  # it lives; should it hang, it isn't waited for without end
    return timezone.now() - since > lease


def _host() -> str:
    return socket.gethostname()[:40]  # `worker` has 80 characters


def _began(pid: int) -> str:
    """When a process began: no other of that number has it. Empty where the system doesn't say."""
    try:
        boot = Path("/proc/sys/kernel/random/boot_id").read_text()[:8]
        return f"{boot}.{stat(pid)[BEGAN]}"
    except OSError:
        return ""


STATE, BEGAN = 0, 19  # places in what `stat` gives


def stat(pid: int) -> list[str]:
    """What the system says of a process behind its name, which may hold anything (proc(5), /proc/pid/stat): its state,
    and when it began, in ticks since the machine did. Raises OSError where there is none."""
    return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()


def ticked(at: dt.datetime) -> None:
    """The tick runs: workers get tasks, and what is due is seen."""
    Heartbeat.objects.update_or_create(name=_TICK, defaults={"at": at})


def last_tick() -> dt.datetime | None:
    """When the tick last ran, on whichever machine; None: never yet."""
    return Heartbeat.objects.filter(name=_TICK).values_list("at", flat=True).first()


def is_running(newsletter: Newsletter, act: str) -> bool:
    """Whether a live run of `act` is open."""
    open_ones = Run.objects.filter(newsletter=newsletter, act=act, finished_at=None)
    return any(not is_dead(run.worker, run.started_at) for run in open_ones)


@contextmanager
def recorded(
    newsletter: Newsletter, act: str, date: dt.date, *, lease: dt.timedelta = LEASE
) -> Iterator[dict[str, Any]]:
    """Run an act: yields the dict that its counts go into. Raises BusyError while another live run of it is open, one
    on another machine for as long as `lease`.

    An error closes the run with its message and goes on to the caller.
    """
    _close_those_left()
    run = _open(newsletter, act, date, lease)
    try:
        lexicon.refresh()  # what editors have added meanwhile
        yield run.counts
    except BaseException as error:
        run.error = f"{type(error).__name__}: {error}"[:500]
        raise
    finally:
        run.finished_at = timezone.now()
        _close(run)


# This process's runs that have ended while the database was away. The process lives on, so nobody else may take them
# for dead, and an act that seems to run would wait for its whole lease.
_unclosed: list[Run] = []


def _close(run: Run) -> None:
    try:
        run.save(update_fields=["counts", "error", "finished_at"])
    except DatabaseError:
        _unclosed.append(run)
        raise


def _close_those_left() -> None:
    while _unclosed:
        run = _unclosed[-1]
        ended = {"counts": run.counts, "error": run.error, "finished_at": run.finished_at}
        Run.objects.filter(pk=run.pk, finished_at=None).update(**ended)
        _unclosed.pop()


def _open(newsletter: Newsletter, act: str, date: dt.date, lease: dt.timedelta) -> Run:
    for other in Run.objects.filter(newsletter=newsletter, act=act, finished_at=None):
        if is_dead(other.worker, other.started_at, lease):
            Run.objects.filter(pk=other.pk, finished_at=None).update(
                finished_at=timezone.now(), error=f"its worker {other.worker} died"
            )
    try:
        with transaction.atomic():
            return Run.objects.create(
                newsletter=newsletter, act=act, date=date, worker=this_worker(), started_at=timezone.now()
            )
    except IntegrityError:
        running = Run.objects.filter(newsletter=newsletter, act=act, finished_at=None).first()
        where = (
            f"by {':'.join(running.worker.split(':')[:2])} since {running.started_at:%H:%M:%S} UTC"
            if running
            else "elsewhere"
        )
        raise BusyError(f"{act} is already running, {where}: wait for it, or stop that process") from None
