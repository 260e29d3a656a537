"""What came in and can't be believed, or isn't understood: kept for a person, and never applied by itself.

A person who knows whom a report is about says so, and then it is applied in their name; the rest is discarded.
Anybody can send such a thing, so few of them are kept a day, without the names of mailboxes, and not for long.
"""

import datetime as dt
from typing import Any

from django.db import transaction
from django.db.models import QuerySet

from newsletter.deliver.bounces import Kind, Report
from newsletter.deliver.letter import open_letter
from newsletter.models import DeliveryEvent
from subscribers import joining, limits
from subscribers.joining import Proof
from subscribers.limits import Limit
from subscribers.models import Subscriber
from subscribers.redaction import without_addresses

KEPT_FOR = dt.timedelta(days=30)
A_DAY = Limit("kept for a person", 500, dt.timedelta(days=1))
_LONGEST = 500  # characters of each text


def keep(external_id: str, report: Report, why: str, message: bytes, now: dt.datetime) -> str:
    """Store what a report says, not applied; in words what became of it. The same one again is kept once.

    Of what isn't understood its own words are kept, from `message`.
    """
    if DeliveryEvent.objects.filter(external_id=external_id).exists():
        return "it came before"
    if not limits.allow([(A_DAY, "")], now):
        return "too many today to be kept"
    DeliveryEvent.objects.create(
        external_id=external_id, kind=report.kind, occurred_at=now, detail=_told(report, why, message)
    )
    return "kept for a person"


_MOVES = {Kind.BOUNCE: joining.bounce, Kind.COMPLAINT: joining.complain, Kind.OPT_OUT: joining.leave}
APPLICABLE = frozenset(_MOVES)  # the others say nothing that could be done to a reader


def apply_to(event: DeliveryEvent, reader: Subscriber, who: str, now: dt.datetime) -> bool:
    """Do to `reader` what a kept report says, once, because the person `who` says that it is about them.

    False where somebody else has settled it meanwhile. Raises KeyError for a kind that isn't APPLICABLE.
    """
    move = _MOVES[Kind(event.kind)]
    with transaction.atomic():
        if not waiting().filter(pk=event.pk).update(applied_at=now, reader=reader):
            return False
        move(reader, Proof(how="admin", at=now, note=f"a report that was kept, told to be theirs by {who}"))
    return True


def waiting() -> QuerySet[DeliveryEvent]:
    """What is kept for a person, the newest first."""
    return DeliveryEvent.objects.filter(applied_at=None).order_by("-occurred_at", "-pk")


def forget_old(now: dt.datetime) -> int:
    """Delete what has been kept for KEPT_FOR; how many that were."""
    return DeliveryEvent.objects.filter(applied_at=None, occurred_at__lt=now - KEPT_FOR).delete()[0]


def _told(report: Report, why: str, message: bytes) -> dict[str, Any]:
    told: dict[str, Any] = {"action": report.action, "status": report.status, "diagnostic": report.diagnostic}
    told |= {"recipients": " ".join(report.recipients), "why": why}
    if message and not report.diagnostic:
        letter = open_letter(message)
        told |= {"subject": letter.field("subject"), "text": letter.text}
    return {name: _shown(value) for name, value in told.items() if value}


def _shown(text: str) -> str:
    return without_addresses(text[: 2 * _LONGEST])[:_LONGEST]
