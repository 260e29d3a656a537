"""The rank act: the articles of one day's window become stories with a place in the day."""

import datetime as dt
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence, Set
from typing import Any

from django.db import transaction
from django.db.models import QuerySet

from newsletter.addresses import canonical_url
from newsletter.bilingual import LANGUAGES
from newsletter.models import Article, Newsletter, Ranking, Story
from newsletter.models.story import News
from newsletter.rank.age import Kind, Page
from newsletter.rank.listing import store_keywords
from newsletter.rank.results import Progress, Result, judge, results
from newsletter.rank.stories import Day
from newsletter.rank.values import ArticleValue, RankedStory, Reading

WINDOW = dt.timedelta(hours=24)
GOES_ON = dt.timedelta(days=3)  # how long after its last article a story can still be continued
REMEMBERS = dt.timedelta(days=30)  # how long a page is known to have been there
_BATCH = 400  # rows a statement: SQLite takes a limited number of values in one


def rank_day(newsletter: Newsletter, date: dt.date, cutoff: dt.datetime, progress: Progress) -> dict[str, Any]:
    """Judge, group and rank the articles dated in the 24 hours that end at `cutoff`, for the issue of `date`.

    Run again it finds the same stories by their articles and replaces the day's rankings. Returns counts.
    """
    return rank_and_tell(newsletter, date, cutoff, progress)[0]


def rank_and_tell(
    newsletter: Newsletter, date: dt.date, cutoff: dt.datetime, progress: Progress
) -> tuple[dict[str, Any], list[Result]]:
    """`rank_day`, and what was found of each article, by the ids of rows."""
    rows = list(_articles(newsletter, cutoff - WINDOW, cutoff))
    before = _articles(newsletter, cutoff - WINDOW - GOES_ON, cutoff - WINDOW).filter(story__isnull=False)
    judged = judge(
        [_value(row) for row in rows],
        cutoff,
        earlier=[_value(row) for row in before.filter(relevant=True)],
        told=_told(newsletter, date),
        seen=_seen(newsletter, cutoff - WINDOW),
        progress=progress,
    )
    day = judged.day
    with transaction.atomic():
        Newsletter.objects.select_for_update().get(pk=newsletter.pk)  # two runs at once: one after the other
        made, merged = _store(newsletter, date, rows, judged.readings, day)
        store_keywords(newsletter, date, cutoff - WINDOW, judged)
    counts = {
        "articles": len(rows),
        "relevant": len(day.relevant),
        "copies": len(day.copies),
        "old": sum(age.kind == Kind.OLD for age in day.ages.values()),
        "stories": len(day.stories),
        "new_stories": made,
        "updates": sum(story.progress.news == News.UPDATE for story in day.stories),
        "unchanged": sum(story.progress.news == News.UNCHANGED for story in day.stories),
        "merged": merged,
        "both_languages": sum(len(story.cluster.languages) > 1 for story in day.stories),
        "chosen": day.chosen,
    }
    return counts, results(judged, {str(row.pk): str(row.story_id) for row in rows if row.story_id})


def _articles(newsletter: Newsletter, after: dt.datetime, until: dt.datetime) -> QuerySet[Article]:
    found = Article.objects.filter(
        source__source_list__newsletter=newsletter, dated_at__gt=after, dated_at__lte=until, language__in=LANGUAGES
    )
    return found.select_related("source__source_list").order_by("dated_at", "pk")


def _value(row: Article) -> ArticleValue:
    return ArticleValue(
        id=str(row.pk),
        title=row.title,
        text=row.text,
        language=row.language,
        outlet=row.source.name,
        at=row.dated_at,
        url=row.url,
        list_slug=row.source.source_list.slug,
        scope=row.source.scope,
        story=str(row.story_id or ""),
        dated=row.published_at == row.dated_at,
    )


def _told(newsletter: Newsletter, date: dt.date) -> frozenset[str]:
    """The stories that were items of the days before."""
    days = Ranking.objects.filter(story__newsletter=newsletter, date__lt=date, date__gte=date - GOES_ON, chosen=True)
    return frozenset(str(pk) for pk in days.values_list("story_id", flat=True))


def _seen(newsletter: Newsletter, before: dt.datetime) -> dict[str, Page]:
    """The pages that were known from before the day, by canonical address, each as it was first dated."""
    rows = Article.objects.filter(
        source__source_list__newsletter=newsletter, dated_at__gt=before - REMEMBERS, dated_at__lte=before
    ).exclude(url="")
    found: dict[str, Page] = {}
    for url, at, title in rows.order_by("dated_at", "pk").values_list("url", "dated_at", "title").iterator():
        found.setdefault(canonical_url(url), Page(at, title))
    return found


