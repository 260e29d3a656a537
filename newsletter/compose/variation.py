"""An item told by other sentences of its articles than those that stand in it: what writing again is, offline."""

from newsletter.bilingual import LANGUAGES, Both
from newsletter.compose import extract, items
from newsletter.compose.brief import Brief
from newsletter.compose.draft import DraftBlock, without_marks
from newsletter.compose.own_words import spoken
from newsletter.compose.pool import Pool
from newsletter.sentences import split_sentences, without_citations


def item(brief: Brief, key: str, present: Both) -> DraftBlock:
    """The item `key` of `brief` in other words than `present`; where the articles have no others, as composed.

    What an editor changed since is no sentence of an article: then the first choice of sentences comes back.
    """
    pool = Pool(brief)
    first = _item(Pool(brief), key)
    story = next(story for story in brief.chosen if f"item-{story.slot}" == key)
    told = {language: _shingles(present[language], language) for language in LANGUAGES}
    for article in story.articles:
        for sentence in pool.sentences(article):
            if any(extract.alike(sentence.shingles, each) for each in told.get(article.language, [])):
                pool.avoid(sentence)
    other = _item(pool, key)
    return other if _says_more(other, present) else first


def _item(pool: Pool, key: str) -> DraftBlock:
    return spoken(next(block for block in items.write_items(pool) if block.key == key))


def _shingles(text: str, language: str) -> list[frozenset[str]]:
    return [extract.shingles(without_citations(each), language) for each in split_sentences(text, language)]


def _says_more(other: DraftBlock, present: Both) -> bool:
    """Whether another choice of sentences is left that says something: not the same, and not a stub."""
    lengths = [len(without_marks(other.text[language])) for language in LANGUAGES]
    now = [len(without_citations(present[language])) for language in LANGUAGES]
    return all(new >= old // 2 for new, old in zip(lengths, now, strict=True))
