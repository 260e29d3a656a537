"""The day's items, out of the articles' own sentences: a headline, the fact, then what it means."""

from newsletter.compose import extract, headline, wording
from newsletter.compose.brief import BriefArticle, BriefStory
from newsletter.compose.draft import LANGUAGES, Both, DraftBlock, cite, join
from newsletter.compose.extract import Sentence
from newsletter.compose.pool import Pool, newsworthy, telling


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
        extra=extra(story),
    )


def extra(story: BriefStory) -> dict[str, object]:
    """The snapshot that an item shows: scores with their reasons, topics, how many articles on each list."""
    return {
        **story.scores,
        "reasons": dict(story.reasons),
        "topics": list(story.topics),
        "articles": len(story.articles),
        "lists": story.lists,
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
        lead = _other_title(pool, articles, [title], language) or _title_only(headlined, language)
        return title, join([lead, _context_line(pool, story, articles, [title, lead], language)], language)
    context = _context(pool, articles, title, fact, language)
    second = (
        cite(context.text, pool.sources(context, story), language)
        if context
        else _context_line(pool, story, articles, [title, fact.text], language)
    )
    return title, join([cite(fact.text, pool.sources(fact, story), language), second], language)


def _fact(pool: Pool, articles: tuple[BriefArticle, ...], title: str, language: str) -> Sentence | None:
    """What happened: a sentence of its own near the top of an article, close to the headline but no repeat of it."""
    wanted = extract.shingles(title, language)
    free = [s for s in pool.free(articles, language) if not extract.repeats(s.text, title, language)]

    def merit(sentence: Sentence) -> float:
        near = len(sentence.shingles & wanted) / max(1, len(wanted))
        return newsworthy(sentence) + 4.0 * near

    fact = pool.best(free, merit)
    return pool.take(fact) if fact else None


def _context(
    pool: Pool, articles: tuple[BriefArticle, ...], title: str, fact: Sentence, language: str
) -> Sentence | None:
    """What it means: the most telling further sentence; one that leans on its neighbour only right after it."""

    def fits(sentence: Sentence) -> bool:
        follows = sentence.article == fact.article and sentence.index == fact.index + 1
        return (follows or not sentence.leaning) and not extract.repeats(sentence.text, title, language)

    def merit(sentence: Sentence) -> float:
        follows = sentence.article == fact.article and sentence.index == fact.index + 1
        return telling(sentence) + (1.5 if follows else 0.0) + (0.5 if sentence.article == fact.article else 0.0)

    free = [s for s in pool.free(articles, language, leaning=True) if fits(s)]
    context = pool.best(free, merit, least=-5.0)
    return pool.take(context) if context else None


def _context_line(
    pool: Pool, story: BriefStory, articles: tuple[BriefArticle, ...], said: list[str], language: str
) -> str:
    """Where no second sentence is to be had: another outlet's headline, or that of a related story; else nothing."""
    return _other_title(pool, articles, said, language) or _related(pool, story, language)


def _other_title(pool: Pool, articles: tuple[BriefArticle, ...], said: list[str], language: str) -> str:
    """The headline that another article of the story carries, if it says something else."""
    known = [extract.shingles(text, language) for text in said]
    for article in articles:
        title = headline.clean(article.title, language, pool.brief.spellings)
        mine = extract.shingles(title, language)
        if extract.is_round_up(title) or any(extract.alike(mine, other) for other in known):
            continue
        return _line(wording.ALSO[language], title, article.id, language)
    return ""


def _related(pool: Pool, story: BriefStory, language: str) -> str:
    """The headline of a further story about the same names."""
    names = {name for a in story.articles for name in pool.lexicon.find(a.title) if name.kind != "place"}
    for other in pool.brief.further:
        found = None if pool.is_told(other, language) else pool.headline(other, language)
        if found and names & set(pool.lexicon.find(found[0])) and not extract.is_round_up(found[0]):
            pool.tell(other, language)
            return _line(wording.ON_THE_SUBJECT[language], found[0], found[1], language)
    return ""


def _line(lead: str, title: str, article: int, language: str) -> str:
    gap = "" if language == "zh" else " "
    return cite(f"{lead}{gap}{title}{wording.STOP[language]}", [article], language)


def _title_only(article: int, language: str) -> str:
    return wording.TITLE_ONLY[language].format(cite=f"[a{article}]")
