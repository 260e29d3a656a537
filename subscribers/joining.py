"""Every move of a reader's state, and nothing else moves one.

Each function is one transaction, conditional on the present state and safe to call twice: it says whether anything
moved, and each move leaves a ConsentEvent. Nobody becomes a reader without an answer from the mailbox itself.
"""

import datetime as dt
from dataclasses import dataclass, field, replace
from typing import Any, NamedTuple

from django.conf import settings
from django.contrib.admin.models import LogEntry
from django.db import transaction
from django.utils import timezone
from django.utils.module_loading import import_string

from subscribers import addresses, notices, suppressing
from subscribers.models import ConsentEvent, Happening, Language, Notice, State, Subscriber, Ticket, Way, Wish
from subscribers.models.subscriber import hash_choices
from subscribers.tokens import new_token

ANSWER_WITHIN = dt.timedelta(days=7)  # how long a confirmation link works, and a pending reader is kept
UNDO_WITHIN = dt.timedelta(days=1)  # a leave link lies in forwarded mails for ever; its undo does not
LONGEST_PAUSE = dt.timedelta(days=366)
FURTHEST_EAST = dt.timedelta(hours=14)  # where a date begins first: UTC+14
PURGED_AT_ONCE = 1000
# Those who came this way expect no mail from us before the first issue.
QUIET = frozenset({Way.DEMO, Way.IMPORT})


class Move(NamedTuple):
    """One kind of move: from any of `sources` to one of `targets`."""

    sources: frozenset[State]
    targets: frozenset[State]


MOVES: dict[Happening, Move] = {
    Happening.CONFIRMED: Move(
        frozenset({State.PENDING, State.LEFT, State.BOUNCED, State.COMPLAINED}), frozenset({State.ACTIVE})
    ),
    Happening.LEFT: Move(
        frozenset({State.PENDING, State.ACTIVE, State.PAUSED, State.BOUNCED}), frozenset({State.LEFT})
    ),
    # Undoing puts back what was before, so it never makes a reader of someone who hadn't confirmed.
    Happening.CAME_BACK: Move(
        frozenset({State.LEFT}), frozenset({State.PENDING, State.ACTIVE, State.PAUSED, State.BOUNCED})
    ),
    Happening.PAUSED: Move(frozenset({State.ACTIVE, State.PAUSED}), frozenset({State.PAUSED})),
    Happening.RESUMED: Move(frozenset({State.PAUSED}), frozenset({State.ACTIVE})),
    Happening.BOUNCED: Move(frozenset({State.PENDING, State.ACTIVE, State.PAUSED}), frozenset({State.BOUNCED})),
    Happening.COMPLAINED: Move(
        frozenset({State.PENDING, State.ACTIVE, State.PAUSED, State.LEFT, State.BOUNCED}),
        frozenset({State.COMPLAINED}),
    ),
    Happening.ERASED: Move(frozenset(set(State) - {State.ERASED}), frozenset({State.ERASED})),
}
SUPPRESSING = frozenset({State.LEFT, State.BOUNCED, State.COMPLAINED, State.ERASED})


class JoiningError(ValueError):
    """A request that can't be met; the message says why."""


@dataclass(frozen=True)
class Proof:
    """What is kept of a reader's own act, so that it can be shown later: how it came, on which words, from where."""

    how: str  # one of Way
    ip: str | None = None
    wording: str = ""
    note: str = ""
    at: dt.datetime = field(default_factory=timezone.now)

    def __post_init__(self) -> None:
        """Raises ValueError for a way that has no name: it would stand in the history for ever."""
        Way(self.how)


def join(email: str, language: str, proof: Proof, *, zone: str = "") -> Subscriber:
    """Someone asks for the newsletter: they get one mail, and nothing changes until they answer it.

    A stranger becomes `pending`. Whoever is known stays what they are, because anybody can type any address; they too
    get one mail. Raises addresses.AddressError.
    """
    address = addresses.normalise(email)
    with transaction.atomic():
        reader, is_new = Subscriber.objects.get_or_create(
            email_key=address.key, defaults=_stranger(address.email, language, proof, zone)
        )
        reader = Subscriber.objects.select_for_update().get(pk=reader.pk)
        if reader.state in (State.ACTIVE, State.PAUSED):
            _mail(reader, Notice.Kind.ALREADY, language, proof)
            return reader
        reader.asked_at = proof.at
        if reader.state == State.PENDING:
            reader.language = Language(language)
            reader.choices_hash = hash_choices(reader.choices())
        reader.save(update_fields=["asked_at", "language", "choices_hash"])
        record(reader, Happening.ASKED, "" if is_new else reader.state, proof)
        _mail(reader, Notice.Kind.CONFIRM, language, proof)
    return reader


def _stranger(email: str, language: str, proof: Proof, zone: str) -> dict[str, Any]:
    made = Subscriber(language=Language(language))
    fields: dict[str, Any] = {"email": email, "language": made.language, "choices_hash": hash_choices(made.choices())}
    return fields | {"token": new_token(), "source": proof.how} | ({"zone": zone} if zone else {})


