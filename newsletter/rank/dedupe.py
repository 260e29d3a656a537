"""The same text more than once: wire copies in several outlets, one outlet's entry in several of its feeds."""

import heapq
import re
import zlib
from collections import defaultdict
from collections.abc import Sequence
from itertools import combinations

from newsletter.addresses import canonical_url, is_front_page
from newsletter.rank.doubt import doubted
from newsletter.rank.values import Reading

ALIKE = 0.75  # the share of character runs at which two texts are one wording
_RUN = 5  # characters
_SKETCH = 6  # runs by which texts find each other
SHORTEST = 12  # characters of title and text; below this equal words mean little


def copies(readings: Sequence[Reading]) -> dict[str, str]:
    """The articles that only repeat another's wording or page: id -> id of the earliest that they repeat.

    Two of one language repeat each other when they have one address, one headline of some length, or 75% of their
    runs of five characters. The same pages of two languages are no copies: they tell it twice.
    """
    order = sorted(range(len(readings)), key=lambda i: readings[i].article.order)
    shingles = [_shingles(reading) for reading in readings]
    first: dict[str, str] = {}
    rank = {i: place for place, i in enumerate(order)}
    for i, j in sorted(_suspects(readings, shingles), key=lambda pair: sorted((rank[pair[0]], rank[pair[1]]))):
        early, late = sorted((i, j), key=rank.__getitem__)
        if readings[late].article.id not in first and _repeats(
            readings[early], readings[late], shingles[i], shingles[j]
        ):
            original = readings[early].article.id
            first[readings[late].article.id] = first.get(original, original)
    return first


def _suspects(readings: Sequence[Reading], shingles: Sequence[frozenset[str]]) -> set[tuple[int, int]]:
    """Pairs that share an address, a headline, or the rarest-looking runs (a small sketch of each text).

    Of those with one address or headline each is compared with the first: a thousand of one text are a thousand pairs.
    """
    first: dict[tuple[str, str], int] = {}
    holders: defaultdict[tuple[str, str], list[int]] = defaultdict(list)
    found: set[tuple[int, int]] = set()
    for i in sorted(range(len(readings)), key=lambda i: readings[i].article.order):
        language = readings[i].article.language
        exact = [f"title {letters(readings[i].title)}"]
        if page := _page(readings[i]):
            exact.append(f"page {page}")
        for key in exact:
            other = first.setdefault((language, key), i)
            found |= {(min(i, other), max(i, other))} if other != i else set()
        for run in heapq.nsmallest(_SKETCH, ((_mix(run), run) for run in shingles[i])):
            holders[language, run[1]].append(i)
    return found | {pair for held in holders.values() if len(held) <= 30 for pair in combinations(held, 2)}


def _repeats(one: Reading, other: Reading, runs: frozenset[str], other_runs: frozenset[str]) -> bool:
    if (page := _page(one)) and page == _page(other):
        return True
    title = letters(one.title)
    if len(title) >= SHORTEST and title == letters(other.title):
        return True
    both = len(runs | other_runs)
    return both > SHORTEST and len(runs & other_runs) / both >= ALIKE and doubted(1.0, one, other) == 1.0


def _page(reading: Reading) -> str:
    """The page it stands on; "" where its address is none of its own."""
    url = reading.article.url
    return canonical_url(url) if url and not is_front_page(url) else ""


def letters(text: str) -> str:
    """What of a headline tells whether two are one: its letters and digits, without case."""
    return re.sub(r"\W+", "", text).lower()


def _shingles(reading: Reading) -> frozenset[str]:
    text = letters(reading.title + reading.lead)
    return frozenset(text[i : i + _RUN] for i in range(len(text) - _RUN + 1))


def _mix(run: str) -> int:
    """A fixed shuffle of runs, so that two nearly equal texts most likely keep the same few."""
    return zlib.crc32(run.encode()) * 2654435761 & 0xFFFFFFFF
