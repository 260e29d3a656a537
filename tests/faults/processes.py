"""Who is whose child on this machine, and ending all of a session with -9. Reads /proc."""

import os
import signal
import subprocess
import time
from contextlib import suppress
from pathlib import Path

Started = subprocess.Popen[bytes]


def children(pid: int) -> list[int]:
    """The living ones."""
    with suppress(OSError):
        found = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
        return [int(each) for each in found if started(int(each))]
    return []


def started(pid: int) -> int:
    """In ticks since the machine's start; 0: it is dead."""
    with suppress(OSError):
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
        return 0 if fields[0] in "ZX" else int(fields[19])
    return 0


def group(process: Started) -> list[int]:
    """Who is left of a session."""
    found = []
    for each in Path("/proc").glob("[0-9]*"):
        with suppress(OSError, ProcessLookupError):
            if os.getsid(int(each.name)) == process.pid:
                found.append(int(each.name))
    return found


def kill_group(process: Started) -> None:
    """All of its session, as systemd does with a unit."""
    while left := group(process):
        for pid in left:
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        if process.poll() is None:
            process.wait()
        time.sleep(0.02)
