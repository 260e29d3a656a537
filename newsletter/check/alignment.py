"""Which sentence of its sources a sentence goes back to."""

from collections.abc import Iterable
from dataclasses import dataclass

from newsletter.check.reading import Reading, Sentence
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


def origin_of(reading: Reading, sentence: Sentence, sources: Iterable[ArticleValue]) -> Origin | None:
    """The closest sentence, headline included, in the sentence's own language; None where nothing is like it."""
    said = reading.words(sentence.plain)
    if len(said) < _WORTH:
        return None
    best: Origin | None = None
    for article in sources:
        if article.lang != sentence.lang:
            continue
        for text in (article.title, *split_sentences(article.text, article.lang)):
            words = reading.words(text)
            common = len(said & words)
            if words and (best is None or common / len(said) > best.covered):
                best = Origin(article, text, common / len(said), common / len(words))
    return best
