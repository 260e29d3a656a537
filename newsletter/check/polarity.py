"""Yes and no, clause by clause: a no stands before what it denies, and the same words in the source have it, or not.

A sentence that is a summary shares few words with the whole of its source's, but mostly those of the one clause that
it tells again: that clause is what its no, or its yes, is held to.
"""

import re
from collections.abc import Iterable
from functools import lru_cache

from newsletter.check.negation import ANY_PLAIN_NOT, NOT
from newsletter.check.values import ArticleValue
from newsletter.sentences import split_sentences
from newsletter.words import words

_CLAUSES = re.compile(r"[^,;，；:：—]+")
_SHARE = 0.67  # of the words that are denied
_ENOUGH = {"en": 3, "zh": 4}  # words, pairs of Han characters


def contradicted(plain: str, lang: str, sources: Iterable[ArticleValue]) -> tuple[ArticleValue, str] | None:
    """The article, and its sentence, that affirms what `plain` denies, or denies what it affirms; else None."""
    articles = [article for article in sources if article.lang == lang]
    for denied in _denied(plain, lang):
        told = [(article, each) for article in articles for each in _alike(article, denied, lang)]
        if told and not any(_denies(clause, whole, lang) for _, (clause, whole) in told):
            return told[0][0], told[0][1][1]
    if ANY_PLAIN_NOT[lang].search(plain):
        return None
    own = [frozenset(words(clause)) for clause in _CLAUSES.findall(plain)]
    for article in articles:
        for whole in split_sentences(article.text, lang):
            for denied in _denied(whole, lang):
                if any(_share(denied, clause) >= _SHARE for clause in own) and _only_denied(articles, denied, lang):
                    return article, whole
    return None


def _only_denied(articles: list[ArticleValue], denied: frozenset[str], lang: str) -> bool:
    told = [each for article in articles for each in _alike(article, denied, lang)]
    return all(_denies(clause, whole, lang) for clause, whole in told)


@lru_cache(8_192)
def _denied(text: str, lang: str) -> tuple[frozenset[str], ...]:
    """For each plain no of a sentence, the words behind it, up to the end of its clause."""
    scopes = []
    for clause in _CLAUSES.findall(text):
        if match := NOT[lang].search(clause):
            scope = frozenset(words(clause[match.end() :]))
            if len(scope) >= _ENOUGH[lang]:
                scopes.append(scope)
    return tuple(scopes)


def _alike(article: ArticleValue, denied: frozenset[str], lang: str) -> list[tuple[str, str]]:
    """The article's clauses with most of these words, each with its sentence."""
    return [(clause, whole) for clause, whole, own in _read(article, lang) if _share(denied, own) >= _SHARE]


@lru_cache(1_024)
def _read(article: ArticleValue, lang: str) -> tuple[tuple[str, str, frozenset[str]], ...]:
    sentences = (article.title, *split_sentences(article.text, lang))
    return tuple(
        (clause, whole, frozenset(words(clause))) for whole in sentences for clause in _CLAUSES.findall(whole)
    )


def _share(denied: frozenset[str], clause: frozenset[str]) -> float:
    return len(denied & clause) / len(denied)


def _denies(clause: str, whole: str, lang: str) -> bool:
    return bool(ANY_PLAIN_NOT[lang].search(clause) or NOT[lang].search(whole))
