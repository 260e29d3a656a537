"""Commands that arrive by mail: subscribe, confirm, leave. Only the address written to counts, never the text.

subscribe@  subscribe+zh@  subscribe+en@  subscribe+both@    leave+TOKEN@    confirm+SEAL@
"""

import re
from dataclasses import dataclass, replace
from enum import StrEnum

from django.conf import settings

from subscribers import addresses, consents, joining, limits, links, offers, signup, slips
from subscribers.joining import Proof
from subscribers.models import Language, Subscriber


class Command(StrEnum):
    """What a mail can ask for."""

    SUBSCRIBE = "subscribe"
    CONFIRM = "confirm"
    LEAVE = "leave"


@dataclass(frozen=True)
class Destination:
    """One of our own addresses. `command` is None for bounce+SEAL@ and complaints@, where reports are sent."""

    name: str  # subscribe, confirm, leave, bounce, complaints
    detail: str = ""  # what stands after the plus: language, token or seal

    @property
    def command(self) -> Command | None:
        """What mail to this address asks for."""
        return Command(self.name) if self.name in set(Command) else None


_OURS = re.compile(
    r"(?P<subscribe>subscribe)(?:\+(?P<language>en|zh|both))?"
    r"|leave\+(?P<leave>[0-9a-z]{32})"
    r"|confirm\+(?P<confirm>[a-z2-7]{32})"
    r"|bounce\+(?P<bounce>[a-z2-7]{32})"
    r"|(?P<complaints>complaints)"
)
# Programs that don't say so otherwise (RFC 3834 §2).
_NO_PERSON = re.compile(
    r"mailer-daemon|postmaster|no-?reply|do-?not-?reply|owner-.*|.*-(?:request|owner|bounces?)|root"
)


def destination(address: str, domain: str) -> Destination | None:
    """What `address` is to us; None: nothing, or not at `domain`. Case doesn't matter."""
    local, _, host = address.strip().strip("<>").lower().rpartition("@")
    found = _OURS.fullmatch(local) if host == domain.lower() else None
    if found is None:
        return None
    language = found["language"] or ""
    named = {name: text for name, text in found.groupdict().items() if text and name != "language"}
    (name, text), *_ = named.items()
    return Destination(name, language if name == "subscribe" else "" if name == "complaints" else text)


def reader_of(aim: Destination) -> Subscriber | None:
    """Whom leave+TOKEN@ or confirm+SEAL@ names."""
    if aim.command is Command.LEAVE:
        return Subscriber.objects.filter(token=aim.detail).first()
    return links.confirming(aim.detail) if aim.command is Command.CONFIRM else None


def obey(aim: Destination, sender: str, proof: Proof) -> str:
    """Carry out the command; `sender` is who wrote. What became of it, in words without an address."""
    if aim.command is Command.SUBSCRIBE:
        return _subscribe(sender, aim.detail or Language.BOTH, proof)
    reader = reader_of(aim)
    if reader is None:
        return "nobody is named by this address: nothing is changed"
    if aim.command is Command.LEAVE:
        moved = joining.leave(reader, proof)
        return "the reader has left" if moved else "the reader had gone already: nothing is changed"
    # what stood in the mail that was answered says more than that it was answered
    agreed = consents.confirming(reader.language, offers.current())
    moved = joining.confirm(reader, replace(proof, wording=f"{proof.wording}: {agreed}"))
    return "the reader has confirmed" if moved else "there was nothing to confirm: nothing is changed"


def refusal_of(sender: str) -> str:
    """Why a wish to join from `sender` isn't answered, in words; empty where it may be."""
    try:
        address = addresses.normalise(sender)
    except addresses.AddressError:
        return "there is no address to answer"
    local, _, domain = address.key.rpartition("@")
    if domain == settings.MAIL_DOMAIN.lower():
        return "the sender is one of our own addresses"
    if _NO_PERSON.fullmatch(local):
        return "the sender is a program"
    if settings.REFUSE_DISPOSABLE and slips.is_disposable(address):
        return "the sender's mailbox is one to throw away"
    return ""


def _subscribe(sender: str, language: str, proof: Proof) -> str:
    if why := refusal_of(sender):
        return f"{why}: nothing is changed"
    address = addresses.normalise(sender)
    if not limits.allow([(limits.PER_MAIL_DOMAIN, address.key.rpartition("@")[2])], proof.at):
        return "its domain has had its answers for this hour: nothing is changed"
    if not signup.ask(address, language, proof):
        return "the address has had its mails for today: nothing is changed"
    return "the sender is asked to confirm"
