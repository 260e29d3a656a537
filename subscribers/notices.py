"""Put a mail to one reader on the list of those that are due."""

import datetime as dt
from functools import partial

from django.conf import settings
from django.db import transaction
from django.utils.module_loading import import_string

from subscribers.models import Notice, Subscriber, Ticket


def put(
    reader: Subscriber,
    kind: Notice.Kind,
    language: str,
    now: dt.datetime,
    *,
    ticket: Ticket | None = None,
    address: str = "",
    answers_mail: bool = False,
) -> Notice:
    """The mail is due at `now`; once this transaction is committed, whoever sends is woken (READER_MAIL_WAKE).

    `address` is where it goes when that is not the reader's present address.
    """
    notice = Notice.objects.create(
        reader=reader,
        kind=kind,
        language=language,
        ticket=ticket,
        address=address,
        answers_mail=answers_mail,
        made_at=now,
        due_at=now,
    )
    transaction.on_commit(partial(_wake, notice.pk, now), robust=True)
    return notice


def _wake(notice_id: int, now: dt.datetime) -> None:
    """Whoever sends an earlier one looks for later ones afterwards; only where none is due, someone is woken."""
    if not Notice.objects.filter(due_at__lte=now, pk__lt=notice_id).exists():
        import_string(settings.READER_MAIL_WAKE)()
