"""A run that an error, an editor or the clock cuts short: what left is known, what didn't is given back."""

import datetime as dt
import time
from collections.abc import Callable
from types import SimpleNamespace

import pytest
from aiosmtpd.smtp import Envelope
from django.db import OperationalError, connection

from newsletter.deliver import claims, ledger, pace
from newsletter.deliver.envelope import ReadyEdition
from newsletter.deliver.record import Record
from newsletter.deliver.transport import Ended, Transport
from newsletter.models import Issue, IssueState
from subscribers.models import Subscriber
from tests import factories as make
from tests.newsletter.deliver.helpers import NINE, approved_issue, deliver, frozen, quiet, row, states
from tests.newsletter.deliver.sink import Sink

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.usefixtures("small_templates"),
    pytest.mark.urls("tests.newsletter.deliver.reader_urls"),
]


def test_an_error_in_the_run_gives_back_what_was_not_handed_over(sink: Sink, monkeypatch: pytest.MonkeyPatch) -> None:
    make.reader("ana@a.example")
    make.reader("bo@a.example")
    issue = frozen(approved_issue())
    monkeypatch.setattr(ReadyEdition, "address_to", lambda self, reader, at: 1 / 0)

    with pytest.raises(ZeroDivisionError):
        deliver(issue)
    assert states() == {"ana@a.example": "queued", "bo@a.example": "queued"}
    assert row().attempts == 0


def test_what_left_before_an_error_is_known_after_it(sink: Sink, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("ana", "bo", "cy"):
        make.reader(f"{name}@a.example")
    issue = frozen(approved_issue())
    real, calls = ReadyEdition.address_to, list[object]()

    def third_fails(self: ReadyEdition, reader: Subscriber, *, at: dt.datetime) -> object:
        calls.append(reader)
        assert len(calls) < 3, "a fault of ours"
        return real(self, reader, at=at)

    monkeypatch.setattr(ReadyEdition, "address_to", third_fails)
    with pytest.raises(AssertionError, match="a fault of ours"):
        deliver(issue)
    sent = [str(email) for email, state in states().items() if state == "accepted"]
    assert sorted(sent) == sink.recipients
    assert sorted(states().values())[-1] == "queued"
    monkeypatch.undo()
    deliver(issue)
    assert sink.recipients == ["ana@a.example", "bo@a.example", "cy@a.example"], "each once"


def test_an_answer_lost_between_line_and_ledger_leaves_the_mail_in_doubt(
    sink: Sink, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As by Ctrl-C at a terminal: the mail has left, so it must not be given back to be sent again."""
    make.reader("ana@a.example")
    make.reader("bo@a.example")
    issue = frozen(approved_issue())
    real = Transport.turn

    def interrupted(self: Transport, timeout: float | None = None) -> list[Ended]:
        if real(self, timeout):
            raise KeyboardInterrupt
        return []

    monkeypatch.setattr(Transport, "turn", interrupted)
    with pytest.raises(KeyboardInterrupt):
        deliver(issue)
    monkeypatch.undo()
    assert len(sink.mails) == 1
    deliver(issue)
    assert sorted(states().values()) == ["accepted", "uncertain"]
    assert sink.recipients == ["ana@a.example", "bo@a.example"], "each once"


def test_answers_are_noted_before_the_database_is_asked_about_a_lane(
    sink: Sink, monkeypatch: pytest.MonkeyPatch
) -> None:
    make.reader("ana@qq.com")
    sink.at_data["ana@qq.com"] = ["550 Connection frequency limited"]
    issue = frozen(approved_issue())

    def away(domain: str, now: dt.datetime) -> tuple[str, ...]:
        raise OperationalError("deadlock detected")

    monkeypatch.setattr(pace, "slow_down", away)
    with pytest.raises(OperationalError):
        deliver(issue)
    assert states() == {"ana@qq.com": "deferred"}


def test_a_run_that_ends_just_after_a_claim_gives_the_batch_back(sink: Sink, monkeypatch: pytest.MonkeyPatch) -> None:
    make.reader("ana@a.example")
    issue = frozen(approved_issue())

    def interrupted(self: Record) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(Record, "settled", interrupted)
    with pytest.raises(KeyboardInterrupt):
        deliver(issue)
    assert states() == {"ana@a.example": "queued"}


def test_an_issue_taken_back_while_it_is_sent_stops_at_once(sink: Sink, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("ana", "bo", "cy"):
        make.reader(f"{name}@a.example")
    issue = frozen(approved_issue())
    monkeypatch.setattr(ledger, "GLANCE", 0)

    def take_back(what: str, done: int, total: int) -> None:
        Issue.objects.update(state=IssueState.HELD)

    assert ledger.deliver_issue(issue, now=NINE, progress=take_back)["accepted"] == 1
    assert sorted(states().values()) == ["accepted", "withdrawn", "withdrawn"]
    assert len(sink.mails) == 1


def test_a_run_of_limited_time_leaves_the_rest_to_the_next(sink: Sink, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ledger, "BATCH", 1)
    for name in ("ana", "bo"):
        make.reader(f"{name}@a.example")
    issue = frozen(approved_issue())
    passed = 0.0
    clock = SimpleNamespace(**{**vars(time), "monotonic": lambda: time.monotonic() + passed})
    monkeypatch.setattr(ledger, "time", clock)

    def a_minute_passes(envelope: Envelope) -> None:
        nonlocal passed
        passed += 60

    sink.before_data = a_minute_passes
    counts = ledger.deliver_issue(issue, now=NINE, progress=quiet, at_most=50)
    assert (counts["accepted"], counts["waiting"]) == (1, 1)
    assert deliver(issue)["accepted"] == 1


def test_what_was_claimed_too_long_ago_is_not_handed_over(sink: Sink, monkeypatch: pytest.MonkeyPatch) -> None:
    """A machine that slept: meanwhile another may have taken the claims for lapsed."""
    make.reader("ana@a.example")
    monkeypatch.setattr(ledger, "HOLD", -1)
    issue = frozen(approved_issue())
    monkeypatch.setattr(ledger._Run, "next_batch", _once(ledger._Run.next_batch))
    assert deliver(issue) == {"recipients": 1, "waiting": 1}
    assert not sink.mails


def _once(method: Callable[[ledger._Run], list[claims.Claimed]]) -> object:
    calls: list[object] = []
    return lambda run: [] if calls.append(run) or len(calls) > 1 else method(run)  # type: ignore[func-returns-value]


def test_the_server_is_never_talked_to_inside_a_transaction(sink: Sink, monkeypatch: pytest.MonkeyPatch) -> None:
    make.reader("ana@a.example")
    issue = approved_issue()
    depth_outside = len(connection.savepoint_ids)  # the test's own
    depths: list[int] = []

    def note(envelope: Envelope) -> None:
        depths.append(len(connection.savepoint_ids))

    sink.before_data = note
    deliver(issue)
    assert depths == [depth_outside]
