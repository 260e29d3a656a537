"""One run of an act at a time, recorded."""

import datetime as dt
import os
import socket
import subprocess
import sys

import pytest
from django.db import OperationalError
from django.utils import timezone

from newsletter.models import Run
from newsletter.runs import LEASE, BusyError, is_dead, recorded, this_worker
from tests import factories

pytestmark = pytest.mark.django_db


def left_open(worker: str, ago: dt.timedelta = dt.timedelta()) -> Run:
    return Run.objects.create(
        newsletter=factories.newsletter(),
        act="rank",
        date=factories.DAY,
        worker=worker,
        started_at=timezone.now() - ago,
    )


def test_a_run_leaves_its_counts() -> None:
    with recorded(factories.newsletter(), "rank", factories.DAY) as counts:
        counts["stories"] = 3
    run = Run.objects.get()
    assert run.counts == {"stories": 3}
    assert run.finished_at is not None
    assert run.error == ""


def test_a_failed_run_says_why_and_doesnt_hide_it() -> None:
    with pytest.raises(ValueError, match="no feed"), recorded(factories.newsletter(), "gather", factories.DAY):
        raise ValueError("no feed")
    assert Run.objects.get().error == "ValueError: no feed"


def test_an_act_doesnt_run_twice_at_once() -> None:
    letter = factories.newsletter()
    with recorded(letter, "rank", factories.DAY):
        with pytest.raises(BusyError, match="rank is already running, by"), recorded(letter, "rank", factories.DAY):
            raise AssertionError("entered")
        with recorded(letter, "compose", factories.DAY):
            assert Run.objects.count() == 2


def test_a_run_that_ended_while_the_database_was_away_is_closed_by_the_next(monkeypatch: pytest.MonkeyPatch) -> None:
    """Its process lives on, so it would have seemed to run for half an hour."""
    letter = factories.newsletter()

    def away(self: Run, **options: object) -> None:
        raise OperationalError("the connection is closed")

    def run() -> None:
        with recorded(letter, "deliver", factories.DAY) as counts:
            counts["accepted"] = 3
            monkeypatch.setattr(Run, "save", away)

    with pytest.raises(OperationalError):
        run()
    monkeypatch.undo()
    assert Run.objects.get().finished_at is None
    with recorded(letter, "gather", factories.DAY), recorded(letter, "deliver", factories.DAY):
        ended = Run.objects.get(act="deliver", finished_at__isnull=False)
        assert (ended.counts, ended.error) == ({"accepted": 3}, "")


def test_a_run_whose_process_is_gone_is_taken_over() -> None:
    gone = subprocess.Popen([sys.executable, "-c", ""])
    gone.wait()
    left_open(f"{socket.gethostname()}:{gone.pid}")
    with recorded(factories.newsletter(), "rank", factories.DAY):
        assert Run.objects.filter(error__contains="died").count() == 1


def test_a_run_whose_number_another_process_has_by_now_is_taken_over() -> None:
    """As after a restart of the machine, or of a container, where numbers are low and few."""
    left_open(f"{socket.gethostname()}:{os.getpid()}:anotherboot.123")
    with recorded(factories.newsletter(), "rank", factories.DAY):
        assert Run.objects.filter(error__contains="died").count() == 1


def test_a_living_process_is_not_taken_for_dead() -> None:
    assert not is_dead(this_worker(), timezone.now())
    left_open(this_worker())
    named = f"by {socket.gethostname()}:{os.getpid()} since"
    with pytest.raises(BusyError, match=named), recorded(factories.newsletter(), "rank", factories.DAY):
        raise AssertionError("entered")


def test_a_run_on_another_machine_is_taken_over_after_the_lease() -> None:
    left_open("elsewhere:1", LEASE / 2)
    with pytest.raises(BusyError), recorded(factories.newsletter(), "rank", factories.DAY):
        raise AssertionError("entered")
    Run.objects.update(started_at=timezone.now() - LEASE * 2)
    with recorded(factories.newsletter(), "rank", factories.DAY):
        assert Run.objects.filter(error__contains="died").count() == 1


def test_whoever_needs_not_wait_as_long_takes_over_from_a_lost_machine_but_not_from_the_living() -> None:
    short = dt.timedelta(minutes=11)
    run = left_open(this_worker(), LEASE / 2)
    with pytest.raises(BusyError), recorded(run.newsletter, "rank", factories.DAY, lease=short):
        raise AssertionError("entered")
    Run.objects.update(worker="elsewhere:1")
    with recorded(run.newsletter, "rank", factories.DAY, lease=short):
        assert Run.objects.filter(error__contains="died").count() == 1
