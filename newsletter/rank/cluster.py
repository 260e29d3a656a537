"""Puts articles about one event together, within a language and across the two: pure functions.

Within a language two articles are compared by all their words, names, figures and known terms; across languages by
what both can share: names (one identity however spelled), figures, terms of the vocabulary and Latin words. Rare
things weigh more. An event is more than its actors: across languages one shared name alone never joins.
"""

import math
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from itertools import combinations

from newsletter.lexicon import Name
from newsletter.rank import across, dedupe
from newsletter.rank.doubt import doubted
from newsletter.rank.rarity import rarity
from newsletter.rank.values import Reading
from newsletter.subject import Vocabulary

Token = tuple[str, Name | str]
Vector = Mapping[int, float]  # weights by token number

# All chosen on the gold day 2026-03-11 and checked on 2026-03-12 (tests/benchmarks/rank_quality.py).
SAME_LANGUAGE = 0.25  # the similarity at which two articles of one language are taken for one event
ACROSS = 0.27
SECOND_EVIDENCE = 4.0  # across languages: what all shared beside the strongest thing weighs where it counts in full
MOST_EVIDENCE = 1.6  # and much more of it counts up to this
STRANGERS = 0.6  # what is left of a likeness across languages where one headline names two whom the other lacks
AVERAGE = 0.65  # groups join when their best pair is alike and the average pair is at least this share of alike
HAPPENED = (
    1.0  # across languages: the weight of shared figures, terms and words below which only the actors are shared
)
ONLY_ACTORS = 0.7  # and what is left of the likeness then
_LEAST = 0.2  # likenesses below are left out: no group joins by them
_COMMON = 0.25  # a token in more than this share of the articles finds no pairs
_MOST_HOLDERS = 80  # nor does one in more articles than this, however many there are
_WEIGHTS = {"name": 1.0, "place": 0.5, "figure": 1.0, "term": 0.5, "han": 0.5, "latin": 1.0}


def similarities(readings: Sequence[Reading], vocabulary: Vocabulary) -> dict[tuple[int, int], float]:
    """How alike any two articles are, by positions i < j; 1.0 is where one event begins.

    Unlike pairs are absent; round-ups are like nothing. Works over an inverted index: only pairs that
    share a telling token are looked at.
    """
    vectors, kinds, number = _vectors(readings)
    programmes = [_programme(reading) for reading in readings]
    shared = [{token: weight for token, weight in vector.items() if kinds[token] != "han"} for vector in vectors]
    norms, shared_norms = [_norm(v) for v in vectors], [_norm(v) for v in shared]
    tellings = [across.NOTHING if r.roundup else across.telling(r, vocabulary) for r in readings]
    rare = across.rarity_of_signs(tellings)
    found: dict[tuple[int, int], float] = {}
    chinese = [reading.article.language == "zh" for reading in readings]
    for i, j in _pairs(readings, vectors, kinds) | across.pairs(tellings, chinese):
        if programmes[i] and programmes[i] == programmes[j] and readings[i].lead != readings[j].lead:
            headline = {number[token] for token in _of_headline(readings[i])}
            value = _cosine(_without(vectors[i], headline), _without(vectors[j], headline)) / SAME_LANGUAGE
        elif chinese[i] == chinese[j]:
            value = _dot(vectors[i], vectors[j]) / (norms[i] * norms[j]) / SAME_LANGUAGE
        else:
            value = _across(shared[i], shared[j], kinds) / (shared_norms[i] * shared_norms[j]) / ACROSS
        if chinese[i] != chinese[j]:  # their texts may say the same, or their headlines
            value = max(value, across.likeness(tellings[i], tellings[j], rare) / across.ALIKE)
            value *= STRANGERS if across.are_strangers(tellings[i], tellings[j]) else 1.0
        # doubt only takes away, and most pairs are below already
        if value > _LEAST and (value := doubted(value, readings[i], readings[j])) > _LEAST:
            found[i, j] = value
    return found


def _programme(reading: Reading) -> tuple[str, str, str] | None:
    """What two articles share that one outlet puts under one short headline ("Tech Life"): it may be the name of a
    programme, so that only their texts can tell one event. None where the headline is longer or there is no text."""
    title = dedupe.letters(reading.title)
    short = len(title) < dedupe.SHORTEST and reading.lead
    return (reading.article.publisher, reading.article.language, title) if short else None


