"""Deliver an issue: freeze what goes to whom, then claim, hand over and record, batch by batch.

Safe to run twice, beside itself, and after a crash: what is to be done stands in the deliveries, what was done in the
run's record until the database has it (see claims). No transaction is open while a mail is handed over.
"""

import datetime as dt
import logging
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass

from django.db import transaction
from django.utils import translation

from newsletter import workflow
from newsletter.deliver import claims, editions, expiry, late, pausing, recovery
from newsletter.deliver.addressing import Addressed, Addressing, Unsendable
from newsletter.deliver.carrier import carrier
from newsletter.deliver.claims import Claimed, Verdict
from newsletter.deliver.outcome import Kind, Outcome
from newsletter.deliver.pace import Permits
from newsletter.deliver.record import Record, RecordError
from newsletter.deliver.transport import Ended
from newsletter.models import DeliveryState, Issue, IssueState, PauseReason
from newsletter.models.delivery import FINAL, RETRYABLE
from newsletter.runs import ActError

log = logging.getLogger(__name__)

BATCH = 200  # deliveries held at once; so many are uncertain where a whole machine is lost
# Seconds from a claim on in which its mails may be handed over: with the answer's ten minutes well below LEASE.
HOLD = 600
GLANCE = 1.0  # seconds between looks at whether the issue is still to be sent
MAX_LOST = 3  # lines in a row that fell on a mail: then the server is ill, and more would only be doubtful
MAX_BLAMED = 3  # refusals in a row that are about us, as their words have it: then each reader would be refused alike
PATIENCE = 30.0  # seconds that a run which ends early waits for answers

Progress = Callable[[str, int, int], None]
Clock = Callable[[], dt.datetime]


class StoppedError(ActError):
    """The run was stopped because the next mail would fare no better. What is left stays queued; says what to do."""


@dataclass
class Counts:
    """What this run did. `waiting` are still to come: not yet due, or put off. `expired` are among the withdrawn."""

    recipients: int = 0
    due: int = 0
    accepted: int = 0
    deferred: int = 0
    refused: int = 0
    uncertain: int = 0
    withdrawn: int = 0
    expired: int = 0
    waiting: int = 0


def run_name(issue: Issue, place: int = 1) -> str:
    """The act under which the run at `place` of those that send `issue` at once is recorded.

    Each issue has its own: one that goes on for a day, from zone to zone and for mails put off, would take the lock
    every minute just before today's does.
    """
    return f"deliver {issue.pk}" if place == 1 else f"deliver {issue.pk}/{place}"


def deliver_issue(
    issue: Issue, *, now: dt.datetime, progress: Progress, at_most: float | None = None
) -> dict[str, int]:
    """Send every mail of `issue` that is due, counted from `now` on, and return the counts of `Counts`.

    After `at_most` seconds no more batches are begun, and the next run goes on. Raises WorkflowError where the issue
    isn't approved or isn't what was approved, NobodyError where no reader is to get it, UnreachableError where no
    server can be reached, RecordError where nothing can be written down, and StoppedError where our mail isn't taken;
    each leaves every mail with its outcome or queued.
    """
    started = time.monotonic()
    editions.freeze(issue, progress, now)
    late.add(issue, now)
    ends = started + at_most if at_most is not None else float("inf")
    run = _Run(issue, lambda: now + dt.timedelta(seconds=time.monotonic() - started), ends, progress)
    run.send_due()
    _finish(issue)
    return run.report()


def _finish(issue: Issue) -> None:
    """Once every delivery has its outcome, the issue is sent.

    Looked at once more under the issue's lock, which whoever adds readers or queues mails anew holds: what is queued
    in an issue that is sent would never leave.
    """
    issue.refresh_from_db()  # an editor may have taken it back meanwhile
    if not _is_done(issue):
        return
    with transaction.atomic():
        if _is_done(Issue.objects.select_for_update().get(pk=issue.pk)):
            workflow.finish_sending(issue)
    issue.refresh_from_db()


def _is_done(issue: Issue) -> bool:
    return issue.state == IssueState.SENDING and not issue.deliveries.exclude(state__in=FINAL).exists()


