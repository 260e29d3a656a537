"""The day's items, out of the articles' own sentences: a headline, the fact, then what it means."""

from collections.abc import Callable

from newsletter import quantities
from newsletter.bilingual import LANGUAGES, Both
from newsletter.compose import extract, headline, own_words, wording
from newsletter.compose.brief import BriefArticle, BriefStory
from newsletter.compose.draft import DraftBlock, cite, join
from newsletter.compose.extract import Sentence
from newsletter.compose.pool import Pool, newsworthy, telling
from newsletter.lexicon import Name


def write_items(pool: Pool) -> list[DraftBlock]:
    """One block an item, in the order of their slots."""
    told = {
        (story.id, language): _tell(pool, story, language) for story in pool.brief.chosen for language in LANGUAGES
    }
    return [
        _block(story, {language: told[story.id, language] for language in LANGUAGES}) for story in pool.brief.chosen
    ]


def _block(story: BriefStory, told: dict[str, tuple[str, str] | None]) -> DraftBlock:
    """Where a story was not written in a language, the other one's headline and text stand, and are marked foreign."""
    foreign = tuple(language for language in LANGUAGES if told[language] is None)
    there = {language: told[language] or told[_other(language)] or ("", "") for language in LANGUAGES}
    return DraftBlock(
        key=f"item-{story.slot}",
        kind="item",
        story=story.id,
        title=Both(there["en"][0], there["zh"][0]),
        text=Both(there["en"][1], there["zh"][1]),
        foreign=foreign,
        extra=snapshot(story),
    )


def snapshot(story: BriefStory) -> dict[str, object]:
    """The snapshot that an item shows: scores with their reasons, topics, how many articles on each list."""
    return {
        **story.scores,
        "score": round(story.score),
        "reasons": dict(story.reasons),
        "topics": list(story.topics),
        "articles": len(story.articles),
        "lists": story.lists,
        **({"update": True} if story.update else {}),
    }


def _other(language: str) -> str:
    return "en" if language == "zh" else "zh"


def _tell(pool: Pool, story: BriefStory, language: str) -> tuple[str, str] | None:
    """Headline and two sentences; None where no article of the story is in `language`."""
    found = pool.headline(story, language)
    if found is None:
        return None
    title, headlined = found
    pool.tell(story, language)
    articles = story.written_in(language)
    fact = _fact(pool, articles, title, language)
    if fact is None:
        first = _all_lists(pool, story, headlined) or own_words.own(wording.TITLE_ONLY, [headlined])
        return title, join([first, _context_line(pool, story, articles, [title], language, first)], language)
    context = _context(pool, articles, title, fact, language)
    second = (
        cite(context.text, pool.sources(context, story), language)
        if context
        else _context_line(pool, story, articles, [title, fact.text], language)
    )
    return title, join([cite(fact.text, pool.sources(fact, story, headlined), language), second], language)


def _fact(pool: Pool, articles: tuple[BriefArticle, ...], title: str, language: str) -> Sentence | None:
    """What happened: a sentence of its own near the top of an article, close to the headline but no repeat of it."""
    wanted = extract.shingles(title, language)
    # Right under its headline a first sentence may lean on it: "The move could …".
    free = [s for s in pool.free(articles, language, leaning=True) if s.index == 0 or pool.stands_alone(s)]
    free = [s for s in free if not extract.repeats(s.text, title, language)]
    figures = frozenset(quantities.keys(title))
    names = frozenset(pool.lexicon.find(title))

    def merit(sentence: Sentence) -> float:
        # Near to the item's headline, whichever headline its own article has: what it promises is told.
        near = len(sentence.shingles & wanted) / max(1, len(wanted))
        told = 2.5 * bool(figures & sentence.figures) + 1.5 * (not names.isdisjoint(pool.lexicon.find(sentence.text)))
        return newsworthy(sentence) + told + 4.0 * near - 2.0 * sentence.near - (2.0 if sentence.leaning else 0.0)

    fact = pool.best(free, merit)
    return pool.take(fact) if fact else None


def _context(
    pool: Pool, articles: tuple[BriefArticle, ...], title: str, fact: Sentence, language: str
) -> Sentence | None:
    """What it means: the most telling further sentence; one that leans on its neighbour only right after it.

    A figure that the headline has and the fact has not comes first.
    """
    headlined = frozenset(quantities.keys(title))
    promised = frozenset[str]() if headlined & fact.figures else headlined

    def fits(sentence: Sentence) -> bool:
        follows = sentence.article == fact.article and sentence.index == fact.index + 1
        return (follows or pool.stands_alone(sentence)) and not extract.repeats(sentence.text, title, language)

    def merit(sentence: Sentence) -> float:
        follows = sentence.article == fact.article and sentence.index == fact.index + 1
        missing = bool(promised & sentence.figures)
        near = (1.5 if follows else 0.0) + (0.5 if sentence.article == fact.article else 0.0)
        return telling(sentence) + near + (3.0 if missing else 0.0)

    free = [s for s in pool.free(articles, language, leaning=True) if fits(s)]
    context = pool.best(free, merit, least=-5.0)
    return pool.take(context) if context else None


def _context_line(
    pool: Pool,
    story: BriefStory,
    articles: tuple[BriefArticle, ...],
    said: list[str],
    language: str,
    before: str = "",
) -> str:
    """Where no second sentence is to be had: another outlet's headline, a related story, or who else reports it."""
    return (
        _other_title(pool, articles, said, language)
        or _related(pool, story, language, lambda other: bool(_names(pool, story) & _names(pool, other)))
        or ("" if before else _all_lists(pool, story))
        or _related(pool, story, language, lambda other: bool(story.topic) and other.topic == story.topic)
    )


def _all_lists(pool: Pool, story: BriefStory, headlined: int | None = None) -> str:
    """ "China media and US media both report it [1][2]." """
    desks = [desk for desk in pool.brief.lists if desk.slug in story.lists]
    if len(desks) < 2:
        return ""
    return wording.all_report(desks, story, headlined)


def _names(pool: Pool, story: BriefStory) -> set[Name]:
    return {name for a in story.articles for name in pool.lexicon.find(a.title) if name.kind != "place"}


def _other_title(pool: Pool, articles: tuple[BriefArticle, ...], said: list[str], language: str) -> str:
    """The headline that another article of the story carries, if it says something else."""
    known = [extract.shingles(text, language) for text in said]
    for article in articles:
        title = headline.clean(article.title, language, pool.brief.spellings)
        mine = extract.shingles(title, language)
        if not extract.is_report(article) or any(extract.alike(mine, other) for other in known):
            continue
        return _line(wording.ALSO, title, article.id, language)
    return ""


def _related(pool: Pool, story: BriefStory, language: str, fits: Callable[[BriefStory], bool]) -> str:
    """The headline of a further story that fits beside this one."""
    for other in pool.brief.further:
        if pool.is_told(other, language) or not (fits(other) and pool.pertinence.speaks(other)):
            continue
        found = pool.headline(other, language)
        if found and headline.is_sound(found[0], language):
            pool.tell(other, language)
            return _line(wording.ON_THE_SUBJECT, found[0], found[1], language)
    return ""


def _line(lead: Both, title: str, article: int, language: str) -> str:
    return own_words.own(lead) + cite(f"{title}{wording.STOP[language]}", [article], language)
