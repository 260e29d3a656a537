"""How alike a Chinese and an English article are: how much of either headline the other article says as well.

A headline is a handful of signs: the names, figures and terms in it, and what is left of its words. Each has the
meanings by which the other language could say it: a name or a figure is itself, a term is its line of the vocabulary,
a Chinese word is whatever a dictionary translates it with. What the other doesn't say counts against them, so two
reports of one company with different news stay apart; and rare signs count more.
"""

import math
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations

from newsletter import dictionary
from newsletter.lexicon import Name, without
from newsletter.rank.rarity import rarity
from newsletter.rank.values import Reading
from newsletter.subject import Vocabulary
from newsletter.words import content_stems

Meaning = tuple[str, Name | str]

# Chosen on the gold days and on our labels of 2026-03-10 (tests/benchmarks/rank_quality.py).
ALIKE = 0.4  # the likeness at which two headlines are taken for one event
_IN_TEXT = 0.6  # a sign of the headline that only the other's text has counts this much
_WEIGHTS = {"name": 1.0, "place": 0.5, "figure": 1.0, "term": 0.7, "word": 0.7}
NO_PROPER = 0.7  # what is left of the likeness where neither a name nor a figure is shared
_FEW = 12  # articles
ENOUGH = 9.0  # the weight of shared signs from which a likeness counts in full


@dataclass(frozen=True, slots=True)
class Sign:
    """One thing that a headline says. `key` is itself, in its own language; `meanings` is what it can be elsewhere."""

    kind: str
    key: Meaning
    meanings: frozenset[Meaning]


@dataclass(frozen=True, slots=True)
class Telling:
    """What an article says, comparable across languages: its headline's signs, and every meaning with its weight."""

    headline: tuple[Sign, ...]
    says: Mapping[Meaning, float]  # 1 in the headline, less in the text


NOTHING = Telling((), {})  # what a round-up says of any one event


def telling(reading: Reading, vocabulary: Vocabulary) -> Telling:
    """What one article says."""
    is_chinese = reading.article.language == "zh"
    titled = list(_proper(reading, in_title=True))
    headline = {sign.key: sign for sign in (*titled, *_signs(reading.title_rest, vocabulary, is_chinese))}
    says = dict.fromkeys((m for sign in headline.values() for m in sign.meanings), 1.0)
    for sign in (*_proper(reading, in_title=False), *_signs(reading.lead_rest, vocabulary, is_chinese)):
        for meaning in sign.meanings:
            says.setdefault(meaning, _IN_TEXT)
    return Telling(tuple(headline.values()), says)


def _proper(reading: Reading, *, in_title: bool) -> Iterable[Sign]:
    """The names and figures of the headline, or those of the text alone."""
    for name, weight in reading.names.items():
        if (weight == 1.0) == in_title:
            key: Meaning = ("name", name)
            yield Sign("place" if name.kind == "place" else "name", key, frozenset({key}))
    for figure, weight in reading.figures.items():
        if (weight == 1.0) == in_title:
            key = ("figure", figure)
            yield Sign("figure", key, frozenset({key}))


def _signs(text: str, vocabulary: Vocabulary, is_chinese: bool) -> Iterable[Sign]:
    """The terms and words of a text from which the names are gone."""
    mentions = list(vocabulary.mentions(text))
    for mention in mentions:
        spelled = text[mention.start : mention.end]
        key: Meaning = ("term", mention.name.en[0])
        yield Sign("term", key, frozenset({key}).union(*(s.meanings for s in _words(spelled, is_chinese))))
    yield from _words(without(mentions, text), is_chinese)


def _words(text: str, is_chinese: bool) -> Iterable[Sign]:
    for stem in content_stems(text):
        key: Meaning = ("word", stem)
        yield Sign("word", key, frozenset({key}))
    if is_chinese:
        for word in dictionary.split(text):
            meant = frozenset(("word", stem) for stem in dictionary.meanings(word))
            if meant:
                yield Sign("word", ("word", word), meant)


def rarity_of_signs(tellings: Sequence[Telling]) -> Mapping[Meaning, float]:
    """How much it says that an article has a sign."""
    return rarity([{*(sign.key for sign in each.headline), *each.says} for each in tellings])


def likeness(one: Telling, other: Telling, rare: Mapping[Meaning, float]) -> float:
    """0 to 1: the geometric mean of how much of each headline the other article says."""
    mine, proper = _covered(one, other, rare)
    theirs, also = _covered(other, one, rare)
    if not mine[1] or not theirs[1]:
        return 0.0
    value = math.sqrt(mine[0] * theirs[0] / (mine[1] * theirs[1]))
    evidence = min(1.0, math.sqrt((mine[0] + theirs[0]) / 2 / ENOUGH))
    return value * evidence * (1.0 if proper or also else NO_PROPER)


def are_strangers(one: Telling, other: Telling) -> bool:
    """Whether one headline names two whom the other article doesn't know: others have acted there."""
    return max(_unknown(one, other), _unknown(other, one)) > 1


def _unknown(one: Telling, other: Telling) -> int:
    return sum(sign.kind == "name" and sign.key not in other.says for sign in one.headline)


def _covered(one: Telling, other: Telling, rare: Mapping[Meaning, float]) -> tuple[tuple[float, float], bool]:
    """The weight of the signs in `one`'s headline that `other` has, and of all; whether a name or figure is shared."""
    shared = total = 0.0
    proper = False
    for sign in one.headline:
        weight = _WEIGHTS[sign.kind] * rare[sign.key]
        total += weight
        found = max((other.says.get(meaning, 0.0) for meaning in sign.meanings), default=0.0)
        shared += weight * found
        proper |= found > 0 and sign.kind in ("name", "place", "figure")
    return (shared, total), proper


def pairs(tellings: Sequence[Telling], chinese: Sequence[bool]) -> set[tuple[int, int]]:
    """Positions i < j of a Chinese and an English article whose headlines share a meaning that few have."""
    holders: defaultdict[Meaning, list[int]] = defaultdict(list)
    for i, each in enumerate(tellings):
        for meaning, weight in each.says.items():
            if weight == 1.0:
                holders[meaning].append(i)
    few = (held for held in holders.values() if len(held) <= _FEW)
    return {(i, j) for held in few for i, j in combinations(held, 2) if chinese[i] != chinese[j]}
