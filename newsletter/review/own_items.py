"""What an item of the editor's own may stand on: articles of the day, found by words."""

import datetime as dt

from django.db.models import Q

from newsletter.models import Article, Issue

SHOWN = 60  # articles in a list, the newest first
DAYS = (1, 3, 7)  # how far back an editor may look


def articles(issue: Issue, query: str = "", days: int = 1) -> list[Article]:
    """Articles of the `days` before the issue's cutoff in which each word of `query` is found, relevant ones or not:
    in headline, text or outlet. The newest first."""
    rows = Article.objects.filter(
        source__source_list__newsletter=issue.newsletter_id,
        language__in=("en", "zh"),
        dated_at__gt=issue.cutoff - dt.timedelta(days=days),
        dated_at__lte=issue.cutoff,
    )
    for word in query.split():
        rows = rows.filter(Q(title__icontains=word) | Q(text__icontains=word) | Q(source__name__icontains=word))
    return list(rows.select_related("source__source_list", "story").order_by("-dated_at", "-pk")[:SHOWN])
