"""What a killed worker's record tells the next one: known, surely not sent, or uncertain; never lost or doubled."""

import datetime as dt
import os
import socket
import time
from pathlib import Path

import pytest
from django.db import OperationalError
from django.utils import timezone
from pytest_django import Settings

from newsletter.deliver import claims, editions, record, recovery
from newsletter.deliver.claims import Claimed, Verdict
from newsletter.deliver.outcome import Kind, Outcome
from newsletter.deliver.record import Record, RecordError
from newsletter.deliver.recovery import Recovered
from newsletter.models import Delivery, DeliveryEvent, Issue
from newsletter.models.delivery import LIFE
from newsletter.runs import LEASE
from tests import factories as make
from tests.newsletter.deliver.helpers import NINE, approved_issue, deliver, quiet
from tests.newsletter.deliver.sink import Sink

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.usefixtures("small_templates"),
    pytest.mark.urls("tests.newsletter.deliver.reader_urls"),
]
ACCEPTED = Outcome(Kind.ACCEPTED, 250, text="2.0.0 OK")
NAMES = ("ana", "bo", "cy", "di")


@pytest.fixture(autouse=True)
def folder(settings: Settings, tmp_path: Path) -> Path:
    """Records of this test's own."""
    settings.VAR_DIR = tmp_path
    return tmp_path / "sending"


@pytest.fixture
def issue() -> Issue:
    for name in NAMES:
        make.reader(f"{name}@a.example")
    issue = approved_issue()
    editions.freeze(issue, quiet)
    return issue


def killed(issue: Issue, *, begun: int, answered: int, outcome: Outcome = ACCEPTED) -> list[Claimed]:
    """A worker that claimed all, began so many, had answers to so many of them, and died."""
    dying = Record()
    dying.claiming()
    held = claims.claim(issue, dying.worker, due_by=NINE, size=9)
    for number, each in enumerate(held[:begun]):
        dying.handing_over(each.pk)
        if number < answered:
            dying.answered(each.pk, claims.judge(each, outcome, at=NINE).as_json())
    os.close(dying._file)  # as the kernel does it
    return held


def states() -> list[str]:
    return list(Delivery.objects.order_by("pk").values_list("state", flat=True))


# ---- killed ------------------------------------------------------------------------------------------------------


def test_what_was_answered_is_known_what_was_begun_is_uncertain_and_the_rest_is_sent(issue: Issue, sink: Sink) -> None:
    held = killed(issue, begun=2, answered=1)

    assert deliver(issue) == {"recipients": 4, "due": 2, "accepted": 2, "uncertain": 1}
    assert [Delivery.objects.get(pk=each.pk).state for each in held] == [
        "accepted", "uncertain", "accepted", "accepted"
    ]  # fmt: skip
    assert len(sink.mails) == 2
    first, second = (Delivery.objects.get(pk=each.pk) for each in held[:2])
    assert (first.reply, first.finished_at, first.attempts) == ("250 2.0.0 OK", NINE, 1)
    assert "the worker died" in second.reply
    assert Delivery.objects.get(pk=held[3].pk).attempts == 1, "the dead one's doesn't count"
    issue.refresh_from_db()
    assert issue.state == "sent"


def test_the_record_goes_once_it_is_replayed_and_with_a_run_that_ends_well(
    issue: Issue, sink: Sink, folder: Path
) -> None:
    killed(issue, begun=1, answered=1)
    assert len(list(folder.iterdir())) == 1
    deliver(issue)
    assert not list(folder.iterdir())


def test_a_refusal_in_the_record_counts_as_one(issue: Issue, sink: Sink) -> None:
    held = killed(issue, begun=1, answered=1, outcome=Outcome(Kind.REFUSED, 550, "5.1.1", "5.1.1 no such user"))
    deliver(issue)
    reader = Delivery.objects.get(pk=held[0].pk).reader
    assert (reader.state, DeliveryEvent.objects.count()) == ("bounced", 1)


def test_a_deferral_in_the_record_keeps_its_hour(issue: Issue) -> None:
    held = killed(issue, begun=1, answered=1, outcome=Outcome(Kind.DEFERRED, 451, "4.7.1", "4.7.1 later"))
    assert recovery.recover() == Recovered(queued=3, known=1)
    row = Delivery.objects.get(pk=held[0].pk)
    assert (row.state, row.due_at, row.attempts) == ("deferred", NINE + dt.timedelta(minutes=5), 1)


def test_half_a_line_at_the_end_of_a_record_is_no_line(issue: Issue, folder: Path) -> None:
    held = killed(issue, begun=1, answered=0)
    (path,) = folder.iterdir()
    path.write_bytes(path.read_bytes() + f'A {held[0].pk} {{"state": "acc'.encode())
    assert recovery.recover() == Recovered(queued=3, uncertain=1)


def test_a_record_replayed_twice_changes_nothing(issue: Issue, folder: Path) -> None:
    killed(issue, begun=2, answered=1)
    (path,) = folder.iterdir()
    content = path.read_bytes()
    recovery.recover()
    before = list(Delivery.objects.order_by("pk").values())
    path.write_bytes(content)
    assert not recovery.recover()
    assert list(Delivery.objects.order_by("pk").values()) == before


def test_a_worker_killed_after_the_commit_and_before_its_record_was_emptied_sends_nothing_twice(
    issue: Issue, sink: Sink, folder: Path
) -> None:
    dying = Record()
    dying.claiming()
    first = claims.claim(issue, dying.worker, due_by=NINE, size=2)
    for each in first:
        dying.handing_over(each.pk)
        dying.answered(each.pk, claims.judge(each, ACCEPTED, at=NINE).as_json())
    recovery.settle(dying.worker, {each.pk: claims.judge(each, ACCEPTED, at=NINE) for each in first})
    claims.claim(issue, dying.worker, due_by=NINE, size=2)
    os.close(dying._file)

    assert deliver(issue) == {"recipients": 4, "due": 2, "accepted": 2}
    assert len(sink.mails) == 2


