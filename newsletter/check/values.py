"""The rows of an issue as plain values, each with its JSON."""

import datetime as dt
from dataclasses import dataclass
from typing import Any, Literal

from newsletter.bilingual import LANGUAGES, Both

KINDS = frozenset(
    {"main_line", "item", "overview", "highlights", "insight", "business", "technology", "comparison"}
    | {"analysis", "qa", "tags", "disclaimer", "note"}
)
Parity = Literal["translated", "independent"]


@dataclass(frozen=True, slots=True)
class ListValue:
    """A source list with the number of its articles that day."""

    slug: str
    name: Both
    articles: int

    def to_json(self) -> dict[str, Any]:
        return {"slug": self.slug, "name": self.name.to_json(), "articles": self.articles}


@dataclass(frozen=True, slots=True)
class ArticleValue:
    """A report of the day. `n` is its citation number, None where the issue doesn't cite it."""

    id: str
    n: int | None
    list: str | None
    outlet: str
    lang: str
    title: str
    text: str
    url: str
    published: dt.datetime | None

    def to_json(self) -> dict[str, Any]:
        published = self.published.astimezone(dt.UTC).isoformat().replace("+00:00", "Z") if self.published else None
        return {
            **{"id": self.id, "n": self.n, "list": self.list, "outlet": self.outlet, "lang": self.lang},
            **{"title": self.title, "text": self.text, "url": self.url, "published": published},
        }


@dataclass(frozen=True, slots=True)
class BlockValue:
    """One section. `foreign` holds the languages whose text stands in the original, marked as such."""

    id: str
    kind: str
    list: str | None
    position: int
    story: str | None
    title: Both
    text: Both
    parity: Parity = "translated"
    foreign: frozenset[str] = frozenset()
    data: bool = False

    def to_json(self) -> dict[str, Any]:
        return {
            **{"id": self.id, "kind": self.kind, "list": self.list, "position": self.position, "story": self.story},
            **{"title": self.title.to_json(), "text": self.text.to_json(), "parity": self.parity},
            **{"foreign": {lang: lang in self.foreign for lang in LANGUAGES}, "data": self.data},
        }


@dataclass(frozen=True, slots=True)
class PreviousStory:
    """A story that an issue of the last seven days told."""

    date: dt.date
    story: str | None
    title: Both

    def to_json(self) -> dict[str, Any]:
        return {"date": self.date.isoformat(), "story": self.story, "title": self.title.to_json()}
