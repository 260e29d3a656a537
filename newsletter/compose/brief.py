"""What a writer is told: the day's rows, frozen. Reading them takes seven queries, however full the day is."""

import datetime as dt
import re
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from newsletter.addresses import one_a_page, publisher
from newsletter.bilingual import Both
from newsletter.models import Article, Issue, IssueState, Keyword, Newsletter, Ranking
from newsletter.models.story import News
from newsletter.outlets import names_of

WINDOW = dt.timedelta(hours=24)
_SMALL = re.compile(r"(?<![\w’'-])[a-z]{2,}(?![\w’'])")


@dataclass(frozen=True, slots=True)
class BriefArticle:
    """One relevant article of the day's window."""

    id: int
    outlet: str
    list: str  # slug of its source list
    language: str
    title: str
    text: str
    published: dt.datetime
    url: str
    called: Both = field(default_factory=Both)  # what each language's readers call the outlet

    @property
    def publisher(self) -> str:
        """Two feeds of one publisher don't bear each other out."""
        return publisher(self.url, self.outlet)

    def outlet_in(self, language: str) -> str:
        """The outlet as readers of `language` know it."""
        return self.called[language] or self.outlet


@dataclass(frozen=True, slots=True, eq=False)
class BriefStory:
    """One event: its place in the day, its scores, and its articles of the window, oldest first. Equal by identity."""

    id: int
    position: int
    slot: int  # the item it fills, from 1; 0 for a story that was ranked but not chosen
    titles: Mapping[str, str]  # language -> the best headline that rank found; may be ""
    topics: tuple[str, ...]  # slugs, most central first
    region: str  # home of the main actor: CN, US, EU, OTHER or ""
    scores: Mapping[str, int]  # hot, quality, impact: 0 to 100
    reasons: Mapping[str, Any]
    articles: tuple[BriefArticle, ...]
    score: float = 0.0  # overall, 0 to 100
    update: bool = False  # it goes on from the days before, and something new is told

    @property
    def topic(self) -> str:
        return self.topics[0] if self.topics else ""

    @property
    def lists(self) -> dict[str, int]:
        """Slug of a source list -> how many of the articles are its."""
        return dict(Counter(article.list for article in self.articles))

    def written_in(self, language: str) -> tuple[BriefArticle, ...]:
        return tuple(article for article in self.articles if article.language == language)


@dataclass(frozen=True, slots=True)
class BriefList:
    """One source list's share of the day; only relevant articles count."""

    slug: str
    names: Mapping[str, str]
    articles: int
    outlets: tuple[tuple[str, int], ...]  # every outlet with its count, most first
    topics: tuple[tuple[str, int], ...]  # every topic slug with its count, most first
    keywords: tuple[Both, ...] = ()  # what it speaks of more than usual, the most telling first
    called: Mapping[str, Both] = field(default_factory=dict)  # outlet -> its name in each language

    def outlets_in(self, language: str) -> list[tuple[str, int]]:
        """`outlets` under the names that readers of `language` know."""
        return [(self.called.get(name, Both())[language] or name, count) for name, count in self.outlets]


@dataclass(frozen=True, slots=True)
class Brief:
    """Everything of one day that a writer may use."""

    newsletter: int
    date: dt.date
    start: dt.datetime  # the window, aware, in the newsletter's zone
    end: dt.datetime
    names: Mapping[str, str]  # the newsletter's
    lists: tuple[BriefList, ...]
    stories: tuple[BriefStory, ...]  # every ranked story, in order
    articles: int  # relevant ones of the window, in a story or not
    outlets: int
    spellings: tuple[str, ...] = field(default=())  # outlets whose own name joins the scripts (36氪)
    common: frozenset[str] = frozenset()  # what two or more of the window's English articles write in small letters
    yesterday: Both = field(default_factory=Both)  # the main line of the issue before, not to be told again

    @property
    def chosen(self) -> tuple[BriefStory, ...]:
        """The day's items, in the order of their slots."""
        return tuple(sorted((story for story in self.stories if story.slot), key=lambda story: story.slot))

    @property
    def further(self) -> tuple[BriefStory, ...]:
        return tuple(story for story in self.stories if not story.slot)

    def of_list(self, slug: str) -> tuple[BriefStory, ...]:
        """The stories that the list reports, chosen and further ones, in ranked order."""
        return tuple(story for story in self.stories if slug in story.lists)


def brief_for(
    newsletter: Newsletter, date: dt.date, cutoff: dt.datetime, held: Mapping[int, int | None] | None = None
) -> Brief:
    """The brief of the 24 hours that end at `cutoff`.

    `held` says which slots an editor's own items fill (slot -> story id, None where its story is gone): their stories
    stay in those slots, and the other chosen stories fill the rest.
    """
    articles = _articles(newsletter, cutoff)
    rankings = list(
        Ranking.objects.filter(date=date, story__newsletter=newsletter).select_related("story").order_by("position")
    )
    keywords = _keywords(newsletter, date)
    lists = tuple(_brief_list(row, articles, keywords) for row in newsletter.source_lists.all())
    outlets = sorted({article.source.name for article in articles})
    return Brief(
        newsletter=newsletter.pk,
        date=date,
        start=(cutoff - WINDOW).astimezone(newsletter.tz),
        end=cutoff.astimezone(newsletter.tz),
        names={"en": newsletter.name_en, "zh": newsletter.name_zh},
        lists=lists,
        stories=_stories(rankings, articles, held or {}),
        articles=len(articles),
        outlets=len(outlets),
        spellings=tuple(sorted({*outlets, *(_called(article).zh for article in articles)})),
        common=_common_words(newsletter, cutoff),
        yesterday=_yesterday(newsletter, date),
    )


