"""What is said across the lists: side by side, the analysis, and the four questions."""

from collections.abc import Callable, Iterable

from newsletter.compose import passages, sections, wording
from newsletter.compose.brief import BriefList, BriefStory
from newsletter.compose.draft import LANGUAGES, DraftBlock, cite, join
from newsletter.compose.extract import Sentence, alike, length, shingles
from newsletter.compose.pool import Pool, forward, telling

SHARED = 4
ONLY = 4
THEMES = 3
ANSWER = {"en": 40.0, "zh": 75.0}  # words; Han characters


def write_comparison(pool: Pool) -> DraftBlock | None:
    """A paragraph a story that several lists report, each with its own angle; then what only one of them has."""
    shared = [story for story in pool.brief.stories if len(story.lists) > 1][:SHARED]
    only = {desk.slug: [s for s in pool.brief.stories if set(s.lists) == {desk.slug}] for desk in pool.brief.lists}

    def write(language: str) -> tuple[str, str] | None:
        both = [line for story in shared if (line := _side_by_side(pool, story, language))]
        alone = [line for desk in pool.brief.lists if (line := _only(pool, desk, only[desk.slug], language))]
        return (wording.COMPARISON[language], "\n\n".join([*both, *alone])) if both or alone else None

    written = passages.in_both(write)
    if written is None:
        return None
    counts = [{"story": story.id, "lists": story.lists} for story in shared]
    return DraftBlock("comparison", "comparison", written[1], written[0], foreign=written[2], extra={"shared": counts})


def _side_by_side(pool: Pool, story: BriefStory, language: str) -> str:
    """ "Headline. China media: sentence [1]. US media report it too [2]." """
    found = pool.headline(story, language)
    if found is None:
        return ""
    angles = [_angle(pool, story, desk, language, found) for desk in _desks(pool, story)]
    title = found[0] + wording.STOP[language]
    if not any(own for own, _ in angles):
        return join([title, wording.all_report(_desks(pool, story), story, language)], language)
    return join([title, *(text for _, text in sorted(angles, key=lambda angle: not angle[0]))], language)


def _angle(
    pool: Pool, story: BriefStory, desk: BriefList, language: str, headline: tuple[str, int]
) -> tuple[bool, str]:
    """Whether the list's own words could be had, and the sentence."""
    own = [article for article in story.written_in(language) if article.list == desk.slug]
    name = desk.names[language]
    gap = "：" if language == "zh" else ": "
    # Under its headline a sentence may lean: "The move could …".
    free = [s for s in pool.free(own, language, leaning=True) if s.index == 0 or pool.stands_alone(s)]
    if sentence := pool.best(free, telling, least=-5.0):
        pool.take(sentence)
        return True, cite(f"{name}{gap}{sentence.text}", pool.sources(sentence, story)[:1], language)
    other = pool.headline(story, language, [desk.slug])
    if other and other[1] != headline[1] and not alike(shingles(other[0], language), shingles(headline[0], language)):
        return True, cite(f"{name}{gap}{other[0]}{wording.STOP[language]}", [other[1]], language)
    first = next(article for article in story.articles if article.list == desk.slug)
    text = f"{name}也有报道。" if language == "zh" else f"{name} report it too."
    return False, cite(text, [first.id], language)


def _desks(pool: Pool, story: BriefStory) -> list[BriefList]:
    return [desk for desk in pool.brief.lists if desk.slug in story.lists]


def _only(pool: Pool, desk: BriefList, stories: list[BriefStory], language: str) -> str:
    name = desk.names[language]
    lead = f"只见于{name}。" if language == "zh" else f"{name} only."
    return passages.headlines(pool, [story for story in stories if not story.slot], language, ONLY, lead)


def write_analysis(pool: Pool) -> DraftBlock | None:
    """The day's most telling sentences, a paragraph a theme, both lists together; then what is to come."""

    def write(language: str) -> tuple[str, str] | None:
        stories = [story for story in pool.brief.stories if story.written_in(language)]
        paragraphs = [contrast] if (contrast := _contrast(pool, language)) else []
        for slug in passages.leading_topics(stories, 8):
            about = [story for story in stories if story.topic == slug]
            said = _most_telling(pool, about, language)
            if len(said) >= 2:
                paragraphs.append(passages.paragraph(pool, said, language, passages.under(slug, language)))
            if len(paragraphs) > THEMES:
                break
        if len(paragraphs) < 2:
            return None
        ahead = passages.one_each(pool, stories, language, most=3, judge=forward, least=3.0)
        if len(ahead) >= 2:
            lead = "接下来：" if language == "zh" else "What comes next: "
            paragraphs.append(passages.paragraph(pool, ahead, language, lead))
        return "", "\n\n".join(paragraphs)

    written = passages.in_both(write)
    return DraftBlock("analysis", "analysis", written[1], written[0], foreign=written[2]) if written else None


