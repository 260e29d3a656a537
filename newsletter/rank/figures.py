"""Figures made comparable across languages: 20亿美元 and "$2 billion" are both `usd:2e+09`."""

import re
from collections.abc import Iterator

from newsletter.lexicon import simplify

_SCALES = {
    **{
        "万": 1e4,
        "百万": 1e6,
        "千万": 1e7,
        "亿": 1e8,
        "万亿": 1e12,
        "十亿": 1e9,
        "百亿": 1e10,
        "千亿": 1e11,
        "千": 1e3,
    },
    **{"thousand": 1e3, "k": 1e3, "million": 1e6, "mn": 1e6, "m": 1e6, "billion": 1e9, "bn": 1e9, "b": 1e9},
    **{"trillion": 1e12, "tn": 1e12, "t": 1e12, "": 1.0},
}
_CURRENCIES = {
    **{"$": "usd", "us$": "usd", "美元": "usd", "美金": "usd", "dollars": "usd", "dollar": "usd"},
    **{"€": "eur", "欧元": "eur", "euros": "eur", "euro": "eur", "£": "gbp", "英镑": "gbp", "pounds": "gbp"},
    **{"¥": "cny", "rmb": "cny", "元": "cny", "人民币": "cny", "元人民币": "cny", "yuan": "cny"},
    **{"hk$": "hkd", "港元": "hkd", "日元": "jpy", "yen": "jpy", "韩元": "krw", "won": "krw"},
}
_UNITS = {
    **{"%": "pct", "％": "pct", "percent": "pct", "per cent": "pct", "个百分点": "pct"},
    **{"gw": "gw", "吉瓦": "gw", "gigawatt": "gw", "gigawatts": "gw", "mw": "mw", "兆瓦": "mw", "megawatts": "mw"},
    **{"nm": "nm", "纳米": "nm"},
}
_SMALLEST = 5  # smaller plain counts are everywhere
_NUMBER = r"\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?"
_FIGURE = re.compile(
    r"(?P<before>us\$|hk\$|[$€£¥]|rmb\s?)?\s?"
    rf"(?<![\d.])(?P<number>{_NUMBER})\s?"
    r"(?P<scale>万亿|千亿|百亿|十亿|千万|百万|亿|万|千|thousand\b|million\b|billion\b|trillion\b|[mbt]n\b|[kmbt]\b)?"
    r"(?:\s|-|多|余)?"
    r"(?P<after>美元|美金|欧元|英镑|港元|日元|韩元|元人民币|人民币|元|dollars?\b|euros?\b|pounds\b|yuan\b|yen\b|won\b"
    r"|%|％|per ?cent\b|个百分点|吉瓦|兆瓦|纳米|gw\b|gigawatts?\b|mw\b|megawatts\b|nm\b)?",
    re.IGNORECASE,
)
_WORDS = {
    **{
        "two": 2,
        "three": 3,
        "four": 4,
        "five": 5,
        "six": 6,
        "seven": 7,
        "eight": 8,
        "nine": 9,
        "ten": 10,
        "eleven": 11,
    },
    **{"twelve": 12, "dozen": 12, "twenty": 20, "thirty": 30, "forty": 40, "fifty": 50, "hundred": 100},
    **{"两": 2, "三": 3, "四": 4, "五": 5, "六": 6, "七": 7, "八": 8, "九": 9, "十": 10, "百": 100},
}
_WORD = re.compile(
    rf"\b(?:{'|'.join(w for w in _WORDS if w.isascii())})\b|[两三四五六七八九十百](?=[家个款位名项条名万亿])", re.I
)
_DATE = re.compile(
    r"\d{2,4}年(?:\d{1,2}月)?(?:\d{1,2}日)?|\d{1,2}月(?:\d{1,2}日)?|\d{1,2}日|\d{1,2}:\d{2}|第\d+[届次期周]"
    r"|(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*\.? \d{1,2}\b|\b(?:19|20)\d\d\b",
    re.IGNORECASE,
)


def figures(text: str) -> Iterator[str]:
    """The figures of `text` in order as `unit:value`, value to three digits; dates and small plain counts left out.

    Units: usd eur gbp cny hkd jpy krw pct gw mw nm, or n for a plain count of five and more.
    """
    plain = _WORD.sub(lambda match: str(_WORDS[match[0].lower()]), _DATE.sub(" ", simplify(text)))
    for match in _FIGURE.finditer(plain):
        value = float(match["number"].replace(",", "")) * _SCALES[(match["scale"] or "").lower()]
        unit = _unit(match["before"], match["after"])
        if unit or value >= _SMALLEST:
            yield f"{unit or 'n'}:{value:.3g}"


def _unit(before: str | None, after: str | None) -> str:
    if before:
        return _CURRENCIES[before.strip().lower()]
    after = (after or "").lower()
    return _CURRENCIES.get(after) or _UNITS.get(after) or ""