def _yesterday(newsletter: Newsletter, date: dt.date) -> Both:
    """The main line of the last issue before `date`, as an editor left it; empty after a week without one."""
    before = Issue.objects.filter(
        newsletter=newsletter, kind="daily", date__lt=date, date__gte=date - dt.timedelta(days=7)
    )
    last = before.exclude(state=IssueState.SKIPPED).order_by("-date").first()
    return Both(last.title_en, last.title_zh) if last else Both()


def _articles(newsletter: Newsletter, cutoff: dt.datetime) -> list[Article]:
    """Oldest first, one for each page; ties by content, so that the order in which rows were made decides nothing."""
    rows = Article.objects.filter(
        source__source_list__newsletter=newsletter,
        relevant=True,
        dated_at__gt=cutoff - WINDOW,
        dated_at__lte=cutoff,
    ).select_related("source__source_list")
    return one_a_page(sorted(rows, key=lambda row: (row.dated_at, row.url, row.title, row.source.name, row.pk)))


def _common_words(newsletter: Newsletter, cutoff: dt.datetime) -> frozenset[str]:
    """English words of the window's articles, on the subject or not; what only one of them has may be a slip."""
    rows = Article.objects.filter(
        source__source_list__newsletter=newsletter,
        language="en",
        dated_at__gt=cutoff - WINDOW,
        dated_at__lte=cutoff,
    )
    counts: Counter[str] = Counter()
    for title, text in rows.values_list("title", "text"):
        counts.update(set(_SMALL.findall(f"{title} {text[:4000]}")))
    return frozenset(word for word, count in counts.items() if count > 1)


def _keywords(newsletter: Newsletter, date: dt.date) -> dict[int, list[Both]]:
    """Source list -> its keywords of the day, in order."""
    found: dict[int, list[Both]] = {}
    for row in Keyword.objects.filter(source_list__newsletter=newsletter, date=date):
        found.setdefault(row.source_list_id, []).append(Both(row.en, row.zh))
    return found


def _brief_list(row: Any, articles: Iterable[Article], keywords: Mapping[int, list[Both]]) -> BriefList:
    mine = [article for article in articles if article.source.source_list_id == row.pk]
    return BriefList(
        slug=row.slug,
        names={"en": row.name_en, "zh": row.name_zh},
        articles=len(mine),
        outlets=_counted(article.source.name for article in mine),
        topics=_counted(slug for article in mine for slug in article.topics[:1]),
        keywords=tuple(keywords.get(row.pk, ())),
        called={article.source.name: _called(article) for article in mine},
    )


def _counted(words: Iterable[str]) -> tuple[tuple[str, int], ...]:
    """Most first; equal counts by name, so that the same rows always give the same order."""
    return tuple(sorted(Counter(words).items(), key=lambda pair: (-pair[1], pair[0])))


def _stories(
    rankings: Iterable[Ranking], articles: Iterable[Article], held: Mapping[int, int | None]
) -> tuple[BriefStory, ...]:
    by_story: dict[int, list[BriefArticle]] = {}
    for article in articles:
        if article.story_id:
            by_story.setdefault(article.story_id, []).append(brief_article(article))
    told = [ranking for ranking in rankings if ranking.story_id in by_story]
    slots = _slots(told, held)
    return tuple(
        BriefStory(
            id=ranking.story_id,
            position=ranking.position,
            slot=slots.get(ranking.story_id, 0),
            titles={"en": ranking.story.title_en, "zh": ranking.story.title_zh},
            topics=tuple(ranking.story.topics),
            region=ranking.story.region,
            scores={"hot": ranking.hot, "quality": ranking.quality, "impact": ranking.impact},
            reasons=ranking.reasons,
            articles=tuple(by_story[ranking.story_id]),
            score=ranking.score,
            update=ranking.news == News.UPDATE,
        )
        for ranking in told
    )


def _slots(told: Iterable[Ranking], held: Mapping[int, int | None]) -> dict[int, int]:
    """Story id -> the item it fills: held ones stay, the rest fill the gaps in ranked order."""
    slots = {story: slot for slot, story in held.items() if story is not None}
    waiting = [ranking.story_id for ranking in told if ranking.chosen and ranking.story_id not in slots]
    slot = 0
    for story in waiting:
        slot += 1
        while slot in held:
            slot += 1
        slots[story] = slot
    return slots


def brief_article(article: Article) -> BriefArticle:
    """`article`, with its source and list at hand, as a writer is told of it."""
    return BriefArticle(
        id=article.pk,
        outlet=article.source.name,
        list=article.source.source_list.slug,
        language=article.language,
        title=article.title,
        text=article.text,
        published=article.dated_at,
        url=article.url,
        called=_called(article),
    )


def _called(article: Article) -> Both:
    return names_of(article.source.name, en=article.source.name_en, zh=article.source.name_zh)