def _vectors(readings: Sequence[Reading]) -> tuple[list[dict[int, float]], list[str], dict[Token, int]]:
    """Each reading's weights by token number, rare tokens weighing more; each number's kind; each token's number."""
    plain = [_tokens(reading) for reading in readings]
    rare = rarity(plain)
    number = {token: n for n, token in enumerate(rare)}
    vectors = [{number[t]: weight * rare[t] for t, weight in tokens.items()} for tokens in plain]
    return vectors, [kind for kind, _ in rare], number


def _tokens(reading: Reading) -> dict[Token, float]:
    tokens: dict[Token, float] = {}
    for name, weight in reading.names.items():
        tokens["name", name] = weight * _WEIGHTS["place" if name.kind == "place" else "name"]
    for figure, weight in reading.figures.items():
        tokens["figure", figure] = weight * _WEIGHTS["figure"]
    for term, weight in reading.terms.items():
        tokens["term", term] = weight * _WEIGHTS["term"]
    for word, weight in reading.words.items():
        kind = "latin" if word.isascii() else "han"
        tokens[kind, word] = weight * _WEIGHTS[kind]
    return tokens


def _of_headline(reading: Reading) -> Iterator[Token]:
    """The tokens that stand in its headline."""
    for kind, weights in (("name", reading.names), ("figure", reading.figures), ("term", reading.terms)):
        yield from ((kind, key) for key, weight in weights.items() if weight == 1.0)
    yield from (("latin" if w.isascii() else "han", w) for w, weight in reading.words.items() if weight == 1.0)


def _pairs(readings: Sequence[Reading], vectors: Sequence[Vector], kinds: Sequence[str]) -> set[tuple[int, int]]:
    holders: defaultdict[int, list[int]] = defaultdict(list)
    for i, vector in enumerate(vectors):
        if not readings[i].roundup:
            for token in vector:
                if kinds[token] != "term":
                    holders[token].append(i)
    most = min(max(12, _COMMON * len(vectors)), _MOST_HOLDERS)
    return {pair for held in holders.values() if len(held) <= most for pair in combinations(held, 2)}


def _across(one: Vector, other: Vector, kinds: Sequence[str]) -> float:
    """The dot product, less where little is shared in all: one big company's name is not yet an event."""
    common = one.keys() & other.keys()
    if all(kinds[token] == "term" for token in common):
        return 0.0
    evidence = {token: math.sqrt(one[token] * other[token]) for token in common}
    second = sum(evidence.values()) - max(evidence.values())
    happened = sum(weight for token, weight in evidence.items() if kinds[token] != "name")
    share = min(MOST_EVIDENCE, math.sqrt(second / SECOND_EVIDENCE)) * (1.0 if happened >= HAPPENED else ONLY_ACTORS)
    return share * sum(one[token] * other[token] for token in common)


def _dot(one: Vector, other: Vector) -> float:
    if len(other) < len(one):
        one, other = other, one
    return sum(weight * other[token] for token, weight in one.items() if token in other)


def _cosine(one: Vector, other: Vector) -> float:
    return _dot(one, other) / (_norm(one) * _norm(other))


def _without(vector: Vector, tokens: Collection[int]) -> Vector:
    return {token: weight for token, weight in vector.items() if token not in tokens}


def _norm(vector: Vector) -> float:
    return math.sqrt(sum(weight * weight for weight in vector.values())) or 1.0


def group(count: int, alike: Mapping[tuple[int, int], float]) -> list[list[int]]:
    """Positions 0 to count-1 in groups, by their first member.

    The most alike groups join first. They join when one pair is alike (1.0) and the average pair nearly so: a
    chain of articles of which only neighbours are alike stays apart. Pairs absent from `alike` count as 0.
    """
    groups: dict[int, list[int]] = {i: [i] for i in range(count)}
    home = list(range(count))
    for (i, j), value in sorted(alike.items(), key=lambda item: (-item[1], item[0])):
        one, other = sorted((home[i], home[j]))
        if value < 1.0:
            break
        if one != other and average(groups[one], groups[other], alike) >= AVERAGE:
            groups[one] += groups.pop(other)
            for member in groups[one]:
                home[member] = one
    return [sorted(members) for _, members in sorted(groups.items())]


def average(one: Iterable[int], other: Iterable[int], alike: Mapping[tuple[int, int], float]) -> float:
    values = [min(alike.get((min(i, j), max(i, j)), 0.0), 2.0) for i in one for j in other]
    return sum(values) / len(values)