def _contrast(pool: Pool, language: str) -> str:
    """What each list wrote most about, with a story of each topic as witness."""
    parts = []
    for desk in pool.brief.lists:
        shown = [(slug, source) for slug, _ in desk.topics[:2] if (source := _witness(pool, desk, slug))]
        if shown:
            topics = [sections.name(slug)[language] for slug, _ in shown]
            topics = topics if language == "zh" else [topic.lower() for topic in topics]
            said = "，其次是" if language == "zh" else ", then "
            verb = "写得最多的是" if language == "zh" else " wrote most about "
            parts.append(cite(desk.names[language] + verb + said.join(topics), [s for _, s in shown], language))
    return (("；" if language == "zh" else "; ").join(parts) + wording.STOP[language]) if len(parts) > 1 else ""


def _witness(pool: Pool, desk: BriefList, slug: str) -> int | None:
    """The first article of the list in its highest story on the topic."""
    about = [story for story in pool.brief.of_list(desk.slug) if story.topic == slug]
    return next((article.id for story in about for article in story.articles if article.list == desk.slug), None)


def _most_telling(pool: Pool, stories: list[BriefStory], language: str) -> list[tuple[BriefStory, Sentence]]:
    """Up to three sentences that say why, from the stories where they say it best, in ranked order."""
    candidates = []
    for story in stories:
        best = pool.best(pool.free(story.written_in(language), language), telling, least=1.9)
        if best:
            candidates.append((story, best))
    candidates.sort(key=lambda pair: -telling(pair[1]))
    said: list[tuple[BriefStory, Sentence]] = []
    for story, sentence in candidates:
        if len(said) < 3 and not pool.is_used(sentence):
            said.append((story, pool.take(sentence)))
    return sorted(said, key=lambda pair: pair[0].position)


def write_answers(pool: Pool) -> list[DraftBlock]:
    """The four questions, answered with the day's topics and headlines."""
    stories = pool.brief.stories
    about: list[Callable[[str], str]] = [
        lambda language: _by_topic(pool, stories, language),
        lambda language: _main_line(pool, [s for s in stories if s.region == "CN"], language),
        lambda language: _main_line(pool, [s for s in stories if s.region not in ("CN", "")], language),
        lambda language: _for_builders(pool, language),
    ]
    blocks = []
    for n, (question, answer) in enumerate(zip(wording.QUESTIONS, about, strict=True), 1):
        texts = {language: answer(language) for language in LANGUAGES}
        pairs = {language: (question[language], texts[language]) for language in LANGUAGES if texts[language]}
        written = passages.in_both(pairs.get)
        if written:
            blocks.append(DraftBlock(f"qa-{n}", "qa", written[1], question, foreign=written[2]))
    return blocks


def _by_topic(pool: Pool, stories: Iterable[BriefStory], language: str) -> str:
    """The leading topics, each with the headline that stands for it."""
    there = [story for story in stories if story.written_in(language)]
    parts = []
    for slug in passages.leading_topics(there, 3):
        story = next(story for story in there if story.topic == slug)
        if found := pool.headline(story, language):
            parts.append((sections.name(slug)[language], *found))
    return _fitting(
        [(f"{name}{'：' if language == 'zh' else ': '}{title}", source) for name, title, source in parts], language
    )


def _main_line(pool: Pool, stories: Iterable[BriefStory], language: str) -> str:
    found = [pool.headline(story, language) for story in stories if story.written_in(language)]
    return _fitting([pair for pair in found if pair][:3], language)


def _for_builders(pool: Pool, language: str) -> str:
    """The most telling sentences of stories that builders work with; a headline where there is none."""
    slugs = sections.slugs_of("builders")
    about = [story for story in pool.brief.stories if story.topic in slugs and story.written_in(language)]
    said = _most_telling_short(pool, about, language)
    if said:
        return passages.paragraph(pool, said, language)
    return _main_line(pool, about, language)


def _most_telling_short(pool: Pool, stories: list[BriefStory], language: str) -> list[tuple[BriefStory, Sentence]]:
    for story in stories:
        free = [
            s for s in pool.free(story.written_in(language), language) if length(s.text, language) <= ANSWER[language]
        ]
        if best := pool.best(free, telling, least=1.9):
            return [(story, pool.take(best))]
    return []


def _fitting(parts: list[tuple[str, int]], language: str) -> str:
    """As many headlines as an answer holds, the first one always."""
    taken: list[tuple[str, int]] = []
    for text, source in parts:
        whole = " ".join([*(t for t, _ in taken), text])
        if not taken or length(whole, language) <= ANSWER[language]:
            taken.append((text, source))
    marked = [cite(text, [source], language) for text, source in taken]
    return (("；" if language == "zh" else "; ").join(marked) + wording.STOP[language]) if marked else ""
