"""How much of the machine's processors something takes, by the kernel's own count: what bounds a rate on few cores."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

_TICK = 1000 / os.sysconf("SC_CLK_TCK")  # milliseconds


@contextmanager
def counted(mails: int, sink: int) -> Iterator[dict[str, float]]:
    """Milliseconds of CPU for each of `mails` that are sent meanwhile: of the process `sink`, and of the machine.

    The machine's, of all its processes, are only of use where nothing else runs on it.
    """
    told: dict[str, float] = {}
    before = _of_process(sink), _of_machine()
    yield told
    told["sink_ms"], told["machine_ms"] = (_of_process(sink) - before[0]) / mails, (_of_machine() - before[1]) / mails


def _of_process(pid: int) -> float:
    """proc(5): the 14th and 15th field of its stat; a blank may stand in the second."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) * _TICK


def _of_machine() -> float:
    """proc(5): user, nice, system, idle, iowait, irq, softirq, steal of all processors; a guest's are user's too."""
    user, nice, system, _, _, irq, softirq, steal = map(int, Path("/proc/stat").read_text().split()[1:9])
    return (user + nice + system + irq + softirq + steal) * _TICK
