"""The queue's watch: which death of the cluster's processes makes it begin anew, and what is left then."""

import datetime as dt
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from types import SimpleNamespace

import pytest
from django.conf import settings
from django.utils import timezone
from pytest_django import Settings

from newsletter import runs, watch
from newsletter.watch import Cluster, children, started_at

SLEEPS = [sys.executable, "-c", "import time; time.sleep(600)"]
# As django-q2's are to each other: a guard's parent, the guard, and its children in the order in which it starts them.
FAMILY = """
import subprocess, sys, time
if sys.argv[1:] == ["guard"]:
    for _ in range({size}):
        subprocess.Popen({sleeps!r})
        time.sleep(0.03)
    while True:
        time.sleep(600)
subprocess.Popen([sys.executable, __file__, "guard"]).wait()
"""


@pytest.fixture
def cluster(tmp_path: Path, settings: Settings, monkeypatch: pytest.MonkeyPatch) -> Iterator[Cluster]:
    """A cluster of such processes, complete."""
    size = settings.Q_CLUSTER["workers"] + 2
    (tmp_path / "manage.py").write_text(FAMILY.format(size=size, sleeps=SLEEPS))
    settings.BASE_DIR, settings.VAR_DIR = tmp_path, tmp_path
    monkeypatch.setattr(watch, "_SHORT_GRACE", 0.1)
    made = Cluster()
    wait(lambda: len(aides_and_workers(made)) == size)
    assert made.trouble() == ""
    yield made
    made.give_up()


def wait(until: Callable[[], bool]) -> None:
    for _ in range(1200):
        if until():
            return
        time.sleep(0.05)
    raise AssertionError("it never came to that")


def first(cluster: Cluster) -> int:
    return cluster._process.pid


def aides_and_workers(cluster: Cluster) -> list[int]:
    """In the order in which they were started."""
    return sorted((pid for guard in children(first(cluster)) for pid in children(guard)), key=started_at)


@pytest.mark.parametrize("place", [0, 1, -2])
def test_the_death_of_a_worker_or_of_the_one_that_writes_down_is_noticed(cluster: Cluster, place: int) -> None:
    os.kill(aides_and_workers(cluster)[place], signal.SIGKILL)
    wait(lambda: "may have taken the queue's lock" in cluster.trouble())


def test_the_one_that_fetches_tasks_may_come_and_go(cluster: Cluster) -> None:
    """It ends itself where the database or Redis is away."""
    pusher = aides_and_workers(cluster)[-1]
    os.kill(pusher, signal.SIGKILL)
    wait(lambda: pusher not in aides_and_workers(cluster))
    assert cluster.trouble() == ""


@pytest.mark.parametrize("who", ["first", "guard"])
def test_the_death_of_the_first_or_of_the_guard_ends_all(cluster: Cluster, who: str) -> None:
    everybody = [*aides_and_workers(cluster), *children(first(cluster))]
    os.kill(first(cluster) if who == "first" else children(first(cluster))[0], signal.SIGKILL)
    wait(lambda: cluster.trouble() != "")
    cluster.give_up()
    wait(lambda: not any(started_at(pid) for pid in everybody))


def test_who_is_sending_mails_may_end_that_before_the_cluster_goes(
    cluster: Cluster, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    worker, other = aides_and_workers(cluster)[:2]
    (tmp_path / "sending").mkdir()
    record = tmp_path / "sending" / f"host:{worker}:ab.record"
    record.touch()
    seen = []

    def a_look_later(seconds: float) -> None:
        seen.append(bool(started_at(worker)))
        if len(seen) == 3:
            record.unlink()

    os.kill(other, signal.SIGKILL)
    wait(lambda: cluster.trouble() != "")
    # its own alone: the standard library sleeps, too, while it waits for a process
    monkeypatch.setattr(watch, "time", SimpleNamespace(sleep=a_look_later, monotonic=time.monotonic))
    cluster.give_up()
    assert seen == [True] * 3


@pytest.mark.django_db
def test_a_tick_that_no_longer_runs_is_noticed(cluster: Cluster, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(watch, "close_old_connections", lambda: None)
    now = time.monotonic()
    hours: list[float] = []
    monkeypatch.setattr(watch, "time", SimpleNamespace(monotonic=lambda: now + sum(hours)))
    runs.ticked(timezone.now())
    hours.append(2 * watch.STALE)
    assert cluster.trouble() == "", "it ran just now"
    runs.ticked(timezone.now() - dt.timedelta(seconds=2 * watch.STALE))
    hours.append(watch.ASK + 1)
    assert "the tick hasn't run for 15 minutes" in cluster.trouble()


@pytest.mark.servers
def test_a_real_cluster_is_known_by_its_processes_and_ends_when_it_is_told(tmp_path: Path) -> None:
    """What the watch knows of django-q2: whose child is whose, and in which order they begin."""
    environment = {**os.environ, "VAR_DIR": str(tmp_path), "DATABASE_URL": f"sqlite:///{tmp_path / 'q.sqlite3'}"}
    command = [sys.executable, "manage.py"]
    subprocess.run([*command, "migrate", "-v0"], cwd=settings.BASE_DIR, env=environment, check=True)
    work = subprocess.Popen(
        [*command, "work"], cwd=settings.BASE_DIR, env=environment, stderr=subprocess.PIPE, text=True
    )
    size = settings.Q_CLUSTER["workers"] + 2

    def inner() -> list[int]:
        return [pid for one in children(work.pid) for guard in children(one) for pid in children(guard)]

    with work:
        try:
            said = iter(work.stderr or ())
            assert any("are watched" in line for line in said)
            before = inner()
            assert len(before) == size
            os.kill(min(before, key=started_at), signal.SIGKILL)
            assert any("the queue's cluster begins anew" in line for line in said)
            assert any("are watched" in line for line in said)
            everybody = inner()
            assert not set(everybody) & set(before)
            work.send_signal(signal.SIGTERM)
            assert work.wait(60) == 0
            wait(lambda: not any(started_at(pid) for pid in everybody))
        finally:
            work.kill()
