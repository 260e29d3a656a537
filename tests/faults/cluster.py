"""The real cluster of django-q2, `manage.py qcluster` and `work`, with its tick; and what kill -9 does to it."""

import os
import signal
import time
from contextlib import suppress

from django.conf import settings
from django_q.tasks import async_task

from newsletter import schedules
from tests.faults import processes
from tests.faults.scene import Scene


def cluster(scene: Scene) -> None:
    """All of its processes at once, in the middle of sending; then it begins anew, as systemd would have it."""
    _prepare(scene)
    pauses = []
    running = _start(scene, "qcluster")
    while scene.hurts < scene.kills and not scene.is_done():
        scene.wait_for_mails(max(1, scene.mails // (scene.kills + 1)))
        processes.kill_group(running)
        scene.hurts += 1
        running = _start(scene, "qcluster")
        pauses.append(scene.wait_for_mails(1))
    _to_the_end(scene)
    processes.kill_group(running)
    scene.notes.append(_pauses(pauses))


def orphans(scene: Scene) -> None:
    """Only the cluster's first process: its workers go on as orphans, and a new cluster begins beside them."""
    _prepare(scene)
    started = [_start(scene, "qcluster")]
    while scene.hurts < scene.kills and not scene.is_done():
        scene.wait_for_mails(max(1, scene.mails // (scene.kills + 1)))
        started[-1].kill()
        started[-1].wait()
        scene.hurts += 1
        started.append(_start(scene, "qcluster"))
    _to_the_end(scene)
    left = sum(len(processes.group(process)) for process in started[:-1])
    scene.notes.append(f"{left} orphans still there at the end")
    for process in started:
        processes.kill_group(process)


def parts(scene: Scene) -> None:
    """One process of the watched cluster after the other, workers at it and idle ones, in the middle of sending."""
    _prepare(scene)
    pauses, killed = [], list[str]()
    running = _start(scene, "work")
    while scene.hurts < scene.kills and not scene.is_done():
        scene.wait_for_mails(max(1, scene.mails // (scene.kills + 1)))
        name, pid = _a_part(scene, running)
        with suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)
        killed.append(name)
        scene.hurts += 1
        if name == "watch":  # systemd ends what is left of the unit and begins anew
            processes.kill_group(running)
            running = _start(scene, "work")
        pauses.append(scene.wait_for_mails(50))
    _to_the_end(scene)
    processes.kill_group(running)
    scene.notes.append(f"{', '.join(killed)}; {_pauses(pauses)}")


def _prepare(scene: Scene) -> None:
    scene.prepare()
    scene.freeze()
    schedules.install()


def _start(scene: Scene, command: str) -> processes.Started:
    """The schedule is read half a minute after a cluster begins; `nudge`: what it says is on the queue already."""
    if scene.nudge:
        async_task(schedules.TICK)
    return scene.start("manage.py", command)


def _to_the_end(scene: Scene) -> None:
    looked = 0.0

    def over() -> bool:
        nonlocal looked
        if time.monotonic() - looked > 5:
            looked = time.monotonic()
            scene.hurry()
        return scene.is_done()

    scene.wait(over, every=0.2)


def _a_part(scene: Scene, running: processes.Started) -> tuple[str, int]:
    """One of the processes, by what it is to django-q2. Waits until the cluster is whole."""
    found: list[tuple[str, int]] = []

    def is_whole() -> bool:
        nonlocal found
        for first in processes.children(running.pid):
            for sentinel in processes.children(first):
                others = sorted(processes.children(sentinel), key=processes.started)
                names = [*["a worker"] * settings.Q_CLUSTER["workers"], "monitor", "pusher"]
                found = [*zip(names, others, strict=False), ("sentinel", sentinel), ("first", first)]
                found += [("watch", running.pid)]
                return len(others) == len(names)
        return False

    scene.wait(is_whole, seconds=300, every=0.1)
    return scene.fate.choice(found)


def _pauses(seconds: list[float]) -> str:
    if not seconds:
        return ""
    return f"mails again after {min(seconds):.0f}–{max(seconds):.0f} s"
