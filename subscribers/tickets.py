"""Single-use links for what a forwarded mail must not be able to do: copy, erase, change of address."""

import datetime as dt

from subscribers import addresses, limits, links, notices
from subscribers.limits import Limit
from subscribers.models import Notice, Subscriber, Ticket
from subscribers.tokens import new_token

VALID_FOR = dt.timedelta(minutes=30)
# A forwarded link must not fill its owner's mailbox. Each purpose has its own share, so that who uses up one leaves
# the others, and none is away for long. Leaving needs no ticket, and is never counted.
PER_PURPOSE = Limit("tickets", 3, dt.timedelta(hours=12))


def send(reader: Subscriber, purpose: Ticket.Purpose, now: dt.datetime, *, new_email: str = "") -> Ticket | None:
    """Mail a link for `purpose` to the reader's present address, or to `new_email` where that is to be proven.

    None, and no mail, where the reader has had their share for `purpose` (PER_PURPOSE), or the new mailbox its share
    of mails that strangers can make us send (limits.PER_ADDRESS).
    """
    asked = [(PER_PURPOSE, f"{purpose} {reader.pk}")]
    if new_email:
        asked.append((limits.PER_ADDRESS, addresses.mailbox(addresses.normalise(new_email).key)))
    if not limits.allow(asked, now):
        return None
    ticket = Ticket.objects.create(reader=reader, purpose=purpose, token=new_token(), new_email=new_email, made_at=now)
    notices.put(reader, Notice.Kind.TICKET, reader.language, now, ticket=ticket, address=new_email)
    return ticket


def again_at(now: dt.datetime, *, new_email: bool = False) -> dt.datetime:
    """From when on asking helps again where `send` gave None. For a new address the end of the day, whichever share
    was used up: so the answer doesn't tell what others have asked for there.
    """
    return (limits.PER_ADDRESS if new_email else PER_PURPOSE).ends(now)


def read(signed: str, purpose: Ticket.Purpose, now: dt.datetime) -> Ticket:
    """The ticket of a link that may still be used. Raises links.LinkError where it is used, late or not ours."""
    token = links.unsign(signed, links.Purpose(purpose))
    found = Ticket.objects.select_related("reader").filter(token=token, purpose=purpose, used_at=None).first()
    if found is None or found.made_at <= now - VALID_FOR:
        raise links.LinkError("this link has been used, or is older than 30 minutes")
    return found


def use(ticket: Ticket, now: dt.datetime) -> bool:
    """Tear the ticket: of two that press at once, one gets True."""
    return bool(Ticket.objects.filter(pk=ticket.pk, used_at=None).update(used_at=now))
