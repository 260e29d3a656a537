"""What came in and can't be believed, or isn't understood: kept for a person, and never applied to a reader.

Anybody can send such a thing, so few of them are kept a day, without the names of mailboxes, and not for long.
"""

import datetime as dt
from typing import Any

from newsletter.deliver.bounces import Report
from newsletter.deliver.letter import open_letter
from newsletter.models import DeliveryEvent
from subscribers import limits
from subscribers.limits import Limit
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
