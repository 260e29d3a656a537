"""Is an article on the subject, and on which of its topics? Scored from title, beginning of the text and source."""

import math
from collections import defaultdict
from collections.abc import Collection, Sequence

from newsletter.subject import Word

THRESHOLD = 0.5
# Chosen on the gold day 2026-03-11 (tests/benchmarks/rank_quality.py) and checked on 2026-03-12.
_BIAS = 2.0  # the sum of weights at which an article of a general source is as likely on the subject as not
_PRIOR = {"ai": 1.5}  # a source that writes of nothing else needs less
OF_IT_ALONE = frozenset(_PRIOR)  # and what is an ordinary word elsewhere is the subject's there
_IN_TEXT = 0.45  # a word of the text counts this much of one in the title
_IN_OPENING = 0.7  # and so much where the text begins with it
_MOST_FOR = 4.0  # the text alone never says more than this
_MOST_TOPICS = 3
_TOPIC_IN_TEXT = 0.35  # what a word of the text adds to a topic, of what one in the title adds
_LEAST_OF_MAIN = 0.4  # a further topic has at least this share of the main one's weight
_FADES = 0.7  # of several words for one topic each counts this much of the one before
_LEAST = 0.7  # and a topic at least this weight at all
_OTHERWISE = "products"  # what is of none of the others tells of a use of it, most of the time


def relevance(title: Sequence[Word], text: Sequence[Word], opening: Collection[Word], scope: str) -> float:
    """0 to 1 from the words and names of the title and of the text (those of the title left out). `opening`: which
    of the text's stand at its beginning."""
    speaks = sum(word.weight for word in title)
    in_text = sum((_IN_OPENING if word in opening else _IN_TEXT) * word.weight for word in text)
    total = speaks + min(in_text, _MOST_FOR) + _PRIOR.get(scope, 0.0)
    return round(1 / (1 + math.exp(_BIAS - total)), 3)


def topics(title: Sequence[Word], text: Sequence[Word]) -> tuple[str, ...]:
    """One to three topic slugs, most central first."""
    said: defaultdict[str, list[float]] = defaultdict(list)
    for share, found in ((1.0, title), (_TOPIC_IN_TEXT, text)):
        for word in found:
            for slug, weight in word.topics.items():
                said[slug].append(share * weight)
    weights = {slug: _fading(values) for slug, values in said.items()}
    least = max(_LEAST_OF_MAIN * max(weights.values(), default=0.0), _LEAST)
    central = sorted(weights, key=lambda slug: (-weights[slug], slug))[:_MOST_TOPICS]
    return tuple(slug for slug in central if weights[slug] >= least) or (_OTHERWISE,)


def _fading(weights: Sequence[float]) -> float:
    """The strongest in full, each further one 0.7 of the one before: said three times it isn't thrice as true."""
    return sum(weight * _FADES**place for place, weight in enumerate(sorted(weights, reverse=True)))
