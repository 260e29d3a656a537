"""What is said across the lists: side by side, the analysis, and the four questions."""

import re
from collections import Counter
from collections.abc import Collection, Sequence

from newsletter.bilingual import LANGUAGES, Both
from newsletter.compose import passages, sections, wording
from newsletter.compose.brief import BriefList, BriefStory
from newsletter.compose.draft import DraftBlock, cite, join
from newsletter.compose.extract import Sentence, alike, length, shingles
from newsletter.compose.headline import Headline
from newsletter.compose.own_words import own
from newsletter.compose.passages import Told
from newsletter.compose.patterns import AHEAD
from newsletter.compose.pool import Pool, forward, telling
from newsletter.lexicon import Name

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
TREND = {"en": 30.0, "zh": 60.0}
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
    """ "Headline. China media: sentence [1]. US media: another headline [2]." """
    found = pool.headline(story, language)
    if found is None:
        return ""
    title = found.text + wording.STOP[language]
    angles = [_angle(pool, story, desk, language, found) for desk in _desks(pool, story)]
    if not any(angles):
        return join([title, wording.reported_by(pool.brief, story, language, found.article)], language)
    missing = [desk for desk, angle in zip(_desks(pool, story), angles, strict=True) if not angle]
    return join([title, *filter(None, angles), *(_reported(story, desk, language) for desk in missing)], language)


def _angle(pool: Pool, story: BriefStory, desk: BriefList, language: str, above: Headline) -> str:
    """What the list's own reports say: a sentence, or a headline other than the one above; "" where it has neither."""
    theirs = passages.own(story, language, desk.slug)
    lead = own(Both(f"{desk.names['en']}:", f"{desk.names['zh']}："))
    if sentence := pool.best(pool.free(theirs, language), telling, least=-5.0):
        pool.take(sentence)
        ids = pool.sources(sentence, story, above.article if above.article in [a.id for a in theirs] else None)
        return lead + cite(sentence.text, ids, language)
    other = pool.headline(story, language, [desk.slug])
    if other and other.article != above.article and not _alike(other.text, above.text, language):
        return lead + cite(f"{other.text}{wording.STOP[language]}", [other.article], language)
    return ""


def _alike(one: str, other: str, language: str) -> bool:
    return alike(shingles(one, language), shingles(other, language))


def _reported(story: BriefStory, desk: BriefList, language: str) -> str:
    """ "China media: IT之家 and 36氪 [1]." """
    return wording.outlets_of(desk, [article for article in story.articles if article.list == desk.slug], language)


def _desks(pool: Pool, story: BriefStory) -> list[BriefList]:
    return [desk for desk in pool.brief.lists if desk.slug in story.lists]


def _only(pool: Pool, desk: BriefList, stories: list[BriefStory], language: str) -> str:
    lead = own(Both(f"{desk.names['en']} only.", f"只见于{desk.names['zh']}。"))
    alone = [story for story in stories if not story.slot and not _echoed(pool, story)]
    return passages.headlines(pool, alone, language, ONLY, lead)


def _echoed(pool: Pool, story: BriefStory) -> bool:
    """Whether another list has a story of two of the same names: then it can't be said that only this one has it."""
    names = _names(pool, story)
    others = (other for other in pool.brief.stories if set(other.lists) != set(story.lists))
    return any(len(names & _names(pool, other)) > 1 for other in others)


def _names(pool: Pool, story: BriefStory) -> set[Name]:
    return {name for a in story.articles for name in pool.lexicon.find(a.title) if name.kind != "place"}


def write_analysis(pool: Pool) -> DraftBlock | None:
    """What each list wrote most about; a paragraph a leading topic, counted, then told; what is to come.

    The topics and their order are the same in both languages, so that the halves answer paragraph by paragraph: where
    a language has no sentences on one, headlines tell it.
    """
    if not pool.brief.stories:
        return None
    themes = _themes(pool)
    fit = [slug for slug in themes if all(themes[slug][language] for language in LANGUAGES)][:THEMES]

    def write(language: str) -> tuple[str, str] | None:
        mine = fit or [slug for slug in themes if themes[slug][language]][:THEMES]
        paragraphs = [text for slug in mine if (text := _theme(pool, slug, themes[slug][language], language))]
        if not paragraphs and (said := _best_of_day(pool, language)):
            paragraphs = [passages.paragraph(pool, said, language)]
        return ("", "\n\n".join(paragraphs)) if paragraphs else None

    written = passages.in_both(write)
    if written is None:
        return None
    told = {each.story.id for slug in fit for language in LANGUAGES for each in themes[slug][language]}
    ahead = {language: _ahead(pool, language, told) for language in LANGUAGES if language not in written[2]}
    contrast = _contrast(pool)
    if not all(ahead.values()):
        ahead = {}
    parts = {language: (contrast[language], written[1][language], ahead.get(language, "")) for language in LANGUAGES}
    text = Both(*("\n\n".join(filter(None, parts[language])) for language in LANGUAGES))
    return DraftBlock("analysis", "analysis", text, written[0], foreign=written[2], data=True)


