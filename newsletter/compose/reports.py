"""One source list's report: its counts, its tags, and what it wrote, in its own sentences."""

from collections import Counter
from collections.abc import Iterable

from newsletter import typography
from newsletter.compose import passages, sections, wording
from newsletter.compose.brief import BriefList, BriefStory
from newsletter.compose.draft import LANGUAGES, Both, DraftBlock, cite, join
from newsletter.compose.extract import Sentence, alike, shingles
from newsletter.compose.headline import is_sound
from newsletter.compose.pool import Pool, newsworthy, telling
from newsletter.lexicon import Name

TAGS = 5
THEMES = 3
INSIGHTS = 4
MAIN_SOURCES = 3


def write_report(pool: Pool, desk: BriefList) -> list[DraftBlock]:
    """The list's blocks in reading order; what would be empty is left out, all of it on a day without its articles."""
    if not desk.articles:
        return []
    stories = pool.brief.of_list(desk.slug)
    # Insights choose first: sentences that say why are rarer than those that say what.
    insights = _insights(pool, desk, stories)
    highlights = _highlights(pool, desk, stories)
    business = _part(pool, desk, stories, "business")
    technology = _part(pool, desk, stories, "technology")
    blocks = [overview(desk), tags(pool, desk, stories), highlights, *insights, business, technology]
    return [block for block in blocks if block]


def overview(desk: BriefList) -> DraftBlock:
    """Counts made from data: how many articles and outlets, who wrote most, what about."""
    text = {language: _who(desk, language) + _what_about(desk, language) for language in LANGUAGES}
    spellings = [name for name, _ in desk.outlets]
    return DraftBlock(
        key=f"overview-{desk.slug}",
        kind="overview",
        list=desk.slug,
        text=Both(text["en"], typography.set_text(text["zh"], "zh", spellings)),
        parity="translated",
        data=True,
        extra={
            "articles": desk.articles,
            "outlets": len(desk.outlets),
            "sources": [list(pair) for pair in desk.outlets[:MAIN_SOURCES]],
        },
    )


def _who(desk: BriefList, language: str) -> str:
    articles = wording.counted(desk.articles, language, "article")
    outlets = wording.counted(len(desk.outlets), language, "outlet")
    first, most = desk.outlets[0]
    alone = len(desk.outlets) == 1
    heavy = most * 2 > desk.articles
    if language == "zh":
        if alone:
            return f"共 {articles}，全部来自{first}。"
        tail = f"仅{first}一家就占 {most} 篇，看这份清单时要留意。" if heavy else f"{first}最多，{most} 篇。"
        return f"共 {articles}，来自 {outlets}，{tail}"
    if alone:
        return f"{articles}, all from {first}."
    tail = f"{first} alone wrote {most} of them, which weighs on the day." if heavy else f"{first} wrote most: {most}."
    return f"{articles} from {outlets}. {tail}"


def _what_about(desk: BriefList, language: str) -> str:
    topics = desk.topics[:2]
    if not topics:
        return ""
    named = [(sections.name(slug)[language], count) for slug, count in topics]
    if language == "zh":
        rest = f"，其次是{named[1][0]}，{named[1][1]} 篇" if len(named) > 1 else ""
        return f"写得最多的是{named[0][0]}，{named[0][1]} 篇{rest}。"
    rest = f", then {named[1][0].lower()} with {named[1][1]}" if len(named) > 1 else ""
    return f" {named[0][0]} led with {wording.counted(named[0][1], language, 'article')}{rest}."


def tags(pool: Pool, desk: BriefList, stories: tuple[BriefStory, ...]) -> DraftBlock:
    """The two leading topics and the three names that most stories of the list are about."""
    slugs = [slug for slug, _ in desk.topics[:2]]
    titles = {story.id: " ".join(a.title for a in story.articles if a.list == desk.slug) for story in stories}
    names = frequent_names(pool, titles.values(), TAGS)
    pairs = [sections.name(slug) for slug in slugs] + names[: TAGS - len(slugs)]
    further = [sections.name(slug) for slug, _ in desk.topics[2:]]
    return tag_block(f"tags-{desk.slug}", (pairs + further)[:TAGS], desk.slug)


def tag_block(key: str, pairs: list[Both], desk: str | None = None) -> DraftBlock:
    """Tags in both languages; their names stand in `extra`, since most are no topics."""
    return DraftBlock(
        key=key,
        kind="tags",
        list=desk,
        text=Both(" · ".join(pair.en for pair in pairs), " · ".join(pair.zh for pair in pairs)),
        parity="translated",
        extra={"tags": [[pair.en, pair.zh] for pair in pairs]},
    )