# ---- alive, elsewhere, or gone -----------------------------------------------------------------------------------


def test_a_live_workers_claims_are_its_own_however_old(issue: Issue, sink: Sink) -> None:
    """A clock that jumps makes no second mail."""
    with Record() as living:
        living.claiming()
        claims.claim(issue, living.worker, due_by=NINE, size=9)
        Delivery.objects.update(claimed_at=timezone.now() - LEASE - dt.timedelta(hours=9))
        assert deliver(issue) == {"recipients": 4, "waiting": 4}
    assert not sink.mails


def test_another_machines_claims_are_left_alone_until_they_lapse_and_then_uncertain(issue: Issue, sink: Sink) -> None:
    claims.claim(issue, "elsewhere:1:ab", due_by=NINE, size=9)
    assert deliver(issue) == {"recipients": 4, "waiting": 4}
    Delivery.objects.update(claimed_at=timezone.now() - LEASE - dt.timedelta(minutes=1))
    assert deliver(issue) == {"recipients": 4, "uncertain": 4}
    assert not sink.mails


def test_after_a_power_cut_only_answers_are_believed(issue: Issue, folder: Path) -> None:
    killed(issue, begun=2, answered=1)
    (path,) = folder.iterdir()
    path.write_text(path.read_text().replace(record._boot(), "another start of this machine"))
    assert recovery.recover() == Recovered(uncertain=3, known=1)


def test_the_record_of_another_machine_on_a_shared_disk_waits_for_the_lease(issue: Issue, folder: Path) -> None:
    killed(issue, begun=2, answered=1)
    (path,) = folder.iterdir()
    worker = Delivery.objects.values_list("claimed_by", flat=True)[0]
    foreign = worker.replace(socket.gethostname()[:40], "elsewhere")
    Delivery.objects.update(claimed_by=foreign)
    elsewhere = path.rename(folder / f"{foreign}.record")
    elsewhere.write_text(elsewhere.read_text().replace(record._boot(), "that machine's"))
    assert not recovery.recover()
    old = time.time() - LEASE.total_seconds() - 60
    os.utime(elsewhere, (old, old))
    assert recovery.recover() == Recovered(uncertain=3, known=1)


def test_a_worker_that_was_called_uncertain_may_still_say_what_happened(issue: Issue) -> None:
    held = claims.claim(issue, "elsewhere:1:ab", due_by=NINE, size=1)
    Delivery.objects.filter(state="claimed").update(state="uncertain")
    assert recovery.settle("elsewhere:1:ab", {held[0].pk: claims.judge(held[0], ACCEPTED, at=NINE)}) == 1
    assert states().count("accepted") == 1


def test_a_worker_that_was_called_uncertain_and_sent_again_by_a_person_says_nothing_any_more(issue: Issue) -> None:
    held = claims.claim(issue, "elsewhere:1:ab", due_by=NINE, size=1)
    Delivery.objects.filter(state="claimed").update(state="queued", claimed_by="")
    verdict = claims.judge(held[0], Outcome(Kind.REFUSED, 550), at=NINE)
    assert recovery.settle("elsewhere:1:ab", {held[0].pk: verdict}) == 0
    assert "refused" not in states()


# ---- what can't be written ---------------------------------------------------------------------------------------


def test_where_the_record_cannot_be_made_nothing_is_claimed(issue: Issue, sink: Sink, folder: Path) -> None:
    folder.write_text("a file where the folder should be")
    with pytest.raises(RecordError, match="can't be written"):
        deliver(issue)
    assert set(states()) == {"queued"}
    assert not sink.mails


def test_a_full_disk_stops_the_run_before_the_next_mail_and_loses_nothing(
    issue: Issue, sink: Sink, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = os.pwrite

    def full_after_two(file: int, content: bytes, offset: int) -> int:
        if content.startswith(b"S") and len(sink.mails) == 2:
            return real(file, content[:3], offset)  # as the kernel does it: a part, then no more
        return real(file, content, offset)

    monkeypatch.setattr(os, "pwrite", full_after_two)
    with pytest.raises(RecordError, match="No space left"):
        deliver(issue)
    assert sorted(states()) == ["accepted", "accepted", "queued", "queued"]
    monkeypatch.undo()
    assert deliver(issue)["accepted"] == 2
    assert len(set(sink.recipients)) == len(sink.mails) == 4


def test_a_database_that_is_gone_when_outcomes_are_written_has_them_afterwards(
    issue: Issue, sink: Sink, monkeypatch: pytest.MonkeyPatch
) -> None:
    def gone(worker: str, verdicts: object) -> int:
        raise OperationalError("server closed the connection")

    monkeypatch.setattr(recovery, "settle", lambda worker, verdicts: gone(worker, verdicts) if verdicts else 0)
    with pytest.raises(OperationalError):
        deliver(issue)
    assert set(states()) == {"claimed"}
    monkeypatch.undo()

    assert deliver(issue) == {"recipients": 4}
    assert set(states()) == {"accepted"}
    assert len(sink.mails) == 4, "none a second time"


def test_a_verdict_is_the_same_in_the_record() -> None:
    put_off = claims.judge(Claimed(1, 2, 3, 1, NINE + LIFE), Outcome(Kind.DEFERRED, 451, text="稍后再试"), at=NINE)
    assert Verdict.from_json(put_off.as_json()) == put_off
