"""What is said across the lists: side by side, the analysis, and the four questions."""

import re
from collections import Counter
from collections.abc import Sequence

from newsletter import quantities
from newsletter.bilingual import LANGUAGES, Both
from newsletter.compose import attribution, passages, sections, wording
from newsletter.compose.brief import BriefList, BriefStory
from newsletter.compose.draft import DraftBlock, cite, join
from newsletter.compose.extract import alike, length, shingles
from newsletter.compose.headline import Headline
from newsletter.compose.own_words import own
from newsletter.compose.passages import Told
from newsletter.compose.pool import Pool, telling
from newsletter.lexicon import Name

SHARED = 4
ONLY = 4
THEMES = 3
SENTENCES = 3
# Who builds with what is told, and what it costs them.
_BUILDERS = {
    "en": re.compile(
        r"\b(?:developers?|engineers?|start-?ups?|founders?|entrepreneurs?|small companies|API|per million)\b"
    ),
    "zh": re.compile(r"开发者|工程师|创业|初创|中小企业|接口|每百万"),
}
ANSWER = {"en": 35.0, "zh": 70.0}  # words; Han characters
ALL = {"en": 50.0, "zh": 100.0}  # of an answer, with what it counts
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
    title = wording.COMPARISON if shared else wording.APART
    return DraftBlock("comparison", "comparison", written[1], title, foreign=written[2], extra={"shared": counts})


def _side_by_side(pool: Pool, story: BriefStory, language: str) -> str:
    """ "Headline. China media: sentence [1]. US media: another headline [2]." """
    found = pool.headline(story, language)
    if found is None:
        return ""
    title = found.text + wording.STOP[language]
    angles = [_angle(pool, story, desk, language, found) for desk in _desks(pool, story)]
    if not any(angles):
        return join([title, attribution.reported_by(pool.brief, story, language, found.article)], language)
    missing = [desk for desk, angle in zip(_desks(pool, story), angles, strict=True) if not angle]
    return join(
        [title, *filter(None, angles), *(_reported(pool, story, desk, language) for desk in missing)], language
    )


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


def _reported(pool: Pool, story: BriefStory, desk: BriefList, language: str) -> str:
    """ "China media: IT之家 and 36氪 [1]." """
    articles = [article for article in story.articles if article.list == desk.slug]
    return attribution.of_list(pool.brief, desk, articles, language)


def _desks(pool: Pool, story: BriefStory) -> list[BriefList]:
    return [desk for desk in pool.brief.lists if desk.slug in story.lists]


def _only(pool: Pool, desk: BriefList, stories: list[BriefStory], language: str) -> str:
    lead = own(Both(f"{desk.names['en']} only.", f"只见于{desk.names['zh']}。"))
    alone = [story for story in stories if not story.slot and not _echoed(pool, story)]
    return passages.headlines(pool, alone, language, ONLY, lead)


def _echoed(pool: Pool, story: BriefStory) -> bool:
    """Whether another list has a story of two of the same names, or of one and the same figure in the headlines.

    Then it can't be said that only this one has it: ranking may have missed that the two are one.
    """
    names, figures = _names(pool, story), _figures(story)
    others = (other for other in pool.brief.stories if set(other.lists) != set(story.lists))
    return any(
        len(shared := names & _names(pool, other)) > 1 or (shared and figures & _figures(other)) for other in others
    )


def _names(pool: Pool, story: BriefStory) -> set[Name]:
    return {name for a in story.articles for name in pool.lexicon.find(a.title) if name.kind != "place"}


def _figures(story: BriefStory) -> frozenset[str]:
    return frozenset(key for article in story.articles for key in quantities.keys(article.title))


def write_answers(pool: Pool) -> list[DraftBlock]:
    """The four questions, answered with the day's headlines and one sentence; no headline answers twice."""
    stories = pool.brief.stories
    home = [story for story in stories if pool.at_home(story)]
    abroad = [story for story in stories if story.region and not pool.at_home(story)]
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
    said = wording.leading(leading)
    labels = sum(length(sections.name(slug)[language], language) + 1 for slug, _ in leading)
    room = ALL[language] - length(said[language], language) - labels
    return own(said) + _fitting(parts, language, told, room)


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
