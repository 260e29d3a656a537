"""Paragraphs of sentences from different stories, each cited: what reports and essays are made of."""

from collections.abc import Callable, Iterable, Sequence

from newsletter.compose import headline, sections, wording
from newsletter.compose.brief import BriefArticle, BriefStory
from newsletter.compose.draft import LANGUAGES, Both, cite, join
from newsletter.compose.extract import Sentence
from newsletter.compose.pool import Judge, Pool, newsworthy

Write = Callable[[str], tuple[str, str] | None]  # language -> title and text, None where there is nothing to say


def in_both(write: Write) -> tuple[Both, Both, tuple[str, ...]] | None:
    """Title, text and foreign languages of a block, written in each language on its own.

    Where there is nothing in one language, the other's stands in both and is foreign there; None where both have none.
    """
    written = {language: write(language) for language in LANGUAGES}
    here = [language for language in LANGUAGES if written[language]]
    if not here:
        return None
    foreign = tuple(language for language in LANGUAGES if not written[language])
    en, zh = (written[language] or written[here[0]] or ("", "") for language in LANGUAGES)
    return Both(en[0], zh[0]), Both(en[1], zh[1]), foreign


def articles_for(story: BriefStory, list_slug: str | None, language: str) -> list[BriefArticle]:
    """The story's articles in `language`, those of the list first."""
    articles = story.written_in(language)
    return sorted(articles, key=lambda article: article.list != list_slug) if list_slug else list(articles)


def one_each(
    pool: Pool,
    stories: Iterable[BriefStory],
    language: str,
    *,
    most: int,
    list_slug: str | None = None,
    judge: Judge = newsworthy,
    least: float = 0.0,
) -> list[tuple[BriefStory, Sentence]]:
    """The best free sentence of each of the first `most` stories that have one and were not spoken of before."""
    found: list[tuple[BriefStory, Sentence]] = []
    for story in sorted(stories, key=lambda story: story.slot > 0):  # what is no item of its own comes first
        if len(found) == most:
            break
        if pool.is_spoken(story, language):
            continue
        articles = articles_for(story, list_slug, language)
        own = [article for article in articles if article.list == list_slug] or articles
        for some in (own, articles):
            if sentence := pool.best(pool.free(some, language), judge, least=least):
                found.append((story, pool.take(sentence)))
                pool.speak(story, language)
                break
    return found


def paragraph(
    pool: Pool, said: Sequence[tuple[BriefStory, Sentence]], language: str, lead: str = "", tail: str = ""
) -> str:
    """The sentences in order, each with its citations; `lead` opens the first one, `tail` closes the paragraph."""
    cited = [cite(sentence.text, pool.sources(sentence, story), language) for story, sentence in said]
    return lead + join([*cited, tail], language)


def also_reported(pool: Pool, stories: Iterable[BriefStory], language: str, most: int) -> str:
    """ "Also reported: headline [1]; headline [2]." of stories not told yet; "" where there is none."""
    untold = [story for story in stories if not pool.is_told(story, language)]
    return headlines(pool, untold, language, most, wording.ALSO[language])


def headlines(pool: Pool, stories: Iterable[BriefStory], language: str, most: int, lead: str) -> str:
    """`lead`, then the sound headlines of the first `most` stories that have one; "" where there is none."""
    parts: list[str] = []
    for story in stories:
        found = pool.headline(story, language) if len(parts) < most else None
        if found and headline.is_sound(found[0], language):
            pool.tell(story, language)
            parts.append(cite(found[0], [found[1]], language))
    if not parts:
        return ""
    if language == "zh":
        return lead + "；".join(parts) + "。"
    return f"{lead} {'; '.join(parts)}."


def under(slug: str, language: str) -> str:
    """How a paragraph on a topic opens: "Chips & compute: " and "芯片与算力：" """
    return sections.name(slug)[language] + ("：" if language == "zh" else ": ")


def leading_topics(stories: Sequence[BriefStory], most: int) -> list[str]:
    """The topics that most stories are about, chosen ones counted three times; equal ones in ranked order."""
    weights: dict[str, int] = {}
    for story in stories:
        if story.topic:
            weights[story.topic] = weights.get(story.topic, 0) + (3 if story.slot else 1)
    return sorted(weights, key=lambda slug: -weights[slug])[:most]
