"""What a source list speaks of today more than it usually does: by contrast with the weeks before, not by count.

The measure is the log ratio of shares with a prior, in standard deviations (after Monroe, Colaresi and Quinn,
"Fightin' Words", 2008): a name that stands in every day's headlines scores about nothing, however often it does; one
that rises scores.
"""

import math
from collections import Counter
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass

from newsletter.bilingual import Both
from newsletter.subject import Vocabulary

MOST = 5
_PRIOR = 20.0  # articles that the prior weighs as much as
_RISES = 1.3  # today's share of the articles, of the usual one, from which a word is one of today's
_LEAST = 0.3  # standard deviations
_SPEAKS = 1.5  # the weight of a term in `data/subject.tsv` from which it is the subject's own

Said = Collection[Both]


@dataclass(frozen=True, slots=True)
class Keyword:
    """A name or term in both languages; `usual` is how many of a day's articles have it by the weeks before."""

    name: Both
    articles: int
    usual: float


def said(title: str, vocabulary: Vocabulary) -> frozenset[Both]:
    """What a headline names: names (places aside) and terms that speak for the subject and tell a topic of it."""
    names = (name for name in vocabulary.lexicon.find(title) if name.kind != "place")
    terms = (vocabulary.shown(word) for word in vocabulary.words(title) if word.topics and word.weight >= _SPEAKS)
    return frozenset([*(Both(name.en[0], (name.zh or name.en)[0]) for name in names), *terms])


def keywords(today: Sequence[Said], before: Sequence[Said], elsewhere: Sequence[Said] = ()) -> list[Keyword]:
    """At most five, the most telling first. Each article is what its headline says (`said`).

    `before`: the list's articles of the weeks before; `elsewhere`: today's of the other lists, which stand in for
    the usual as far as nothing is known of it.
    """
    now, then = _counts(today), _counts(before)
    around = _counts([*today, *before, *elsewhere])
    prior = {name: _PRIOR * count / (len(today) + len(before) + len(elsewhere)) for name, count in around.items()}
    found = []
    for name, count in now.items():
        usual = then[name] / len(before) if before else 0.0
        value = _contrast(count, len(today), then[name], len(before), prior[name])
        if value >= _LEAST and count / len(today) >= _RISES * usual:
            found.append((-value, -count, name.en, Keyword(name, count, round(usual * len(today), 2))))
    return [keyword for *_, keyword in sorted(found, key=lambda each: each[:3])[:MOST]]


def _counts(articles: Iterable[Said]) -> Counter[Both]:
    return Counter(name for each in articles for name in each)


def _contrast(count: int, of: int, before: int, of_before: int, prior: float) -> float:
    """In standard deviations: the share of articles with the word, today against before."""
    share = (count + prior) / (of + _PRIOR)
    usual = (before + prior) / (of_before + _PRIOR)
    return math.log(share / usual) / math.sqrt(1 / (count + prior) + 1 / (before + prior))
