"""A delivery's day: 24 hours after it was first due nobody waits for it any more, whatever kept it.

Retries, a pause, a provider's limits and a machine that was down all move a mail to later; none of them moves its end.
What hasn't left by then is withdrawn, in words that say why, and so the issue ends as sent.
"""

import datetime as dt
import logging

from django.db.models import Case, CharField, QuerySet, Value, When
from django.db.models.functions import Concat, Left

from newsletter.deliver.claims import Verdict
from newsletter.models import Delivery, DeliveryState, Issue
from newsletter.models.delivery import LIFE, RETRYABLE

log = logging.getLogger(__name__)

EXPIRED = "expired: its 24 hours were over before it could leave"
AT_ONCE = 10_000  # rows in one statement, so that nobody waits long for the table
_FURTHEST_EAST = dt.timedelta(hours=14)  # UTC+14, where a date begins first


def is_over(expires_at: dt.datetime, at: dt.datetime) -> bool:
    """Whether a delivery may not leave any more at `at`."""
    return expires_at <= at


def verdict(at: dt.datetime) -> Verdict:
    """What becomes of one that a worker holds when its day ends."""
    return Verdict(DeliveryState.WITHDRAWN, EXPIRED, at)


def withdraw(issue: Issue, at: dt.datetime) -> int:
    """Withdraw what of `issue` no worker holds and has expired at `at`; how many. A server's last words are kept."""
    if at < _first_end(issue):
        return 0
    over = expired(issue, at)
    words = Case(
        When(reply="", then=Value(EXPIRED)),
        default=Concat(Value(f"{EXPIRED}; the last answer was: "), Left("reply", 200), output_field=CharField()),
        output_field=CharField(),
    )
    count = 0
    while batch := list(over.values_list("pk", flat=True)[:AT_ONCE]):
        count += over.filter(pk__in=batch).update(state=DeliveryState.WITHDRAWN, finished_at=at, reply=words)
    if count:
        log.error("%s: %d mails have expired: their 24 hours were over before they could leave", issue, count)
    return count


def expired(issue: Issue, at: dt.datetime) -> QuerySet[Delivery]:
    """What of `issue` has no outcome, is in no worker's hands, and may not leave any more."""
    return Delivery.objects.filter(issue=issue, state__in=RETRYABLE, expires_at__lte=at)


def _first_end(issue: Issue) -> dt.datetime:
    """Before then none can have expired: to look through all that wait for their hour would take long."""
    begins = dt.datetime.combine(issue.date, dt.time(), tzinfo=dt.UTC) - _FURTHEST_EAST
    return max(begins, issue.approved_at or begins) + LIFE
