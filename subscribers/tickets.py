"""Single-use links for what a forwarded mail must not be able to do: copy, erase, change of address."""

import datetime as dt

from subscribers import limits, links, notices
from subscribers.limits import Limit
from subscribers.models import Notice, Subscriber, Ticket
from subscribers.tokens import new_token

VALID_FOR = dt.timedelta(minutes=30)
# A forwarded link must not fill its owner's mailbox: so many at once for each purpose, and so many a day in all.
AT_ONCE = 3
PER_READER = Limit("tickets", 12, dt.timedelta(days=1))


def send(reader: Subscriber, purpose: Ticket.Purpose, now: dt.datetime, *, new_email: str = "") -> Ticket | None:
    """Mail a link for `purpose` to the reader's present address, or to `new_email` where that is to be proven.

    None, and no mail, where the reader has asked too often within the last half hour, or today.
    """
    open_ones = Ticket.objects.filter(reader=reader, purpose=purpose, made_at__gt=now - VALID_FOR)
    if open_ones.count() >= AT_ONCE or not limits.allow([(PER_READER, str(reader.pk))], now):
        return None
    ticket = Ticket.objects.create(reader=reader, purpose=purpose, token=new_token(), new_email=new_email, made_at=now)
    notices.put(reader, Notice.Kind.TICKET, reader.language, now, ticket=ticket, address=new_email)
    return ticket


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
