"""What is said across the lists: side by side, the analysis, and the four questions."""

import re
from collections import Counter
from collections.abc import Iterable

from newsletter.bilingual import LANGUAGES, Both
from newsletter.compose import passages, sections, wording
from newsletter.compose.brief import BriefList, BriefStory
from newsletter.compose.draft import DraftBlock, cite, join
from newsletter.compose.extract import alike, length, shingles
from newsletter.compose.headline import is_sound
from newsletter.compose.own_words import own
from newsletter.compose.passages import Told
from newsletter.compose.pool import Pool, forward, telling

SHARED = 4
ONLY = 4
THEMES = 3
FEW = 4  # stories told where no topic makes a paragraph
SENTENCES = 3
# Who builds with what is told, and what it costs them.
_BUILDERS = {
    "en": re.compile(
        r"\b(?:developers?|engineers?|start-?ups?|founders?|entrepreneurs?|small companies|API|per million)\b"
    ),
    "zh": re.compile(r"开发者|工程师|创业|初创|中小企业|接口|每百万"),
}
ANSWER = {"en": 40.0, "zh": 75.0}  # words; Han characters
TREND = {"en": 55.0, "zh": 100.0}
TRENDS = 3
Part = tuple[int, str, int, str]  # a story, its headline, the headline's article, and what opens it


def write_comparison(pool: Pool) -> DraftBlock | None:
    """A paragraph a story that several lists report, each with its own angle; then what only one of them has."""
    shared = [story for story in pool.brief.stories if len(story.lists) > 1][:SHARED]
    only = {desk.slug: [s for s in pool.brief.stories if set(s.lists) == {desk.slug}] for desk in pool.brief.lists}

    def write(language: str) -> tuple[str, str] | None:
        both = [line for story in shared if (line := _side_by_side(pool, story, language))]
        alone = [line for desk in pool.brief.lists if (line := _only(pool, desk, only[desk.slug], language))]
        return ("", "\n\n".join([*both, *alone])) if both or alone else None

    written = passages.in_both(write)
    if written is None:
        return None
    counts = [{"story": story.id, "lists": story.lists} for story in shared]
    title = wording.COMPARISON
    return DraftBlock("comparison", "comparison", written[1], title, foreign=written[2], extra={"shared": counts})


def _side_by_side(pool: Pool, story: BriefStory, language: str) -> str:
    """ "Headline. China media: sentence [1]. US media report it too [2]." """
    found = pool.headline(story, language)
    if found is None:
        return ""
    angles = [_angle(pool, story, desk, language, found) for desk in _desks(pool, story)]
    title = found[0] + wording.STOP[language]
    if not any(own for own, _ in angles):
        return join([title, wording.all_report(_desks(pool, story), story, found[1])], language)
    return join([title, *(text for _, text in sorted(angles, key=lambda angle: not angle[0]))], language)


def _angle(
    pool: Pool, story: BriefStory, desk: BriefList, language: str, headline: tuple[str, int]
) -> tuple[bool, str]:
    """Whether the list's own words could be had, and the sentence."""
    theirs = passages.own(story, language, desk.slug)
    lead = own(Both(f"{desk.names['en']}:", f"{desk.names['zh']}："))
    # Under its headline a sentence may lean: "The move could …".
    free = [s for s in pool.free(theirs, language, leaning=True) if s.index == 0 or pool.stands_alone(s)]
    if sentence := pool.best(free, telling, least=-5.0):
        pool.take(sentence)
        ids = pool.sources(sentence, story, headline[1] if headline[1] in [a.id for a in theirs] else sentence.article)
        return True, lead + cite(sentence.text, ids, language)
    other = pool.headline(story, language, [desk.slug])
    if other and other[1] != headline[1] and not alike(shingles(other[0], language), shingles(headline[0], language)):
        return True, lead + cite(f"{other[0]}{wording.STOP[language]}", [other[1]], language)
    first = next(article for article in story.articles if article.list == desk.slug)
    return False, own(Both(f"{desk.names['en']} report it too.", f"{desk.names['zh']}也有报道。"), [first.id])


