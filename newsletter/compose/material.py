"""What a model is shown: the day's stories as fenced JSON. What comes from feeds is quoted, cut at sentences, and
can't end the fence; what was shown is what may be cited."""

import json
import re
from collections.abc import Iterable, Mapping
from typing import Any

from newsletter import lexicon
from newsletter.bilingual import LANGUAGES, Both
from newsletter.compose.brief import Brief, BriefArticle, BriefList, BriefStory

# Characters of an article that are shown, by language: the news stands at the top, and a Han character is a token.
FULL = {"en": 900, "zh": 380}
SHORT = {"en": 420, "zh": 180}
FIRST = {"en": 160, "zh": 70}  # for triage
PER_STORY = 3  # articles of a chosen story
REPORT_STORIES = 18  # of a list
HEADLINES = 24  # of further stories, for what is said of the whole day
# Characters that nobody sees, and that could hide words from the editor or turn them round.
_HIDDEN = re.compile("[\\x00-\\x08\\x0b-\\x1f\\x7f\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff\U000e0000-\U000e007f]")


def fenced(values: Iterable[Mapping[str, Any]]) -> str:
    """JSON, a line for each value, in which no feed can write a tag: `<` and `>` are escaped."""
    lines = ",\n".join(json.dumps(value, ensure_ascii=False, separators=(",", ":")) for value in values)
    return f"[{lines}]".replace("<", "\\u003c").replace(">", "\\u003e")


def whole_day(brief: Brief) -> tuple[str, frozenset[int]]:
    """The chosen stories with their articles, fenced, and the ids shown: what items, day and analysis share."""
    shown = {story: spread(story.articles) for story in brief.chosen}
    values = [{"item": story.slot, **_story(story, articles, FULL)} for story, articles in shown.items()]
    return f"<material>\n{fenced(values)}\n</material>", _ids(shown.values())


def of_list(brief: Brief, desk: BriefList, grades: Mapping[int, int]) -> tuple[str, frozenset[int]]:
    """One list's stories, and the ids shown: its own articles only. The better the grade, the earlier."""
    there = [story for story in brief.of_list(desk.slug) if story.slot or grades.get(story.id, 1) > 0]
    there.sort(key=lambda story: (not story.slot, -grades.get(story.id, 1)))  # stable: then as ranked
    shown = {}
    for story in there[:REPORT_STORIES]:
        shown[story] = spread(tuple(a for a in story.articles if a.list == desk.slug))[:1]
    values = [{**_story(story, articles, SHORT), "item": bool(story.slot)} for story, articles in shown.items()]
    return fenced(values), _ids(shown.values())


def headlines(brief: Brief, grades: Mapping[int, int], titles: Mapping[int, Both]) -> tuple[str, frozenset[int]]:
    """Further stories in a line each, those that several lists tell first, and the ids that may be cited."""
    there = [story for story in brief.further if grades.get(story.id, 1) > 0]
    there.sort(key=lambda story: (len(story.lists) < 2, -grades.get(story.id, 1)))
    shown = {story: spread(story.articles)[:2] for story in there[:HEADLINES]}
    values = [
        {
            "lists": story.lists,
            "articles": [f"a{article.id}" for article in articles],
            "headline": clean(titles[story.id].en) if story.id in titles else clean(articles[0].title),
        }
        for story, articles in shown.items()
    ]
    return fenced(values), _ids(shown.values())


def for_triage(stories: Iterable[BriefStory]) -> str:
    """Stories by their headlines and the first words of one article, and how the names in them are written."""
    values, texts = [], []
    for story in stories:
        told = spread(story.articles)[:2]
        headlines_, first = [clean(article.title) for article in told], clipped(told[0], FIRST)
        values.append({"story": story.id, "headlines": headlines_, "first": first})
        texts += [*headlines_, first]
    names = json.dumps(glossary(" ".join(texts)), ensure_ascii=False)
    return f'<material>\n{{"names": {names},\n"stories": {fenced(values)}}}\n</material>'


def glossary(text: str) -> list[list[str]]:
    """How the names in `text` are written: English, Chinese, then renderings that are never right."""
    found = [name for name in lexicon.load().find(text) if name.en[0] != name.zh[0] or name.never]
    return [list(names) for names in sorted({(name.en[0], name.zh[0], *name.never) for name in found})]


def spread(articles: tuple[BriefArticle, ...]) -> list[BriefArticle]:
    """A few articles, both languages and both lists among them, those with most text first."""
    full = sorted(articles, key=lambda article: -min(len(article.text), FULL[_language(article)]))
    firsts = [next((a for a in full if a.language == language), None) for language in ("en", "zh")]
    lists = {article.list: article for article in reversed(full)}
    return list(dict.fromkeys([*(a for a in firsts if a), *lists.values(), *full]))[:PER_STORY]


def clean(text: str) -> str:
    """Without characters that nobody sees."""
    return " ".join(_HIDDEN.sub("", text).split())


def clipped(article: BriefArticle, room: Mapping[str, int]) -> str:
    """The beginning of the text, to the end of a sentence; "…" says that it goes on."""
    text, most = clean(article.text), room[_language(article)]
    if len(text) <= most:
        return text
    end = max(text.rfind(mark, 0, most) for mark in ("。", "！", "？", ". ", "! ", "? "))
    return (text[: end + 1] if end > most // 3 else text[:most]).rstrip() + " …"


def _outlet(article: BriefArticle) -> str:
    """Its name in both languages where they differ: "36Kr / 36氪"."""
    return clean(" / ".join(dict.fromkeys(article.outlet_in(language) for language in LANGUAGES)))


def _language(article: BriefArticle) -> str:
    return "zh" if article.language == "zh" else "en"


def _ids(shown: Iterable[Iterable[BriefArticle]]) -> frozenset[int]:
    return frozenset(article.id for articles in shown for article in articles)


def _story(story: BriefStory, articles: Iterable[BriefArticle], room: Mapping[str, int]) -> dict[str, Any]:
    told = [
        {
            "id": f"a{article.id}",
            "outlet": _outlet(article),
            "list": article.list,
            "time": f"{article.published:%m-%d %H:%M}",
            "title": clean(article.title),
            "text": clipped(article, room),
        }
        for article in articles
    ]
    return {"topics": list(story.topics[:2]), "articles": told}
