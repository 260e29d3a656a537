"""Paragraphs of sentences from different stories, each cited: what reports and essays are made of."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

from newsletter.bilingual import LANGUAGES, Both
from newsletter.compose import own_words, sections, wording
from newsletter.compose.brief import BriefArticle, BriefStory
from newsletter.compose.draft import cite, join
from newsletter.compose.extract import Sentence
from newsletter.compose.pool import Judge, Pool, newsworthy, telling


@dataclass(frozen=True, slots=True)
class Told:
    """A story, and the sentences that tell of it in one language."""

    story: BriefStory
    sentences: tuple[Sentence, ...]


Find = Callable[[BriefStory, str], tuple[Sentence, ...]]  # story and language -> its sentences, none where it has none
Write = Callable[[str], tuple[str, str] | None]  # language -> title and text, None where there is nothing to say


def in_both(write: Write) -> tuple[Both, Both, tuple[str, ...]] | None:
    """Title, text and foreign languages of a block, written in each language on its own.

    Where there is no text in one language, the other's stands in both and is foreign there, under a title of that
    language where it has one; None where both have none.
    """
    written = {language: write(language) or ("", "") for language in LANGUAGES}
    here = [language for language in LANGUAGES if written[language][1]]
    if not here:
        return None
    foreign = tuple(language for language in LANGUAGES if language not in here)
    titles = (written[language][0] or written[here[0]][0] for language in LANGUAGES)
    texts = (written[language][1] or written[here[0]][1] for language in LANGUAGES)
    return Both(*titles), Both(*texts), foreign


def in_common(fit: Mapping[str, list[str]]) -> dict[str, list[str]]:
    """Of the topics that fit each language those that fit both, where they are two or more: the halves then answer."""
    both = [slug for slug in fit["en"] if slug in fit["zh"]]
    return dict.fromkeys(LANGUAGES, both) if len(both) > 1 else dict(fit)


def news(pool: Pool, list_slug: str | None = None, *, judge: Judge = newsworthy, least: float = 0.0) -> Find:
    """Finds a story's best free sentence on the subject."""

    def find(story: BriefStory, language: str) -> tuple[Sentence, ...]:
        free = [s for s in pool.free(own(story, language, list_slug), language) if not s.background]
        free = [s for s in free if pool.pertinence.fits(s, story)]
        best = pool.best(free, judge, least=least)
        return (best,) if best else ()

    return find


def reasons(pool: Pool, list_slug: str | None = None) -> Find:
    """Finds the sentence of a story that best says why, or what follows, and the one before it if it leans on that."""
    return lambda story, language: _reasoned(pool, story, own(story, language, list_slug))


def own(story: BriefStory, language: str, list_slug: str | None) -> Sequence[BriefArticle]:
    """The story's articles in `language`: the list's own where one is named, whose report cites no other list."""
    return [a for a in story.written_in(language) if list_slug is None or a.list == list_slug]


def _reasoned(pool: Pool, story: BriefStory, articles: Sequence[BriefArticle]) -> tuple[Sentence, ...]:
    ways: list[tuple[float, tuple[Sentence, ...]]] = []
    for article in articles:
        free = {sentence.index: sentence for sentence in pool.free([article], article.language, leaning=True)}
        for sentence in free.values():
            before = free.get(sentence.index - 1)
            if not (sentence.named or sentence.figures) or sentence.background:
                continue
            if sentence.reason and pool.stands_alone(sentence):
                ways.append((telling(sentence), (sentence,)))
            elif sentence.reason and before and pool.stands_alone(before) and pool.has_room(article.id, 2):
                ways.append((telling(sentence) + 1.0, (before, sentence)))
    ways = [way for way in ways if any(pool.pertinence.fits(sentence, story) for sentence in way[1])]
    return max(ways, key=lambda way: way[0], default=(0.0, ()))[1]


def one_each(pool: Pool, stories: Iterable[BriefStory], find: Find, most: int) -> dict[str, list[Told]]:
    """Language -> up to `most` stories with what `find` finds in them, nothing taken yet.

    Stories told in both languages come first, so that the two texts are about the same events as far as they can be;
    then those that are no item of their own.
    """
    found: dict[str, list[Told]] = {language: [] for language in LANGUAGES}
    ways = []
    for story in stories:
        said = {language: () if pool.is_spoken(story, language) else find(story, language) for language in LANGUAGES}
        ways.append((not all(said.values()), story.slot > 0, story, said))
    for _, _, story, said in sorted(ways, key=lambda way: way[:2]):
        for language, sentences in said.items():
            if sentences and len(found[language]) < most:
                found[language].append(Told(story, sentences))
    return found


def take(pool: Pool, said: Iterable[Told], language: str, *, speak: bool = True) -> list[Told]:
    """Those of `said` that are still free, now taken: a near-repeat of one before it is not.

    With `speak` no other part of a report comes back to their stories.
    """
    taken = []
    for told in said:
        if not any(pool.is_used(sentence) for sentence in told.sentences):
            for sentence in told.sentences:
                pool.take(sentence)
            if speak:
                pool.speak(told.story, language)
            taken.append(told)
    return taken


def paragraph(
    pool: Pool,
    said: Iterable[Told],
    language: str,
    lead: str = "",
    tail: str = "",
    headlined: int | None = None,
    desk: str | None = None,
) -> str:
    """The sentences in order, each with its citations; `lead` opens the first one, `tail` closes the paragraph.

    `headlined` is the article of a headline above, which the first sentence then cites too; in the report of the list
    `desk` only its own articles bear a sentence out.
    """
    pairs = [(told.story, sentence) for told in said for sentence in told.sentences]
    cited = [
        cite(sentence.text, pool.sources(sentence, story, None if n else headlined, desk), language)
        for n, (story, sentence) in enumerate(pairs)
    ]
    return lead + join([*cited, tail], language)


def also_reported(
    pool: Pool, stories: Iterable[BriefStory], language: str, most: int, desk: str, lead: Both = wording.ALSO
) -> str:
    """ "Also reported: headline [1]; headline [2]." of the list's stories not told yet; "" where there is none."""
    untold = [story for story in stories if not pool.is_told(story, language)]
    return headlines(pool, untold, language, most, own_words.own(lead), desk)


def headlines(
    pool: Pool, stories: Iterable[BriefStory], language: str, most: int, lead: str, desk: str | None = None
) -> str:
    """`lead`, then the sound headlines of the first `most` stories that have one; "" where there is none."""
    parts: list[str] = []
    for story in stories:
        found = pool.sound_headline(story, language, desk and [desk]) if len(parts) < most else None
        if found:
            pool.tell(story, language)
            parts.append(cite(found.text, [found.article], language))
    if not parts:
        return ""
    if language == "zh":
        return lead + "；".join(parts) + "。"
    return f"{lead}{'; '.join(parts)}."


def under(slug: str) -> str:
    """How a paragraph on a topic opens: "Chips & compute:" and "芯片与算力：" """
    name = sections.name(slug)
    return own_words.own(Both(f"{name.en}:", f"{name.zh}："))


def leading_topics(stories: Sequence[BriefStory], most: int) -> list[str]:
    """The topics that most stories are about, chosen ones counted three times; equal ones in ranked order."""
    weights: dict[str, int] = {}
    for story in stories:
        if story.topic:
            weights[story.topic] = weights.get(story.topic, 0) + (3 if story.slot else 1)
    return sorted(weights, key=lambda slug: -weights[slug])[:most]
