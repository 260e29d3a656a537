"""Which articles only pose as new: by their own address and words, and by what was seen before. Pure functions.

Feeds give years-old entries today's date, stamp every entry with the hour of the visit, or give no date at all. What
an article says of its own age elsewhere outweighs the feed's date; the reason is kept.
"""

import datetime as dt
import re
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from urllib.parse import urlsplit

from newsletter.addresses import canonical_url, is_front_page
from newsletter.bilingual import Both
from newsletter.rank import dedupe
from newsletter.rank.values import ArticleValue

OLD = dt.timedelta(days=4)  # dated so long before the cutoff it is no news; a dateline is a day late at times
_SEEN = dt.timedelta(hours=24)  # a page known for so long before the cutoff's day is no news under the same headline
_STAMPED = 8  # entries of one outlet at one second: the clock of a visit, not of a writer
_MONTHS = {"jan": 1, "feb": 2, "mar": 3, "apr": 4, "may": 5, "jun": 6}
_MONTHS |= {"jul": 7, "aug": 8, "sep": 9, "oct": 10, "nov": 11, "dec": 12}
_MONTH = r"(?P<m>jan|feb|mar|apr|may|june?|july?|aug|sept?|oct|nov|dec)[a-z]*\.?"
_IN_PATH = (
    re.compile(r"(?<!\d)(?P<y>20\d\d)[/-]?(?P<m>0[1-9]|1[0-2])[/-]?(?P<d>0[1-9]|[12]\d|3[01])(?!\d)"),
    re.compile(r"/(?P<y>20\d\d)/(?P<m>0?[1-9]|1[0-2])/(?P<d>0?[1-9]|[12]\d|3[01])/"),
    re.compile(rf"/(?P<y>20\d\d)/{_MONTH}/(?P<d>[0-3]?\d)/", re.IGNORECASE),
    re.compile(r"/(?P<y>20\d\d)[/-](?P<m>0[1-9]|1[0-2])/(?P<d>)"),
)
_DATE = (
    rf"{_MONTH}\s+(?P<d>\d{{1,2}})(?:st|nd|rd|th)?,?\s+(?P<y>20\d\d)",
    rf"(?P<d>\d{{1,2}})\s+{_MONTH}\s+(?P<y>20\d\d)",
    r"(?P<y>20\d\d)\s*[-/.年]\s*(?P<m>\d{1,2})\s*[-/.月]\s*(?P<d>\d{1,2})",
)
# How a text dates itself, at its very beginning: a label, an agency's dateline.
_LABELLED = (
    r"(?:(?:first |originally )?(?:published|posted|released)(?: on)?|发布时间|发布于|发表于|发表时间|首发于|原载于)"
)
_OWN_DATE = tuple(
    re.compile(form, re.IGNORECASE)
    for date in _DATE
    for form in (
        rf"^.{{0,60}}?{_LABELLED}\s*[:：]?\s*{date}",
        rf"^[A-Z][\w .,'’-]{{2,40}},?\s*(?:\((?:AP|Reuters|AFP|PRNewswire)\)\s*)?{date}\s*(?:\(|--|[—–/])",
        rf"^\W*(?:\w{{2,10}})?{date}日?(?:电|讯|消息)",
    )
)
_YEAR_AT_END = re.compile(r"[(\[（【](?P<y>(?:19|20)\d\d)[)\]）】]\s*$")  # as forums mark what is not of this year


class Kind(StrEnum):
    OLD = "old"  # it tells nothing new
    UNDATED = "undated"  # nothing says when it was written


@dataclass(frozen=True, slots=True)
class Age:
    """What is doubtful about an article's date, and why."""

    kind: Kind
    why: Both


@dataclass(frozen=True, slots=True)
class Page:
    """A page as an earlier day had it."""

    at: dt.datetime
    title: str


def ages(
    articles: Iterable[ArticleValue], cutoff: dt.datetime, seen: Mapping[str, Page] | None = None
) -> dict[str, Age]:
    """What is doubtful, by article id; an article whose date nothing speaks against is absent.

    `seen`: pages known from before, by canonical address.
    """
    articles = list(articles)
    stamped = _stamped(articles)
    found: dict[str, Age] = {}
    for article in articles:
        if old := _old(article, cutoff, seen or {}):
            found[article.id] = Age(Kind.OLD, old)
        elif not article.dated:
            found[article.id] = Age(Kind.UNDATED, Both("its feed gives no date", "订阅源未给日期"))
        elif (article.outlet, article.at) in stamped:
            why = Both("its feed gives many entries one and the same time", "订阅源给多条内容盖了同一时间")
            found[article.id] = Age(Kind.UNDATED, why)
    return found


def _old(article: ArticleValue, cutoff: dt.datetime, seen: Mapping[str, Page]) -> Both | None:
    if article.dated and cutoff - article.at > OLD:
        return _dated("published on", "发布于", article.at.date())
    if (date := _date_in_address(article.url)) and _is_past(date, cutoff):
        return _dated("its address is of", "网址中的日期是", date)
    if (date := _own_date(article.text)) and _is_past(date, cutoff):
        return _dated("its text is dated", "正文自署日期", date)
    if (match := _YEAR_AT_END.search(article.title)) and _is_past(dt.date(int(match["y"]), 12, 31), cutoff):
        return Both(f"its headline says {match['y']}", f"标题注明 {match['y']} 年")
    page = seen.get(canonical_url(article.url)) if article.url and not is_front_page(article.url) else None
    if page and cutoff - page.at > 2 * _SEEN and dedupe.letters(page.title) == dedupe.letters(article.title):
        return _dated("the same page was seen on", "同一页面已见于", page.at.date())
    return None


def _dated(en: str, zh: str, date: dt.date) -> Both:
    return Both(f"{en} {date.day} {date:%b %Y}", f"{zh} {date.year} 年 {date.month} 月 {date.day} 日")


def _is_past(date: dt.date, cutoff: dt.datetime) -> bool:
    return cutoff.date() - date > OLD


def _date_in_address(url: str) -> dt.date | None:
    """The day that the path of `url` names; of a month alone its last day (nothing says more)."""
    try:
        path = urlsplit(url).path
    except ValueError:
        return None
    return next((date for form in _IN_PATH if (match := form.search(path)) and (date := _date(match))), None)


def _own_date(text: str) -> dt.date | None:
    beginning = text[:200].lstrip()
    return next((date for form in _OWN_DATE if (match := form.search(beginning)) and (date := _date(match))), None)


def _date(match: re.Match[str]) -> dt.date | None:
    year, month = int(match["y"]), match["m"].lower()
    number = int(month) if month.isdigit() else _MONTHS[month[:3]]
    try:
        if match["d"]:
            return dt.date(year, number, int(match["d"]))
        return dt.date(year + number // 12, number % 12 + 1, 1) - dt.timedelta(days=1)
    except ValueError:
        return None


def _stamped(articles: Iterable[ArticleValue]) -> frozenset[tuple[str, dt.datetime]]:
    """Outlet and second of what was stamped by a program. A whole hour may be a date alone, or a timed release."""
    counts = Counter((a.outlet, a.at) for a in articles if a.dated and (a.at.minute or a.at.second))
    return frozenset(key for key, count in counts.items() if count >= _STAMPED)
