"""The day's ranked stories, as an editor looks for another one to tell. Four queries, however full the day is."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from newsletter.bilingual import Both
from newsletter.check import snapshot
from newsletter.models import Article, Block, Issue, Ranking
from newsletter.models.issue import BlockKind
from newsletter.models.story import News


@dataclass(frozen=True, slots=True)
class Candidate:
    """One ranked story of the day, with all that speaks for and against it."""

    story: int
    position: int  # in the day's ranking, from 1
    title: Both  # its best headline in each language; empty where none was found
    score: int  # overall, 0 to 100
    scores: Mapping[str, int]  # hot, quality, impact
    reasons: Mapping[str, Any]
    outlets: tuple[str, ...]  # that report it today, each once
    languages: tuple[str, ...]  # that it is reported in
    articles: int  # of the day's window
    stands: str  # the key of the block that tells it now; empty: none
    told: dt.date | None  # when it was told last, of the seven days before
    unchanged: bool  # it goes on, and nothing new is told

    @property
    def can_be_told(self) -> bool:
        """Whether anything could be written of it, that isn't written already."""
        return bool(self.articles) and not self.stands


def candidates(issue: Issue, query: str = "") -> list[Candidate]:
    """Every story that was ranked for the day of `issue`, in its order; those in which each word of `query` is found,
    in a headline or an outlet."""
    rankings = Ranking.objects.filter(date=issue.date, story__newsletter=issue.newsletter_id).select_related("story")
    articles = _articles(issue)
    stands = _stands(issue)
    told = _told(issue)
    rows = [_candidate(each, articles.get(each.story_id, []), stands, told) for each in rankings.order_by("position")]
    words = query.casefold().split()
    return [row for row in rows if all(word in _searched(row, articles) for word in words)]


def _candidate(
    ranking: Ranking, articles: list[Article], stands: Mapping[int, str], told: Mapping[int, dt.date]
) -> Candidate:
    story = ranking.story
    return Candidate(
        story=story.pk,
        position=ranking.position,
        title=Both(story.title_en, story.title_zh),
        score=round(ranking.score),
        scores={"hot": ranking.hot, "quality": ranking.quality, "impact": ranking.impact},
        reasons=ranking.reasons,
        outlets=tuple(dict.fromkeys(article.source.name for article in articles)),
        languages=tuple(sorted({article.language for article in articles})),
        articles=len(articles),
        stands=stands.get(story.pk, ""),
        told=told.get(story.pk),
        unchanged=ranking.news == News.UNCHANGED,
    )


def _articles(issue: Issue) -> dict[int, list[Article]]:
    """Story -> its articles of the day's window, oldest first."""
    rows = Article.objects.filter(
        source__source_list__newsletter=issue.newsletter_id,
        relevant=True,
        dated_at__gt=issue.cutoff - snapshot.WINDOW,
        dated_at__lte=issue.cutoff,
    ).exclude(story=None)
    found: dict[int, list[Article]] = {}
    for row in rows.select_related("source").defer("text").order_by("dated_at", "pk"):
        found.setdefault(row.story_id or 0, []).append(row)
    return found


def _stands(issue: Issue) -> dict[int, str]:
    blocks = Block.objects.filter(issue=issue, kind=BlockKind.ITEM, dropped=False).exclude(story=None)
    return {story: key for story, key in blocks.values_list("story_id", "key") if story is not None}


def _told(issue: Issue) -> dict[int, dt.date]:
    """Story -> when an issue of the week before told it, the newest first."""
    told: dict[int, dt.date] = {}
    for each in snapshot.previous(issue):
        if each.story:
            told.setdefault(int(each.story.removeprefix("s")), each.date)
    return told


def _searched(row: Candidate, articles: Mapping[int, list[Article]]) -> str:
    titles = [article.title for article in articles.get(row.story, [])]
    return " ".join([row.title.en, row.title.zh, *row.outlets, *titles]).casefold()
