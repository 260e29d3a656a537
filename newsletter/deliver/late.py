"""Readers who come after an issue has begun to leave: it is added to, never sent anew.

Who confirms after their hour gets the issue of the day at once; whose hour is still to come gets it then, however they
came to be reading: confirmed, back from a pause, another frequency. A reader's day with an issue goes from their hour
on its date to the same hour on the next, when the next one comes: one issue is to be had at a time, never two. Where
an editor sends the next one to all at once, that day ends for everybody.
"""

import datetime as dt

from django.db import transaction
from django.db.models import Exists, OuterRef, QuerySet

from newsletter import workflow
from newsletter.deliver import recipients
from newsletter.deliver.addressing import GONE
from newsletter.models import Delivery, DeliveryState, Issue, IssueState
from newsletter.models.delivery import LIFE
from newsletter.workflow import Act
from subscribers import audience
from subscribers.audience import Moment
from subscribers.models import ConsentEvent, Happening, Subscriber

AHEAD = dt.timedelta(minutes=15)  # so long before an hour its readers are looked through: a few ticks may fail


def add(issue: Issue, now: dt.datetime) -> int:
    """Deliveries of `issue` for the readers who came late; how many. What was out is being sent again, for them."""
    if not is_wanted(issue, now):
        return 0
    with transaction.atomic():
        locked = Issue.objects.select_for_update().select_related("newsletter").get(pk=issue.pk)
        if not workflow.takes_late_readers(locked) or _is_overtaken(locked):
            return 0
        added = _enlist(locked, now)
        if added and locked.state == IssueState.SENT:
            workflow.send_more(locked, Act.ADD_LATE, by=None, because=str(added))
    issue.refresh_from_db()
    return added


def is_wanted(issue: Issue, now: dt.datetime) -> bool:
    """Whether somebody has come late and is to get `issue`. Some queries that read an index, however many read it."""
    if not workflow.takes_late_readers(issue) or _is_overtaken(issue):
        return False
    passed, coming = _moments(issue, now)
    return bool(
        (passed and (_confirmed(issue, passed).exists() or _came_again(issue, passed).exists()))
        or (coming and _whose_hour_comes(issue, coming).exists())
    )


def _is_overtaken(issue: Issue) -> bool:
    """Whether a newer one has left for all at once: an older one would reach its late readers after that."""
    later = Issue.objects.filter(newsletter=issue.newsletter_id, kind=issue.kind, date__gt=issue.date)
    return later.filter(to_all_at_once=True, state__in=(IssueState.SENDING, IssueState.SENT)).exists()


def _enlist(issue: Issue, now: dt.datetime) -> int:
    passed, coming = _moments(issue, now)
    hour, added = issue.newsletter.send_at, 0
    if passed:
        again = Delivery.objects.filter(issue=issue, reader__in=list(_came_again(issue, passed)))
        fresh = {"due_at": now, "finished_at": None, "reply": "", "claimed_by": "", "claimed_at": None}
        added += again.update(state=DeliveryState.QUEUED, **fresh)
        added += recipients.insert(issue, audience.appointments(_confirmed(issue, passed), hour), passed, due_at=now)
    if coming:
        added += recipients.insert(issue, audience.appointments(_whose_hour_comes(issue, coming), hour), coming)
    return added


def _moments(issue: Issue, now: dt.datetime) -> tuple[list[Moment], list[Moment]]:
    """The zones and hours in use whose moment on the issue's date has passed within a day, and those soon to come."""
    letter = issue.newsletter
    moments = audience.moments(issue.date, hour=letter.send_at, zone=letter.tz)
    passed = [moment for moment in moments if now - LIFE < moment.due_at <= now]
    return passed, [moment for moment in moments if now < moment.due_at <= now + AHEAD]


def _whose_hour_comes(issue: Issue, coming: list[Moment]) -> QuerySet[Subscriber]:
    return audience.at(coming, recipients.left_out(issue), issue.newsletter.send_at)


def _confirmed(issue: Issue, passed: list[Moment]) -> QuerySet[Subscriber]:
    return audience.at(passed, _answered(recipients.left_out(issue), issue), issue.newsletter.send_at)


def _came_again(issue: Issue, passed: list[Moment]) -> QuerySet[Subscriber]:
    """Who left before it was sent, and has confirmed anew since."""
    gone = Delivery.objects.filter(issue=issue, reader=OuterRef("pk"), state=DeliveryState.WITHDRAWN, reply=GONE)
    before = Exists(gone.filter(finished_at__lt=OuterRef("confirmed_at")))
    return audience.at(passed, _answered(recipients.wanting(issue), issue).filter(before), issue.newsletter.send_at)


def _answered(readers: QuerySet[Subscriber], issue: Issue) -> QuerySet[Subscriber]:
    """Those of `readers` whose mailbox has answered since `issue` was approved; an import asks nobody."""
    events = ConsentEvent.objects.filter(
        subscriber=OuterRef("pk"), kind=Happening.CONFIRMED, at__gte=issue.approved_at
    )
    return readers.filter(Exists(events), confirmed_at__gte=issue.approved_at)
