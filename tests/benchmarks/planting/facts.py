"""Wrong figures, dates and citations."""

import random
import re

from tests.benchmarks.planting.base import CITED, Half, InHalf, Plant, in_tongue, substitute

_FIGURE = frozenset({"figure", "parity"})
_NOT_IN_NAME = r"(?<![A-Za-z0-9.,\-–$€£¥])"
_UNIT = r"(?:%|％|亿|万|元|美元|欧元|倍|吉瓦|percent|per cent|million|billion|trillion|[BMT]\b|times|GW|MW)"
_COUNTED = (
    r"(?:家|名|篇|款|个|项|台|人|位|次|条|年|天|周|小时|outlets|articles|people|companies|employees|jobs|models|years"
    r"|months|days|hours|users|workers|stores|countries|states|engineers|startups|firms|minutes|weeks|agents)"
)


def _other_digits(match: re.Match[str], rng: random.Random) -> str:
    """One digit of the first number becomes another; a leading one never nought."""
    text = match.group()
    places = [i for i, char in enumerate(text) if char.isdigit()]
    leading = places[0]
    at = leading if rng.random() < 0.5 else rng.choice([p for p in places if p - leading < 4])
    new = rng.choice([d for d in "123456789" if d != text[at]])
    return f"{text[:at]}{new}{text[at + 1 :]}"


_NUMERAL = "一二三四五六七八九"


def _other_numeral(match: re.Match[str], rng: random.Random) -> str:
    text = match.group()
    at = next(i for i, char in enumerate(text) if char in f"{_NUMERAL}两")
    new = rng.choice([n for n in _NUMERAL[1:] if n != text[at] and not (text[at] == "两" and n == "二")])
    return f"{text[:at]}{new}{text[at + 1 :]}"


_SCALES = {
    "亿": "万",
    "万": "亿",
    "billion": "million",
    "million": "billion",
    "trillion": "billion",
    "B": "M",
    "M": "B",
}


def _other_scale(match: re.Match[str], rng: random.Random) -> str:
    return match.group(1) + _SCALES[match.group(2)]


_CURRENCIES = {"美元": "元", "元": "美元", "欧元": "美元", "$": "€", "€": "$", "£": "$", "¥": "$", "%": "倍"}


def _other_unit(match: re.Match[str], rng: random.Random) -> str:
    return match.group().replace(match["unit"], _CURRENCIES[match["unit"]])


def _misrounded(match: re.Match[str], rng: random.Random) -> str:
    """The number with fewer digits, rounded to where it doesn't belong: 158.9 -> 162, 25.4 -> 28."""
    number = match["num"].replace(",", "")
    value = float(number)
    step = 10.0 ** (len(number.partition(".")[0]) - 2)
    wrong = round(value / step) * step + step * rng.choice([2, 3, 4])
    return match.group().replace(match["num"], f"{wrong:,.0f}" if "," in match["num"] else f"{wrong:.0f}")


_MONTHS = str.split("January February March April May June July August September October November December")
_DAYS_EN = str.split("Monday Tuesday Wednesday Thursday Friday Saturday Sunday")


def _another(words: str | list[str]) -> InHalf:
    def change(match: re.Match[str], rng: random.Random) -> str:
        old = match.group()
        others = [word for word in words if word != old[-len(word) :]]
        return old[: len(old) - len(next(w for w in words if old.endswith(w)))] + rng.choice(others)

    return substitute("|".join([rf"\b{word}\b" for word in words]) if isinstance(words, list) else words, change)


def _other_day(match: re.Match[str], rng: random.Random) -> str:
    """3月10日 -> 3月24日: neither the day before nor after."""
    day = int(match["day"])
    return match.group().replace(match["day"] + match["end"], f"{(day + rng.randint(8, 16)) % 28 + 1}{match['end']}")


def _other_weekday(match: re.Match[str], rng: random.Random) -> str:
    old, days = match["day"], "一二三四五六日"
    return match.group()[:-1] + days[(days.index(old) + rng.randint(2, 5)) % 7]


def _other_weekday_en(match: re.Match[str], rng: random.Random) -> str:
    return _DAYS_EN[(_DAYS_EN.index(match.group()) + rng.randint(2, 5)) % 7]


def _move(half: Half) -> str | None:
    """A citation goes to an article of the day that is about something else."""
    match = half.one_of(re.compile("\x00+")) and half.rng.choice(list(CITED.finditer(half.text)))
    if not match:
        return None
    old = next((a for a in half.document.articles if a.n == int(match[1])), None)
    around = {int(n) for n in CITED.findall(half.block.text.en + half.block.text.zh)}
    stories = [b for b in half.document.blocks if old and f"[{old.n}]" in b.text.en + b.text.zh and b.kind == "item"]
    near = around | {int(n) for b in stories for n in CITED.findall(b.text.en + b.text.zh)}
    others = [a.n for a in half.document.articles if a.n is not None and a.n not in near]
    if old is None or not others:
        return None
    return half.put(match.start(), match.end(), f"[{half.rng.choice(others)}]")


def _neighbour(half: Half) -> str | None:
    """A citation becomes the number before or after it, unless one item cites both."""
    marks = list(CITED.finditer(half.text))
    known = {a.n: a for a in half.document.articles if a.n is not None}
    if not marks:
        return None
    mark = half.rng.choice(marks)
    new = int(mark[1]) + half.rng.choice([-1, 1])
    around = {int(n) for n in CITED.findall(half.block.text.en + half.block.text.zh)}
    return half.put(mark.start(), mark.end(), f"[{new}]") if new in known and new not in around else None


