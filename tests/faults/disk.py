"""The disk fills up: that of the workers' records, or the one and only. Wants root, for a small disk in memory."""

import subprocess
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from django.conf import settings
from django.db import DatabaseError, connection
from django.utils import timezone

from newsletter.deliver.ledger import deliver_issue
from newsletter.runs import ActError
from tests.faults.scene import Scene
from tests.faults.workers import Workers

_STILL = 1.0  # seconds without a mail, though workers try


class _SmallDisk:
    """A disk of its own that can be filled to the last byte."""

    def __init__(self, folder: Path) -> None:
        self._ballast = folder / "ballast"

    def fill(self) -> None:
        """Also what others have freed since."""
        with suppress(OSError), self._ballast.open("ab", buffering=0) as file:
            while True:
                file.write(b"x" * 512)

    def make_room(self) -> None:
        """As an operator would."""
        self._ballast.unlink()


@contextmanager
def _small_disk(folder: Path, size: str) -> Iterator[_SmallDisk]:
    folder.mkdir(exist_ok=True)
    subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={size}", "tmpfs", str(folder)], check=True)
    try:
        yield _SmallDisk(folder)
    finally:
        subprocess.run(["umount", "--lazy", str(folder)], check=True)


def disk_record(scene: Scene) -> None:
    """The disk that the records are on fills up, while the database's has room."""
    with _small_disk(scene.folder / "sending", "1m") as disk:
        _fill_again_and_again(scene, disk)


def disk_all(scene: Scene) -> None:
    """One disk for record and database, as on a small machine."""
    folder = scene.folder / "disk"
    with _small_disk(folder, "64m") as disk:
        settings.VAR_DIR = folder
        connection.close()
        connection.settings_dict["NAME"] = str(folder / "faults.sqlite3")
        _fill_again_and_again(scene, disk)
        with connection.cursor() as cursor:
            cursor.execute("VACUUM INTO %s", [str(scene.folder / "faults.sqlite3")])
        connection.close()
        connection.settings_dict["NAME"] = str(scene.folder / "faults.sqlite3")  # the disk goes now


def _fill_again_and_again(scene: Scene, disk: _SmallDisk) -> None:
    scene.prepare()
    scene.freeze()
    workers = Workers(scene, 2)

    def hurt() -> None:
        if scene.is_time():
            disk.fill()
            _until_nothing_moves(scene, disk, workers)
            if scene.hurts == 1:
                scene.notes.append(_what_is_said(scene))
            disk.make_room()

    workers.run_to_the_end(hurt, every=0.01)


def _until_nothing_moves(scene: Scene, disk: _SmallDisk, workers: Workers) -> None:
    count, still, every = -1, 0.0, 0.25

    def stands() -> bool:
        nonlocal count, still
        workers.keep()
        disk.fill()
        now = scene.sink.count()
        still = still + every if now == count else 0.0
        count = now
        return still >= _STILL

    scene.wait(stands, seconds=60, every=every)


def _what_is_said(scene: Scene) -> str:
    try:
        deliver_issue(scene.issue, now=timezone.now(), progress=lambda *_: None)
    except ActError as reason:
        return f"it says “{str(reason).replace(str(scene.folder), 'VAR_DIR')}”"
    except DatabaseError as reason:
        return f"the database says “{reason}”"
    finally:
        connection.close()
    return "it says nothing"
