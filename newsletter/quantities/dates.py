"""Dates and clock times in text: 2026年5月7日 = May 7, 2026; 6 时 = 6 a.m. = 06:00.

The value of a `date` is month x 100 + day, of a `dom` the day of the month, of a `clock` the minutes after midnight.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

_TWELVE = "January February March April May June July August September October November December"
_NAMES = _TWELVE.split()
_NUMBER = {name[:3].lower(): n for n, name in enumerate(_NAMES, 1)}
_MONTH = "(?:" + "|".join(rf"{name[:3]}(?:{name[3:]})?" if name != "May" else name for name in _NAMES) + r"|Sept)\.?"
_SURE_MONTH = "|".join(name for name in _NAMES if name not in ("March", "May"))  # those two are words as well
_YEAR = r"(?:19|20)\d\d"
_M, _D = "1[0-2]|0?[1-9]", r"3[01]|[12]\d|0?[1-9]"
_PATTERNS = (
    rf"(?<!\d)(?P<y>{_YEAR})\s?[年./-]\s?(?P<m>{_M})\s?[月./-]\s?(?P<d>{_D})(?!\d)\s?[日号]?",
    rf"(?P<y>{_YEAR})\s?年\s?(?P<m>{_M})\s?月(?:份|底|初|中旬|上旬|下旬)?",
    rf"(?<!\d)(?P<m>{_M})\s?月\s?(?P<d>{_D})\s?[日号]",
    rf"\b(?P<n>{_MONTH})\s(?P<d>{_D})(?:st|nd|rd|th)?(?![\d%]|[.,:]\d)(?:,?\s(?P<y>{_YEAR})\b)?",
    rf"\b(?P<d>{_D})(?:st|nd|rd|th)?\s(?:of\s)?(?P<n>{_MONTH})(?![a-z])(?:,?\s(?P<y>{_YEAR})\b)?",
    rf"\b(?P<n>{_MONTH}),?\s(?P<y>{_YEAR})\b",
    rf"(?<!\d)(?P<y>{_YEAR})\s?(?:财年|年(?!前|后|来|间))",
    rf"(?<![\d个.第])(?P<m>{_M})\s?月(?![球饼光亮子期内])(?:份|底|初|中旬|上旬|下旬)?",
    rf"(?<![\d第.])(?P<d>{_D})\s?[日号](?![元本常线报均活店])",
    rf"\b(?:[Ii]n|[Bb]y|[Oo]f|[Ss]ince|[Uu]ntil|[Ll]ast|[Nn]ext|[Tt]his|[Ll]ate|[Ee]arly|[Ff]rom)[\s-](?P<n>{_MONTH})\b",
    rf"\bmid-(?P<n>{_MONTH})\b",
    rf"\b(?P<n>{_SURE_MONTH})\b",
)
_DATES = tuple((re.compile(pattern, re.A), "(?P<n>" in pattern) for pattern in _PATTERNS)
_ANY_MONTH = re.compile("|".join(name[:3] for name in _NAMES))
_CLOCK = re.compile(
    r"(?<![\d:])(?P<h1>[01]?\d|2[0-4]):(?P<n1>[0-5]\d)(?::[0-5]\d)?(?!\d)(?:\s?(?P<p1>[apAP])\.?[mM]\b)?"
    r"|(?<![\d.])(?P<h2>1[0-2]|[1-9])\s?(?P<p2>[apAP])\.?[mM]\b\.?"
    r"|(?<=[午晚晨早上间日 ])(?P<h3>[01]?\d|2[0-4])\s?(?:时(?![代尚间候效长装])|点(?![评心击亮赞名燃出明多]))"
    r"(?:\s?(?P<n3>[0-5]?\d)\s?分)?",
    re.A,
)
_ANY_CLOCK = re.compile(r"\d\s?(?:[时点:]|[apAP]\.?[mM])", re.A)
_QUARTER = re.compile(
    r"\bQ(?P<a>[1-4])(?!\d)|第?(?P<b>[一二三四](?=财?季)|[五六七八九](?=财?季度))财?季度?"
    r"|\b(?P<c>first|second|third|fourth)[- ]quarter",
    re.A,
)
_QUARTERS = {**dict(zip("1234", range(1, 5), strict=True)), **dict(zip("一二三四", range(1, 5), strict=True))}
_QUARTERS |= dict(zip("五六七八九", range(5, 10), strict=True))  # none is true: no half and no source has its like
_QUARTERS |= {"first": 1, "second": 2, "third": 3, "fourth": 4}


@dataclass(frozen=True, slots=True)
class Moment:
    """A date, a part of one, or a clock time, and where it stands."""

    unit: str  # date, year, month, dom, clock, quarter
    value: float
    text: str
    start: int


def moments(text: str) -> Iterator[Moment]:
    """All of them; a full date gives its year as well. What one pattern took no later one sees."""
    by_name = bool(_ANY_MONTH.search(text))
    for pattern, named in _DATES:
        taken = list(pattern.finditer(text)) if by_name or not named else []
        for match in taken:
            yield from _date(match)
            text = f"{text[: match.start()]}{' ' * len(match.group())}{text[match.end() :]}"
    for match in _CLOCK.finditer(text) if _ANY_CLOCK.search(text) else ():
        yield _clock(match)
    for match in _QUARTER.finditer(text):
        name = next(group for group in match.groups() if group)
        yield Moment("quarter", _QUARTERS[name], match.group(), match.start())


def _date(match: re.Match[str]) -> Iterator[Moment]:
    parts = match.groupdict()
    month = int(parts["m"]) if parts.get("m") else _NUMBER[parts["n"][:3].lower()] if parts.get("n") else 0
    day = int(parts["d"]) if parts.get("d") else 0
    text, start = match.group(), match.start()
    if parts.get("y"):
        yield Moment("year", int(parts["y"]), text, start)
    if month and day:
        yield Moment("date", month * 100 + day, text, start)
    elif month:
        yield Moment("month", month, text, start)
    elif day:
        yield Moment("dom", day, text, start)


def _clock(match: re.Match[str]) -> Moment:
    parts = match.groupdict()
    hour = int(parts["h1"] or parts["h2"] or parts["h3"])
    half = (parts["p1"] or parts["p2"] or "").lower()
    hour = hour % 12 + 12 if half == "p" else hour % 12 if half == "a" else hour
    return Moment("clock", hour % 24 * 60 + int(parts["n1"] or parts["n3"] or 0), match.group(), match.start())
