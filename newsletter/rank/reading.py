"""Reads one article: what it names, counts, says, and whether it is on the subject."""

from collections.abc import Iterable, Mapping
from typing import TypeVar

from newsletter import quantities
from newsletter.lexicon import Name, without
from newsletter.rank import relevance as on_subject
from newsletter.rank.events import advances
from newsletter.rank.values import ArticleValue, Reading
from newsletter.rank.wording import LEAD, clean_text, clean_title, is_roundup
from newsletter.subject import Vocabulary
from newsletter.words import words

T = TypeVar("T")

DOUBTFUL = 0.15  # relevance below which an article is off the subject whatever else tells its event
_ANSWERS = (
    0.1  # the same for one that answers ("Baidu: the report is false"): its headline may name no more than an actor
)
_OPENING = {"en": 80, "zh": 40}  # characters of the text that say what it is about, where the headline doesn't
_IN_LEAD = 0.5  # what stands only in the text weighs this much of what stands in the title


def read(article: ArticleValue, vocabulary: Vocabulary, least: float = 0.0) -> Reading:
    """The reading of one article. Pure: equal articles give equal readings.

    Of one whose relevance is below `least` figures and words are left out: nothing will ask for them (see `is_told`).
    """
    title, lead = clean_title(article.title), clean_text(article.text)[:LEAD]
    if _same(title, lead):
        lead = ""
    (names_title, rest_title), (names_lead, rest_lead) = _names(title, vocabulary), _names(lead, vocabulary)
    doubted = frozenset() if article.scope in on_subject.OF_IT_ALONE else vocabulary.doubted(f"{title}\n{lead}")
    in_title = vocabulary.speaking(names_title, title, doubted)
    in_lead = [w for w in vocabulary.speaking(names_lead, lead, doubted) if w not in in_title]
    opening = lead[: _OPENING["zh" if article.language == "zh" else "en"]]
    first = vocabulary.speaking(vocabulary.lexicon.find(opening), opening, doubted)
    score = on_subject.relevance(in_title, in_lead, first, article.scope)
    if score >= least or is_told(score, title, names_title):
        figures: Mapping[str, float] = _weighted(quantities.keys(title), quantities.keys(lead))
    else:  # most of a day
        figures, rest_title, rest_lead = {}, "", ""
    return Reading(
        article=article,
        title=title,
        lead=lead,
        title_rest=rest_title,
        lead_rest=rest_lead,
        names=_weighted(names_title, names_lead),
        figures=figures,
        terms=_weighted(
            (word.key for word in vocabulary.words(rest_title)), (word.key for word in vocabulary.words(rest_lead))
        ),
        words=_weighted(words(rest_title), words(rest_lead)),
        relevance=score,
        relevant=score >= on_subject.THRESHOLD,
        says=(*in_title, *in_lead),
        topics=on_subject.topics(in_title, in_lead),
        against=round(-sum(word.weight for word in in_title if word.weight < 0), 3),
        roundup=is_roundup(article.title, article.text),
    )


def is_told(relevance: float, title: str, names: Iterable[Name]) -> bool:
    """Whether an article of this relevance, headline and names may tell the event of one that is on the subject."""
    if relevance >= DOUBTFUL:
        return True
    return relevance >= _ANSWERS and any(name.kind != "place" for name in names) and bool(advances(title))


def _names(text: str, vocabulary: Vocabulary) -> tuple[tuple[Name, ...], str]:
    """The names in `text`, and the text without them: what is a name must not count again as a word."""
    mentions = list(vocabulary.lexicon.mentions(text))
    return tuple(dict.fromkeys(mention.name for mention in mentions)), without(mentions, text)


def _weighted(title: Iterable[T], lead: Iterable[T]) -> Mapping[T, float]:
    weights = dict.fromkeys(title, 1.0)
    for item in lead:
        weights.setdefault(item, _IN_LEAD)
    return weights


def _same(title: str, lead: str) -> bool:
    return lead.rstrip("。.") == title.rstrip("。.")