def may_confirm(reader: Subscriber, now: dt.datetime) -> bool:
    """Whether joining was asked for lately and is still to be answered."""
    return (
        reader.state in MOVES[Happening.CONFIRMED].sources
        and reader.asked_at is not None
        and reader.asked_at > now - ANSWER_WITHIN
    )


def confirm(reader: Subscriber, proof: Proof, *, language: str = "") -> bool:
    """The mailbox's owner says yes: the reader is active from now on. False: there was nothing to answer."""
    changes: dict[str, Any] = {"asked_at": None, "confirmed_at": proof.at, "paused_until": None}
    with transaction.atomic():
        locked = lock(reader)
        if not may_confirm(locked, proof.at) or not _move(locked, Happening.CONFIRMED, State.ACTIVE, proof, changes):
            return _stay(reader)
        if language and language != locked.language:
            set_choices(locked, proof, language=Language(language))
        suppressing.release(locked.email_key or "")
        _mail(locked, Notice.Kind.WELCOME, locked.language, proof)
    return _moved(reader)


def leave(reader: Subscriber, proof: Proof) -> bool:
    """No mail from now on. False: they had gone already, or had complained, which stands."""
    return _end(reader, Happening.LEFT, State.LEFT, proof)


def bounce(reader: Subscriber, proof: Proof) -> bool:
    """The address is dead: a permanent failure that says so, never a single full mailbox."""
    return _end(reader, Happening.BOUNCED, State.BOUNCED, proof)


def complain(reader: Subscriber, proof: Proof) -> bool:
    """The reader pressed "this is spam"."""
    return _end(reader, Happening.COMPLAINED, State.COMPLAINED, proof)


def may_undo(reader: Subscriber, now: dt.datetime) -> bool:
    """Whether leaving can still be taken back."""
    return _left_from(reader, now) is not None


def undo_leave(reader: Subscriber, proof: Proof) -> bool:
    """Put back what leaving ended, within a day. False: nothing to put back, or too late."""
    with transaction.atomic():
        locked = lock(reader)
        before = _left_from(locked, proof.at)
        again = {"asked_at": proof.at} if before == State.PENDING else {}
        if before is None or not _move(locked, Happening.CAME_BACK, before, proof, again):
            return _stay(reader)
        suppressing.release(locked.email_key or "")
        if before == State.BOUNCED:
            suppressing.suppress(locked.email_key or "", before, proof.at)
    return _moved(reader)


def _left_from(reader: Subscriber, now: dt.datetime) -> State | None:
    """The state that a reader left, if they left within the last day."""
    if reader.state != State.LEFT:
        return None
    last = reader.consents.filter(kind=Happening.LEFT).order_by("-at", "-pk").first()
    return State(last.from_state) if last is not None and last.at > now - UNDO_WITHIN else None


def pause(reader: Subscriber, until: dt.date, proof: Proof) -> bool:
    """No mail before `until`; again, with another date, moves it. Raises JoiningError for a date out of reach."""
    today = proof.at.date()
    if not today < until <= today + LONGEST_PAUSE:
        raise JoiningError(f"a pause ends after today and within a year, not on {until}")
    with transaction.atomic():
        locked = lock(reader)
        if locked.state == State.PAUSED and locked.paused_until == until:
            return _stay(reader)
        moved = _move(locked, Happening.PAUSED, State.PAUSED, proof, {"paused_until": until})
    return _moved(reader) if moved else _stay(reader)


def resume(reader: Subscriber, proof: Proof) -> bool:
    """The pause ends now."""
    with transaction.atomic():
        moved = _move(lock(reader), Happening.RESUMED, State.ACTIVE, proof, {"paused_until": None})
    return _moved(reader) if moved else _stay(reader)


def set_choices(reader: Subscriber, proof: Proof, **fields: Any) -> None:
    """Write choices together with the hash that stands for them; the history says which ones, not what."""
    for name, value in fields.items():
        setattr(reader, name, value)
    reader.choices_hash = hash_choices(reader.choices())
    with transaction.atomic():
        reader.save(update_fields=[*fields, "choices_hash"])
        record(reader, Happening.CHOSE, reader.state, replace(proof, note=", ".join(sorted(fields))))


def give_reason(reader: Subscriber, proof: Proof) -> None:
    """Why a reader left (`proof.note`), if they care to say; only the first reason counts."""
    if reader.state == State.LEFT and not reader.consents.filter(kind=Happening.GAVE_REASON).exists():
        record(reader, Happening.GAVE_REASON, reader.state, proof)


def erase(reader: Subscriber, proof: Proof) -> bool:
    """Forget the reader: what stays is a row without address or choices, and a keyed hash that keeps imports away."""
    with transaction.atomic():
        locked = lock(reader)
        key = locked.email_key
        if not fold(locked, proof):
            return _stay(reader)
        suppressing.suppress(key or "", State.ERASED, proof.at)
    return _moved(reader)


