"""What happens to a machine: its power fails, it is lost for good, its clock jumps."""

import datetime as dt
import json
import os
import select
import shutil
import time
from pathlib import Path
from typing import SupportsIndex

from django.db.models import F

from newsletter.deliver.ledger import BATCH
from newsletter.models import Delivery, DeliveryState
from newsletter.runs import LEASE
from tests.faults.scene import Scene
from tests.faults.workers import Workers

SENDERS = 2
AHEAD = 3600  # seconds


def power(scene: Scene) -> None:
    """The power fails: all processes and PostgreSQL end at once, and of the records any part of the end is missing."""
    server = scene.server
    assert server
    scene.prepare()
    scene.freeze()
    workers = Workers(scene, SENDERS)

    def hurt() -> None:
        if scene.is_time():
            workers.kill_all()
            server.kill()
            for path in (scene.folder / "sending").glob("*.record"):
                _as_after_a_power_cut(scene, path)
            server.start()
            _let_the_lease_pass()

    workers.run_to_the_end(hurt, every=0.01)
    scene.notes.append(f"at most {scene.hurts * SENDERS * BATCH} uncertain are allowed for")


def _as_after_a_power_cut(scene: Scene, path: Path) -> None:
    """Another boot; and what the system hadn't written is gone: some of the end, all of it, or the file itself."""
    left = scene.fate.choice(["some", "some", "nothing", "no file"])
    head, *lines = path.read_text().rstrip("\0").splitlines(keepends=True)
    if left == "no file":
        path.unlink()
    elif left == "nothing":
        path.write_text("")
    else:
        told = f"{json.dumps({**json.loads(head), 'boot': 'another'})}\n" + "".join(lines)
        path.write_text(told[: scene.fate.randrange(len(told))])


def _let_the_lease_pass(host: str = "") -> None:
    """As if half an hour had passed for what workers of a lost host hold; all of these are dead."""
    rows = Delivery.objects.filter(state=DeliveryState.CLAIMED, claimed_by__startswith=host)
    rows.update(claimed_at=F("claimed_at") - LEASE - dt.timedelta(minutes=1))


def hosts(scene: Scene) -> None:
    """Two hosts send; one of them is lost for good, its record with it, and a new one takes its place."""
    scene.prepare()
    scene.freeze()
    stays = Workers(scene, SENDERS, host="stays", folder=_folder(scene, "stays"))
    goes = Workers(scene, SENDERS, host="goes0", folder=_folder(scene, "goes0"))

    def hurt() -> None:
        nonlocal goes
        goes.keep()
        if scene.is_time():
            goes.kill_all()
            name = f"goes{scene.hurts - 1}"
            shutil.rmtree(scene.folder / name)
            _let_the_lease_pass(name)
            goes = Workers(scene, SENDERS, host=f"goes{scene.hurts}", folder=_folder(scene, f"goes{scene.hurts}"))

    stays.run_to_the_end(hurt, every=0.01)
    goes.kill_all()
    scene.notes.append(f"at most {scene.hurts * SENDERS * BATCH} uncertain are allowed for")


def _folder(scene: Scene, name: str) -> Path:
    folder = scene.folder / name
    folder.mkdir()
    return folder


def clock(scene: Scene) -> None:
    """The clock jumps an hour ahead or back and some seconds later to what it was, while workers die."""
    file = Path(os.environ["FAKETIME_TIMESTAMP_FILE"])
    time.sleep = _sleep
    scene.prepare()
    scene.freeze()
    workers, jumps = Workers(scene, SENDERS), 0

    def hurt() -> None:
        nonlocal jumps
        if scene.is_time():
            if jumps % 3 == 0:
                workers.kill_one()
                scene.hurts -= 1  # counted already
            jumps += 1
            file.write_text(("+0", f"+{AHEAD}", "+0", f"-{AHEAD}")[jumps % 4])
        elif jumps % 4 == 3:  # an hour early nothing is due: it is not the mails that bring the time on
            time.sleep(2)
            jumps += 1
            file.write_text("+0")

    workers.run_to_the_end(hurt, every=0.01)
    scene.notes.append(f"{jumps} jumps")


def _sleep(seconds: SupportsIndex | float) -> None:
    """libfaketime 0.9.10 refuses the system call that Python 3.11 sleeps by."""
    select.select([], [], [], float(seconds))
