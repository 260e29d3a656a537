"""People who left another service, as an import brings them: none of them is mailed from here on."""

from collections.abc import Sequence

from django.db import transaction
from django.db.models import Exists, OuterRef

from subscribers import joining, suppressing
from subscribers.admitting import Newcomer
from subscribers.joining import Proof
from subscribers.models import ConsentEvent, Happening, State, Subscriber

_MAILED = (State.ACTIVE, State.PAUSED)


def shut_out(people: Sequence[Newcomer], proof: Proof) -> dict[str, str]:
    """Put them on the suppression list. Returns what became of each address, by key: added, known or stays.

    A reader whom an import had brought leaves. One who confirmed here, to us, stays: that is newer and their own word.
    Whoever is pending isn't moved: they may still answer, which takes them off the list again.
    """
    with transaction.atomic():
        outcome, imported = _foresee(people)
        for reader in Subscriber.objects.filter(pk__in=imported):
            joining.leave(reader, proof)
        added = sorted(key for key, become in outcome.items() if become == "added")
        suppressing.suppress_all(added, State.LEFT, proof.at)
    return outcome


def foresee(people: Sequence[Newcomer]) -> dict[str, str]:
    """What `shut_out` would make of each address."""
    return _foresee(people)[0]


def _foresee(people: Sequence[Newcomer]) -> tuple[dict[str, str], list[int]]:
    """What becomes of each address; and, by id, the readers who leave."""
    outcome = dict.fromkeys((each.address.key for each in people), "added")
    outcome |= dict.fromkeys(suppressing.suppressed_among(outcome), "known")
    confirmed = ConsentEvent.objects.filter(subscriber=OuterRef("pk"), kind=Happening.CONFIRMED)
    here = Subscriber.objects.filter(email_key__in=list(outcome), state__in=_MAILED)
    leaving = []
    for pk, key, by_themselves in here.annotate(own=Exists(confirmed)).values_list("pk", "email_key", "own"):
        outcome[str(key)] = "stays" if by_themselves else "added"
        if not by_themselves:
            leaving.append(pk)
    return outcome, leaving
