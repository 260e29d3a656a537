"""What speaks against two articles telling one event, however alike their words are."""

import re

from newsletter import dictionary
from newsletter.rank.values import Reading
from newsletter.words import content_stems

OTHER_ACTOR = 0.6  # what is left of a likeness where the actors are others
OTHER_ONE = 0.5  # and where nobody is named in both, and the unknown names are others, or the sums
_ROUNDED = 0.1  # two sums that differ by no more may be one, rounded
_CAPITAL = re.compile(r"\b[A-Z][A-Za-z]{2,}\b")


def doubt(one: Reading, other: Reading) -> float:
    """What is left of a likeness: two events of a kind are told in the same words, but of other actors or sums."""
    if _alone(one, other) and _alone(other, one):
        return OTHER_ACTOR
    if any(name.kind != "place" and name in other.names for name in one.names):
        return 1.0
    unknown = one.article.language == other.article.language and _unheard(one, other) and _unheard(other, one)
    return OTHER_ONE if unknown or _other_sum(one, other) else 1.0


def _alone(one: Reading, other: Reading) -> bool:
    """Whether a headline names someone whom the other article doesn't know."""
    headline = (name for name, weight in one.names.items() if weight == 1.0 and name.kind != "place")
    return any(name not in other.names for name in headline)


def _unheard(one: Reading, other: Reading) -> bool:
    """The same of a name that the lexicon doesn't know: a capital before a word that no dictionary has."""
    strange = (word for word in _CAPITAL.findall(one.title_rest) if not dictionary.is_common(word))
    return any(other.words.keys().isdisjoint(content_stems(word)) for word in strange)


def _other_sum(one: Reading, other: Reading) -> bool:
    """Whether both headlines have sums of one currency, of which no two are nearly the same."""
    mine, theirs = _sums(one), _sums(other)
    units = {unit for unit, _ in mine} & {unit for unit, _ in theirs}
    near = any(u == v and abs(a - b) <= _ROUNDED * max(a, b) for u, a in mine for v, b in theirs)
    return bool(units) and not near


def _sums(reading: Reading) -> set[tuple[str, float]]:
    headline = (figure.partition(":") for figure, weight in reading.figures.items() if weight == 1.0)
    return {(unit, float(value)) for unit, _, value in headline if len(unit) == 3 and unit.isupper()}