def _other_outlet(half: Half) -> str | None:
    """A sentence gets an outlet to say it, and it is not that of the article it cites."""
    cited = [s for s in half.sentences if CITED.search(s) and half.text.count(s) == 1]
    if not cited:
        return None
    old = half.rng.choice(cited)
    outlets = sorted({a.outlet for a in half.document.articles if len(a.outlet) > 2 and a.outlet not in half.sources})
    if not outlets:
        return None
    words = f"{half.rng.choice(outlets)} reports: " if half.tongue == "en" else f"据{half.rng.choice(outlets)}报道，"
    return half.text.replace(old, words + old)


def _beyond(match: re.Match[str], rng: random.Random) -> str:
    return rng.choice(["[0]", "[9999]", "[417]", "[１２３４]".translate(str.maketrans("１２３４", "1234"))])


def _mark(change: str | None) -> InHalf:
    """Citation marks of one sentence: taken out (None), or one of them replaced."""

    def planted(half: Half) -> str | None:
        cited = [s for s in half.sentences if CITED.search(s) and half.text.count(s) == 1]
        if not cited:
            return None
        old = half.rng.choice(cited)
        new = re.sub(r"\s?\[\d+\]", "", old) if change is None else CITED.sub(change, old, count=1)
        return half.text.replace(old, new)

    return planted


PLANTS = (
    Plant(
        "changed digit", "figure", _FIGURE, substitute(rf"{_NOT_IN_NAME}[$€£¥]?\d[\d,.]*(?=\s?{_UNIT})", _other_digits)
    ),
    Plant(
        *("changed percentage", "figure", _FIGURE),
        substitute(rf"{_NOT_IN_NAME}\d[\d.]*(?=\s?(?:%|percent|per cent|个百分点))", _other_digits),
    ),
    Plant(
        "changed count",
        "figure",
        _FIGURE,
        substitute(rf"{_NOT_IN_NAME}\d[\d,]*(?=\s?(?:多|余)?{_COUNTED})", _other_digits),
    ),
    Plant(
        *("changed Chinese numeral", "figure", _FIGURE),
        in_tongue(
            zh=substitute(
                rf"[{_NUMERAL}两](?:[十百千]?[{_NUMERAL}]?)(?:万|亿|成|倍|季度|家|款|名|年(?!级)|个月|天|大(?=模|巨))|百分之[{_NUMERAL}]",
                _other_numeral,
            )
        ),
    ),
    Plant(
        *("亿 for 万, million for billion", "figure", _FIGURE),
        substitute(r"(\d\s?)(亿|万|billion|million|trillion|[BM](?![A-Za-z]))", _other_scale),
    ),
    Plant(
        *("other unit or currency", "figure", _FIGURE),
        substitute(r"(?P<unit>[$€£])\d", _other_unit),
    ),
    Plant(
        *("other unit or currency, Chinese", "figure", _FIGURE),
        in_tongue(zh=substitute(r"\d\s?[千百十]?[万亿]?\s?(?P<unit>美元|欧元|元(?!旦|宝)|%)", _other_unit)),
    ),
    Plant(
        *("dropped unit", "figure", _FIGURE),
        substitute(r"(?<=\d)\s?(?:%|percent\b|亿|万|billion|million)", lambda match, rng: ""),
    ),
    Plant(
        *("wrong rounding", "figure", _FIGURE),
        substitute(rf"{_NOT_IN_NAME}[$€£¥]?(?P<num>\d[\d,]*\d(?:\.\d+)?)(?=\s?{_UNIT})", _misrounded),
    ),
    Plant(
        *("changed date", "figure", _FIGURE),
        in_tongue(
            zh=substitute(r"\d{1,2}月(?P<day>\d{1,2})(?P<end>日)", _other_day),
            en=substitute(rf"(?:{'|'.join(_MONTHS)}) (?P<day>\d{{1,2}})(?P<end>)(?!\d)", _other_day),
        ),
    ),
    Plant(
        *("changed weekday", "figure", _FIGURE),
        in_tongue(
            zh=substitute(r"(?:周|星期)(?P<day>[一二三四五六日])(?![末边])", _other_weekday),
            en=substitute(rf"\b(?:{'|'.join(_DAYS_EN)})\b", _other_weekday_en),
        ),
    ),
    Plant(
        "changed year",
        "figure",
        _FIGURE,
        substitute(r"(?<!\d)20[0-4]\d(?!\d)", lambda m, rng: str(int(m.group()) + rng.choice([-3, -2, 2, 3, 5]))),
    ),
    Plant(
        "changed month or quarter",
        "figure",
        _FIGURE,
        in_tongue(zh=substitute(rf"[{_NUMERAL[:4]}]季度", _other_numeral), en=_another(_MONTHS)),
    ),
    Plant("moved citation", "citation", frozenset({"citation_irrelevant", "figure", "name", "parity"}), _move),
    Plant(
        "neighbouring citation", "citation", frozenset({"citation_irrelevant", "figure", "name", "parity"}), _neighbour
    ),
    Plant("another outlet named", "citation", frozenset({"citation_irrelevant", "name", "parity"}), _other_outlet),
    Plant("citation out of range", "citation", frozenset({"citation_range"}), substitute("\x00+", _beyond)),
    Plant(
        "uncited sentence",
        "citation",
        frozenset({"uncited"}),
        _mark(None),
        on=frozenset({"item", "highlights", "insight", "business", "technology", "analysis", "qa"}),
    ),
)
