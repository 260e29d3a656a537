"""One source list's report: its counts, its tags, and what it wrote, in its own sentences."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import replace
from itertools import islice

from newsletter import typography
from newsletter.bilingual import LANGUAGES, Both
from newsletter.compose import attribution, passages, sections, wording
from newsletter.compose.brief import BriefList, BriefStory
from newsletter.compose.draft import DraftBlock, cite, join
from newsletter.compose.extract import Sentence, alike, shingles
from newsletter.compose.headline import Headline, is_sound
from newsletter.compose.headline import best as best_headline
from newsletter.compose.passages import Told
from newsletter.compose.pool import Pool, telling
from newsletter.lexicon import Name

TAGS = 5
THEMES = 3
INSIGHTS = 4
SENTENCES = 3
HEADLINES = 2  # of a theme that a language has no sentences on
FIRM = 2.6  # how newsworthy a report's sentence must be: near the top of its article
MAIN_SOURCES = 3
ADDED = {"en": 7, "zh": 20}  # words, pairs of characters: what an insight says beyond its headline


def write_report(pool: Pool, desk: BriefList, insights: list[DraftBlock]) -> list[DraftBlock]:
    """The list's blocks; what would be empty is left out, and all of it on a day without its articles."""
    if not desk.articles:
        return []
    stories = pool.brief.of_list(desk.slug)
    highlights = _highlights(pool, desk, stories)
    business = _part(pool, desk, stories, "business")
    technology = _part(pool, desk, stories, "technology")
    blocks = [overview(desk), tags(pool, desk, stories), highlights, *insights, business, technology]
    return [block for block in blocks if block]


def overview(desk: BriefList) -> DraftBlock:
    """Counts made from data: how many articles and outlets, who wrote most, what about."""
    text = {language: _who(desk, language) + _what_about(desk, language) for language in LANGUAGES}
    spellings = [spelled for name, _ in desk.outlets for spelled in (name, desk.called.get(name, Both()).zh)]
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
            "called": {
                name: [desk.called[name].en, desk.called[name].zh]
                for name, _ in desk.outlets[:MAIN_SOURCES]
                if name in desk.called
            },
        },
    )


def _who(desk: BriefList, language: str) -> str:
    articles = wording.counted(desk.articles, language, "article")
    outlets = wording.counted(len(desk.outlets), language, "outlet")
    first, most = desk.outlets_in(language)[0]
    alone = len(desk.outlets) == 1
    heavy = most * 2 > desk.articles
    if language == "zh":
        if alone:
            return f"共 {articles}，全部来自{first}。"
        tail = f"仅{first}一家就占 {most} 篇，看这份清单时要留意。" if heavy else _most(desk, language)
        return f"共 {articles}，来自 {outlets}。{tail}"
    if alone:
        return f"{articles}, all from {first}."
    tail = f"{first} alone wrote {most} of them, which weighs on the day." if heavy else _most(desk, language)
    return f"{articles} from {outlets}. {tail}"


def _most(desk: BriefList, language: str) -> str:
    """The main sources with their counts: "36氪快讯 wrote most, 30; then 财联社 with 25 and IT之家 with 20." """
    (first, most), *others = desk.outlets_in(language)[:MAIN_SOURCES]
    if language == "zh":
        return f"{first}最多，{most} 篇；其次是" + "、".join(f"{name} {count} 篇" for name, count in others) + "。"
    return (
        f"{first} wrote most, {most}; then " + wording.listed([f"{n} with {count}" for n, count in others], "en") + "."
    )


def _what_about(desk: BriefList, language: str) -> str:
    topics = desk.topics[:2]
    if not topics:
        return ""
    return ("" if language == "zh" else " ") + wording.leading(topics)[language]


