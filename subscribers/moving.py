"""A reader's change of address: no move of the state, but of everything that hangs on the address."""

from django.db import transaction

from subscribers import addresses, joining, notices, suppressing
from subscribers.joining import Proof
from subscribers.models import Happening, Notice, State, Subscriber
from subscribers.tokens import new_token

MOVED = "moved"  # why the old address is on the suppression list


def move_address(reader: Subscriber, email: str, proof: Proof) -> bool:
    """The reader proved to own `email` as well: mail goes there. All links in the old mailbox die; it is told.

    Where the new address is a reader of its own, that one is folded into this. False: it is their address already.
    """
    address = addresses.normalise(email)
    with transaction.atomic():
        locked = joining.lock(reader)
        if locked.state == State.ERASED or locked.email_key == address.key:
            reader.refresh_from_db()
            return False
        if other := Subscriber.objects.select_for_update().filter(email_key=address.key).first():
            joining.fold(other, proof)
        # a list of older days must not bring the old address back; its owner's own sign-up may
        suppressing.suppress(locked.email_key or "", MOVED, proof.at)
        suppressing.release(address.key)
        if locked.state in joining.SUPPRESSING:
            suppressing.suppress(address.key, locked.state, proof.at)
        # what was mailed to the old mailbox, or to a third one that was typed before, must not open the new one
        locked.tickets.filter(used_at=None).update(used_at=proof.at)
        locked.notices.filter(kind=Notice.Kind.TICKET).exclude(due_at=None).delete()
        notices.put(locked, Notice.Kind.MOVED, locked.language, proof.at, address=locked.email or "")
        locked.email, locked.email_key, locked.token = address.email, address.key, new_token()
        locked.save(update_fields=["email", "email_key", "token"])
        joining.record(locked, Happening.CHANGED_ADDRESS, locked.state, proof)
    reader.refresh_from_db()
    return True