class _Run:
    """One run over one issue's deliveries."""

    def __init__(self, issue: Issue, clock: Clock, ends: float, progress: Progress) -> None:
        self.issue, self.clock, self.ends, self.progress = issue, clock, ends, progress
        self.counts = Counts(recipients=issue.deliveries.count())
        self.due = 0
        self.lost = 0
        self.blamed: list[str] = []  # domains of the last mails in a row that were refused for what we are, in words
        self.looked_at, self.is_paused = time.monotonic(), False
        self.held: dict[int, Claimed] = {}  # this batch; what has no verdict at the end is released
        self.verdicts: dict[int, Verdict] = {}
        self.begun: set[int] = set()  # of this batch, what may have left: without a verdict it isn't ours to release
        self.addressing = Addressing(issue)

    def send_due(self) -> None:
        """Claim what is due, batch by batch, until nothing is."""
        self.recover()
        self.expire()
        if pausing.is_paused(self.issue):
            log.info("%s is paused", self.issue)
            return
        if because := pausing.complained_too_much(self.issue):
            self.stop(PauseReason.COMPLAINTS, because)
        self.due = self.issue.deliveries.filter(state__in=RETRYABLE, due_at__lte=self.clock()).count()
        if not self.due:
            return
        with Record() as self.record, carrier(self.begin, Permits()) as self.transport:
            self.transport.connect()
            with self.giving_back():
                while batch := self.next_batch():
                    self.send(batch)

    def recover(self) -> None:
        """What dead workers left, of whatever issue."""
        found = recovery.recover()
        if found:
            counts = found.queued, found.uncertain, found.known
            log.warning("a worker died; %d mails to be sent, %d uncertain, %d had been answered", *counts)
        self.counts.uncertain += found.uncertain

    def expire(self) -> None:
        """What has had its day, also while the issue is paused."""
        expired = expiry.withdraw(self.issue, self.clock())
        self.counts.withdrawn += expired
        self.counts.expired += expired

    @contextmanager
    def giving_back(self) -> Iterator[None]:
        """However the run ends: wait for the answers to what has left, write them down, and release the rest.

        What can't be awaited or written down stays in the record, and the next run replays it; so does everything
        where an answer got lost on its way to us, as by Ctrl-C or an error in between.
        """
        try:
            yield
        finally:
            until = time.monotonic() + PATIENCE
            while self.transport.busy and time.monotonic() < until:
                with suppress(RecordError):  # of a line whose turn it was just now: nothing has left on it either
                    self.note(self.transport.turn(1.0))
            if not self.transport.busy and self.begun <= self.verdicts.keys():
                with transaction.atomic():
                    self.settle()
                    claims.release(self.record.worker)  # also a batch that was claimed just when the run was ended
                self.record.released()

    def next_batch(self) -> list[Claimed]:
        """The outcomes of the last batch and the claims of the next in one commit: the disk is waited for once."""
        if time.monotonic() >= self.ends:
            return []
        self.record.claiming()
        with transaction.atomic():
            self.settle()
            batch = claims.claim(self.issue, self.record.worker, due_by=self.clock(), size=BATCH)
        self.record.settled()
        self.verdicts.clear()
        self.begun.clear()
        self.held = {each.pk: each for each in batch}
        return batch

    def send(self, batch: list[Claimed]) -> None:
        """Hand a batch over, as many at once as there are lines. Raises where the run can't go on."""
        mails = self.addressing.of(self.record.worker, batch, at=self.clock())
        held_until = _since_boot() + HOLD
        mail = self.next_mail(mails)
        while mail or self.transport.busy:
            if mail and not self.may_go_on(held_until):
                mail = None  # what hasn't left is released
            elif mail and self.transport.has_room():
                self.transport.offer(mail.claimed.pk, mail.envelope)
                mail = self.next_mail(mails)  # made while the server is at work on the last one
            else:
                ended = self.transport.turn()
                self.note(ended)
                for pk, outcome in ended:
                    self.go_on_after(pk, outcome)

    def next_mail(self, mails: Iterator[Addressed | Unsendable]) -> Addressed | None:
        """The next one to be handed over; those that can't be have a verdict without it."""
        for mail in mails:
            if not isinstance(mail, Addressed):
                self.conclude(mail.claimed.pk, mail.verdict)
            elif expiry.is_over(mail.claimed.expires_at, now := self.clock()):
                self.conclude(mail.claimed.pk, expiry.verdict(now))
                self.counts.expired += 1
            else:
                return mail
        return None

    def begin(self, pk: int) -> None:
        """The message of `pk` is about to leave. Raises RecordError: then it must not."""
        self.begun.add(pk)
        try:
            self.record.handing_over(pk)
        except RecordError:
            self.begun.discard(pk)
            raise

    def may_go_on(self, held_until: float) -> bool:
        """Whether a mail may still begin to leave: the claim is fresh, nobody has taken the issue back or paused it.

        Raises StoppedError where readers complain.
        """
        if time.monotonic() - self.looked_at > GLANCE:
            self.looked_at = time.monotonic()
            self.issue.refresh_from_db(fields=["state"])
            self.is_paused = pausing.is_paused(self.issue)
            if because := pausing.complained_too_much(self.issue):
                self.stop(PauseReason.COMPLAINTS, because)
        return self.issue.state == IssueState.SENDING and not self.is_paused and _since_boot() < held_until

    def note(self, ended: list[Ended]) -> None:
        """What became of mails that were handed over: into the record at once, into the database with the batch."""
        for pk, outcome in ended:
            claimed = self.held[pk]
            if outcome.kind is not Kind.ACCEPTED:
                log.info("%s: reader %d: %s: %s", self.issue, claimed.reader_id, outcome.kind, outcome.reply)
            verdict = claims.judge(claimed, outcome, at=self.clock())
            self.record.answered(pk, verdict.as_json())
            self.conclude(pk, verdict)
        for pk, outcome in ended:  # not before all are noted: this asks the database, which may be away
            if outcome.too_fast:
                self.addressing.slow_down(self.held[pk], self.clock())

    def conclude(self, pk: int, verdict: Verdict) -> None:
        """Keep a verdict to be written with the batch, and count it."""
        self.verdicts[pk] = verdict
        setattr(self.counts, verdict.state, getattr(self.counts, verdict.state) + 1)
        self.counts.due += 1
        self.progress("mails", self.counts.due, max(self.due, self.counts.due))

    def settle(self) -> None:
        """Write down the batch's outcomes, and give back what never left."""
        with transaction.atomic():
            recovery.settle(self.record.worker, self.verdicts)
            if len(self.verdicts) < len(self.held):
                claims.release(self.record.worker)

    def go_on_after(self, pk: int, outcome: Outcome) -> None:
        """Raise StoppedError where the next mail would fare no better."""
        if outcome.kind is Kind.OUR_FAULT:
            self.stop(PauseReason.NOT_TAKEN, outcome.reply)
        self.blamed = [*self.blamed, self.addressing.domain_of(pk)][-MAX_BLAMED:] if outcome.blames_us else []
        if len(self.blamed) == MAX_BLAMED and self.are_all_refused():
            self.stop(PauseReason.NOT_TAKEN, outcome.reply)
        self.lost = self.lost + 1 if outcome.lost else 0
        if self.lost >= MAX_LOST:
            if outcome.kind is Kind.UNCERTAIN:  # each further try would leave more mails in doubt
                self.stop(PauseReason.LINE_FELL, outcome.reply)
            fallen = f"the line to the mail server fell {self.lost} times in a row"
            raise StoppedError(f"stopped, {fallen}: {outcome.reply}: look at the server's log; run it again to go on")

    def are_all_refused(self) -> bool:
        """Whether the row of refusals is everybody's, not one domain's beside others that take our mail."""
        if len(set(self.blamed)) > 1:
            return True
        return not self.counts.accepted and not self.issue.deliveries.filter(state=DeliveryState.ACCEPTED).exists()

    def stop(self, reason: PauseReason, because: str) -> None:
        """Nobody's mails go on until a person says so. Raises StoppedError."""
        pausing.pause(self.issue, because, reason=reason)
        with translation.override("en"):
            told = pausing.told(reason, because)
        raise StoppedError(f"paused. {told} Then `manage.py sending --resume` lets it go on")

    def report(self) -> dict[str, int]:
        """The counts, with what is still to come."""
        self.counts.waiting = self.issue.deliveries.filter(state__in=RETRYABLE | {DeliveryState.CLAIMED}).count()
        return asdict(self.counts)


def _since_boot() -> float:
    """Seconds that go on while the machine sleeps, and that nobody can set."""
    return time.clock_gettime(getattr(time, "CLOCK_BOOTTIME", time.CLOCK_MONOTONIC))
