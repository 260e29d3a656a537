"""From claimed deliveries to mails: each reader looked at once more, in the edition of what they choose now."""

import datetime as dt
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import NamedTuple

from django.db import connection

from newsletter.deliver import claims, editions, pace, recipients, resting
from newsletter.deliver.claims import Claimed, Verdict
from newsletter.deliver.envelope import AddressError, Envelope, ReadyEdition
from newsletter.models import DeliveryState, Edition, Issue
from subscribers.models import Subscriber

READY = 64  # editions kept cut up in memory, at about 150 KB
GONE = "the reader left, paused or chose another frequency before it was sent"


@dataclass(frozen=True)
class Addressed:
    """One mail, ready to be handed over."""

    claimed: Claimed
    envelope: Envelope


@dataclass(frozen=True)
class Unsendable:
    """One that can't be, and why."""

    claimed: Claimed
    verdict: Verdict


class Reader(NamedTuple):
    """What a mail needs to know of its reader. (Of instances of the model, making them took longer than asking.)"""

    pk: int
    email: str | None
    email_key: str | None
    token: str
    choices_hash: str


class Addressing:
    """Makes the mails of one issue."""

    def __init__(self, issue: Issue) -> None:
        self.issue = issue
        self._editions: dict[str, int | None] = dict(issue.editions.values_list("choices_hash", "pk"))
        self._readers = Readers(issue)
        self._domains: dict[int, str] = {}  # of the batch, by delivery
        self._resting: set[str] = set()  # domains that said “too fast” during this run
        self._ready = lru_cache(READY)(lambda pk: ReadyEdition.of(Edition.objects.get(pk=pk)))

    def of(self, worker: str, batch: list[Claimed], *, at: dt.datetime) -> Iterator[Addressed | Unsendable]:
        """The mails of `batch`, which the run `worker` holds, dated `at`, each made when it is asked for.

        Readers are read at once, now. What their providers or a warm-up don't allow is put off, and not among them.

        Raises DkimError and SlotError, which are the settings' fault.
        """
        readers = self._readers.among([each.reader_id for each in batch])
        batch = self._whose_turn_it_is(worker, self._in_their_editions(batch, readers), readers, at)
        for each in batch:
            if self._domains.get(each.pk) in self._resting:
                claims.put_off(worker, {each.pk: at + resting.REST})
            else:
                yield self._addressed(each, readers.get(each.reader_id), at)

    def domain_of(self, delivery: int) -> str:
        """Of the reader whom a delivery of this batch goes to; empty where it isn't known."""
        return self._domains.get(delivery, "")

    def slow_down(self, claimed: Claimed, now: dt.datetime) -> None:
        """The provider of this mail's reader said “too fast”: its other mails are left for later."""
        self._resting.update(pace.slow_down(self.domain_of(claimed.pk), now))

    def _addressed(self, claimed: Claimed, reader: Reader | None, at: dt.datetime) -> Addressed | Unsendable:
        if reader is None:
            return Unsendable(claimed, Verdict(DeliveryState.WITHDRAWN, GONE, at))
        try:
            return Addressed(claimed, self._ready(claimed.edition_id).address_to(reader, at=at))
        except AddressError as error:
            return Unsendable(claimed, Verdict(DeliveryState.REFUSED, str(error), at))

    def _whose_turn_it_is(
        self, worker: str, batch: list[Claimed], readers: dict[int, Reader], at: dt.datetime
    ) -> list[Claimed]:
        """Those that may leave now. The others are put off."""
        domains = self._domains = {
            each.pk: pace.domain_of(readers[each.reader_id].email_key or "")
            for each in batch
            if each.reader_id in readers
        }
        turns = pace.turns(Counter(domains.values()), at)
        if not any(turn.later for turn in turns.values()):
            return batch
        go, later = [], dict[int, dt.datetime]()
        given: Counter[str] = Counter()
        for each in batch:
            domain = domains.get(each.pk)
            place = given[domain] if domain is not None else 0
            if domain is None or place < turns[domain].now:
                go.append(each)
            else:
                later[each.pk] = turns[domain].later[place - turns[domain].now]
            if domain is not None:
                given[domain] += 1
        claims.put_off(worker, later)
        return go

    def _in_their_editions(self, batch: list[Claimed], readers: dict[int, Reader]) -> list[Claimed]:
        """The same deliveries; who has chosen anew since the editions were frozen is moved to what they choose now."""
        found = []
        for each in batch:
            reader = readers.get(each.reader_id)
            edition_id = self._edition_of(reader) if reader else None
            if edition_id is not None and edition_id != each.edition_id:
                claims.move(each, edition_id)
                each = replace(each, edition_id=edition_id)
            found.append(each)
        return found

    def _edition_of(self, reader: Reader) -> int | None:
        if reader.choices_hash in self._editions:
            return self._editions[reader.choices_hash]
        whole = Subscriber.objects.get(pk=reader.pk)
        digest = whole.choices_hash  # not the reader's: they may have chosen once more since, and others have that one
        if digest not in self._editions:
            self._editions[digest] = editions.add(self.issue, digest, whole.choices())
        return self._editions[digest]


class Readers:
    """Who of a batch still wants the issue, read anew just before it leaves.

    The statement is written once a run: Django takes longer to write it than the database to answer it.
    """

    _AT_ONCE = 200
    _PLACES = range(-_AT_ONCE, 0)  # stand for readers' ids in the statement

    def __init__(self, issue: Issue) -> None:
        wanting = recipients.wanting(issue).filter(pk__in=self._PLACES)
        told = wanting.values_list(*Reader._fields)
        self._sql, self._values = told.query.sql_with_params()

    def among(self, ids: list[int]) -> dict[int, Reader]:
        """By id, as they are now; those who no longer want it are missing."""
        found: dict[int, Reader] = {}
        for start in range(0, len(ids), self._AT_ONCE):
            places = dict(zip(self._PLACES, ids[start : start + self._AT_ONCE], strict=False))
            values = [places.get(value, value) if isinstance(value, int) else value for value in self._values]
            with connection.cursor() as cursor:
                cursor.execute(self._sql, values)
                found |= {reader.pk: reader for reader in map(Reader._make, cursor.fetchall())}
        return found
