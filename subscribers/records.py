"""A copy of all that is kept about one reader, as plain values."""

from typing import Any

from django.conf import settings
from django.utils.module_loading import import_string

from subscribers.models import Subscriber

_OWN = ("email", "state", "source", "created_at", "confirmed_at", "asked_at", "paused_until")
_CHOICES = ("language", "lists", "sections", "topics", "plain_text", "frequency", "send_at", "zone")


def everything(reader: Subscriber) -> dict[str, Any]:
    """Address, state, choices, the whole history, mails to this reader alone, and what others keep (READER_TELLERS).

    Times are in UTC; `null` in lists, sections and topics means all.
    """
    copy: dict[str, Any] = {
        "reader": {name: _plain(getattr(reader, name)) for name in _OWN},
        "choices": {name: _plain(getattr(reader, name)) for name in _CHOICES},
        "history": [
            {name: _plain(getattr(event, name)) for name in ("kind", "at", "how", "from_state", "to_state")}
            | {name: _plain(getattr(event, name)) for name in ("wording", "ip", "note")}
            for event in reader.consents.all()
        ],
        "single_mails": [
            {name: _plain(getattr(notice, name)) for name in ("kind", "made_at", "sent_at")}
            | ({"purpose": notice.ticket.purpose} if notice.ticket else {})
            for notice in reader.notices.select_related("ticket").order_by("made_at")
        ],
    }
    for tell in settings.READER_TELLERS:
        copy |= import_string(tell)(reader.pk)
    return copy


def _plain(value: Any) -> Any:
    return value.isoformat() if hasattr(value, "isoformat") else value
