"""Deliver an issue: freeze what goes to whom, then claim, hand over and record, one mail at a time.

Safe to run twice, beside itself, and after a crash: what is to be done stands in the deliveries, and every step of
one is a conditional move (see claims). No transaction is open while a mail is handed over.
"""

import datetime as dt
import logging
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass
from functools import lru_cache

from django.db import transaction

from newsletter import workflow
from newsletter.deliver import claims, editions, inbound
from newsletter.deliver.envelope import AddressError, ReadyEdition
from newsletter.deliver.outcome import Kind, Outcome
from newsletter.deliver.session import UnreachableError
from newsletter.deliver.transport import Transport
from newsletter.models import Delivery, DeliveryState, Edition, Issue, IssueState
from newsletter.models.delivery import FINAL, RETRYABLE
from newsletter.models.issue import PUBLIC
from newsletter.runs import ActError

log = logging.getLogger(__name__)

BATCH = 50  # deliveries held at once; what a killed worker leaves to be taken up
MAX_LOST = 3  # lines in a row that fell on a mail: then the server is ill, and more would only be doubtful
READY = 64  # editions kept cut up in memory, at about 150 KB

Progress = Callable[[str, int, int], None]
Clock = Callable[[], dt.datetime]


class StoppedError(ActError):
    """The run was stopped because the next mail would fare no better. What is left stays queued; says what to do."""


@dataclass
class Counts:
    """What this run did. `waiting` are still to come: not yet due, or put off."""

    recipients: int = 0
    due: int = 0
    accepted: int = 0
    deferred: int = 0
    refused: int = 0
    uncertain: int = 0
    withdrawn: int = 0
    waiting: int = 0


def deliver_issue(issue: Issue, *, now: dt.datetime, progress: Progress) -> dict[str, int]:
    """Send every mail of `issue` that is due, counted from `now` on, and return the counts of `Counts`.

    Raises WorkflowError where the issue isn't approved or isn't what was approved, NobodyError where no reader is to
    get it, UnreachableError where the server can't be reached, and StoppedError where it won't take our mail; each
    leaves every mail either sent or queued.
    """
    started = time.monotonic()
    issue.refresh_from_db()
    if issue.state not in PUBLIC:
        editions.freeze(issue, progress)
    run = _Run(issue, lambda: now + dt.timedelta(seconds=time.monotonic() - started), progress)
    run.send_due()
    _finish(issue)
    return run.report()


def _finish(issue: Issue) -> None:
    """Once every delivery has its outcome, the issue is sent."""
    issue.refresh_from_db()  # an editor may have taken it back meanwhile
    if issue.state != IssueState.SENDING or issue.deliveries.exclude(state__in=FINAL).exists():
        return
    try:
        workflow.finish_sending(issue)
    except workflow.WorkflowError:
        if issue.state != IssueState.SENT:  # a run beside this one may have been the first to see it
            raise


class _Run:
    """One run over one issue's deliveries."""

    def __init__(self, issue: Issue, clock: Clock, progress: Progress) -> None:
        self.issue, self.clock, self.progress = issue, clock, progress
        self.counts = Counts(recipients=issue.deliveries.count())
        self.lost = 0
        self.unsettled: list[tuple[Delivery, claims.Verdict]] = []
        self.readers = claims.Readers(issue)
        self.edition = lru_cache(READY)(lambda pk: ReadyEdition.of(Edition.objects.get(pk=pk)))

    def send_due(self) -> None:
        """Claim what is due, batch by batch, until nothing is."""
        recovered = claims.recover(self.issue)
        if recovered.queued or recovered.uncertain:
            log.warning(
                "%s: a worker died; %d to be sent, %d uncertain", self.issue, recovered.queued, recovered.uncertain
            )
        self.counts.uncertain += recovered.uncertain
        due = self.issue.deliveries.filter(state__in=RETRYABLE, due_at__lte=self.clock()).count()
        with Transport() as transport:
            if due:
                transport.connect()
            while batch := claims.claim(self.issue, due_by=self.clock(), size=BATCH):
                try:
                    for delivery in batch:
                        self.deliver(transport, delivery)
                        self.counts.due += 1
                        self.progress("mails", self.counts.due, max(due, self.counts.due))
                finally:
                    self.settle()
                    self.unsettled.clear()
                    claims.release(batch)

    def deliver(self, transport: Transport, delivery: Delivery) -> None:
        """One mail, from the last look at its reader to its outcome. Raises where the run can't go on."""
        reader = self.readers.get(delivery.reader_id)
        if reader is None:
            claims.withdraw(delivery)
            self.counts.withdrawn += 1
            return
        try:
            mail = self.edition(delivery.edition_id).address_to(reader, at=self.clock())
        except AddressError as error:
            self.note(delivery, Outcome(Kind.REFUSED, text=str(error)))
            return
        transport.connect()
        with transaction.atomic():  # one commit, the costly part, for the last mail's outcome and this one's hand-over
            self.settle()
            held = claims.hand_over(delivery)
        self.unsettled.clear()
        if not held:
            return
        try:
            outcome = transport.send(mail)
        except UnreachableError:
            claims.take_back(delivery)
            raise
        self.note(delivery, outcome)
        self.go_on_after(outcome)

    def note(self, delivery: Delivery, outcome: Outcome) -> None:
        """Count an outcome, and keep it to be written with the next hand-over or at the batch's end."""
        verdict = claims.judge(delivery, outcome, at=self.clock())
        self.unsettled.append((delivery, verdict))
        setattr(self.counts, verdict.state, getattr(self.counts, verdict.state) + 1)
        if outcome.kind is not Kind.ACCEPTED:
            log.info("%s: reader %d: %s: %s", self.issue, delivery.reader_id, outcome.kind, outcome.reply)

    def settle(self) -> None:
        """Write down the outcomes that aren't yet. They are forgotten only once that is committed."""
        for delivery, verdict in self.unsettled:
            claims.record(delivery, verdict)
            if verdict.state == DeliveryState.REFUSED:
                inbound.refused(delivery, verdict.reply, self.clock())

    def go_on_after(self, outcome: Outcome) -> None:
        """Raise StoppedError where the next mail would fare no better."""
        if outcome.kind is Kind.OUR_FAULT:
            raise StoppedError(
                f"stopped, the mail server won't take our mail: {outcome.reply}: check the sender's address, its "
                "authentication and SPF, DKIM and DMARC; run it again to go on"
            )
        self.lost = self.lost + 1 if outcome.lost else 0
        if self.lost >= MAX_LOST:
            raise StoppedError(
                f"stopped, the line to the mail server fell {self.lost} times in a row: {outcome.reply}: look at the "
                "server's log; run it again to go on"
            )

    def report(self) -> dict[str, int]:
        """The counts, with what is still to come."""
        self.counts.waiting = self.issue.deliveries.filter(state__in=RETRYABLE | {DeliveryState.CLAIMED}).count()
        return asdict(self.counts)
