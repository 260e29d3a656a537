"""How much it says that an article has a word, a name or a sign: the fewer have it, the more."""

import math
from collections import Counter
from collections.abc import Collection, Hashable, Sequence
from typing import TypeVar

T = TypeVar("T", bound=Hashable)

_BACKGROUND = 60  # articles assumed beside the day's, so that on a thin day two mentions don't look common


def rarity(articles: Sequence[Collection[T]]) -> dict[T, float]:
    """The logarithm of how few of `articles` have it, for each thing in them, in order; an article has it once."""
    seen = Counter(thing for article in articles for thing in article)
    total = len(articles) + _BACKGROUND
    return {thing: math.log((total + 1) / (count + 0.5)) for thing, count in seen.items()}
