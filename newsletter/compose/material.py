"""What a model is shown: prompts from `data/prompts/`, and the day's stories as fenced JSON."""

import json
from collections.abc import Iterable
from functools import cache
from typing import Any

from newsletter import lexicon
from newsletter.compose.brief import Brief, BriefArticle, BriefList, BriefStory

TEXT = 900  # characters of an article that are shown: the news stands at the top
PER_STORY = 4  # articles of a story
REPORT_STORIES = 24
DAY_STORIES = 16


@cache
def prompt(name: str) -> str:
    """The text of `data/prompts/NAME.txt`."""
    return (lexicon.DATA / "prompts" / f"{name}.txt").read_text(encoding="utf-8").strip()


def filled(name: str, **values: str) -> str:
    """The prompt with its `{placeholders}` filled; values are put in as they are, and never read as placeholders."""
    parts = prompt(name)
    for key in ("list", "material"):  # the material last: nothing in it may be taken for a placeholder
        if key in values:
            parts = parts.replace("{" + key + "}", values[key], 1)
    return parts


def for_items(stories: Iterable[BriefStory]) -> tuple[str, frozenset[int]]:
    """The items' prompt, and the ids of the articles that it shows."""
    stories = list(stories)
    shown = [_story(story, _spread(story.articles)) for story in stories]
    return filled("items", material=_fenced(shown)), _ids(stories)


def for_report(brief: Brief, desk: BriefList) -> tuple[str, frozenset[int]]:
    """The prompt for one list's report, and the ids it shows: the list's own articles only."""
    shown, ids = [], set()
    for story in brief.of_list(desk.slug)[:REPORT_STORIES]:
        own = [article for article in story.articles if article.list == desk.slug][:2]
        shown.append({**_story(story, own), "item": bool(story.slot)})
        ids |= {article.id for article in own}
    return filled("report", list=desk.names["en"], material=_fenced(shown)), frozenset(ids)


def for_day(brief: Brief) -> tuple[str, frozenset[int]]:
    """The prompt for what is said across the lists, and the ids it shows: chosen stories, then those told by all."""
    several = [story for story in brief.further if len(story.lists) > 1]
    stories = list(dict.fromkeys([*brief.chosen, *several, *brief.further]))[:DAY_STORIES]
    shown = [{**_story(story, _spread(story.articles)), "lists": story.lists} for story in stories]
    return filled("day", material=_fenced(shown)), _ids(stories)


def _ids(stories: Iterable[BriefStory]) -> frozenset[int]:
    return frozenset(article.id for story in stories for article in _spread(story.articles))


def _spread(articles: tuple[BriefArticle, ...]) -> list[BriefArticle]:
    """A few articles, both languages among them, those with most text first."""
    full = sorted(articles, key=lambda article: -min(len(article.text), TEXT))
    firsts = [next((a for a in full if a.language == language), None) for language in ("en", "zh")]
    return list(dict.fromkeys([*(a for a in firsts if a), *full]))[:PER_STORY]


def _story(story: BriefStory, articles: Iterable[BriefArticle]) -> dict[str, Any]:
    return {
        "story": story.id,
        "topics": list(story.topics),
        "region": story.region,
        "articles": [
            {
                "id": f"a{article.id}",
                "outlet": article.outlet,
                "list": article.list,
                "language": article.language,
                "published": f"{article.published:%Y-%m-%d %H:%M} UTC",
                "title": article.title,
                "text": article.text[:TEXT],
            }
            for article in articles
        ],
    }


def _fenced(stories: list[dict[str, Any]]) -> str:
    """JSON in which no feed can close the fence: `<` is escaped. Names go with it, as they are to be written."""
    texts = " ".join(f"{a['title']} {a['text']}" for story in stories for a in story["articles"])
    found = [name for name in lexicon.load().find(texts) if name.en[0] != name.zh[0] or name.never]
    names = [[name.en[0], name.zh[0], *name.never] for name in found]
    whole = {"names": names, "stories": stories}
    return json.dumps(whole, ensure_ascii=False, indent=1).replace("<", "\\u003c").replace(">", "\\u003e")
