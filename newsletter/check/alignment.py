"""Which sentence of its sources a sentence goes back to."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import lru_cache

from newsletter.check.sentence import Sentence
from newsletter.check.values import ArticleValue
from newsletter.sentences import split_sentences

_WORTH = 4  # content words below which any likeness is chance


@dataclass(frozen=True, slots=True)
class Origin:
    """The sentence of an article that is most like one of the issue."""

    article: ArticleValue
    text: str
    covered: float  # share of the words that it has
    covers: float  # share of its own words that the sentence has


def origin_of(
    sentence: Sentence, sources: Iterable[ArticleValue], words: Callable[[str], frozenset[str]]
) -> Origin | None:
    """The closest sentence, headline included, in the sentence's own language; None where nothing is like it.

    `words` gives the content words of a text.
    """
    said = words(sentence.plain)
    if len(said) < _WORTH:
        return None
    best: Origin | None = None
    for article in sources:
        if article.lang != sentence.tongue:
            continue
        for text in (article.title, *_sentences(article.text, article.lang)):
            known = words(text)
            common = len(said & known)
            if known and (best is None or common / len(said) > best.covered):
                best = Origin(article, text, common / len(said), common / len(known))
    return best


@lru_cache(4_096)
def _sentences(text: str, lang: str) -> tuple[str, ...]:
    return tuple(split_sentences(text, lang))
