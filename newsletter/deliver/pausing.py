"""Holding an issue's mails back while it is being sent, and letting them go on. Taking it back is `withdrawal`'s."""

import datetime as dt
import logging
from dataclasses import dataclass

from django.contrib.auth.models import User
from django.db import IntegrityError, transaction
from django.db.models import QuerySet
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from newsletter import workflow
from newsletter.deliver import bounces
from newsletter.models import Delivery, DeliveryEvent, DeliveryState, Issue, IssueState, Pause, PauseReason
from newsletter.workflow import Act, WorkflowError

log = logging.getLogger(__name__)

# Gmail's and Yahoo's rule for senders: above it they begin to refuse all of it.
COMPLAINT_RATE = 0.003
COMPLAINTS = 3  # fewer say nothing, whatever their share
TERMINAL = "at a terminal"  # where nobody is named


@dataclass(frozen=True, slots=True)
class Told:
    """Why an issue is paused, in the reader's language: `what` happened, and what is `to_do` before it may go on."""

    what: str
    to_do: str = ""

    def __str__(self) -> str:
        return f"{self.what} {self.to_do}".strip()


def pause(issue: Issue, because: str, by: User | None = None, reason: str = PauseReason.PERSON) -> bool:
    """No further mail of `issue` leaves; workers see it within a second or so. False: it is paused already.

    `because`: the person's words, or what the stop is about, as `told` reads it. Raises WorkflowError where it isn't
    being sent.
    """
    try:
        with transaction.atomic():
            locked = Issue.objects.select_for_update().get(pk=issue.pk)
            if locked.state != IssueState.SENDING:
                raise WorkflowError(f"{locked} is {locked.state}: there is nothing to pause")
            Pause.objects.create(issue=locked, since=timezone.now(), because=because[:400], by=by, reason=reason)
            workflow.note(locked, Act.PAUSE, by=by, because=_for_history(because, by, reason))
    except IntegrityError:
        return False
    with translation.override("en"):
        words = str(told(reason, because))
    if reason == PauseReason.PERSON:
        log.info("%s is paused by %s: %s", issue, by or TERMINAL, words)
    else:
        log.error("%s is paused: %s", issue, words)
    return True


def resume(issue: Issue, by: User | None = None) -> None:
    """Let the mails go on, those that were put off meanwhile at once. Raises WorkflowError where it isn't paused."""
    with transaction.atomic():
        if not Pause.objects.filter(issue=issue).delete()[0]:
            raise WorkflowError(f"{issue} isn't paused")
        Delivery.objects.filter(issue=issue, state=DeliveryState.DEFERRED).update(due_at=timezone.now())
        issue.refresh_from_db()
        workflow.note(issue, Act.RESUME, by=by, because="" if by else TERMINAL)


def is_paused(issue: Issue) -> bool:
    """Whether its mails are held back."""
    return Pause.objects.filter(issue=issue).exists()


def complained_too_much(issue: Issue) -> str:
    """Why the issue should be paused for the complaints about it, as `told` reads it: "3/800"; empty: it need not.

    A reader counts once, however often they complain. Who let it go on after such a stop knew of the complaints until
    then: it takes as many new ones to stop it again.
    """
    events = DeliveryEvent.objects.filter(delivery__issue=issue, kind=bounces.Kind.COMPLAINT)
    complaints = _readers(events)
    if complaints < COMPLAINTS:
        return ""
    accepted = issue.deliveries.filter(state=DeliveryState.ACCEPTED).count()
    if complaints <= accepted * COMPLAINT_RATE:
        return ""
    known = _let_go_on_at(issue)
    if known and _readers(events.filter(occurred_at__gt=known)) < COMPLAINTS:
        return ""
    return f"{complaints}/{accepted}"


def _readers(events: QuerySet[DeliveryEvent]) -> int:
    return events.order_by().values("delivery").distinct().count()


def _let_go_on_at(issue: Issue) -> dt.datetime | None:
    """When a person last let it go on, if it had stopped for complaints."""
    stops = issue.moves.filter(act=Act.PAUSE, by=None, because__startswith=f"{PauseReason.COMPLAINTS}: ")
    if not stops.exists():
        return None
    return issue.moves.filter(act=Act.RESUME).values_list("at", flat=True).first()


def told(reason: str, because: str) -> Told:
    """What stopped an issue, and what to do about it, in the language that is on."""
    if reason == PauseReason.COMPLAINTS:
        complaints, _slash, accepted = because.partition("/")
        counts = {"complaints": complaints, "readers": accepted, "rate": f"{COMPLAINT_RATE:.1%}"}
        what = _("%(complaints)s of %(readers)s readers called it spam, more than %(rate)s.") % counts
        return Told(what, _("Look how they were signed up, and whether the issue is what they asked for."))
    if reason == PauseReason.NOT_TAKEN:
        what = _("A mail server won’t take our mail for what we are: “%(words)s”.") % {"words": because}
        return Told(what, _("Check the sender’s address, its log-in there, and SPF, DKIM and DMARC."))
    if reason == PauseReason.LINE_FELL:
        what = _("The line to the mail server fell again and again: “%(words)s”.") % {"words": because}
        return Told(what, _("Each further try would leave more mails in doubt. Look at the mail server’s log."))
    return Told(because)


def told_in_history(because: str) -> str:
    """What a line of the history says of a pause, from its `because` as `pause` has written it."""
    reason, colon, words = because.partition(": ")
    return str(told(reason, words)) if colon and reason in _BY_ITSELF else because


_BY_ITSELF = frozenset(PauseReason.values) - {PauseReason.PERSON}


def _for_history(because: str, by: User | None, reason: str) -> str:
    if reason != PauseReason.PERSON:
        return f"{reason}: {because}"
    return because if by else f"{because} ({TERMINAL})"
