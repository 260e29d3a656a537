"""What a reader chooses: stored together with the hash that stands for it, and noted in the reader's history."""

import datetime as dt
from enum import StrEnum
from typing import Any

from django.db import transaction
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from subscribers import joining
from subscribers.joining import Proof
from subscribers.models import Frequency, Language, State, Subscriber
from subscribers.offers import Offers, Option


class Gap(StrEnum):
    """What a reader's choices leave out of every mail."""

    STORIES = "stories"  # no topic is chosen: the page shows their section unticked
    REPORTS = "reports"  # the section is chosen, and no list to report on
    EVERYTHING = "everything"  # but the main line: it is in every mail


def save(reader: Subscriber, choices: dict[str, Any], pause_until: dt.date | None, proof: Proof) -> list[str]:
    """Store `choices` (by field name) and begin, move or end a pause; the names of what changed.

    A pause is nothing to who gets no mail anyway: their state stays.
    """
    with transaction.atomic():
        # as they stand now: of two pages that save at once, the hash of one would leave out what the other changed
        locked = joining.lock(reader)
        if locked.state == State.ERASED:
            return []
        changed = [name for name, value in choices.items() if getattr(locked, name) != value]
        if changed:
            joining.set_choices(locked, proof, **{name: choices[name] for name in changed})
        reader.refresh_from_db()
        if reader.state in (State.ACTIVE, State.PAUSED):
            moved = joining.pause(reader, pause_until, proof) if pause_until else joining.resume(reader, proof)
            changed += ["paused_until"] * moved
    return changed


# The two choices that tell a reader which subscription is meant, as the page names them.
_LANGUAGES: dict[str, str] = {Language.EN: "English", Language.ZH: "中文", Language.BOTH: "English + 中文"}
_FREQUENCIES = {
    Frequency.DAILY: _("Daily"),
    Frequency.WEEKDAYS: _("Monday to Friday"),
    Frequency.WEEKLY: _("Sundays, the week"),
}


def in_short(reader: Subscriber) -> tuple[str | Promise, ...]:
    """The reader's language and frequency, in words."""
    return _LANGUAGES[reader.language], _FREQUENCIES[Frequency(reader.frequency)]


def gaps(reader: Subscriber, offers: Offers) -> frozenset[Gap]:
    """What follows from lists, sections or topics without anything chosen, to be said before the reader wonders."""
    no_topics, no_lists = _none_of(reader.topics, offers.topics), _none_of(reader.lists, offers.lists)
    sections = [section for section in offers.sections if reader.sections is None or section.slug in reader.sections]
    empty = [section for section in sections if section.of_lists and no_lists]
    if no_topics and all(section.fixed or section in empty for section in sections):
        return frozenset({Gap.EVERYTHING})
    missing = {Gap.STORIES: no_topics, Gap.REPORTS: bool(empty)}
    return frozenset(gap for gap, is_missing in missing.items() if is_missing)


def _none_of(stored: list[str] | None, offered: tuple[Option, ...]) -> bool:
    """Whether nothing on offer is chosen; null is all, whatever that is today."""
    return stored is not None and not any(option.slug in stored for option in offered)
