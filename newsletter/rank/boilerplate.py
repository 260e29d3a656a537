"""Sentences that an outlet puts into every text of a kind: they make different events look alike."""

import re
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import replace

from newsletter.rank.values import ArticleValue

_LOOKED_AT = 1500  # characters of a text; what is compared later is shorter
_SHORTEST = 12  # characters of a sentence that can tell its outlet
_OFTEN = 3  # headlines under which one sentence is no longer news
_SENTENCE = re.compile(r"[^。！？!?.\n]+(?:[。！？!?\n]+|\.(?:\s+|$)|\.|$)")


def without_boilerplate(articles: Sequence[ArticleValue]) -> list[ArticleValue]:
    """`articles` with no sentence that its outlet prints under three headlines or more."""
    headlines: defaultdict[tuple[str, str], set[str]] = defaultdict(set)
    for article in articles:
        for sentence in _sentences(article.text):
            headlines[article.outlet, sentence].add(article.title)
    often = {key for key, titles in headlines.items() if len(titles) >= _OFTEN}
    return [_cut(article, often) for article in articles] if often else list(articles)


def _sentences(text: str) -> set[str]:
    found = (match[0].strip() for match in _SENTENCE.finditer(text[:_LOOKED_AT]))
    return {sentence for sentence in found if len(sentence) >= _SHORTEST}


def _cut(article: ArticleValue, often: set[tuple[str, str]]) -> ArticleValue:
    start, rest = article.text[:_LOOKED_AT], article.text[_LOOKED_AT:]
    kept = _SENTENCE.sub(lambda m: "" if (article.outlet, m[0].strip()) in often else m[0], start)
    return article if kept == start else replace(article, text=kept + rest)
