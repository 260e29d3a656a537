"""The demo's processes: the web server and the queue's cluster, ended cleanly together."""

import ctypes
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType

from django.conf import settings

GRACE_SECONDS = 8
STOPPING = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
_PR_SET_PDEATHSIG = 1  # prctl(2)
_LIBC = ctypes.CDLL(None, use_errno=True)


class StoppedError(Exception):
    """Ctrl-C or SIGTERM."""


@contextmanager
def stopping_on_signals() -> Iterator[None]:
    """Turn SIGINT, SIGTERM and SIGHUP (a closed terminal) into StoppedError while the block runs."""

    def stop(number: int, frame: FrameType | None) -> None:
        raise StoppedError

    before = {number: signal.signal(number, stop) for number in STOPPING}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def run_until_stopped(address: str) -> str | None:
    """Run web server (at `address`, host:port) and cluster until StoppedError; both are gone when this returns.

    Returns None after a stop, or the name of the process that ended by itself.
    """
    processes: dict[str, subprocess.Popen[bytes]] = {}
    try:
        processes["web server"] = _start("runserver", "--noreload", "--skip-checks", address)
        processes["cluster"] = _start("qcluster")
        while True:
            for name, process in processes.items():
                if process.poll() is not None:
                    return name
            time.sleep(0.3)
    except StoppedError:
        return None
    finally:
        # A second Ctrl-C must not leave a child behind.
        for number in STOPPING:
            signal.signal(number, signal.SIG_IGN)
        _stop(list(processes.values()))


def _start(*arguments: str) -> "subprocess.Popen[bytes]":
    """A child in a process group of its own: the terminal's Ctrl-C reaches this process only, which then ends it.

    It also ends when this process is killed outright.
    """
    command = [sys.executable, str(settings.BASE_DIR / "manage.py"), *arguments]
    log = (settings.VAR_DIR / f"demo-{arguments[0]}.log").open("ab")
    with log:
        return subprocess.Popen(command, stdout=log, stderr=log, start_new_session=True, preexec_fn=_end_with_parent)  # noqa: S603


def _end_with_parent() -> None:
    _LIBC.prctl(_PR_SET_PDEATHSIG, signal.SIGTERM)


def _stop(processes: "list[subprocess.Popen[bytes]]") -> None:
    for process in processes:
        if process.poll() is None:
            process.terminate()
    deadline = time.monotonic() + GRACE_SECONDS
    for process in processes:
        try:
            process.wait(max(0.1, deadline - time.monotonic()))
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()
