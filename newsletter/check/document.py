"""An issue as one plain value: what the checks read, and what `export_issue` prints.

Texts are plain, paragraphs split by a blank line, citations inline as `[n]`.
"""

import datetime as dt
from dataclasses import dataclass
from typing import Any

from newsletter.bilingual import Both
from newsletter.check import exchange, snapshot
from newsletter.check.exchange import DocumentError
from newsletter.check.values import ArticleValue, BlockValue, ListValue, PreviousStory
from newsletter.models import Issue

FORMAT = 1


@dataclass(frozen=True, slots=True)
class IssueDocument:
    """The whole issue: blocks in reading order, the day's articles, what was told before."""

    date: dt.date
    title: Both
    lists: tuple[ListValue, ...] = ()
    articles: tuple[ArticleValue, ...] = ()
    blocks: tuple[BlockValue, ...] = ()
    previous: tuple[PreviousStory, ...] = ()
    format: int = FORMAT

    @classmethod
    def from_json(cls, data: Any) -> "IssueDocument":
        """Read the exchange format. DocumentError, in one line, names the first field that is not as it should be."""
        top = exchange.Fields(data, "")
        if top.number("format") != FORMAT:
            raise DocumentError(f"format: this reads format {FORMAT}, got {data['format']!r}")
        blocks = [exchange.block(each) for each in top.objects("blocks")]
        articles = tuple(exchange.article(each) for each in top.objects("articles"))
        exchange.refuse_twice("articles", "n", [a.n for a in articles if a.n is not None])
        exchange.refuse_twice("blocks", "id", [b.id for b in blocks])
        return cls(
            date=top.date("date"),
            title=top.bilingual("title"),
            lists=tuple(exchange.list_value(each) for each in top.objects("lists", optional=True)),
            articles=articles,
            blocks=tuple(sorted(blocks, key=lambda block: block.position)),
            previous=tuple(exchange.previous(each) for each in top.objects("previous", optional=True)),
        )

    @classmethod
    def from_issue(cls, issue: Issue) -> "IssueDocument":
        """The issue as it stands in the database now; dropped blocks are left out. Five queries."""
        day = snapshot.pages_of_the_day(issue)
        return cls(
            date=issue.date,
            title=Both(issue.title_en, issue.title_zh),
            lists=snapshot.lists(issue, day),
            articles=snapshot.articles(issue, day),
            blocks=snapshot.blocks(issue),
            previous=snapshot.previous(issue),
        )

    def to_json(self) -> dict[str, Any]:
        """The exchange format, ready for json.dumps."""
        return {
            **{"format": self.format, "date": self.date.isoformat(), "title": self.title.to_json()},
            "lists": [each.to_json() for each in self.lists],
            "articles": [each.to_json() for each in self.articles],
            "blocks": [each.to_json() for each in self.blocks],
            "previous": [each.to_json() for each in self.previous],
        }
