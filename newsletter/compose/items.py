"""The day's items, out of the articles' own sentences: a headline, the fact, then what it means."""

from dataclasses import dataclass

from newsletter import quantities
from newsletter.bilingual import LANGUAGES, Both
from newsletter.compose import attribution, extract, headline, own_words, patterns, wording
from newsletter.compose.brief import BriefArticle, BriefStory
from newsletter.compose.draft import DraftBlock, cite, join
from newsletter.compose.extract import Sentence
from newsletter.compose.pool import Pool, newsworthy, telling
from newsletter.lexicon import Name
from newsletter.typography import is_chinese

SENTENCES = 2  # the fact, and what it means


@dataclass(frozen=True, slots=True)
class _Half:
    """What an item says in one language: its headline, up to two sentences, and who reports it."""

    language: str
    title: str
    sentences: tuple[str, ...]
    leans: bool  # the first of them needs something before it: who reports it then
    reported: tuple[str, ...]  # and whom the other language's report names besides, or what else is told of the actor

    @property
    def text(self) -> str:
        """Two sentences: who reports it stands for those that are wanting."""
        said = (*self.reported[:1], *self.sentences) if self.leans else (*self.sentences, *self.reported)
        return join(said[:SENTENCES], self.language)


def write_items(pool: Pool) -> list[DraftBlock]:
    """One block an item, in the order of their slots."""
    told = {
        (story.id, language): _tell(pool, story, language) for story in pool.brief.chosen for language in LANGUAGES
    }
    return [
        _block(pool, story, {language: told[story.id, language] for language in LANGUAGES})
        for story in pool.brief.chosen
    ]


