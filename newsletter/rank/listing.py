"""The day's keywords of each source list, from rows to rows."""

import datetime as dt
from collections import defaultdict

from newsletter.bilingual import LANGUAGES, Both
from newsletter.models import Article, Keyword, Newsletter
from newsletter.rank.keywords import keywords, said
from newsletter.rank.results import Judged

WEEKS = dt.timedelta(weeks=3)  # what "usual" is taken from


def store_keywords(newsletter: Newsletter, date: dt.date, start: dt.datetime, judged: Judged) -> None:
    """Replace the keywords of `date`; `start` is when the day's window begins."""
    lists = {each.slug: each for each in newsletter.source_lists.all()}
    today = _today(judged)
    before = _before(newsletter, start, judged)
    rows = []
    for slug, each in lists.items():
        elsewhere = [names for other, articles in today.items() if other != slug for names in articles]
        found = keywords(today[slug], before[slug], elsewhere) if today[slug] else []
        rows += [
            Keyword(
                source_list=each,
                date=date,
                position=position,
                en=keyword.name.en[:100],
                zh=keyword.name.zh[:100],
                articles=keyword.articles,
                usual=keyword.usual,
            )
            for position, keyword in enumerate(found, 1)
        ]
    Keyword.objects.filter(source_list__in=lists.values(), date=date).delete()
    Keyword.objects.bulk_create(rows)


def _today(judged: Judged) -> defaultdict[str, list[frozenset[Both]]]:
    """List -> what each of its relevant articles names; a reprint says nothing of its own."""
    found: defaultdict[str, list[frozenset[Both]]] = defaultdict(list)
    for story in judged.day.stories:
        for reading in story.cluster.originals:
            found[reading.article.list_slug].append(said(reading.title, judged.vocabulary))
    return found


def _before(newsletter: Newsletter, start: dt.datetime, judged: Judged) -> defaultdict[str, list[frozenset[Both]]]:
    rows = Article.objects.filter(
        source__source_list__newsletter=newsletter,
        relevant=True,
        language__in=LANGUAGES,
        dated_at__gt=start - WEEKS,
        dated_at__lte=start,
    )
    found: defaultdict[str, list[frozenset[Both]]] = defaultdict(list)
    titles = rows.order_by("dated_at", "pk").values_list("source__source_list__slug", "title")
    for slug, title in titles.iterator():
        found[slug].append(said(title, judged.vocabulary))
    return found
