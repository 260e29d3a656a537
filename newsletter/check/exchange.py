"""Reading the exchange format: JSON into values, with errors that name the field."""

import datetime as dt
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from newsletter.bilingual import LANGUAGES, Both
from newsletter.check.values import KINDS, ArticleValue, BlockValue, ListValue, PreviousStory

# Far beyond any issue, and still read in seconds.
LONGEST = 200_000  # characters of an article's text
LONGEST_BLOCK = 20_000  # characters of a block's text in one language
MOST_ROWS = 5_000  # blocks, articles, lists, told stories
_HALF = re.compile("[\ud800-\udfff]")
MOST_CITATIONS = 9_999  # what a mark in a text can name


class DocumentError(ValueError):
    """A document that can't be read; the message is one line and names the field."""


@dataclass(frozen=True, slots=True)
class Fields:
    """One JSON object, read field by field; `where` is its place, for the error's words."""

    data: Any
    where: str

    def __post_init__(self) -> None:
        if not isinstance(self.data, dict):
            raise DocumentError(f"{self.where or 'the document'}: expected an object, got {_shape(self.data)}")

    def _place(self, key: str) -> str:
        return f"{self.where}.{key}" if self.where else key

    def _take(self, key: str, kind: type, words: str, default: Any) -> Any:
        value = self.data.get(key, default)
        if value is ...:
            raise DocumentError(f"{self._place(key)}: missing")
        if value is None and default is not ...:
            return default  # null is what other writers of JSON put for a field that they leave out
        if value is not default and (not isinstance(value, kind) or (kind is int and isinstance(value, bool))):
            raise DocumentError(f"{self._place(key)}: expected {words}, got {_shape(value)}")
        return value

    def text(self, key: str, default: Any = ..., *, longest: int = LONGEST) -> str:
        value = str(self._take(key, str, "text", default))
        if len(value) > longest:
            raise DocumentError(f"{self._place(key)}: {len(value):,} characters are more than {longest:,}")
        if _HALF.search(value):
            raise DocumentError(f"{self._place(key)}: half a character (a lone surrogate)")
        return value

    def text_or_none(self, key: str) -> str | None:
        return None if self.data.get(key) is None else self.text(key)

    def number(self, key: str, default: Any = ...) -> int:
        return int(self._take(key, int, "a whole number", default))

    def flag(self, key: str) -> bool:
        return bool(self._take(key, bool, "true or false", False))

    def objects(self, key: str, *, optional: bool = False) -> "Iterator[Fields]":
        rows = self._take(key, list, "a list", [] if optional else ...)
        if len(rows) > MOST_ROWS:
            raise DocumentError(f"{self._place(key)}: {len(rows):,} are more than {MOST_ROWS:,}")
        for i, row in enumerate(rows):
            yield Fields(row, f"{self._place(key)}[{i}]")

    def bilingual(self, key: str, *, optional: bool = False) -> Both:
        if optional and self.data.get(key) is None:
            return Both()
        inner = Fields(self._take(key, dict, "an object with en and zh", ...), self._place(key))
        return Both(inner.text("en", "", longest=LONGEST_BLOCK), inner.text("zh", "", longest=LONGEST_BLOCK))

    def one_of(self, key: str, allowed: frozenset[str], default: Any = ...) -> str:
        value = self.text(key, default)
        if value not in allowed:
            raise DocumentError(f"{self._place(key)}: {value[:40]!r} is none of {', '.join(sorted(allowed))}")
        return value

    def date(self, key: str) -> dt.date:
        text = self.text(key)
        try:
            day = dt.datetime.strptime(text, "%Y-%m-%d").replace(tzinfo=dt.UTC)
        except ValueError:
            raise DocumentError(f"{self._place(key)}: {text[:40]!r} is no date (write 2026-03-12)") from None
        return self._in_our_time(key, day).date()

    def _in_our_time(self, key: str, moment: dt.datetime) -> dt.datetime:
        """The same; DocumentError where days before or after it could not be reckoned with."""
        if not 1900 <= moment.year <= 2999:
            raise DocumentError(f"{self._place(key)}: the year {moment.year} is not of our time")
        return moment

    def moment(self, key: str) -> dt.datetime | None:
        text = self.text_or_none(key)
        if not text:
            return None
        try:
            moment = dt.datetime.fromisoformat(text)
        except ValueError:
            raise DocumentError(f"{self._place(key)}: {text[:40]!r} is no time (write 2026-03-12T01:20:00Z)") from None
        self._in_our_time(key, moment)
        return moment if moment.tzinfo else moment.replace(tzinfo=dt.UTC)


def _shape(value: Any) -> str:
    if value is None:
        return "null"
    names = {str: "text", bool: "true or false", int: "a number", float: "a number", list: "a list", dict: "an object"}
    return names.get(type(value), type(value).__name__)


def refuse_twice(place: str, key: str, values: list[Any]) -> None:
    """DocumentError where `values`, all of `key` at `place`, hold one twice."""
    seen: set[Any] = set()
    for value in values:
        if value in seen:
            shown = value if isinstance(value, int) else repr(str(value)[:40])
            raise DocumentError(f"{place}: {key} {shown} stands there twice")
        seen.add(value)


def list_value(row: Fields) -> ListValue:
    """One of `lists`."""
    return ListValue(row.text("slug"), row.bilingual("name", optional=True), row.number("articles", 0))


def article(row: Fields) -> ArticleValue:
    """One of `articles`."""
    return ArticleValue(
        id=row.text("id"),
        n=_citation_number(row),
        list=row.text_or_none("list"),
        outlet=row.text("outlet", ""),
        lang=_language(row.text("lang")),
        title=row.text("title"),
        text=row.text("text", ""),
        url=row.text("url", ""),
        published=row.moment("published"),
    )


def _language(tag: str) -> str:
    """Of a language tag (zh-CN, en_US) what the checks go by."""
    return tag.replace("_", "-").partition("-")[0].lower()


def _citation_number(row: Fields) -> int | None:
    if row.data.get("n") is None:
        return None
    number = row.number("n")
    if not 1 <= number <= MOST_CITATIONS:
        raise DocumentError(f"{row.where}.n: {str(number)[:20]} is no citation number (1 to {MOST_CITATIONS})")
    return number


def block(row: Fields) -> BlockValue:
    """One of `blocks`."""
    foreign = Fields(row.data.get("foreign") or {}, f"{row.where}.foreign")
    return BlockValue(
        id=row.text("id"),
        kind=row.one_of("kind", KINDS),
        list=row.text_or_none("list"),
        position=row.number("position", 0),
        story=row.text_or_none("story"),
        title=row.bilingual("title", optional=True),
        text=row.bilingual("text"),
        parity=row.one_of("parity", frozenset({"translated", "independent"}), "translated"),  # type: ignore[arg-type]
        foreign=frozenset(lang for lang in LANGUAGES if foreign.flag(lang)),
        data=row.flag("data"),
    )


def previous(row: Fields) -> PreviousStory:
    """One of `previous`."""
    return PreviousStory(row.date("date"), row.text_or_none("story"), row.bilingual("title", optional=True))
