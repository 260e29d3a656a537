"""One reader's score of failures that may pass, out of the rows: read only."""

import datetime as dt
from typing import Any

from newsletter.deliver import score
from newsletter.deliver.bounces import Kind
from newsletter.deliver.score import Mail, Outcome, Score
from newsletter.models import Delivery, DeliveryEvent, DeliveryState
from subscribers.models import Subscriber

_COUNTS = ("count", "suppress")  # measures; a mail we were too fast with, or that wasn't wanted, says nothing


def of_reader(reader: Subscriber, now: dt.datetime) -> Score:
    """The score by what has been told until now. Mails sent after the newest that failed may still come back."""
    failed = _weights(reader)
    sent = list(
        Delivery.objects.filter(reader=reader, handed_over_at__gt=now - score.LOOKED_BACK)
        .exclude(state__in=(DeliveryState.CLAIMED, DeliveryState.WITHDRAWN))
        .order_by("handed_over_at", "pk")
        .values_list("pk", "state", "handed_over_at")
    )
    while sent and sent[-1][0] not in failed:
        sent.pop()
    return score.of_mails(
        Mail(at, Outcome.FAILED if pk in failed else Outcome.THROUGH, failed.get(pk, 0))
        for pk, state, at in sent
        if at is not None and (pk in failed or state == DeliveryState.ACCEPTED)
    )


def given_up(reader: Subscriber, now: dt.datetime) -> str:
    """Why the address is to be given up, in words for its history; empty where it isn't."""
    found = of_reader(reader, now)
    if not found.is_over or found.since is None:
        return ""
    return f"{found.failures} mails came back since {found.since:%Y-%m-%d}: score {found}"


def _weights(reader: Subscriber) -> dict[int, float]:
    """What each of the reader's mails that came back weighs; of several reports of one mail the heaviest counts."""
    rows = DeliveryEvent.objects.filter(delivery__reader=reader, kind=Kind.BOUNCE).values_list("delivery", "detail")
    found: dict[int, float] = {}
    for pk, detail in rows:
        if pk is not None and detail.get("measure") in _COUNTS:
            found[pk] = max(found.get(pk, 0), _weight(detail))
    return found


def _weight(detail: dict[str, Any]) -> float:
    return score.weight(detail.get("status"), detail.get("reason"))
