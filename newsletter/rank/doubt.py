"""What speaks against two articles telling one event, however alike their words are."""

import re
from collections.abc import Collection, Sequence
from functools import lru_cache

from newsletter import dictionary
from newsletter.lexicon import Name
from newsletter.rank.values import Reading
from newsletter.typography import han_pairs
from newsletter.words import content_stems

OTHER_ACTOR = 0.3  # what is left of a likeness where the actors are others, or elsewhere
APART = 0.9  # and so much at the most: never enough for one event
OTHER_SUM = 0.5  # where nobody is named in both, and the sums are others
_ROUNDED = 0.1  # two sums that differ by no more may be one, rounded
_QUOTED = re.compile(r"[「『“《]([\u4e00-\u9fff]{2,6})[」』”》]")
_CAPITAL = re.compile(r"\b[A-Z][A-Za-z]{2,}\b", re.ASCII)  # Han letters beside it are no part of a word


def doubted(alike: float, one: Reading, other: Reading) -> float:
    """What is left of a likeness: two events of a kind are told in the same words, but of other actors or sums."""
    mine, theirs = _actors(one), _actors(other)
    shared = any(_knows(other, name) for name in mine) or any(_knows(one, name) for name in theirs)
    strangers = _strange(one, other, mine, shared) and _strange(other, one, theirs, shared)
    if strangers or (_elsewhere(one, other) and _elsewhere(other, one)):
        return min(alike * OTHER_ACTOR, APART)
    return alike * (OTHER_SUM if not shared and _other_sum(one, other) else 1.0)


def _actors(reading: Reading) -> list[Name]:
    """The names of a headline: its places only where it has no others."""
    return reading.actors or reading.headline_names


def _knows(reading: Reading, name: Name) -> bool:
    """Whether an article has `name`; a state and its authorities stand for each other."""
    if name in reading.names:
        return True
    standing_for = {"agency": "place", "place": "agency"}.get(name.kind)
    return bool(name.home) and any(n.kind == standing_for and n.home == name.home for n in reading.names)


def _strange(one: Reading, other: Reading, actors: Sequence[Name], shared: bool) -> bool:
    """Whether a headline names someone whom the other article doesn't know; where they share nobody, the names that
    only their spelling betrays count as well."""
    return any(not _knows(other, name) for name in actors) or (not shared and _unheard(one, other))


def _elsewhere(one: Reading, other: Reading) -> bool:
    """Whether a headline has places, of which the other article knows none."""
    places = [name for name in one.headline_names if name.kind == "place"]
    return bool(places) and not any(_knows(other, name) for name in places)


def _unheard(one: Reading, other: Reading) -> bool:
    """Whether a headline has a name that no lexicon knows and the other article hasn't: a capital before a word that
    no dictionary has, a Chinese word that is only ever a name, or what stands in quotes."""
    return any(
        not other.words.keys() >= set(words)
        for words in _names_by_spelling(one.title_rest, one.article.language, other.article.language)
    )


def _other_sum(one: Reading, other: Reading) -> bool:
    """Whether both headlines have sums of one currency, of which no two are nearly the same."""
    mine, theirs = _sums(one), _sums(other)
    units = {unit for unit, _ in mine} & {unit for unit, _ in theirs}
    near = any(u == v and abs(a - b) <= _ROUNDED * max(a, b) for u, a in mine for v, b in theirs)
    return bool(units) and not near


def _sums(reading: Reading) -> set[tuple[str, float]]:
    headline = (figure.partition(":") for figure, weight in reading.figures.items() if weight == 1.0)
    return {(unit, float(value)) for unit, _, value in headline if len(unit) == 3 and unit.isupper()}


@lru_cache(10_000)  # a headline is held against many others
def _names_by_spelling(title: str, own: str, language: str) -> tuple[Collection[str], ...]:
    """For each such name of a headline in the language `own` the words by which a text in `language` would have it."""
    found: list[Collection[str]] = [
        content_stems(word) for word in _CAPITAL.findall(title) if not dictionary.is_common(word)
    ]
    if own == "zh":
        proper = filter(dictionary.is_proper, dictionary.split(title))
        found += (han_pairs(word) if language == "zh" else dictionary.meanings(word) for word in proper)
        found += (han_pairs(name) for name in _QUOTED.findall(title)) if language == "zh" else ()
    return tuple(found)