def _desks(pool: Pool, story: BriefStory) -> list[BriefList]:
    return [desk for desk in pool.brief.lists if desk.slug in story.lists]


def _only(pool: Pool, desk: BriefList, stories: list[BriefStory], language: str) -> str:
    lead = own(Both(f"{desk.names['en']} only.", f"只见于{desk.names['zh']}。"))
    return passages.headlines(pool, [story for story in stories if not story.slot], language, ONLY, lead)


def write_analysis(pool: Pool) -> DraftBlock | None:
    """What each list wrote most about; a paragraph a theme of the day's most telling sentences; what is to come.

    Stories told in both languages come first, so that the halves speak of the same events.
    """
    themes = _themes(pool, passages.reasons(pool))
    if max(len(_fit(themes, language)) for language in LANGUAGES) < 2:
        themes = _themes(pool, passages.news(pool, judge=telling))  # a thin day
    fit = passages.in_common({language: _fit(themes, language) for language in LANGUAGES})

    def write(language: str) -> tuple[str, str] | None:
        paragraphs = []
        for slug in fit[language][:THEMES]:
            said = passages.take(pool, themes[slug][language], language, speak=False)
            if sum(len(told.sentences) for told in said) > 1:
                paragraphs.append(passages.paragraph(pool, said, language, passages.under(slug)))
        if not paragraphs and (said := _best_of_day(pool, language)):
            paragraphs = [passages.paragraph(pool, said, language)]
        if not paragraphs:
            return None
        paragraphs = [_contrast(pool, language), *paragraphs, _ahead(pool, language)]
        return "", "\n\n".join(part for part in paragraphs if part)

    written = passages.in_both(write)
    return DraftBlock("analysis", "analysis", written[1], written[0], foreign=written[2]) if written else None


def _best_of_day(pool: Pool, language: str) -> list[Told]:
    """Where no topic makes a paragraph: what the day's stories tell in `language`, whatever their topics."""
    told: list[Told] = []
    for find in (passages.reasons(pool), passages.news(pool, judge=telling)):
        for story in pool.brief.stories:
            if len(told) < FEW and story not in [each.story for each in told] and (found := find(story, language)):
                told += passages.take(pool, [Told(story, found)], language, speak=False)
    return told


def _themes(pool: Pool, find: passages.Find) -> dict[str, dict[str, list[Told]]]:
    """Topic -> language -> what `find` finds in its stories."""
    themes = {}
    for slug in passages.leading_topics(pool.brief.stories, 8):
        about = [story for story in pool.brief.stories if story.topic == slug]
        themes[slug] = passages.one_each(pool, about, find, SENTENCES)
    return themes


def _fit(themes: dict[str, dict[str, list[Told]]], language: str) -> list[str]:
    """The topics that make a paragraph in `language`: at least two sentences."""
    return [slug for slug, said in themes.items() if sum(len(told.sentences) for told in said[language]) > 1]


def _ahead(pool: Pool, language: str) -> str:
    """What the day's stories say is to come."""
    find = passages.news(pool, judge=forward, least=3.0)
    said: list[Told] = []
    for story in pool.brief.stories:
        if len(said) < 2 and (sentences := find(story, language)):
            said += passages.take(pool, [Told(story, sentences)], language, speak=False)
    return passages.paragraph(pool, said, language, own(wording.AHEAD)) if len(said) > 1 else ""


def _contrast(pool: Pool, language: str) -> str:
    """What each list wrote most about, with a headline of its own as witness; "" where one has none."""
    parts = []
    for desk in pool.brief.lists:
        slug = desk.topics[0][0] if desk.topics else ""
        found = _witness(pool, desk, slug, language)
        if found is None:
            return ""
        topic = sections.name(slug)
        en = f"{desk.names['en']} wrote most about {topic.en.lower().replace(' & ', ' and ')}:"
        lead = own(Both(en, f"{desk.names['zh']}写得最多的是{topic.zh}："))
        parts.append(lead + cite(found[0], [found[1]], language))
    return (("；" if language == "zh" else "; ").join(parts) + wording.STOP[language]) if len(parts) > 1 else ""