def fold(locked: Subscriber, proof: Proof) -> bool:
    """Erase a locked reader, and leave the suppression list to the caller: the address may live on in another row."""
    blank, email = Subscriber(), locked.email or ""
    scrubbed: dict[str, Any] = {"email": None, "email_key": None, "token": new_token(), "asked_at": None}
    scrubbed |= dict.fromkeys(("lists", "sections", "topics", "paused_until", "send_at", "confirmed_at"))
    scrubbed |= {name: getattr(blank, name) for name in ("language", "frequency", "zone", "plain_text", "source")}
    scrubbed["choices_hash"] = hash_choices(blank.choices())
    anonymous = Proof(how=proof.how, at=proof.at)
    if not _move(locked, Happening.ERASED, State.ERASED, anonymous, scrubbed):
        return False
    locked.consents.exclude(kind=Happening.ERASED).delete()
    locked.notices.all().delete()
    locked.tickets.all().delete()
    # What others wished for this address, or had there before: another reader's change to it or away from it; a
    # sign-up that nobody has looked at yet.
    Ticket.objects.filter(new_email__iexact=email).delete()
    Notice.objects.filter(address__iexact=email).delete()
    Wish.objects.filter(email__iexact=email).delete()
    entries = LogEntry.objects.filter(content_type__app_label="subscribers", object_id=str(locked.pk))
    entries.filter(content_type__model="subscriber").update(object_repr=str(locked), change_message="")
    for forget in settings.READER_ERASERS:
        import_string(forget)(locked.pk)
    return True


def purge_pending(now: dt.datetime) -> int:
    """Forget whoever never confirmed and asked more than a week ago; how many that were.

    Their suppression stays, so that a bounced or complaining stranger isn't imported later.
    """
    never_readers = Subscriber.objects.filter(
        confirmed_at=None, created_at__lte=now - ANSWER_WITHIN, state__in=MOVES[Happening.CONFIRMED].sources
    ).exclude(asked_at__gt=now - ANSWER_WITHIN)
    purged = 0
    while batch := list(never_readers.values_list("pk", flat=True)[:PURGED_AT_ONCE]):
        with transaction.atomic():
            # whoever asks anew in this moment stays
            still = list(never_readers.select_for_update().filter(pk__in=batch).values_list("pk", flat=True))
            Subscriber.objects.filter(pk__in=still).delete()
        purged += len(still)
    return purged


def end_pauses(now: dt.datetime) -> int:
    """Take up again whose date has come anywhere on Earth; how many that were.

    `paused_until` stays: no issue of an earlier date goes out to them, in whatever zone it is being sent.
    """
    date = (now + FURTHEST_EAST).date()
    proof = Proof(how=Way.CLOCK, at=now)
    ended = 0
    for reader in Subscriber.objects.filter(state=State.PAUSED, paused_until__lte=date).iterator():
        with transaction.atomic():
            locked = lock(reader)
            if locked.paused_until and locked.paused_until <= date:
                ended += _move(locked, Happening.RESUMED, State.ACTIVE, proof, {})
    return ended


def _end(reader: Subscriber, kind: Happening, to: State, proof: Proof) -> bool:
    with transaction.atomic():
        locked = lock(reader)
        if not _move(locked, kind, to, proof, {"asked_at": None}):
            return _stay(reader)
        suppressing.suppress(locked.email_key or "", to, proof.at)
    return _moved(reader)


def lock(reader: Subscriber) -> Subscriber:
    """The reader as the row stands now, which nobody else moves until the transaction ends."""
    return Subscriber.objects.select_for_update().get(pk=reader.pk)


def _move(locked: Subscriber, kind: Happening, to: State, proof: Proof, changes: dict[str, Any]) -> bool:
    """One conditional UPDATE and its event; False where the table doesn't allow it from here."""
    move = MOVES[kind]
    if locked.state not in move.sources or to not in move.targets:
        return False
    before = locked.state
    if not Subscriber.objects.filter(pk=locked.pk, state=before).update(state=to, **changes):
        return False
    locked.refresh_from_db()
    record(locked, kind, before, proof)
    return True


def record(reader: Subscriber, kind: Happening, before: str, proof: Proof) -> None:
    """Write down what happened to a reader who stood at `before`."""
    event(reader, kind, before, proof).save()


def event(reader: Subscriber, kind: Happening, before: str, proof: Proof) -> ConsentEvent:
    """The same as a row that isn't written yet."""
    return ConsentEvent(
        subscriber=reader,
        kind=kind,
        from_state=before,
        to_state=reader.state,
        at=proof.at,
        how=proof.how,
        wording=proof.wording,
        ip=proof.ip,
        note=proof.note,
    )


def _mail(reader: Subscriber, kind: Notice.Kind, language: str, proof: Proof) -> None:
    if proof.how not in QUIET:
        notices.put(reader, kind, language, proof.at, answers_mail=proof.how == Way.MAIL)


def _moved(reader: Subscriber) -> bool:
    reader.refresh_from_db()
    return True


def _stay(reader: Subscriber) -> bool:
    reader.refresh_from_db()
    return False
