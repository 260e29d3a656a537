"""Paragraphs of sentences from different stories, each cited: what reports and essays are made of."""

from collections.abc import Callable, Iterable, Sequence

from newsletter.compose import headline, sections, wording
from newsletter.compose.brief import BriefStory
from newsletter.compose.draft import LANGUAGES, Both, cite, join
from newsletter.compose.extract import Sentence
from newsletter.compose.pool import Judge, Pool, newsworthy

Told = tuple[BriefStory, Sentence]
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


def pick(
    pool: Pool,
    story: BriefStory,
    language: str,
    *,
    list_slug: str | None = None,
    judge: Judge = newsworthy,
    least: float = 0.0,
) -> Sentence | None:
    """The story's best free sentence in `language`: the list's own outlets are asked first, then the others."""
    articles = story.written_in(language)
    own = [article for article in articles if article.list == list_slug]
    for some in (own, articles) if own else (articles,):
        if sentence := pool.best(pool.free(some, language), judge, least=least):
            return sentence
    return None


def one_each(
    pool: Pool,
    stories: Iterable[BriefStory],
    *,
    most: int,
    list_slug: str | None = None,
    judge: Judge = newsworthy,
    least: float = 0.0,
) -> dict[str, list[Told]]:
    """Language -> up to `most` stories with a sentence each, none taken yet.

    Stories told in both languages come first, so that the two texts are about the same events as far as they can be;
    then those that are no item of their own.
    """
    found: dict[str, list[Told]] = {language: [] for language in LANGUAGES}
    ways = []
    for story in stories:
        sentences = {
            language: None
            if pool.is_spoken(story, language)
            else pick(pool, story, language, list_slug=list_slug, judge=judge, least=least)
            for language in LANGUAGES
        }
        ways.append((None in sentences.values(), story.slot > 0, story, sentences))
    for _, _, story, sentences in sorted(ways, key=lambda way: way[:2]):
        for language, sentence in sentences.items():
            if sentence and len(found[language]) < most:
                found[language].append((story, sentence))
    return found


def take(pool: Pool, said: Iterable[Told], language: str) -> list[Told]:
    """Those of `said` that are still free, now taken: a near-repeat of one before it is not."""
    taken = []
    for story, sentence in said:
        if not pool.is_used(sentence):
            pool.take(sentence)
            pool.speak(story, language)
            taken.append((story, sentence))
    return taken


def paragraph(pool: Pool, said: Sequence[Told], language: str, lead: str = "", tail: str = "") -> str:
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
