"""What the workers lean on goes away: the database, its lock, a mail server."""

import sqlite3
import time

from django.conf import settings

from newsletter.deliver.ledger import BATCH
from tests.faults.scene import Scene
from tests.faults.servers import Sink
from tests.faults.workers import Workers

AWAY = 30  # seconds
LOCKED = 25  # seconds: longer than the time-out of the settings


def postgres(scene: Scene) -> None:
    """The database dies while mails leave, by kill -9 and by crash stops in turns, and is up again at once."""
    server = scene.server
    assert server
    scene.prepare()
    scene.freeze()
    workers = Workers(scene, 2)

    def hurt() -> None:
        if scene.is_time():
            (server.kill if scene.hurts % 2 else server.stop)()
            server.start()

    workers.run_to_the_end(hurt, every=0.01)


def postgres_away(scene: Scene) -> None:
    """The database goes away for half a minute. How many mails leave meanwhile is noted: a batch of each worker."""
    server = scene.server
    assert server
    scene.prepare()
    scene.freeze()
    workers = Workers(scene, 2)

    def hurt() -> None:
        if scene.is_time():
            server.stop()
            before, until = scene.sink.count(), time.monotonic() + AWAY
            while time.monotonic() < until:
                workers.keep()
                time.sleep(0.2)
            scene.notes.append(f"{scene.sink.count() - before} mails left while it was away")
            server.start()
            workers.keep()
            scene.notes.append(f"on again after {scene.wait_for_mails(2 * BATCH):.1f} s")

    workers.run_to_the_end(hurt, every=0.01)


def locked(scene: Scene) -> None:
    """Another process holds SQLite's only lock for longer than anybody waits."""
    scene.prepare()
    scene.freeze()
    workers = Workers(scene, 2)

    def hurt() -> None:
        if scene.is_time():
            other = sqlite3.connect(settings.DATABASES["default"]["NAME"], timeout=20, isolation_level=None)
            other.execute("BEGIN IMMEDIATE")
            before, until = scene.sink.count(), time.monotonic() + LOCKED
            while time.monotonic() < until:
                workers.keep()
                time.sleep(0.2)
            other.execute("ROLLBACK")
            other.close()
            scene.notes.append(f"{scene.sink.count() - before} mails left meanwhile")

    workers.run_to_the_end(hurt, every=0.01)


def two_servers(scene: Scene) -> None:
    """Mail goes to two servers; the second dies with mails in hand, stays away for a while, and comes back."""
    scene.prepare()
    scene.freeze()
    second = Sink(scene.sink.log)
    settings.MAIL_SERVERS = [f"smtp://127.0.0.1:{port}?connections=4" for port in (scene.sink.port, second.port)]
    workers = Workers(scene, 2)
    is_up = True

    def hurt() -> None:
        nonlocal is_up
        if scene.is_time():
            if is_up:
                second.kill()
            else:
                second.start()
            is_up = not is_up

    try:
        workers.run_to_the_end(hurt, every=0.01)
    finally:
        if is_up:
            second.kill()
