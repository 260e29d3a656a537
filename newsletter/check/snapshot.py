"""Rows of the database as values: what an issue holds now."""

import datetime as dt
from collections import Counter

from newsletter.addresses import one_a_page
from newsletter.bilingual import Both
from newsletter.check.values import ArticleValue, BlockValue, ListValue, PreviousStory
from newsletter.models import Article, Block, Issue, IssueState, SourceList
from newsletter.models.issue import PUBLIC, BlockKind

WINDOW = dt.timedelta(hours=24)  # what an issue tells of, up to its cutoff
LOOK_BACK = dt.timedelta(days=7)  # how long a told story counts as told
TOLD = PUBLIC | {IssueState.APPROVED}


def lists(issue: Issue, day: list[Article]) -> tuple[ListValue, ...]:
    """The newsletter's source lists with the number of `day`'s articles on each."""
    counts = Counter(row.source.source_list_id for row in day)
    rows = SourceList.objects.filter(newsletter=issue.newsletter_id).order_by("position", "slug")
    return tuple(ListValue(row.slug, Both(row.name_en, row.name_zh), counts[row.pk]) for row in rows)


def articles(issue: Issue, day: list[Article]) -> tuple[ArticleValue, ...]:
    """The cited articles as they were when the issue was composed, then the rest of the day's relevant ones."""
    cited = issue.citations.select_related("source_list").order_by("number")
    told = [
        ArticleValue(
            id=f"a{row.article_id}" if row.article_id else f"c{row.number}",
            n=row.number,
            list=row.source_list.slug if row.source_list else None,
            outlet=row.outlet,
            lang=row.language,
            title=row.title,
            text=row.text,
            url=row.url,
            published=row.published_at,
        )
        for row in cited
    ]
    known = {each.id for each in told}
    return (*told, *(each for each in map(_uncited, day) if each.id not in known))


def pages_of_the_day(issue: Issue) -> list[Article]:
    """The day's relevant articles as the writers count them (compose/brief.py): a page in two feeds is one.

    The one that tells most of it stays, the first where two are equal.
    """
    rows = Article.objects.filter(
        source__source_list__newsletter=issue.newsletter_id,
        relevant=True,
        dated_at__gt=issue.cutoff - WINDOW,
        dated_at__lte=issue.cutoff,
    ).select_related("source__source_list")
    by_content = sorted(rows, key=lambda row: (row.dated_at, row.url, row.title, row.source.name, row.pk))
    return sorted(one_a_page(by_content), key=lambda row: (row.dated_at, row.pk))


def _uncited(row: Article) -> ArticleValue:
    return ArticleValue(
        id=f"a{row.pk}",
        n=None,
        list=row.source.source_list.slug,
        outlet=row.source.name,
        lang=row.language,
        title=row.title,
        text=row.text,
        url=row.url,
        published=row.dated_at,
    )


def blocks(issue: Issue) -> tuple[BlockValue, ...]:
    """What would be sent, in its order."""
    rows = issue.blocks.filter(dropped=False).select_related("source_list").order_by("position", "pk")
    return tuple(_block(row) for row in rows)


def _block(row: Block) -> BlockValue:
    foreign = {"en": row.foreign_en, "zh": row.foreign_zh}
    return BlockValue(
        id=row.key,
        kind=row.kind,
        list=row.source_list.slug if row.source_list else None,
        position=row.position,
        story=f"s{row.story_id}" if row.story_id else None,
        title=Both(row.title_en, row.title_zh),
        text=Both(row.text_en, row.text_zh),
        parity="independent" if row.parity == "independent" else "translated",
        foreign=frozenset(lang for lang, marked in foreign.items() if marked),
        data=row.data,
    )


def previous(issue: Issue) -> tuple[PreviousStory, ...]:
    """The items that issues of the seven days before told their readers (or are about to), newest first."""
    rows = Block.objects.filter(
        issue__newsletter=issue.newsletter_id,
        issue__date__lt=issue.date,
        issue__date__gte=issue.date - LOOK_BACK,
        issue__state__in=TOLD,
        kind=BlockKind.ITEM,
        dropped=False,
    )
    return tuple(
        PreviousStory(row.issue.date, f"s{row.story_id}" if row.story_id else None, Both(row.title_en, row.title_zh))
        for row in rows.select_related("issue").order_by("-issue__date", "position", "pk")
    )
