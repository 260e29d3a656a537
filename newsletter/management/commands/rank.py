"""manage.py rank: the day's articles become stories with a place in the day."""

import json
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from newsletter.management.base import ActCommand, Progress, cutoff_of
from newsletter.models import Article, Newsletter
from newsletter.rank.day import WINDOW, rank_day


class Command(ActCommand):
    help = "Judge which articles are on the subject, group them into stories in both languages, and rank these."

    def add_arguments(self, parser: ArgumentParser) -> None:
        super().add_arguments(parser)
        self.add_cutoff(parser)
        parser.add_argument("--export", type=Path, metavar="FILE", help="write what was found, one JSON object a line")

    def act(self, newsletter: Newsletter, progress: Progress, options: dict[str, Any]) -> dict[str, Any]:
        cutoff = cutoff_of(newsletter, options["date"], options["cutoff"])
        counts = rank_day(newsletter, options["date"], cutoff, progress)
        if options["export"]:
            found = Article.objects.filter(
                source__source_list__newsletter=newsletter, dated_at__gt=cutoff - WINDOW, dated_at__lte=cutoff
            )
            lines = [json.dumps(_line(article), ensure_ascii=False) for article in found.select_related("source")]
            options["export"].write_text("".join(f"{line}\n" for line in lines), encoding="utf-8")
        return counts


def _line(article: Article) -> dict[str, Any]:
    return {
        "id": str(article.pk),
        "outlet": article.source.name,
        "url": article.url,
        "title": article.title,
        "relevant": article.relevant,
        "relevance": article.relevance,
        "story": str(article.story_id or ""),
        "topics": article.topics,
    }