def _witness(pool: Pool, desk: BriefList, slug: str, language: str) -> tuple[str, int] | None:
    """The list's own headline of its highest story on the topic; of another one than the list before it used."""
    for story in pool.brief.of_list(desk.slug):
        fits = story.topic == slug and pool.pertinence.speaks(story)
        found = pool.headline(story, language, [desk.slug]) if fits else None
        if found and is_sound(found[0], language) and set(story.lists) == {desk.slug}:
            return found
    return None


def write_answers(pool: Pool) -> list[DraftBlock]:
    """The four questions, answered with the day's headlines and one sentence; no headline answers twice."""
    stories = pool.brief.stories
    home = [story for story in stories if story.region == "CN"]
    abroad = [story for story in stories if story.region not in ("CN", "")]
    texts: dict[str, list[str]] = {}
    for language in LANGUAGES:
        told: set[int] = set()
        trends = _trends(pool, language, told)
        china, others = _main_line(pool, home, language, told), _main_line(pool, abroad, language, told)
        texts[language] = [trends, china, others, _for_builders(pool, language, told)]
    blocks = []
    for n, question in enumerate(wording.QUESTIONS):
        pairs = {language: (question[language], texts[language][n]) for language in LANGUAGES if texts[language][n]}
        if written := passages.in_both(pairs.get):
            counts = n == 0  # the trends are counted from data
            blocks.append(DraftBlock(f"qa-{n + 1}", "qa", written[1], question, foreign=written[2], data=counts))
    return blocks


def _trends(pool: Pool, language: str, told: set[int]) -> str:
    """Which topics most articles are about, counted; and for each the highest story's headline."""
    counts: Counter[str] = Counter()
    for desk in pool.brief.lists:
        counts.update(dict(desk.topics))
    leading = sorted(counts.items(), key=lambda pair: (-pair[1], pair[0]))[:TRENDS]
    parts = []
    for slug, _ in leading:
        about = (story for story in pool.brief.stories if story.topic == slug and story.id not in told)
        if story := next((story for story in about if _sound(pool, story, language)), None):
            found = _sound(pool, story, language)
            parts += [(story.id, *found, passages.under(slug))] if found else []
    if not parts:
        return ""
    return own(wording.leading(leading)) + _fitting(parts, language, told, TREND[language])


def _main_line(pool: Pool, stories: Iterable[BriefStory], language: str, told: set[int]) -> str:
    parts: list[Part] = []
    for story in stories:
        found = _sound(pool, story, language)
        if found and story.id not in told and len(parts) < 3:
            parts.append((story.id, *found, ""))
    return _fitting(parts, language, told, ANSWER[language])


def _sound(pool: Pool, story: BriefStory, language: str) -> tuple[str, int] | None:
    found = pool.headline(story, language) if pool.pertinence.speaks(story) else None
    return found if found and is_sound(found[0], language) else None


def _for_builders(pool: Pool, language: str, told: set[int]) -> str:
    """A sentence that speaks of them, from a story of the topics they work with; headlines where there is none."""
    slugs = sections.slugs_of("builders")
    about = [story for story in pool.brief.stories if story.topic in slugs]
    about.sort(key=lambda story: bool(sections.slugs_of("business") & set(story.topics[:2])))  # tools before deals
    fits = pool.pertinence.fits
    for story in about:
        for sentence in pool.free(story.written_in(language), language):
            speaks = sentence.reason and _BUILDERS[language].search(sentence.text) and fits(sentence, story)
            if speaks and length(sentence.text, language) <= ANSWER[language]:
                return passages.paragraph(pool, [Told(story, (pool.take(sentence),))], language)
    return _main_line(pool, about, language, told)


def _fitting(parts: list[Part], language: str, told: set[int], room: float) -> str:
    """As many headlines as there is room for, the first one always."""
    taken: list[str] = []
    for story, text, source, lead in parts:
        size = length(text, language)
        if not taken or size <= room:
            taken.append(lead + cite(text, [source], language))
            told.add(story)
            room -= size
    return (("；" if language == "zh" else "; ").join(taken) + wording.STOP[language]) if taken else ""
