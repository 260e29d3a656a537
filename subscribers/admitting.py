"""Readers who said yes elsewhere, as an import brings them: by the thousand, in few statements."""

from collections.abc import Sequence
from typing import NamedTuple

from django.db import transaction

from subscribers import addresses, bulk, joining, suppressing
from subscribers.joining import JoiningError, Proof
from subscribers.models import Happening, Language, State, Subscriber
from subscribers.models.subscriber import hash_choices
from subscribers.tokens import new_tokens


class Newcomer(NamedTuple):
    """Somebody who said yes elsewhere, as an import brings them."""

    address: addresses.Address
    language: str
    zone: str = ""


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
        event = joining.event(Subscriber(state=State.ACTIVE), Happening.ADMITTED, "", proof)
        if bulk.insert_for(event, "subscriber", Subscriber, "token", tokens) < len(welcome):
            there = frozenset(bulk.among(Subscriber, "token", tokens))
            known = (each.address.key for each, token in zip(welcome, tokens, strict=True) if token not in there)
            outcome |= dict.fromkeys(known, "known")
    return outcome


def _insert(newcomers: Sequence[Newcomer], tokens: Sequence[str], proof: Proof) -> None:
    """Rows for those of `newcomers` whom we don't know, active from now on, each with its token."""
    like = Subscriber(state=State.ACTIVE, source=proof.how, created_at=proof.at, confirmed_at=proof.at)
    hashes = {str(language): hash_choices(Subscriber(language=language).choices()) for language in Language}
    rows = [
        (each.address.email, each.address.key, each.language, hashes[each.language], each.zone or like.zone, token)
        for each, token in zip(newcomers, tokens, strict=True)
    ]
    bulk.insert(like, ("email", "email_key", "language", "choices_hash", "zone", "token"), rows)


def foresee(newcomers: Sequence[Newcomer]) -> dict[str, str]:
    """What `admit` would make of each address: added, known or suppressed."""
    outcome = dict.fromkeys((each.address.key for each in newcomers), "added")
    outcome |= dict.fromkeys(bulk.among(Subscriber, "email_key", list(outcome)), "known")
    return outcome | dict.fromkeys(suppressing.suppressed_among(outcome), "suppressed")
