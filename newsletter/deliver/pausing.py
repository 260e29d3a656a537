"""Holding an issue's mails back while it is being sent, and letting them go on. Taking it back is `withdrawal`'s."""

import logging

from django.contrib.auth.models import User
from django.db import IntegrityError, transaction
from django.utils import timezone

from newsletter.deliver import bounces
from newsletter.models import Delivery, DeliveryEvent, DeliveryState, Issue, IssueState, Pause
from newsletter.workflow import WorkflowError

log = logging.getLogger(__name__)

# Gmail's and Yahoo's rule for senders: above it they begin to refuse all of it.
COMPLAINT_RATE = 0.003
COMPLAINTS = 3  # fewer say nothing, whatever their share


def pause(issue: Issue, because: str, by: User | None = None) -> bool:
    """No further mail of `issue` leaves; workers see it within a second or so. False: it is paused already.

    Raises WorkflowError where it isn't being sent.
    """
    if not Issue.objects.filter(pk=issue.pk, state=IssueState.SENDING).exists():
        raise WorkflowError(f"{issue} is {issue.state}: there is nothing to pause")
    try:
        with transaction.atomic():
            Pause.objects.create(issue=issue, since=timezone.now(), because=because[:400], by=by)
    except IntegrityError:
        return False
    log.error("%s is paused: %s", issue, because) if by is None else log.info("%s is paused by %s", issue, by)
    return True


def resume(issue: Issue) -> None:
    """Let the mails go on, those that were put off meanwhile at once. Raises WorkflowError where it isn't paused."""
    with transaction.atomic():
        if not Pause.objects.filter(issue=issue).delete()[0]:
            raise WorkflowError(f"{issue} isn't paused")
        Delivery.objects.filter(issue=issue, state=DeliveryState.DEFERRED).update(due_at=timezone.now())


def is_paused(issue: Issue) -> bool:
    """Whether its mails are held back."""
    return Pause.objects.filter(issue=issue).exists()


def complained_too_much(issue: Issue) -> str:
    """Why the issue should be paused for the complaints about it; empty: it need not."""
    complaints = DeliveryEvent.objects.filter(delivery__issue=issue, kind=bounces.Kind.COMPLAINT).count()
    if complaints < COMPLAINTS:
        return ""
    accepted = issue.deliveries.filter(state=DeliveryState.ACCEPTED).count()
    if complaints <= accepted * COMPLAINT_RATE:
        return ""
    return (
        f"{complaints} of {accepted} readers complained of it as spam, more than {COMPLAINT_RATE:.1%}: "
        "look how they were signed up before you let it go on"
    )
