"""How many mails go to whom in what time: lanes of providers, the warm-up of a new sender, limits of servers.

All is counted in rows (subscribers.limits), so that a restart forgives nothing and all workers share one allowance.
"""

import csv
import datetime as dt
import math
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from django.conf import settings
from django.db import transaction

from newsletter.deliver import resting
from newsletter.deliver.servers import Server
from subscribers import limits
from subscribers.limits import Limit

MINUTE, HOUR, DAY = dt.timedelta(minutes=1), dt.timedelta(hours=1), dt.timedelta(days=1)
# Mails on the first day of a warm-up, by how much each day may have more, and for how many days: four weeks, from 200
# to two million. Providers take a name or an address that is new and sends much at once for a spammer's.
WARM_UP_FIRST, WARM_UP_GROWTH, WARM_UP_DAYS = 200, 1.4, 28
_FILE = Path(__file__).parents[1] / "data" / "lanes.tsv"
_RESTS = Limit("rest", 1, dt.timedelta(minutes=10))  # a provider says it many times
_CHUNK = 20  # permits of a server that one worker fetches at once


@dataclass(frozen=True)
class Lane:
    """A provider that counts what it gets."""

    name: str
    domains: tuple[str, ...]
    limits: tuple[Limit, ...]


@dataclass(frozen=True)
class Turn:
    """What of some mails may leave now; the others from `later` on, in their order."""

    now: int
    later: tuple[dt.datetime, ...] = ()


@cache
def lanes() -> Mapping[str, Lane]:
    """Lanes by recipient domain, from data/lanes.tsv."""
    found: dict[str, Lane] = {}
    with _FILE.open(encoding="utf8", newline="") as file:
        rows = csv.reader((line for line in file if not line.startswith("#")), delimiter="\t")
        for name, a_minute, an_hour, domains in rows:
            counted = Limit(f"lane {name} m", int(a_minute), MINUTE), Limit(f"lane {name} h", int(an_hour), HOUR)
            lane = Lane(name, tuple(domains.split()), counted)
            found |= dict.fromkeys(lane.domains, lane)
    return found


def warm_up(now: dt.datetime) -> Limit | None:
    """What all of us may send on the day of `now` while a new sender is being warmed up; None: as much as we like."""
    if settings.WARM_UP_SINCE is None:
        return None
    day = (now.date() - settings.WARM_UP_SINCE).days
    if not 0 <= day < WARM_UP_DAYS:
        return None
    return Limit("warm-up", int(WARM_UP_FIRST * WARM_UP_GROWTH**day), DAY)


def turns(wanted: Mapping[str, int], now: dt.datetime) -> dict[str, Turn]:
    """For each recipient domain with so many mails: how many of them may leave now, and when the others come.

    What may leave counts as sent.
    """
    by_lane: dict[Lane | None, list[str]] = defaultdict(list)
    for domain in wanted:
        by_lane[lanes().get(domain)].append(domain)
    found = {}
    overall = [limit for limit in (warm_up(now),) if limit]
    for lane, domains in by_lane.items():
        counted = [*(lane.limits if lane else ()), *overall]
        for domain in domains:
            found[domain] = _turn(counted, wanted[domain], now)
    return found


def _turn(counted: list[Limit], wanted: int, now: dt.datetime) -> Turn:
    if not counted:
        return Turn(wanted)
    with transaction.atomic():  # else another worker sees what is counted here and given back at once as used up
        granted = limits.take([(limit, "") for limit in counted], wanted, now)
        if granted == wanted:
            return Turn(granted)
        # by the limit that is reached and lasts longest
        reached = max((limit for limit in counted if limits.left(limit, "", now) <= 0), key=lambda limit: limit.period)
    first = reached.ends(now)
    return Turn(granted, tuple(first + reached.period * (place // reached.count) for place in range(wanted - granted)))


def slow_down(domain: str, now: dt.datetime) -> tuple[str, ...]:
    """A provider said “too fast”: what waits for its domains is put off for a while. The domains that are meant."""
    lane = lanes().get(domain)
    domains = lane.domains if lane else (domain,)
    if limits.allow([(_RESTS, lane.name if lane else domain)], now):
        for each in domains:
            resting.rest(each, now)
    return domains


class Permits:
    """What servers with a limit of their own may still get, fetched some at a time. For one run."""

    def __init__(self) -> None:
        self._held: dict[str, int] = defaultdict(int)
        self._empty_until: dict[str, dt.datetime] = {}

    def __call__(self, server: Server, *, use: bool) -> bool:
        """Whether `server` may get one more mail; with `use`, it does."""
        if not server.per_minute:
            return True
        if not self._held[server.name]:
            self._fetch(server)
        allowed = self._held[server.name] > 0
        self._held[server.name] -= use and allowed
        return allowed

    def _fetch(self, server: Server) -> None:
        now = dt.datetime.now(dt.UTC)
        if now < self._empty_until.get(server.name, now):
            return
        limit = Limit("mail server", server.per_minute, MINUTE)
        self._held[server.name] = limits.take([(limit, server.name)], min(_CHUNK, math.ceil(limit.count / 4)), now)
        if not self._held[server.name]:
            self._empty_until[server.name] = limit.ends(now)


def domain_of(address: str) -> str:
    """The part of an address that says who takes the mail."""
    return address.rpartition("@")[2].lower()
