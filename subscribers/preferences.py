"""What a reader chooses: stored together with the hash that stands for it, and noted in the reader's history."""

import datetime as dt
from typing import Any

from django.db import transaction

from subscribers import joining
from subscribers.joining import Proof
from subscribers.models import State, Subscriber


def save(reader: Subscriber, choices: dict[str, Any], pause_until: dt.date | None, proof: Proof) -> list[str]:
    """Store `choices` (by field name) and begin, move or end a pause; the names of what changed.

    A pause is nothing to who gets no mail anyway: their state stays.
    """
    with transaction.atomic():
        changed = [name for name, value in choices.items() if getattr(reader, name) != value]
        if changed:
            joining.set_choices(reader, proof, **{name: choices[name] for name in changed})
        if reader.state in (State.ACTIVE, State.PAUSED):
            moved = joining.pause(reader, pause_until, proof) if pause_until else joining.resume(reader, proof)
            changed += ["paused_until"] * moved
    return changed
