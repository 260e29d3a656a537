"""The main line: a headline for the whole day, made from its topics and names, and the lead below it."""

from newsletter import typography
from newsletter.bilingual import LANGUAGES, Both
from newsletter.compose import passages, sections, wording
from newsletter.compose.brief import Brief, BriefStory
from newsletter.compose.draft import DraftBlock, cite, join
from newsletter.compose.pool import Pool

SUBJECT = {"en": 70.0, "zh": 30.0}  # characters; Han characters
TOPICS = 3
NAMES = 3


def write_title(pool: Pool) -> Both:
    """ "Agents, chips and rules: Nvidia, Tencent and Meta lead the day" from the chosen stories' topics and names."""
    return Both(*(_title(pool, language, names=True) for language in LANGUAGES))


def write_subject(pool: Pool, title: Both) -> Both:
    """The title where it fits a subject line, else a shorter one."""
    return Both(*(_fit(pool, title[language], language) for language in LANGUAGES))


def _fit(pool: Pool, title: str, language: str) -> str:
    for text in (title, _title(pool, language, names=False)):
        if subject_length(text, language) <= SUBJECT[language]:
            return text
    return shorten(title, language)


def subject_length(text: str, language: str) -> float:
    return typography.han_length(text) if language == "zh" else float(len(text))


def shorten(text: str, language: str) -> str:
    """`text` cut at a clause, else at a word, to the length of a subject line."""
    while text and subject_length(text, language) > SUBJECT[language]:
        cut = max(text.rfind(mark) for mark in ("，：；、" if language == "zh" else ",:; "))
        text = text[:cut] if cut > 0 else text[:-1]
    return text.rstrip(" ,:;，：；、")


def _title(pool: Pool, language: str, *, names: bool) -> str:
    chosen = pool.brief.chosen or pool.brief.stories
    topics = [sections.short(slug)[language] for slug in passages.leading_topics(chosen, TOPICS)]
    head = wording.listed(topics, language)
    head = head[:1].upper() + head[1:]
    actors = lead_names(pool, chosen, language) if names else []
    if len(actors) >= 2:
        said = wording.listed(actors, language)
        tail = f"{said}领衔今日要闻" if language == "zh" else f"{said} lead the day"
    else:
        count = wording.spelled(len(chosen), language)
        tail = (
            f"{count}条新闻看今天"
            if language == "zh"
            else f"the day in {count} {'story' if count == 'one' else 'stories'}"
        )
    if not head:
        return tail[:1].upper() + tail[1:]
    return typography.set_text(f"{head}：{tail}" if language == "zh" else f"{head}: {tail}", language)


def lead_names(pool: Pool, stories: tuple[BriefStory, ...], language: str) -> list[str]:
    """The first name in each headline of the first stories, no name twice."""
    names: list[str] = []
    for story in stories:
        title = " ".join(story.titles.values()) or story.articles[0].title
        found = [name for name in pool.lexicon.find(title) if name.kind in ("company", "agency", "model")]
        if found:
            name = (found[0].zh if language == "zh" else found[0].en)[0]
            if name not in names:
                names.append(name)
        if len(names) == NAMES:
            break
    return names


def write_main_line(pool: Pool, title: Both) -> DraftBlock:
    """The title of the day; below it the window in words, then the first headlines at home and abroad."""
    texts = [_lead(pool, language) for language in LANGUAGES]
    return DraftBlock("main-line", "main_line", Both(*texts), title, data=True)


def _lead(pool: Pool, language: str) -> str:
    chosen = pool.brief.chosen
    home = [story for story in chosen if pool.at_home(story)]
    abroad = [story for story in chosen if not pool.at_home(story)]
    parts = [window(pool.brief, language), wording.few(len(chosen))[language]]
    for lead, stories in ((wording.AT_HOME, home), (wording.ABROAD, abroad)):
        parts.append(_headlines(pool, stories, language, lead[language]))
    return join(parts, language)


def window(brief: Brief, language: str) -> str:
    """ "In the 24 hours to 06:00 Beijing time, 219 articles from 25 outlets were on the subject." """
    articles = wording.counted(brief.articles, language, "article")
    outlets = wording.counted(brief.outlets, language, "outlet")
    if language == "zh":
        text = f"截至{wording.until(brief, 'zh')}的 24 小时内，共有 {articles}相关报道，来自 {outlets}。"
        return typography.set_text(text, "zh")
    return f"In the 24 hours to {wording.until(brief, 'en')}, {outlets} published {articles} on the subject."


def _headlines(pool: Pool, stories: list[BriefStory], language: str, lead: str) -> str:
    found = [pool.headline(story, language) for story in stories]
    parts = [cite(each.text, [each.article], language) for each in found if each][:3]
    if not parts:
        return ""
    if language == "zh":
        return f"{lead}{'；'.join(parts)}。"
    return f"{lead} {'; '.join(parts)}."
