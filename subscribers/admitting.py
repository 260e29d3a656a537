"""Readers who said yes elsewhere, as an import brings them: by the thousand, in few statements."""

import datetime as dt
import json
from collections.abc import Sequence
from functools import cache
from typing import Any, NamedTuple

from django.db import transaction

from subscribers import addresses, bulk, joining, suppressing
from subscribers.joining import JoiningError, Proof
from subscribers.models import Frequency, Happening, Language, State, Subscriber
from subscribers.models.subscriber import hash_choices
from subscribers.tokens import new_tokens


class Chosen(NamedTuple):
    """What somebody had chosen before, by the names of Subscriber's fields; null means all."""

    lists: tuple[str, ...] | None = None
    sections: tuple[str, ...] | None = None
    topics: tuple[str, ...] | None = None
    plain_text: bool = False
    frequency: str = Frequency.DAILY.value
    send_at: dt.time | None = None
    paused_until: dt.date | None = None  # after today: they come in paused

    def columns(self) -> tuple[Any, ...]:
        """The values of CHOSEN as the database takes them."""
        state = State.PAUSED if self.paused_until else State.ACTIVE
        lists = (None if each is None else json.dumps(each) for each in (self.lists, self.sections, self.topics))
        send_at, until = (each and each.isoformat() for each in (self.send_at, self.paused_until))
        return (state.value, *lists, self.plain_text, self.frequency, send_at, until)


CHOSEN = ("state", "lists", "sections", "topics", "plain_text", "frequency", "send_at", "paused_until")
NOTHING_CHOSEN = Chosen()


class Newcomer(NamedTuple):
    """Somebody who said yes elsewhere, as an import brings them."""

    address: addresses.Address
    language: str
    zone: str = ""
    chosen: Chosen = NOTHING_CHOSEN
    proof: str = ""  # what the file says of when and from where they said yes, in lines of its own words


def admit(newcomers: Sequence[Newcomer], proof: Proof) -> dict[str, str]:
    """Make readers of people who consented elsewhere; `proof.wording` says on what basis, and must say something.

    Whom we know already stays what they are, and who is on the suppression list stays out. Returns what became of each
    address, by key: added, known or suppressed. Few statements, whatever the number; each key comes once.
    """
    if not proof.wording.strip():
        raise JoiningError("say on what basis these people consented: nobody is imported without one")
    outcome = dict.fromkeys((each.address.key for each in newcomers), "added")
    with transaction.atomic():
        outcome |= dict.fromkeys(suppressing.suppressed_among(outcome), "suppressed")
        welcome = [each for each in newcomers if outcome[each.address.key] == "added"]
        welcome.sort(key=lambda each: each.address.key)  # the index takes them faster
        tokens = new_tokens(len(welcome))
        _insert(welcome, tokens, proof)
        if _record(welcome, tokens, proof) < len(welcome):
            there = frozenset(bulk.among(Subscriber, "token", tokens))
            known = (each.address.key for each, token in zip(welcome, tokens, strict=True) if token not in there)
            outcome |= dict.fromkeys(known, "known")
    return outcome


def _insert(newcomers: Sequence[Newcomer], tokens: Sequence[str], proof: Proof) -> None:
    """Rows for those of `newcomers` whom we don't know, each with its token; active, but for who is pausing."""
    like = Subscriber(state=State.ACTIVE, source=proof.how, created_at=proof.at, confirmed_at=proof.at)
    hash_of = cache(_hash_of)
    rows = [
        (
            *(each.address.email, each.address.key, each.language, hash_of(each.language, each.chosen[:4])),
            *(each.zone or like.zone, token),
        )
        for each, token in zip(newcomers, tokens, strict=True)
    ]
    names: tuple[str, ...] = ("email", "email_key", "language", "choices_hash", "zone", "token")
    if any(each.chosen is not NOTHING_CHOSEN for each in newcomers):
        names += CHOSEN
        rows = [row + each.chosen.columns() for row, each in zip(rows, newcomers, strict=True)]
    bulk.insert(like, names, rows)


def _hash_of(language: str, content: tuple[Any, ...]) -> str:
    made = Subscriber(language=Language(language))
    for name, value in zip(Chosen._fields, content, strict=False):  # those that decide an edition's content
        setattr(made, name, list(value) if isinstance(value, tuple) else value)
    return hash_choices(made.choices())


def _record(newcomers: Sequence[Newcomer], tokens: Sequence[str], proof: Proof) -> int:
    """An event for each who came in, with the proof that the file has; how many came in."""
    written = 0
    pausing = any(each.chosen.paused_until for each in newcomers)
    for state in (State.ACTIVE, State.PAUSED) if pausing else (State.ACTIVE,):
        notes = {
            token: f"{proof.note}\n{each.proof}" if each.proof else proof.note
            for each, token in zip(newcomers, tokens, strict=True)
            if bool(each.chosen.paused_until) == (state is State.PAUSED)
        }
        event = joining.event(Subscriber(state=state), Happening.ADMITTED, "", proof)
        if any(note != proof.note for note in notes.values()):
            written += bulk.insert_each(event, "subscriber", Subscriber, "token", "note", notes)
        else:
            written += bulk.insert_for(event, "subscriber", Subscriber, "token", list(notes))
    return written


def foresee(newcomers: Sequence[Newcomer]) -> dict[str, str]:
    """What `admit` would make of each address: added, known or suppressed."""
    outcome = dict.fromkeys((each.address.key for each in newcomers), "added")
    outcome |= dict.fromkeys(bulk.among(Subscriber, "email_key", list(outcome)), "known")
    return outcome | dict.fromkeys(suppressing.suppressed_among(outcome), "suppressed")
