"""A mail that was sent, and what comes back of it."""

import datetime as dt

from newsletter.deliver import inbound
from newsletter.deliver.inbound import Decision
from newsletter.models import Delivery, DeliveryState, Edition, Issue
from subscribers import links
from subscribers.models import Subscriber
from tests import factories as make

NOW = dt.datetime(2026, 5, 7, 2, 0, tzinfo=dt.UTC)
DAY = dt.timedelta(days=1)


def issue_of(date: dt.date) -> Issue:
    issue = Issue.objects.filter(date=date).first() or make.issue(date, state="sending")
    Edition.objects.get_or_create(
        issue=issue, defaults={"choices": {}, "mime": b"", "size": 0, "frozen_at": NOW, "subject": "x"}
    )
    return issue


def delivered(reader: Subscriber, at: dt.datetime = NOW, state: str = DeliveryState.ACCEPTED) -> Delivery:
    issue = issue_of(at.date())
    return Delivery.objects.create(
        issue=issue,
        reader=reader,
        edition=issue.editions.get(),
        state=state,
        due_at=at,
        handed_over_at=at,
        finished_at=at,
    )


def come_back(delivery: Delivery, message: bytes, now: dt.datetime = NOW) -> Decision:
    """The server's report, to the address that the mail was sent from."""
    return taken(message, links.bounce_address(delivery.reader, delivery.issue_id), now=now)


def taken(message: bytes, recipient: str | None = None, *, sender: str = "", now: dt.datetime = NOW) -> Decision:
    return inbound.receive(message, envelope_sender=sender, envelope_recipient=recipient, now=now)


def state_of(reader: Subscriber) -> str:
    reader.refresh_from_db()
    return reader.state