def tags(pool: Pool, desk: BriefList, stories: tuple[BriefStory, ...]) -> DraftBlock:
    """The list's keywords; where it has fewer than five, its leading topics and the names of most of its stories."""
    slugs = [slug for slug, _ in desk.topics[:2]]
    titles = {story.id: " ".join(a.title for a in story.articles if a.list == desk.slug) for story in stories}
    names = frequent_names(pool, titles.values(), TAGS)
    pairs = [*desk.keywords, *(sections.name(slug) for slug in slugs), *names[: TAGS - len(slugs)]]
    pairs += [sections.name(slug) for slug, _ in desk.topics[2:]]
    unique = list({pair.en.casefold(): pair for pair in pairs}.values())
    return tag_block(f"tags-{desk.slug}", unique[:TAGS], desk.slug)


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
    """A paragraph a leading theme; themes that both languages can tell come first, so that the halves answer."""
    themes = {}
    for slug in _highlight_topics(pool, stories):
        about = [story for story in stories if story.topic == slug]
        themes[slug] = about, passages.one_each(pool, about, passages.news(pool, desk.slug, least=FIRM), SENTENCES)

    def carried(language: str) -> list[str]:
        return [
            slug for slug, (about, said) in themes.items() if _carries(pool, desk, about, said[language], language)
        ]

    fit = passages.in_common({language: carried(language) for language in LANGUAGES})

    def write(language: str) -> tuple[str, str] | None:
        paragraphs = []
        for slug in fit[language][:THEMES]:
            about, said = themes[slug]
            mine = passages.take(pool, said[language], language)
            tail = passages.also_reported(pool, about, language, 2, desk.slug) if len(mine) < 3 else ""
            if len(mine) > 1 or (mine and tail):
                paragraphs.append(passages.paragraph(pool, mine, language, passages.under(slug), tail, desk=desk.slug))
        if not paragraphs:  # a list whose feeds give little more than headlines
            paragraphs = _headlines_alone(pool, desk, themes, language)
        return ("", "\n\n".join(paragraphs)) if paragraphs else None

    return _block(f"highlights-{desk.slug}", "highlights", desk, passages.in_both(write))


def _headlines_alone(
    pool: Pool, desk: BriefList, themes: Mapping[str, tuple[list[BriefStory], object]], language: str
) -> list[str]:
    """A line a theme of headlines not told yet, where there are two or more in all.

    Business and technology have parts of their own: their headlines are left to these where others are to be had.
    """
    apart = sections.slugs_of("business") | sections.slugs_of("technology")
    for slugs in ([slug for slug in themes if slug not in apart], list(themes)):
        found = [_sound(pool, desk, themes[slug][0], language) for slug in slugs]
        if sum(map(len, found)) < 2:
            continue
        lines = (
            passages.headlines(pool, stories, language, HEADLINES, passages.under(slug), desk.slug)
            for slug, stories in zip(slugs, found, strict=True)
            if stories
        )
        return list(islice(lines, THEMES))
    return []


def _sound(pool: Pool, desk: BriefList, about: list[BriefStory], language: str) -> list[BriefStory]:
    """Those not told yet whose headline is fit to be read alone."""
    untold = (story for story in about if not pool.is_told(story, language))
    return [story for story in untold if pool.sound_headline(story, language, [desk.slug])]


def _highlight_topics(pool: Pool, stories: tuple[BriefStory, ...]) -> list[str]:
    """The leading topics; those of the business part are left to it where it has little else."""
    business = sections.slugs_of("business")
    free = [story for story in stories if story.topic in business and not pool.is_spoken(story, "both")]
    topics = passages.leading_topics(stories, 10)
    return topics if len(free) > 2 * SENTENCES else [slug for slug in topics if slug not in business]


def _carries(pool: Pool, desk: BriefList, about: list[BriefStory], said: list[Told], language: str) -> bool:
    """Two sentences make a paragraph; one does beside further headlines of the list."""
    others = [story for story in about if story not in [told.story for told in said]]
    further = [story for story in others if passages.own(story, language, desk.slug)]
    return len(said) > 1 or (len(said) == 1 and any(not pool.is_told(story, language) for story in further))


def write_insights(pool: Pool, desk: BriefList) -> list[DraftBlock]:
    """The list's most telling stories outside the day's items, in both languages where both tell them.

    They choose before the rest of the report: to say why is rarer than to say what.
    """
    blocks: list[DraftBlock] = []
    seen: Counter[str] = Counter()
    waiting = _telling_stories(pool, desk)
    for again in range(2):  # at first one a topic
        for story in waiting:
            if len(blocks) == INSIGHTS or seen[story.topic] > again or pool.is_spoken(story, "both"):
                continue
            halves = _halves(pool, desk, story)
            block = _block(f"insight-{desk.slug}-{len(blocks) + 1}", "insight", desk, passages.in_both(halves.get))
            if block is None:
                continue
            blocks.append(_glossed(pool, story, block))
            pool.speak(story, "both")
            seen[story.topic] += 1
    return blocks


def _glossed(pool: Pool, story: BriefStory, block: DraftBlock) -> DraftBlock:
    """A foreign half under a line of its own language that says what it is about."""
    titles = {
        language: (attribution.gloss(pool, story, language) if language in block.foreign else "")
        or block.title[language]
        for language in LANGUAGES
    }
    return replace(block, title=Both(titles["en"], titles["zh"]))


