"""Articles from lines of JSON, as `manage.py rank --articles` takes them. Pure: bytes in, values or one error out."""

import datetime as dt
import json
import re
from collections.abc import Callable, Iterable
from typing import Any
from urllib.parse import urlsplit

from newsletter.rank.values import ArticleValue
from newsletter.typography import has_han

_NEVER = dt.datetime(2000, 1, 1, tzinfo=dt.UTC)  # the cutoff of a file without a single date
_GAP = dt.timedelta(hours=36)  # what is dated so long after all else is dated wrong
_UNPRINTABLE = re.compile(r"[\x00-\x08\x0b-\x1f\x7f\ud800-\udfff]")
_TEXTS = ("title", "summary", "url", "outlet", "lang", "published_utc")
_KANA = re.compile(r"[\u3040-\u30ff]")

Complain = Callable[[str], None]


_NAMED = 50  # lines with an error that are named; what has more is no file of articles


class LineError(Exception):
    """Lines that are no articles; the message names file, line and what is wrong, one a line."""


def read_articles(lines: Iterable[bytes], name: str, complain: Complain) -> list[ArticleValue]:
    """The articles of `lines` in their order; blank lines are skipped. `name` stands for the file in messages.

    id and title have to be there. Without `lang` the script of the title tells; an article without a date, or with
    one that can't be read (`complain` is told) or lies in the future of all others, is undated. Raises one LineError
    that names all the lines that are wrong.
    """
    rows: list[tuple[dict[str, str], dt.datetime | None]] = []
    first: dict[str, int] = {}
    wrong: list[str] = []
    for number, line in enumerate(lines, 1):
        if not line.strip():
            continue
        where = f"{name}, line {number}"
        try:
            row = _row(line, where)
        except LineError as error:
            wrong.append(str(error))
            continue
        if row["id"] in first:
            wrong.append(f"{where}: id {row['id']!r} stands in line {first[row['id']]} already")
        first.setdefault(row["id"], number)
        rows.append((row, _time(row["published_utc"], where, complain)))
    if wrong:
        more = [f"and {len(wrong) - _NAMED} more lines"] if len(wrong) > _NAMED else []
        raise LineError("\n".join([*wrong[:_NAMED], *more]))
    until = cutoff_of(at for _, at in rows if at)
    return [_article(row, at if at and at <= until else None, until) for row, at in rows]


def cutoff_of(times: Iterable[dt.datetime]) -> dt.datetime:
    """The end of the day that `times` are of: the last of them, those apart that lie 36 hours after all others."""
    order = sorted(times)
    if not order:
        return _NEVER
    middle = len(order) // 2
    for before, after in zip(order[middle:], order[middle + 1 :], strict=False):
        if after - before > _GAP:
            return before
    return order[-1]


def _row(line: bytes, where: str) -> dict[str, str]:
    """The fields of one line as text, "" where missing or null."""
    try:
        row = json.loads(line.decode("utf-8-sig"))
    except UnicodeDecodeError as error:
        raise LineError(f"{where}: is not UTF-8 ({error.reason} at byte {error.start})") from None
    except (ValueError, RecursionError) as error:
        raise LineError(f"{where}: is not JSON ({error})") from None
    if not isinstance(row, dict):
        raise LineError(f"{where}: is no object")
    key = row.get("id")
    if isinstance(key, bool) or not isinstance(key, int | str) or not str(key).strip():
        raise LineError(f"{where}: no id" if key in (None, "") else f"{where}: id {key!r} is no text")
    if row.get("title") is None:
        raise LineError(f"{where}: no title")
    return {"id": str(key), **{field: _text(row, field, where) for field in _TEXTS}}


def _text(row: dict[str, Any], field: str, where: str) -> str:
    value = row.get(field)
    if value is None:
        return ""
    if not isinstance(value, str):
        raise LineError(f"{where}: {field} is no text but {type(value).__name__}")
    return _UNPRINTABLE.sub(" ", value)


def _time(text: str, where: str, complain: Complain) -> dt.datetime | None:
    if not text.strip():
        return None
    try:
        at = dt.datetime.fromisoformat(text.strip())
        return at.replace(tzinfo=dt.UTC) if at.tzinfo is None else at.astimezone(dt.UTC)
    except (ValueError, OverflowError):
        complain(f"{where}: published_utc {text[:40]!r} is no ISO 8601 time; taken as undated")
        return None


def _article(row: dict[str, str], at: dt.datetime | None, until: dt.datetime) -> ArticleValue:
    language = _language(row["lang"], row["title"] or row["summary"])
    return ArticleValue(
        id=row["id"],
        title=row["title"],
        text=row["summary"],
        language=language,
        outlet=row["outlet"],
        at=at or until,
        url=row["url"],
        list_slug="china" if language == "zh" or _host(row["url"]).endswith(".cn") else "us",
        dated=at is not None,
    )


def _host(url: str) -> str:
    try:
        return urlsplit(url).hostname or ""
    except ValueError:
        return ""


def _language(given: str, text: str) -> str:
    """The primary subtag of what is given (zh for zh-CN and zh_TW), else what the script tells."""
    if given.strip():
        return re.split(r"[-_]", given.strip().lower())[0]
    if _KANA.search(text):
        return "ja"
    return "zh" if has_han(text) else "en"