def _best_of_day(pool: Pool, language: str) -> list[Told]:
    """Where no topic makes a paragraph: what the day's stories tell in `language`, whatever their topics."""
    told: list[Told] = []
    for find in (passages.reasons(pool), passages.news(pool, judge=telling)):
        for story in pool.brief.stories:
            if len(told) < FEW and story not in [each.story for each in told] and (found := find(story, language)):
                told += passages.take(pool, [Told(story, found)], language, speak=False)
    return told


def _themes(pool: Pool) -> dict[str, dict[str, list[Told]]]:
    """Topic -> language -> the stories that make its paragraph: with sentences, or with none and a headline then."""
    themes = {}
    for slug in passages.leading_topics(pool.brief.stories, 8):
        about = [story for story in pool.brief.stories if story.topic == slug]
        said = passages.one_each(pool, about, passages.reasons(pool), SENTENCES)
        themes[slug] = {language: _filled(pool, about, said[language], language) for language in LANGUAGES}
    return themes


def _filled(pool: Pool, about: list[BriefStory], said: list[Told], language: str) -> list[Told]:
    """At least two stories: those that say why, then news, then headlines; none where there are not two."""
    told = list(said)
    for find in (passages.news(pool, judge=telling), _nothing):
        for story in about:
            sentences = find(story, language)
            if len(told) < FEW - 1 and story not in [each.story for each in told]:
                fits = sentences if find is not _nothing else pool.sound_headline(story, language)
                told += [Told(story, sentences)] if fits else []
    return told if len(told) > 1 else []


def _nothing(story: BriefStory, language: str) -> tuple[Sentence, ...]:
    """Finds no sentence of a story: its headline will tell it."""
    return ()


def _theme(pool: Pool, slug: str, told: list[Told], language: str) -> str:
    """ "Agents drew 29 articles, 26 in China media and 3 in US media. Sentence [1]. Also reported: headline [2]." """
    said = passages.take(pool, [each for each in told if each.sentences], language, speak=False)
    left = [each.story for each in told if each.story not in [mine.story for mine in said]]
    lead = own(wording.drew(slug, [(desk, dict(desk.topics).get(slug, 0)) for desk in pool.brief.lists]))
    opening = own(wording.ALSO) if said else own(wording.HEADLINES)
    tail = passages.headlines(pool, left, language, SENTENCES - len(said), opening)
    if not said and not tail:
        return ""
    return passages.paragraph(pool, said, language, lead, tail)


def _ahead(pool: Pool, language: str, told_of: Collection[int]) -> str:
    """What the day's other stories say is to come: sentences, or headlines in a language that has none."""
    others = [story for story in pool.brief.stories if story.id not in told_of]
    find = passages.news(pool, judge=forward, least=3.0)
    said: list[Told] = []
    for story in others:
        if len(said) < 2 and (sentences := find(story, language)) and sentences[0].ahead:
            said += passages.take(pool, [Told(story, sentences)], language, speak=False)
    if said:
        return passages.paragraph(pool, said, language, own(wording.AHEAD))
    ways = ((story, pool.sound_headline(story, language)) for story in others)
    ahead = [story for story, found in ways if found and AHEAD[language].search(found.text)]
    return passages.headlines(pool, ahead, language, 2, own(wording.AHEAD))


def _contrast(pool: Pool) -> Both:
    """What each list wrote most about, counted; nothing where there are not two lists."""
    firsts = [(desk, *desk.topics[0]) for desk in pool.brief.lists if desk.topics]
    return wording.contrast(firsts) if len(firsts) > 1 else Both()


def write_answers(pool: Pool) -> list[DraftBlock]:
    """The four questions, answered with the day's headlines and one sentence; no headline answers twice."""
    stories = pool.brief.stories
    home = [story for story in stories if story.region == "CN"]
    abroad = [story for story in stories if story.region not in ("CN", "")]
    texts: dict[str, list[str]] = {}
    for language in LANGUAGES:
        told: set[int] = set()
        trends = _trends(pool, language, told)
        china, others = (_main_line(pool, stories, language, told, lead=True) for stories in (home, abroad))
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
        ways = ((story.id, pool.sound_headline(story, language)) for story in about)
        if way := next(((story, found) for story, found in ways if found), None):
            parts.append((way[0], way[1].text, way[1].article, passages.under(slug)))
    if not parts:
        return ""
    return own(wording.leading(leading)) + _fitting(parts, language, told, TREND[language])


def _main_line(pool: Pool, stories: Sequence[BriefStory], language: str, told: set[int], *, lead: bool = False) -> str:
    """The first headlines of `stories`; with `lead` after the topics that most of them are about."""
    parts: list[Part] = []
    for story in stories:
        found = pool.sound_headline(story, language)
        if found and story.id not in told and len(parts) < 3:
            parts.append((story.id, found.text, found.article, ""))
    said = _fitting(parts, language, told, ANSWER[language])
    return own(wording.mostly(passages.leading_topics(stories, 2))) + said if said and lead else said


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
    said = _main_line(pool, about, language, told)
    return own(wording.BUILDERS) + said if said else ""


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
