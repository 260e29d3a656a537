"""A wish to join, by form or by mail: within the limits it becomes one mail to the address, else nothing."""

import logging

from django.conf import settings
from django.db import connection, transaction
from django.utils.module_loading import import_string

from subscribers import addresses, joining, limits
from subscribers.addresses import Address
from subscribers.joining import Proof
from subscribers.models import Wish

log = logging.getLogger(__name__)

# Written here, because Django takes ten times as long to write it as the database to answer, at every sign-up.
_NOTE = """
INSERT INTO {table} (email, language, zone, ip, wording, made_at) VALUES (%s, %s, %s, %s, %s, %s)
RETURNING id, (SELECT min(id) FROM {table})
"""


def note(address: Address, language: str, proof: Proof, *, zone: str = "") -> None:
    """Write the wish down, to be taken up in a moment. The same work for every address, whoever it belongs to."""
    table, made_at = connection.ops.quote_name(Wish._meta.db_table), connection.ops.adapt_datetimefield_value(proof.at)
    with connection.cursor() as cursor:
        values = (address.email, language, zone, proof.ip, proof.wording, made_at)
        cursor.execute(_NOTE.format(table=table), values)
        ((mine, oldest),) = cursor.fetchall()  # to the end: on SQLite that is when it commits
    # Whoever takes up an older one looks for later ones afterwards. On PostgreSQL that look may come an instant too
    # early: the tick finds what nobody was woken for.
    if oldest in (None, mine):
        transaction.on_commit(import_string(settings.READER_MAIL_WAKE), robust=True)


def take_up() -> int:
    """Ask the owners of all noted addresses, oldest first, until no wish is left; how many were taken up."""
    taken, last = 0, 0
    while wish := Wish.objects.filter(pk__gt=last).order_by("pk").first():
        last = wish.pk
        try:
            taken += _grant(wish)
        except Exception:  # one that can't be granted must not keep the others waiting
            log.exception("wish %d was not taken up", wish.pk)
    return taken


def _grant(wish: Wish) -> bool:
    """False: another worker was quicker."""
    proof = Proof(how="form", ip=wish.ip, wording=wish.wording, at=wish.made_at)
    with transaction.atomic():
        mine, _by_model = Wish.objects.filter(pk=wish.pk).delete()
        if mine:
            ask(addresses.normalise(wish.email), wish.language, proof, zone=wish.zone)
    return bool(mine)


def ask(address: Address, language: str, proof: Proof, *, zone: str = "") -> bool:
    """Ask the address's owner to confirm. False: it has had its mails for today, and whoever asks isn't told."""
    if not limits.allow([(limits.PER_ADDRESS, addresses.mailbox(address.key))], proof.at):
        return False
    joining.join(address.email, language, proof, zone=zone)
    return True
