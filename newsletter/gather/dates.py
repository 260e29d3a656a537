"""The dates that feeds really carry. Pure: text in, an aware UTC time or None out.

feedparser's own reading is not used: it silently takes 2025年3月9日, 2025/03/09 and 2025.03.09 for the 1st of the
current month, and CST for US Central in Chinese feeds too.
"""

import datetime as dt
import re
import unicodedata
from zoneinfo import ZoneInfo

BEIJING = ZoneInfo("Asia/Shanghai")
EARLIEST = dt.datetime(1990, 1, 1, tzinfo=dt.UTC)  # what is older (0001, 1900, 1970) is a program's default

_MONTHS = {
    **{"jan": 1, "feb": 2, "mar": 3, "apr": 4, "may": 5, "jun": 6},
    **{"jul": 7, "aug": 8, "sep": 9, "oct": 10, "nov": 11, "dec": 12},
    **{"mär": 3, "mrz": 3, "mai": 5, "okt": 10, "dez": 12},  # German, where it differs
}
_EAST = {  # hours east of Greenwich; RFC 822 §5.1 and what else was met
    **dict.fromkeys(("z", "ut", "utc", "gmt", "wet"), 0.0),
    **{"est": -5.0, "edt": -4.0, "cst": -6.0, "cdt": -5.0, "mst": -7.0, "mdt": -6.0, "pst": -8.0, "pdt": -7.0},
    **{"bst": 1.0, "cet": 1.0, "mez": 1.0, "cest": 2.0, "mesz": 2.0, "eet": 2.0, "eest": 3.0, "msk": 3.0},
    **{"ist": 5.5, "hkt": 8.0, "sgt": 8.0, "jst": 9.0, "kst": 9.0, "aest": 10.0, "aedt": 11.0},
}
_DAYS = tuple(
    re.compile(form, re.IGNORECASE)
    for form in (
        # 2025-03-09, 2025/3/9, 2025.03.09, 2025年3月9日
        r"(?<!\d)(?P<year>\d{4})\s*[-/.年]\s*(?P<month>\d{1,2})\s*[-/.月]\s*(?P<day>\d{1,2})(?!\d)",
        # Sun, 09 Mar 2025; 9. März 2025; 09 3月 2025; 9-Mar-25
        r"(?<![\d:])(?P<day>\d{1,2})\.?[ -]+(?P<month>[a-zä]{3,9}|\d{1,2}月)\.?,?[ -]+(?P<year>\d{4}|\d\d)(?![\d:])",
        # Sun Mar  9 18:30:00 CST 2025; March 9, 2025
        r"\b(?P<month>[a-z]{3,9})\.?\s+(?P<day>\d{1,2})(?:st|nd|rd|th)?,?\s+(?:\d\d:[\d:]+\s+)?(?:[a-z]{3,4}\s+)?"
        r"(?P<year>\d{4})(?!\d)",
        # 09.03.2025, as Germans write it
        r"(?<!\d)(?P<day>\d{1,2})\.(?P<month>\d{1,2})\.(?P<year>\d{4})(?!\d)",
        # 20250309, 20250309T183000
        r"(?<!\d)(?P<year>(?:19|20)\d\d)(?P<month>\d\d)(?P<day>\d\d)(?!\d)",
    )
)
_CLOCK = re.compile(
    r"(?P<half>上午|下午|晚上|凌晨)?\s*(?<!\d)(?P<hour>\d{1,2})\s*[:时時点點]\s*(?P<minute>\d{1,2})\s*分?"
    r"(?:\s*:?\s*(?P<second>\d{1,2})(?:[.,]\d+)?\s*秒?)?\s*(?P<after>[ap]m\b)?"
    r"\s*[(]?(?P<zone>(?:utc|gmt)?\s*[+-]\s*\d{1,2}(?::?\d\d)?(?!\d)|[a-z]{1,5}\b)?",
    re.IGNORECASE,
)
_OFFSET = re.compile(r"([+-])\s*(\d{1,2}):?(\d\d)?$")
_LONGEST = 100  # characters; no date is longer


def read_date(text: str, *, chinese: bool) -> dt.datetime | None:
    """When `text` says, in UTC; None where it names no whole date, or an impossible one.

    `chinese`: the feed is in Chinese, so that a time without a zone is Beijing's and CST is China Standard Time.
    Otherwise such a time is taken for UTC (RFC 3339 §4.3 leaves it open; feeds mostly mean it).
    """
    plain = unicodedata.normalize("NFKC", text[:_LONGEST]).strip()
    if re.fullmatch(r"1\d{9}(\d{3})?", plain):  # seconds or milliseconds since 1970
        return _sane(dt.datetime.fromtimestamp(int(plain[:10]), dt.UTC))
    plain = re.sub(r"(?<=\d{8}T)(\d\d)(\d\d)(\d\d)", r"\1:\2:\3", plain)  # ISO 8601's basic form
    day = next((found for form in _DAYS if (found := form.search(plain))), None)
    month = _month(day.group("month")) if day else 0
    if not day or not month:
        return None
    try:
        date = dt.datetime(_year(day.group("year")), month, int(day.group("day")), tzinfo=dt.UTC)
        return _sane(_at(date, _CLOCK.search(plain), BEIJING if chinese else dt.UTC))
    except (ValueError, OverflowError):
        return None


def _at(date: dt.datetime, clock: re.Match[str] | None, local: dt.tzinfo) -> dt.datetime:
    """`date` (midnight) at the time that `clock` found, in UTC; ValueError where there is no such time."""
    if clock is None:
        return date.replace(tzinfo=local).astimezone(dt.UTC)
    hour, minute, second = int(clock["hour"]), int(clock["minute"]), min(int(clock["second"] or 0), 59)
    half = (clock["half"] or clock["after"] or "").lower()
    if hour > 24 or minute > 59:
        raise ValueError(clock.group())
    if half in {"下午", "晚上", "pm"} and hour < 12:
        hour += 12
    elif half in {"凌晨", "上午", "am"} and hour == 12:
        hour = 0
    moment = date + dt.timedelta(hours=hour, minutes=minute, seconds=second)
    return moment.replace(tzinfo=_zone((clock["zone"] or "").lower(), local)).astimezone(dt.UTC)


def _zone(name: str, local: dt.tzinfo) -> dt.tzinfo:
    if offset := _OFFSET.search(name):
        sign = -1 if offset[1] == "-" else 1
        digits = offset[2] if offset[3] or len(offset[2]) < 3 else offset[2][:-2]
        return dt.timezone(sign * dt.timedelta(hours=int(digits), minutes=int(offset[3] or 0)))
    if not name or name not in _EAST or (name == "cst" and local is BEIJING):
        return local
    return dt.timezone(dt.timedelta(hours=_EAST[name]))


def _month(text: str) -> int:
    """1 to 12 for 3, 03, 3月, Mar, March; 0 for a word that is no month."""
    digits = text.rstrip("月")
    return int(digits) if digits.isdigit() else _MONTHS.get(text[:3].lower(), 0)


def _year(text: str) -> int:
    """Two figures as RFC 2822 §4.3 has it: 00 to 49 are this century's."""
    return int(text) if len(text) == 4 else int(text) + (2000 if int(text) < 50 else 1900)


def _sane(moment: dt.datetime) -> dt.datetime | None:
    return moment if moment >= EARLIEST else None