def frequent_names(pool: Pool, texts: Iterable[str], most: int) -> list[Both]:
    """The names that most of `texts` mention, places left out; the earlier one where two are equal."""
    counts: Counter[Name] = Counter()
    for text in texts:
        counts.update(name for name in pool.lexicon.find(text) if name.kind not in ("place", "person"))
    return [Both(name.en[0], name.zh[0]) for name, _ in counts.most_common(most)]


def _highlights(pool: Pool, desk: BriefList, stories: tuple[BriefStory, ...]) -> DraftBlock | None:
    def write(language: str) -> tuple[str, str] | None:
        there = [story for story in stories if story.written_in(language)]
        paragraphs = []
        for slug in passages.leading_topics(there, 6):
            about = [story for story in there if story.topic == slug]
            said = passages.one_each(pool, about, language, most=3, list_slug=desk.slug)
            tail = passages.also_reported(pool, about, language, most=2) if len(said) < 3 else ""
            if len(said) >= 2 or (said and tail):
                paragraphs.append(passages.paragraph(pool, said, language, passages.under(slug, language), tail))
            if len(paragraphs) == THEMES:
                break
        enough = len(paragraphs) >= 2 or len(there) > 2
        return ("", "\n\n".join(paragraphs)) if paragraphs and enough else None

    return _block(f"highlights-{desk.slug}", "highlights", desk, passages.in_both(write))


def _insights(pool: Pool, desk: BriefList, stories: tuple[BriefStory, ...]) -> list[DraftBlock]:
    found = {language: _insights_in(pool, desk, stories, language) for language in LANGUAGES}
    blocks = []
    for n in range(max(len(found["en"]), len(found["zh"]))):
        of = {language: found[language][n] if n < len(found[language]) else None for language in LANGUAGES}
        block = _block(f"insight-{desk.slug}-{n + 1}", "insight", desk, passages.in_both(of.get))
        blocks += [block] if block else []
    return blocks


def _insights_in(pool: Pool, desk: BriefList, stories: tuple[BriefStory, ...], language: str) -> list[tuple[str, str]]:
    """Title and text of the list's most telling stories outside the day's items, one a topic as long as there are."""
    waiting = []
    for story in stories:
        own = [article for article in story.written_in(language) if article.list == desk.slug]
        best = None if story.slot else pool.best(pool.free(own, language), telling, least=2.0)
        headline = pool.headline(story, language, [desk.slug]) if best else None
        if best and headline and is_sound(headline[0], language) and _adds(best, headline[0]):
            waiting.append((story, best, headline[0]))
    waiting.sort(key=lambda entry: -telling(entry[1]))
    seen: Counter[str] = Counter()
    ordered = []
    for entry in waiting:
        ordered.append((seen[entry[0].topic], entry))
        seen[entry[0].topic] += 1
    ordered.sort(key=lambda pair: pair[0])
    insights: list[tuple[str, str]] = []
    for _, (story, sentence, title) in ordered:
        if len(insights) == INSIGHTS:
            break
        if not pool.is_used(sentence):
            pool.speak(story, language)
            insights.append((title, _insight_text(pool, story, sentence, language)))
    return insights


def _adds(sentence: Sentence, headline: str) -> bool:
    """Whether it says more than the headline above it; one that says why always does."""
    return sentence.reason > 1 or not alike(sentence.shingles, shingles(headline, sentence.language))


def _insight_text(pool: Pool, story: BriefStory, sentence: Sentence, language: str) -> str:
    """The sentence and, where one says more, the next of its article."""
    pool.take(sentence)
    article = pool.articles[sentence.article]
    after = [
        other
        for other in pool.free([article], language, leaning=True)
        if other.index == sentence.index + 1 and other.reason
    ]
    said = [sentence, *(pool.take(other) for other in after[:1])]
    return join([cite(each.text, pool.sources(each, story), language) for each in said], language)


def _part(pool: Pool, desk: BriefList, stories: tuple[BriefStory, ...], part: str) -> DraftBlock | None:
    slugs = sections.slugs_of(part)

    def write(language: str) -> tuple[str, str] | None:
        about = [story for story in stories if story.topic in slugs]
        if sum(not pool.is_spoken(story, language) for story in about if story.written_in(language)) < 2:
            about += [story for story in stories if story not in about and slugs & set(story.topics[:2])]
        said = passages.one_each(pool, about, language, most=5, list_slug=desk.slug, judge=newsworthy)
        tail = passages.also_reported(pool, about, language, most=3) if len(said) < 4 else ""
        if len(said) < 2 and not (said and tail):
            return None
        return "", passages.paragraph(pool, said, language, tail=tail)

    return _block(f"{part}-{desk.slug}", part, desk, passages.in_both(write))


def _block(
    key: str, kind: str, desk: BriefList, written: tuple[Both, Both, tuple[str, ...]] | None
) -> DraftBlock | None:
    if written is None:
        return None
    title, text, foreign = written
    return DraftBlock(key=key, kind=kind, list=desk.slug, title=title, text=text, foreign=foreign)
