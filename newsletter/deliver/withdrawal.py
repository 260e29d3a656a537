"""Taking an issue back while it is being sent: what has not left is withdrawn, in one statement.

It races safely with the workers: a batch is claimed only while the issue is being sent, and what is claimed may have
left from then on (see claims). So this takes every row that no worker holds; what one holds at that moment may arrive,
is counted as such, and what it gives back unsent is withdrawn, too.
"""

from dataclasses import dataclass

from django.contrib.auth.models import User
from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from newsletter import workflow
from newsletter.deliver.claims import TAKEN_BACK
from newsletter.models import Delivery, DeliveryState, Edition, Issue, IssueState
from newsletter.models.delivery import RETRYABLE
from newsletter.workflow import WorkflowError


@dataclass(frozen=True)
class Withdrawn:
    """What came of taking back: mails that stay here, mails that a server had taken, and those on their way."""

    withdrawn: int
    had_it: int
    perhaps: int


def take_back(issue: Issue, user: User, because: str = "") -> Withdrawn:
    """Withdraw whatever has not left. Where nobody has it, the issue is held and can be edited; else it is out.

    Raises WorkflowError where it is not being sent.
    """
    with transaction.atomic():
        locked = Issue.objects.select_for_update().get(pk=issue.pk)
        if locked.state != IssueState.SENDING:
            raise WorkflowError(f"{locked} is {locked.state}: there is nothing to take back")
        count = unsent(locked).update(state=DeliveryState.WITHDRAWN, finished_at=timezone.now(), reply=TAKEN_BACK)
        now = workflow.outcomes(locked)
        left = sum(number for state, number in now.items() if state != DeliveryState.WITHDRAWN)
        if not left:  # what is approved next is frozen anew
            locked.deliveries.all().delete()
            Edition.objects.filter(issue=locked).delete()
        workflow.take_back(issue, user, had_it=bool(left), because=because)
    perhaps = now.get(DeliveryState.CLAIMED, 0) + now.get(DeliveryState.UNCERTAIN, 0)
    return Withdrawn(count, now.get(DeliveryState.ACCEPTED, 0), perhaps)


def send_on(issue: Issue, user: User) -> int:
    """Let what was taken back leave after all, and return how many mails that is. WorkflowError where none is."""
    with transaction.atomic():
        rows = taken_back(Issue.objects.select_for_update().get(pk=issue.pk))
        count = rows.update(state=DeliveryState.QUEUED, finished_at=None, reply="", claimed_at=None, claimed_by="")
        if not count:
            raise WorkflowError(f"{issue}: nothing was taken back")
        workflow.send_on(issue, user)
    return count


def sweep(issue: Issue) -> int:
    """Withdraw what workers gave back after `issue` was taken back, and count anew; how many that were."""
    with transaction.atomic():
        locked = Issue.objects.select_for_update().get(pk=issue.pk)
        if locked.state != IssueState.SENT:
            return 0
        swept = unsent(locked).update(state=DeliveryState.WITHDRAWN, finished_at=timezone.now(), reply=TAKEN_BACK)
        workflow.count_again(locked)
    return swept


def unsent(issue: Issue) -> QuerySet[Delivery]:
    """What no worker holds."""
    return Delivery.objects.filter(issue=issue, state__in=RETRYABLE)


def taken_back(issue: Issue) -> QuerySet[Delivery]:
    """What an editor took back; not what a reader's leaving withdrew."""
    return Delivery.objects.filter(issue=issue, state=DeliveryState.WITHDRAWN, reply=TAKEN_BACK)
