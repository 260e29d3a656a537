"""After a crash: what a dead worker knew is written down, what it surely didn't send is sent, the rest is doubtful.

Also the one way in which outcomes get from a run, living or dead, into the database.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils import timezone

from newsletter.deliver import claims, inbound, record
from newsletter.deliver.claims import Verdict
from newsletter.deliver.record import Left
from newsletter.models import Delivery, DeliveryState
from newsletter.runs import LEASE

_KILLED = "the worker died after the message was handed over, and before the answer came"
_WENT_DOWN = "the machine went down while this was being sent"
_LOST = "the worker's machine was lost, and with it what it knew"


@dataclass(frozen=True)
class Recovered:
    """What dead workers left: `queued` were surely not sent, `uncertain` may have been, `known` were answered."""

    queued: int = 0
    uncertain: int = 0
    known: int = 0

    def __add__(self, other: "Recovered") -> "Recovered":
        return Recovered(self.queued + other.queued, self.uncertain + other.uncertain, self.known + other.known)

    def __bool__(self) -> bool:
        return bool(self.queued or self.uncertain or self.known)


def recover() -> Recovered:
    """Take up what dead workers held: those of this machine by their records, others once their claims lapse."""
    found = Recovered()
    for left in record.left_behind():
        found += _replay(left)
    lapsed = Delivery.objects.filter(state=DeliveryState.CLAIMED).exclude(claimed_by__in=record.living())
    lapsed = lapsed.filter(Q(claimed_at__lt=timezone.now() - LEASE) | Q(claimed_at=None))
    return found + Recovered(uncertain=_doubt(lapsed, _LOST))


def settle(worker: str, verdicts: Mapping[int, Verdict]) -> int:
    """Write down what became of mails that the run `worker` claimed; how many rows that changed. Twice is once.

    What was refused for good counts as a bounce.
    """
    with transaction.atomic():
        changed = claims.settle(worker, verdicts)
        refused = [pk for pk, verdict in verdicts.items() if verdict.state == DeliveryState.REFUSED]
        for delivery in Delivery.objects.select_related("reader").filter(pk__in=refused, claimed_by=worker):
            inbound.refused(delivery, verdicts[delivery.pk].reply, verdicts[delivery.pk].at)
    return changed


def _replay(left: Left) -> Recovered:
    verdicts = {pk: Verdict.from_json(told) for pk, told in left.answers.items()}
    with transaction.atomic():
        known = settle(left.worker, verdicts)
        rest = Delivery.objects.filter(claimed_by=left.worker, state=DeliveryState.CLAIMED)
        if not left.is_whole:
            return Recovered(known=known, uncertain=_doubt(rest, _WENT_DOWN))
        uncertain = _doubt(rest.filter(pk__in=left.begun), _KILLED)
        return Recovered(known=known, uncertain=uncertain, queued=claims.release(left.worker))


def _doubt(rows: QuerySet[Delivery], reason: str) -> int:
    return rows.update(state=DeliveryState.UNCERTAIN, finished_at=timezone.now(), reply=reason)