def _telling_stories(pool: Pool, desk: BriefList) -> list[BriefStory]:
    """The list's stories that say why, most telling first: those that do in both languages, then those whose headline
    both can say, then the others.
    """
    find = passages.reasons(pool, desk.slug)
    ways = []
    for story in pool.brief.of_list(desk.slug):
        said = [find(story, language) for language in LANGUAGES]
        if any(said) and not story.slot:
            best = max(telling(sentence) for sentences in said for sentence in sentences)
            sayable = all(pool.sound_headline(story, language, [desk.slug]) for language in LANGUAGES)
            ways.append((not all(said), not sayable, -best, story))
    return [way[-1] for way in sorted(ways, key=lambda way: way[:3])]


def _halves(pool: Pool, desk: BriefList, story: BriefStory) -> dict[str, tuple[str, str]]:
    """The insight in each language that says why; beside one that does, a headline that the other can say."""
    halves = {language: half for language in LANGUAGES if (half := _insight(pool, desk, story, language))}
    for language in LANGUAGES if halves else ():
        headline = None if language in halves else pool.sound_headline(story, language, [desk.slug])
        if headline and headline.rendered:
            halves[language] = headline.text, _pointed(pool, desk, story, headline, language)
    return halves


def _insight(pool: Pool, desk: BriefList, story: BriefStory, language: str) -> tuple[str, str] | None:
    """A headline of the story, and the sentences that say why; None where the language has not both."""
    sentences = passages.reasons(pool, desk.slug)(story, language)
    headline = pool.sound_headline(story, language, [desk.slug])
    if sentences and (own := best_headline([pool.articles[sentences[0].article]], "", pool.brief.spellings)):
        headline = own if is_sound(own.text, language) else headline
    if headline is None or not sentences or not _adds(sentences[-1], headline.text):
        return None
    said = passages.take(pool, [passages.Told(story, sentences)], language)
    text = passages.paragraph(pool, said, language, headlined=headline.article, desk=desk.slug)
    return (headline.text, text) if said else None


def _pointed(pool: Pool, desk: BriefList, story: BriefStory, headline: Headline, language: str) -> str:
    """Under a headline said in the other language: what else can be said in it, who reports it, whom they name."""
    fact = pool.rendered_fact(story, language, [headline.text])
    told = cite(f"{fact.text}{wording.STOP[language]}", [fact.article], language) if fact else ""
    reported = attribution.reported_by(pool.brief, story, language, headline.article, desk.slug)
    named = attribution.also_named(pool, story, [headline.text, told], language, desk.slug)
    return join([part for part in (told, reported, named) if part][:2], language)


def _adds(sentence: Sentence, headline: str) -> bool:
    """Whether it says enough more than the headline above it."""
    titled = shingles(headline, sentence.language)
    return not alike(sentence.shingles, titled) and len(sentence.shingles - titled) >= ADDED[sentence.language]


def _part(pool: Pool, desk: BriefList, stories: tuple[BriefStory, ...], part: str) -> DraftBlock | None:
    slugs = sections.slugs_of(part)
    about = [story for story in stories if story.topic in slugs]
    free = [story for story in about if not all(pool.is_spoken(story, language) for language in LANGUAGES)]
    if len(free) < 2:
        about += [story for story in stories if story not in about and slugs & set(story.topics[:2])]
    said = passages.one_each(pool, about, passages.news(pool, desk.slug, least=FIRM), SENTENCES + 1)

    def write(language: str) -> tuple[str, str] | None:
        if not _carries(pool, desk, about, said[language], language):
            lines = passages.also_reported(pool, about, language, SENTENCES, desk.slug, wording.HEADLINES)
            return ("", lines) if lines else None
        mine = passages.take(pool, said[language], language)
        tail = passages.also_reported(pool, about, language, 3, desk.slug) if len(mine) < 3 else ""
        return ("", passages.paragraph(pool, mine, language, tail=tail, desk=desk.slug)) if mine else None

    return _block(f"{part}-{desk.slug}", part, desk, passages.in_both(write))


def _block(
    key: str, kind: str, desk: BriefList, written: tuple[Both, Both, tuple[str, ...]] | None
) -> DraftBlock | None:
    if written is None:
        return None
    title, text, foreign = written
    return DraftBlock(key=key, kind=kind, list=desk.slug, title=title, text=text, foreign=foreign)