def _store(
    newsletter: Newsletter, date: dt.date, rows: Sequence[Article], readings: Sequence[Reading], day: Day
) -> tuple[int, int]:
    """Write all that was found. Returns how many stories are new and how many were merged away."""
    stories, redirects = _stories(newsletter, rows, day)
    made = [story for story in stories if story.pk is None]
    Story.objects.bulk_create(made, batch_size=_BATCH)
    Story.objects.bulk_update(
        [story for story in stories if story not in made],
        ["title_en", "title_zh", "topics", "region", "first_seen_at", "last_seen_at"],
        batch_size=_BATCH // 4,
    )
    for gone, kept in redirects.items():
        Story.objects.filter(pk=gone).update(merged_into=kept)
        Story.objects.filter(merged_into=gone).update(merged_into=kept)
        Article.objects.filter(story=gone).update(story=kept)
    home = {key: story for told, story in zip(day.stories, stories, strict=True) for key in told.cluster.ids}
    _update_articles(rows, readings, home)
    _update_rankings(newsletter, date, day, stories)
    return len(made), len(redirects)


def _stories(newsletter: Newsletter, rows: Sequence[Article], day: Day) -> tuple[list[Story], dict[int, Story]]:
    """A row for each of the day's stories, found again by its articles where there is one; and the merges."""
    belongs = {str(row.pk): row.story_id for row in rows if row.story_id}
    wanted = set(belongs.values()) | {int(pk) for pk in day.continues.values()}
    known = {story.pk: story for story in Story.objects.filter(pk__in=wanted).select_related("merged_into")}
    elsewhere = Article.objects.filter(story__in=wanted, relevant=True)
    if rows:  # which are in the order of their dates
        elsewhere = elsewhere.exclude(dated_at__gte=rows[0].dated_at, dated_at__lte=rows[-1].dated_at)
    other_days = set(elsewhere.values_list("story_id", "language"))
    claims: list[tuple[int, int, int]] = []  # articles in common, place, story: the best claim wins
    for place, told in enumerate(day.stories):
        votes = Counter(belongs[key] for key in told.cluster.ids if key in belongs)
        if earlier := day.continues.get(told.cluster.ids):
            votes[int(earlier)] += 1
        claims += [(count, place, pk) for pk, count in votes.items()]
    found: dict[int, Story] = {}
    redirects: dict[int, Story] = {}
    taken: set[int] = set()
    for _, place, pk in sorted(claims, key=lambda claim: (-claim[0], claim[2], claim[1])):
        story = known[pk].merged_into or known[pk]
        if place not in found and story.pk not in taken:
            found[place] = story
            taken.add(story.pk)
    for _, place, pk in claims:
        if place in found and pk not in taken and not _stays(pk, place, day, belongs):
            redirects[pk] = found[place]
    return [
        _fill(found.get(i) or Story(newsletter=newsletter), told, other_days) for i, told in enumerate(day.stories)
    ], redirects


def _stays(pk: int, place: int, day: Day, belongs: Mapping[str, int]) -> bool:
    """Whether some of a story's articles are told elsewhere today: then it was split, not merged."""
    here = day.stories[place].cluster.ids
    return any(story == pk and key not in here for key, story in belongs.items())


def _fill(story: Story, told: RankedStory, other_days: Set[tuple[int | None, str]]) -> Story:
    """A day without a report in a language leaves the headline that another day's reports in it gave."""
    times = [reading.article.at for reading in told.cluster.readings]
    if told.title_en or (story.pk, "en") not in other_days:
        story.title_en = told.title_en[:500]
    if told.title_zh or (story.pk, "zh") not in other_days:
        story.title_zh = told.title_zh[:500]
    story.topics, story.region = list(told.topics), told.region
    story.first_seen_at = min([*times, story.first_seen_at] if story.pk else times)
    story.last_seen_at = max([*times, story.last_seen_at] if story.pk else times)
    return story


def _update_articles(rows: Sequence[Article], readings: Sequence[Reading], home: Mapping[str, Story]) -> None:
    changed = []
    for row, reading in zip(rows, readings, strict=True):
        before = row.relevance, row.relevant, row.topics, row.story_id
        row.story = home.get(str(row.pk))
        row.relevance, row.relevant = reading.relevance, row.story is not None
        row.topics = list(reading.topics) if row.story else []
        if before != (row.relevance, row.relevant, row.topics, row.story_id):
            changed.append(row)
    Article.objects.bulk_update(changed, ["relevance", "relevant", "topics", "story"], batch_size=_BATCH // 4)


def _update_rankings(newsletter: Newsletter, date: dt.date, day: Day, stories: Iterable[Story]) -> None:
    rankings = [
        Ranking(
            story=story,
            date=date,
            position=place,
            chosen=place <= day.chosen,
            score=told.scores.total,
            hot=told.scores.hot,
            quality=told.scores.quality,
            impact=told.scores.impact,
            news=told.progress.news,
            reasons={key: reason.to_json() for key, reason in told.scores.reasons.items()},
        )
        for place, (told, story) in enumerate(zip(day.stories, stories, strict=True), 1)
    ]
    today = Ranking.objects.filter(date=date, story__newsletter=newsletter)
    today.exclude(story__in=[ranking.story_id for ranking in rankings]).delete()
    Ranking.objects.bulk_create(
        rankings,
        batch_size=_BATCH // 4,
        update_conflicts=True,
        unique_fields=["date", "story"],
        update_fields=["position", "chosen", "score", "hot", "quality", "impact", "news", "reasons"],
    )
