"""A worker's own record of what it handed over and what was answered: lines at the end of a file on this machine.

The database is written once a batch; in between, the record knows. A process that is killed leaves its file behind:
the kernel has what was written, and the lock on it goes with the process. Who finds an unlocked file replays it:

    begun, answered     the outcome is known
    begun               may have been handed over: uncertain, at most one for each line that was open
    neither             surely not handed over: sent by the next worker

A power cut can take the end of a file along. So after a start of the machine only answers are believed, and what else
the worker had claimed is uncertain: no more than a batch.
"""

import errno
import fcntl
import json
import os
import secrets
import socket
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from django.conf import settings

from newsletter.runs import LEASE, ActError

_ENDING = ".record"
_ROOM = 256 * 1024  # bytes held for a batch's lines, twice what two hundred mails and their answers take
_LONGEST_HOST = 40  # characters: `claimed_by` has 64


class RecordError(ActError):
    """Nothing can be written down, so nothing may be handed over. Says where and why."""


@dataclass(frozen=True)
class Left:
    """What a dead worker's file tells. `is_whole`: the machine has run since, so what isn't in it didn't happen."""

    worker: str
    is_whole: bool
    begun: set[int] = field(default_factory=set)  # and not answered
    answers: dict[int, dict[str, Any]] = field(default_factory=dict)


class Record:
    """This run's record; `worker` names the run for good. Use as a context manager.

    It goes at the end, if all that it tells is in the database by then (`settled`); else it stays to be replayed.
    """

    def __init__(self) -> None:
        """Raises RecordError."""
        host = socket.gethostname()[:_LONGEST_HOST]
        self.worker = f"{host}:{os.getpid()}:{secrets.token_hex(4)}"
        self._path = _folder() / f"{self.worker}{_ENDING}"
        self._is_settled = True
        self._end = 0
        try:
            self._path.parent.mkdir(parents=True, exist_ok=True)
            self._file = _made_and_locked(self._path)
            self._append(f"{json.dumps({'worker': self.worker, 'boot': _boot()})}\n")
            self._start = self._end
            self._hold_room()
        except OSError as error:
            raise self._error(error) from None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, tb: TracebackType | None
    ) -> None:
        if self._is_settled:
            self._path.unlink(missing_ok=True)
        os.close(self._file)  # and the lock is gone

    def claiming(self) -> None:
        """From now on rows may be claimed under this worker's name."""
        self._is_settled = False

    def handing_over(self, delivery: int) -> None:
        """A message is about to leave. Raises RecordError: then it must not."""
        try:
            self._append(f"S {delivery}\n")
        except OSError as error:
            raise self._error(error) from None

    def answered(self, delivery: int, verdict: dict[str, Any]) -> None:
        """What became of it. Where that can't be written, the database soon has it, or the mail is uncertain."""
        with suppress(OSError):
            self._append(f"A {delivery} {json.dumps(verdict)}\n")

    def settled(self) -> None:
        """All of it is in the database, and the worker holds nothing but what it claimed in the same transaction."""
        os.pwrite(self._file, bytes(self._end - self._start), self._start)  # not cut off: the room is still ours
        self._end = self._start

    def released(self) -> None:
        """The worker holds nothing any more."""
        self._is_settled = True

    def _hold_room(self) -> None:
        """So that an answer can always be written down: where the disk is full, that shows before a mail leaves."""
        try:
            os.posix_fallocate(self._file, self._start, _ROOM)
        except OSError as error:
            if error.errno not in (errno.EOPNOTSUPP, errno.EINVAL):  # not every file system can
                raise

    def _append(self, line: str) -> None:
        content = line.encode()
        written = os.pwrite(self._file, content, self._end)
        if written < len(content):  # the disk is full: half a line must not stand before the next one
            os.ftruncate(self._file, self._end)
            raise OSError(28, "No space left on device")
        self._end += written

    def _error(self, error: OSError) -> RecordError:
        return RecordError(
            f"stopped, {self._path} can't be written ({error.strerror}), and nothing leaves without a record of it: "
            "make room or let this user write there; nothing is lost, run it again"
        )


def living() -> set[str]:
    """The workers of this machine that are at it now."""
    return {path.name.removesuffix(_ENDING) for path in _files() if _is_locked(path)}


def left_behind() -> Iterator[Left]:
    """What dead workers left on this machine. Each file goes when the caller has come through with its content."""
    for path in _files():
        with _locked(path) as file:
            if file is None:
                continue
            left = _read(path, file)
            if left is not None:
                yield left
                path.unlink(missing_ok=True)


def _folder() -> Path:
    return Path(settings.VAR_DIR) / "sending"


def _files() -> list[Path]:
    return sorted(_folder().glob(f"*{_ENDING}"))


def _made_and_locked(path: Path) -> int:
    """A new file that nobody took for a dead worker's before it was locked."""
    while True:
        file = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
        fcntl.flock(file, fcntl.LOCK_EX)
        if path.exists() and path.stat().st_ino == os.fstat(file).st_ino:
            return file
        os.close(file)


def _boot() -> str:
    """Another one after each start of the machine; empty where the system doesn't say."""
    with suppress(OSError):
        return Path("/proc/sys/kernel/random/boot_id").read_text().strip()
    return ""


@contextmanager
def _locked(path: Path) -> Iterator[int | None]:
    """The file, ours; None while its worker lives, or where it has gone."""
    try:
        file = os.open(path, os.O_RDWR)
    except OSError:
        yield None
        return
    try:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            yield None
            return
        yield file
    finally:
        os.close(file)


def _is_locked(path: Path) -> bool:
    with _locked(path) as file:
        return file is None and path.exists()


def _read(path: Path, file: int) -> Left | None:
    """The file's content; None where it isn't ours to judge yet."""
    size = os.fstat(file).st_size
    lines = os.pread(file, size, 0).decode("utf8", "replace").split("\n")
    try:
        head = json.loads(lines[0])
    except ValueError:
        head = {}  # killed, or cut off, before the first line was whole
    worker = path.name.removesuffix(_ENDING)
    same_boot = bool(head.get("boot")) and head["boot"] == _boot()
    on_this_host = worker.partition(":")[0] == socket.gethostname()[:_LONGEST_HOST]
    if not same_boot and not on_this_host and not _is_old(file):
        return None  # another machine's, over a shared disk whose locks needn't hold
    left = Left(worker, is_whole=same_boot)
    for line in lines[1:-1]:  # the last one is cut off, or the room that is held, all zeros
        with suppress(ValueError):
            _take(left, line)
    return left


def _take(left: Left, line: str) -> None:
    what, delivery, *rest = line.split(" ", 2)
    if what == "S":
        left.begun.add(int(delivery))
    elif what == "A":
        left.answers[int(delivery)] = json.loads(rest[0])
        left.begun.discard(int(delivery))


def _is_old(file: int) -> bool:
    return time.time() - os.fstat(file).st_mtime > LEASE.total_seconds()
