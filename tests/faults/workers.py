"""Processes that send one issue as a task does, again and again, until all is done; and their end by kill -9."""

import os
import signal
import socket
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

from django.conf import settings
from django.db import OperationalError, close_old_connections, connection
from django.utils import timezone

from newsletter.deliver.ledger import deliver_issue
from newsletter.runs import ActError
from newsletter.workflow import WorkflowError
from tests.faults.scene import Scene

_ROUNDS = 400


class Workers:
    """So many of them at once, on a host of this name with its own folder."""

    def __init__(
        self, scene: Scene, size: int, *, host: str = "", folder: Path | None = None, at_once: bool = True
    ) -> None:
        self._scene, self._size, self._host, self._folder, self._at_once = scene, size, host, folder, at_once
        self.pids: list[int] = []

    def keep(self) -> None:
        """As many as there should be: those that ended or were killed are begun anew."""
        self.pids = [pid for pid in self.pids if not _has_ended(pid)]
        while len(self.pids) < self._size:
            self.pids.append(self._fork())

    def kill_one(self) -> None:
        """With -9, whichever it is."""
        self._kill(self.pids.pop(self._scene.fate.randrange(len(self.pids))))
        self._scene.hurts += 1

    def kill_all(self) -> None:
        """With -9: their machine is gone."""
        while self.pids:
            self._kill(self.pids.pop())

    def run_to_the_end(self, each: Callable[[], None] = lambda: None, every: float = 0.05) -> None:
        """Keep them at it until every mail has its outcome; `each` is called again and again."""

        def over() -> bool:
            self.keep()
            each()
            return self._scene.is_done()

        self._scene.wait(over, every=every)
        self.kill_all()

    @staticmethod
    def _kill(pid: int) -> None:
        with suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)
        os.waitpid(pid, 0)

    def _fork(self) -> int:
        connection.close()
        if pid := os.fork():
            return pid
        status = 1
        with suppress(BaseException):
            self._work()
            status = 0
        os._exit(status)

    def _work(self) -> None:
        """Errors that an act foresees wait for the next round, as they do for the next tick."""
        if self._host:
            settings.VAR_DIR = self._folder
            socket.gethostname = lambda: self._host
        for _ in range(_ROUNDS):
            with suppress(ActError, OperationalError, WorkflowError):
                if self._at_once:
                    self._scene.hurry()
                counts = deliver_issue(self._scene.issue, now=timezone.now(), progress=lambda *_: None)
                if not counts["waiting"]:
                    return
            close_old_connections()
            time.sleep(0.05)


def _has_ended(pid: int) -> bool:
    return os.waitpid(pid, os.WNOHANG)[0] == pid


def kill_workers(scene: Scene) -> None:
    """Workers die at random moments, each time another."""
    scene.prepare()
    scene.freeze()
    workers = Workers(scene, 2)

    def kill() -> None:
        if scene.hurts < scene.kills:
            time.sleep(scene.fate.uniform(0.0, 0.4))
            workers.kill_one()

    workers.run_to_the_end(kill)