def _block(pool: Pool, story: BriefStory, told: dict[str, _Half | None]) -> DraftBlock:
    """Where a language can't say the headline, the original stands and is marked foreign, under what it is about.

    An original without a sentence is not repeated: its headline is quoted in the reader's own language.
    """
    foreign = tuple(language for language in LANGUAGES if told[language] is None)
    titles, texts = dict[str, str](), dict[str, str]()
    for language in LANGUAGES:
        half = told[language] or told[_other(language)]
        if half is None:
            continue
        titles[language], texts[language] = half.title, half.text
        if language in foreign and (gloss := attribution.gloss(pool, story, language)):
            titles[language] = gloss
            if not half.sentences:
                texts[language] = attribution.titled(pool, story, language)
                if language == "zh" or not is_chinese(texts[language]):  # Han in English can't be read at all
                    foreign = tuple(each for each in foreign if each != language)
    return DraftBlock(
        key=f"item-{story.slot}",
        kind="item",
        story=story.id,
        title=Both(titles.get("en", ""), titles.get("zh", "")),
        text=Both(texts.get("en", ""), texts.get("zh", "")),
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


def _tell(pool: Pool, story: BriefStory, language: str) -> _Half | None:
    """The item in one language; None where no article of the story is in it, nor its headline said in it."""
    found = pool.headline(story, language)
    if found is None:
        return None
    pool.tell(story, language)
    articles = story.written_in(language)
    fact = _fact(pool, articles, found.text, language)
    context = _context(pool, articles, found.text, fact, language)
    said = [
        cite(fact.text, pool.sources(fact, story, found.article), language) if fact else "",
        cite(context.text, pool.sources(context, story), language) if context else "",
    ]
    known = [found.text, *(sentence.text for sentence in (fact, context) if sentence)]
    said = [sentence for sentence in said if sentence]
    if len(said) < SENTENCES and (fact_elsewhere := _rendered(pool, story, known, language)):
        said.append(fact_elsewhere)
        known.append(fact_elsewhere)
    further = _other_title(pool, story, known, language) if len(said) < SENTENCES else ""
    if said and further:
        said, further = [*said, further], ""
    if not said:
        further = further or attribution.also_named(pool, story, known, language)
    if len(said) < SENTENCES:
        further = further or _related(pool, story, language)
    reported = _reported(pool, story, found.article)
    leans = fact is None and context is not None and context.leaning
    return _Half(language, found.text, tuple(said), leans, tuple(filter(None, (reported, further))))


def _fact(pool: Pool, articles: tuple[BriefArticle, ...], title: str, language: str) -> Sentence | None:
    """What happened: a sentence of its own near the top of an article, close to the headline but no repeat of it."""
    wanted = extract.shingles(title, language)
    free = [s for s in pool.free(articles, language) if not extract.repeats(s.text, title, language)]
    figures = frozenset(quantities.keys(title))
    names = frozenset(pool.lexicon.find(title))

    def merit(sentence: Sentence) -> float:
        # Near to the item's headline, whichever headline its own article has: what it promises is told.
        near = len(sentence.shingles & wanted) / max(1, len(wanted))
        told = 2.5 * bool(figures & sentence.figures) + 1.5 * (not names.isdisjoint(pool.lexicon.find(sentence.text)))
        return newsworthy(sentence) + told + 4.0 * near - 2.0 * sentence.near

    fact = pool.best(free, merit)
    return pool.take(fact) if fact else None


def _context(
    pool: Pool, articles: tuple[BriefArticle, ...], title: str, fact: Sentence | None, language: str
) -> Sentence | None:
    """What it means: the most telling further sentence; one that leans on its neighbour only right after it.

    Without a fact an article's first sentence may lean on the headline: "The move could ...". A figure that the
    headline has and the fact has not comes first.
    """
    headlined = frozenset(quantities.keys(title))
    promised = frozenset[str]() if fact and headlined & fact.figures else headlined

    def follows(sentence: Sentence) -> bool:
        if fact is None:
            return sentence.index == 0 and not patterns.JOINING[language].match(sentence.text)
        return sentence.article == fact.article and sentence.index == fact.index + 1

    def fits(sentence: Sentence) -> bool:
        return (follows(sentence) or pool.stands_alone(sentence)) and not extract.repeats(
            sentence.text, title, language
        )

    def merit(sentence: Sentence) -> float:
        missing = bool(promised & sentence.figures)
        beside = fact is not None and sentence.article == fact.article
        near = (1.5 if follows(sentence) else 0.0) + (0.5 if beside else 0.0)
        return telling(sentence) + near + (3.0 if missing else 0.0)

    free = [s for s in pool.free(articles, language, leaning=True) if fits(s)]
    context = pool.best(free, merit, least=-5.0)
    return pool.take(context) if context else None


def _other_title(pool: Pool, story: BriefStory, said: list[str], language: str) -> str:
    """The headline that another article of the story carries, if it says something else."""
    known = [extract.shingles(text, language) for text in said]
    for article in story.written_in(language):
        title = headline.clean(article.title, language, pool.brief.spellings)
        mine = extract.shingles(title, language)
        if not extract.is_report(article) or any(extract.alike(mine, other) for other in known):
            continue
        if headline.is_sound(title, language):
            return _line(wording.ALSO, title, article.id, language)
    return ""


def _rendered(pool: Pool, story: BriefStory, said: list[str], language: str) -> str:
    """What the other language's reports say first, where it can be said in this one."""
    fact = pool.rendered_fact(story, language, said)
    return cite(f"{fact.text}{wording.STOP[language]}", [fact.article], language) if fact else ""


def _related(pool: Pool, story: BriefStory, language: str) -> str:
    """The headline of a further story with one of the same actors: "Also on Nvidia: ..."."""
    for actor in _actors(pool, story):
        for other in pool.brief.further:
            if pool.is_told(other, language) or actor not in _actors(pool, other)[:1]:
                continue
            if found := pool.sound_headline(other, language):
                pool.tell(other, language)
                return _line(wording.also_on(actor), found.text, found.article, language)
    return ""


def _reported(pool: Pool, story: BriefStory, headlined: int) -> str:
    """Who reports it, said in the reader's language: it is no original where a half borrows the other's words."""
    return own_words.own(Both(*(attribution.reported_by(pool.brief, story, each, headlined) for each in LANGUAGES)))


def _actors(pool: Pool, story: BriefStory) -> list[Name]:
    """The companies that all of the story's headlines name; where there is none, its agencies, models or products."""
    named = [pool.lexicon.find(article.title) for article in story.articles]
    shared = [name for name in named[0] if all(name in names for names in named)]
    kinds = ("company", "agency", "model", "product")
    first = min((kinds.index(name.kind) for name in shared if name.kind in kinds), default=0)
    return [name for name in shared if name.kind == kinds[first]]


def _line(lead: Both, title: str, article: int, language: str) -> str:
    return own_words.own(lead) + cite(f"{title}{wording.STOP[language]}", [article], language)
