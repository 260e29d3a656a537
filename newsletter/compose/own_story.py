"""What an editor chose to tell, as a story of the brief: articles of the day, citations, addresses typed in."""

import datetime as dt
from collections.abc import Iterable, Mapping
from typing import Any

from newsletter.bilingual import Both
from newsletter.compose.brief import BriefArticle, BriefStory, brief_article
from newsletter.models import Article, Citation, Issue
from newsletter.models.proposal import TYPED
from newsletter.outlets import names_of


def own_story(sources: Iterable[Mapping[str, Any]], slot: int, issue: Issue) -> BriefStory:
    """A story for the item `slot`. `sources` as `Proposal.sources` holds them; what has gone meanwhile is left out."""
    sources = list(sources)
    ids = [source["article"] for source in sources if "article" in source]
    rows = Article.objects.filter(pk__in=ids).select_related("source__source_list").in_bulk()
    cited = {row.number: row for row in issue.citations.select_related("source_list")}
    articles: list[BriefArticle] = []
    for place, source in enumerate(sources):
        if "article" in source:
            articles += [brief_article(rows[source["article"]])] if source["article"] in rows else []
        elif "citation" in source:
            articles += [_of_citation(place, cited[source["citation"]])] if source["citation"] in cited else []
        else:
            articles.append(_typed(place, source))
    topics = [topic for row in rows.values() for topic in row.topics[:1]]
    return BriefStory(
        id=0,
        position=0,
        slot=slot,
        titles={},
        topics=tuple(dict.fromkeys(topics))[:2],
        region="",
        scores={},
        reasons={},
        articles=tuple(articles),
    )


def _of_citation(place: int, row: Citation) -> BriefArticle:
    return BriefArticle(
        id=row.article_id or TYPED + place,
        outlet=row.outlet,
        list=row.source_list.slug if row.source_list else "",
        language=row.language,
        title=row.title,
        text=row.text,
        published=row.published_at,
        url=row.url,
        called=Both(row.outlet_en or row.outlet, row.outlet_zh or row.outlet),
    )


def _typed(place: int, source: Mapping[str, Any]) -> BriefArticle:
    return BriefArticle(
        id=TYPED + place,
        outlet=source["outlet"],
        list="",
        language=source["language"],
        title=source["title"],
        text=source["text"],
        published=dt.datetime.fromisoformat(source["published"]),
        url=source["url"],
        called=names_of(source["outlet"]),
    )
