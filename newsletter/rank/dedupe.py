"""The same text more than once: wire copies in several outlets, one outlet's entry in several of its feeds."""

import re
from collections import defaultdict
from collections.abc import Sequence
from itertools import combinations

from newsletter.addresses import canonical_url
from newsletter.rank.values import Reading

ALIKE = 0.75  # the share of character runs at which two texts are one wording
_RUN = 5  # characters
_SHORTEST = 12  # characters of title and text; below this equal words mean little


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
    """Pairs that share an address, a headline, or the rarest-looking runs (a small sketch of each text)."""
    holders: defaultdict[tuple[str, str], list[int]] = defaultdict(list)
    for i, reading in enumerate(readings):
        language = reading.article.language
        keys = [f"title {_letters(reading.title)}", *sorted(shingles[i], key=lambda run: (_mix(run), run))[:6]]
        if reading.article.url:
            keys.append(f"page {canonical_url(reading.article.url)}")
        for key in keys:
            holders[language, key].append(i)
    return {pair for held in holders.values() if len(held) <= 30 for pair in combinations(held, 2)}


def _repeats(one: Reading, other: Reading, runs: frozenset[str], other_runs: frozenset[str]) -> bool:
    page, other_page = one.article.url, other.article.url
    if page and other_page and canonical_url(page) == canonical_url(other_page):
        return True
    title = _letters(one.title)
    if len(title) >= _SHORTEST and title == _letters(other.title):
        return True
    both = len(runs | other_runs)
    return both > _SHORTEST and len(runs & other_runs) / both >= ALIKE


def _letters(text: str) -> str:
    return re.sub(r"\W+", "", text).lower()


def _shingles(reading: Reading) -> frozenset[str]:
    text = _letters(reading.title + reading.lead)
    return frozenset(text[i : i + _RUN] for i in range(len(text) - _RUN + 1))


def _mix(run: str) -> int:
    """A fixed shuffle of runs, so that two nearly equal texts most likely keep the same few."""
    value = 2166136261
    for char in run:
        value = (value ^ ord(char)) * 16777619 & 0xFFFFFFFF
    return value
