"""Figures in English and Chinese text as comparable values: $2.4 billion = 24 亿美元, 20% = 两成, forty-fold = 40 倍.

A quantity is *hard* when a text can be held to it, *soft* when it only speaks for others: small numbers in words
("two", 一次), figures inside names (GPT-5.4), "doubled". Pure functions over strings.
"""

import re
from collections.abc import Iterator
from dataclasses import replace

from newsletter.quantities.dates import moments
from newsletter.quantities.numerals import SCALES_EN, SCALES_ZH, SPELLED_EN, chinese, english
from newsletter.quantities.quantity import Quantity
from newsletter.quantities.units import CURRENCIES, DURATIONS, PREFIX, PREFIXES, SCALE_EN, SCALE_ZH, UNIT, unit_of
from newsletter.sentences import ADDRESS, blanked

_DIGITS = r"(?:\d{0,2}(?:,\d{3})+|\d{0,2}(?: \d{3})+(?!\d)|\d*)(?:\.\d+)?"  # of a number after its first one
_NUM = rf"\d{_DIGITS}"
_ZH_NUM = r"[一二两三四五六七八九十][零〇一二两三四五六七八九十百千]*(?:点[零一二三四五六七八九]+)?"
_AMOUNT = re.compile(  # begins with a bare \d, so that the engine leaps from digit to digit
    rf"(?P<num>\d(?<![\d.]\d){_DIGITS})"
    rf"(?:\s?(?:多|余|\+)?\s?(?P<zh>{SCALE_ZH})(?:(?P<rest>\d{{1,4}}(?:\.\d+)?)万)?|[\s-]?(?P<en>{SCALE_EN}))?"
    rf"(?:[\s-]?(?:{UNIT}))?(?P<tail>(?<=\d)[A-Za-z]\w*)?",
    re.I | re.A,
)
_BEFORE = re.compile(rf"(?P<pre>{PREFIX})\s?$", re.I | re.A)
_LONGEST_BEFORE = 1 + max(map(len, PREFIXES))
_CODE = re.compile(
    r"(?<![A-Za-z\d$])(?!(?:mid|pre|post|top|under|over|per|RMB|CNY|USD|EUR|GBP)-?\d)[A-Za-z]+-?\d[\w.-]*", re.A
)
_ADDRESS = re.compile(ADDRESS, re.A)
_PERCENT_ZH = re.compile(
    rf"百分之(?P<num>{_ZH_NUM}|{_NUM})|(?P<tenths>[一二两三四五六七八九])成(?P<half>半)?(?![都为立员长功果熟本品交就分人])"
)
_SHARE_ZH = re.compile(rf"(?P<of>{_ZH_NUM}|\d+)分之(?P<num>{_ZH_NUM}|\d+)")
_SMALL_EN = "one|two|three|four|five|six|seven|eight|nine|ten"
_SHARE_EN = re.compile(
    rf"\b(?P<num>{_SMALL_EN}|\d{{1,2}}) (?:in|out of)(?: every)? (?P<of>{_SMALL_EN}|\d{{1,3}})\b(?![%.,]?\d)"
    rf"|\b(?P<parts>an?|{_SMALL_EN})[ -](?P<part>third|quarter|fifth|tenth)s?\b(?!-| of (?:19|20))",
    re.I | re.A,
)
_PARTS = {"third": 3, "quarter": 4, "fifth": 5, "tenth": 10}
_HALF_A = re.compile(r"\bhalf an? (?P<scale>million|billion|trillion)\b", re.I | re.A)
_WORD_EN = re.compile(
    rf"(?<!several )(?<!few )(?<!many )(?<!some )\b(?P<word>{SPELLED_EN})(?![\w])(?:[\s-]?(?:{UNIT}))?"
    rf"|\b(?P<fold>{SPELLED_EN})fold\b",
    re.I | re.A,
)
_WORD_ZH = re.compile(rf"(?<![数几上])(?P<word>{_ZH_NUM}(?:万亿|亿|万)?(?:{_ZH_NUM}万)?)\s?(?:{UNIT})?")
# 逾百, 百亿元: a round number without its one
_ROUND_ZH = re.compile(
    r"(?:逾|超过?|近|约|上|达|数)(?P<word>百万|千万|百亿|千亿|百|千|万|亿)(?![分万亿])"
    r"|(?<![零一二三四五六七八九十百千万两几数\d.])\s?(?P<bare>百亿|千亿|万亿|百万|千万)(?=级|规模|[元美欧人台])"
)
_VAGUE_ZH = re.compile("一二|两三|二三|三四|三五|四五|五六|六七|七八|八九")  # 两三年, 三五百人: no number at all
_SOFT: tuple[tuple[re.Pattern[str], float, str], ...] = (
    (re.compile(r"\b(?:doubl(?:e|ed|es|ing)|twice)\b|翻番|翻倍|翻一番|一倍|加倍", re.I | re.A), 2, "times"),
    (re.compile(r"\btripl(?:e|ed|es|ing)\b", re.I | re.A), 3, "times"),
    (re.compile(r"\bquadrupl(?:e|ed|es|ing)\b|翻两番", re.I | re.A), 4, "times"),
    (re.compile(r"\bhal(?:f|ved|ves|ving)\b|一半|半数|过半|减半|腰斩", re.I | re.A), 50, "percent"),
)
_ABOUT_BEFORE = re.compile(
    r"(?:about|around|roughly|nearly|almost|over|more than|at least|approximately|some|above|under|below|less than"
    r"|up to|close to|as many as|as much as|约|近|超|超过|逾|大约|将近|接近|突破|至少|不到|不足|高达)"
    r"\s*(?:US|HK)?[$¥€£]?$",
    re.I | re.A,
)
_ABOUT_AFTER = re.compile(r"^\s*(?:多|余|以上|左右|上下|\+|or so|or more|-plus)")
_RANGE = re.compile(r"\s*(?:-|–|—|~|～|至|到|to)\s*(?:US|HK)?[$¥€£]?\s*$")
# Full-width digits and marks, no-break spaces, and the traditional characters that stand in or beside figures.
_PLAIN = {code: code - 0xFEE0 for code in (*range(0xFF10, 0xFF1A), 0xFF0E, 0xFF05, 0xFF04)} | {
    0xA0: 0x20,
    0x202F: 0x20,
}
_PLAIN |= str.maketrans(
    "萬億兩點時號個週鐘餘數幾約過將達後來間財鎊歐韓幣盧圓", "万亿两点时号个周钟余数几约过将达后来间财镑欧韩币卢圆"
)
_YEARS = 10  # of a span whose years count as said
_STRONG = CURRENCIES | {"percent", "times", "W"}  # a small number in words is a figure beside these


def quantities(text: str) -> tuple[Quantity, ...]:
    """The figures of `text` in reading order, hard and soft."""
    rest = blanked(text.translate(_PLAIN), _ADDRESS)
    found = [Quantity(m.value, m.unit, m.text, m.start) for m in moments(rest)]
    rest = _without(rest, found)
    for scan in (_codes, _percents, _amounts, _words_en, _words_zh):
        new = list(scan(rest))
        rest = _without(rest, new)
        found += new
    found += _shares_en(text)
    for pattern, value, unit in _SOFT:
        found += [Quantity(value, unit, m.group(), m.start(), soft=True) for m in pattern.finditer(text)]
    joined = list(_join_ranges(sorted(found, key=lambda q: q.start), text))
    return tuple(_compared(joined, text))


def _without(text: str, found: list[Quantity]) -> str:
    for each in found:
        text = f"{text[: each.start]}{' ' * len(each.text)}{text[each.start + len(each.text) :]}"
    return text


def _codes(text: str) -> Iterator[Quantity]:
    """Figures inside names: GPT-5.4, H200, Qwen3. Soft, each number of them."""
    for match in _CODE.finditer(text):
        code = match.group().rstrip(".-")
        for number in re.finditer(r"\d+(?:\.\d+)?", code):
            yield Quantity(float(number.group()), "", number.group(), match.start() + number.start(), soft=True)


def _percents(text: str) -> Iterator[Quantity]:
    """百分之二十, 两成半; shares like 三分之二 are soft percents."""
    for match in _PERCENT_ZH.finditer(text):
        if match["tenths"]:
            value = chinese(match["tenths"]) * 10 + (5 if match["half"] else 0)
        else:
            value = _number(match["num"])
        yield Quantity(value, "percent", match.group(), match.start(), step=1)
    for match in _SHARE_ZH.finditer(text):
        if not match.group().startswith("百") and (of := _number(match["of"])):
            yield Quantity(
                round(_number(match["num"]) / of * 100, 2), "percent", match.group(), match.start(), soft=True
            )


def _shares_en(text: str) -> Iterator[Quantity]:
    """ "two in three", "a quarter" as soft percents; the words stay for the others to read."""
    for match in _SHARE_EN.finditer(text):
        share = match["parts"] or match["num"]
        of = _PARTS[match["part"].lower()] if match["part"] else _small(match["of"])
        if of:
            value = round(_small(share) / of * 100, 2)
            yield Quantity(value, "percent", match.group(), match.start(), soft=True)


def _small(word: str) -> float:
    return 1.0 if word.lower() in ("a", "an") else float(word) if word.isdigit() else english(word.lower())


def _number(text: str) -> float:
    return float(re.sub("[, ]", "", text)) if text[0].isdigit() else chinese(text)


def _amounts(text: str) -> Iterator[Quantity]:
    """Everything in Arabic digits that is no date and no name."""
    end = 0
    for match in _AMOUNT.finditer(text):
        before = _BEFORE.search(text, max(end, match.start() - _LONGEST_BEFORE), match.start())
        start, end = before.start() if before else match.start(), match.end()
        yield _amount(match, text, start, before["pre"].upper() if before else "")


def _amount(match: re.Match[str], text: str, start: int, sign: str) -> Quantity:
    unit, weight = unit_of(match)
    scale = SCALES_ZH.get(match["zh"] or "") or SCALES_EN.get((match["en"] or "").lower(), 1.0)
    number = _number(match["num"])
    decimals = len(match["num"].partition(".")[2])
    value = number * scale * weight + (float(match["rest"]) * 1e4 if match["rest"] else 0)
    plain = not (unit or sign or match["zh"] or match["en"] or "," in match["num"] or decimals)
    if plain and len(match["num"]) == 4 and 1990 <= number <= 2050:
        unit = "year"
    return Quantity(
        value=value,
        unit=unit if unit in CURRENCIES or not sign else PREFIXES[sign],
        text=text[start : match.end()],
        start=start,
        step=10.0**-decimals * scale * weight if not match["rest"] else 1e4,
        about=_is_about(text, start, match.end()),
        soft=bool(match["tail"]),
        scale=scale,
    )


def _is_about(text: str, start: int, end: int) -> bool:
    return bool(_ABOUT_BEFORE.search(text[max(0, start - 20) : start]) or _ABOUT_AFTER.match(text[end : end + 8])) or (
        any(mark in text[start:end] for mark in "多余+")
    )


def _words_en(text: str) -> Iterator[Quantity]:
    """Spelled-out numbers: hard from eleven on, or beside a strong unit."""
    for match in _WORD_EN.finditer(text):
        word = (match["word"] or match["fold"]).lower()
        unit, weight = ("times", 1.0) if match["fold"] else unit_of(match)
        value = english(word) * weight
        vague = word in ("hundred", "thousand", "million", "billion", "trillion", "dozen") or word.endswith(" dozen")
        soft = vague or not (value >= 11 or unit in _STRONG)
        yield Quantity(value, unit, match.group(), match.start(), soft=soft, about=_is_about(text, *match.span()))
    for match in _HALF_A.finditer(text):
        yield Quantity(SCALES_EN[match["scale"].lower()] / 2, "", match.group(), match.start())


def _words_zh(text: str) -> Iterator[Quantity]:
    """Chinese numerals: hard with 万 or 亿 or beside a strong unit; 一次, 十五五 and their like are soft."""
    for match in _ROUND_ZH.finditer(text):
        group = "word" if match["word"] else "bare"
        yield Quantity(SCALES_ZH[match[group]], "", match[group], match.start(group), soft=True, about=True)
    for match in _WORD_ZH.finditer(text):
        word = match["word"]
        if _VAGUE_ZH.match(word):
            continue
        unit, weight = unit_of(match)
        large = "万" in word or "亿" in word
        firm = large or unit in _STRONG or (unit in DURATIONS and chinese(word) >= 11)
        soft = word == "一" or not firm  # 一倍 is mostly 加一倍
        value = chinese(word) * weight
        yield Quantity(value, unit, match.group(), match.start(), soft=soft, about=_is_about(text, *match.span()))


def _join_ranges(found: list[Quantity], text: str) -> Iterator[Quantity]:
    """In "$2-3 billion" and 20 至 30 亿元 the ends lend each other currency, unit and scale."""
    for i, each in enumerate(found):
        joined = each
        if i + 1 < len(found) and each.unit == found[i + 1].unit == "year" and _connected(each, found[i + 1], text):
            between = range(int(each.value) + 1, int(found[i + 1].value))[:_YEARS]
            yield from (replace(each, value=float(year), soft=True) for year in between)
        if i + 1 < len(found) and _connected(each, found[i + 1], text):
            after = found[i + 1]
            if each.scale == 1 and after.scale > 1 and each.value <= after.value / after.scale * 1.0001:
                joined = replace(
                    joined, value=each.value * after.scale, step=each.step * after.scale, scale=after.scale
                )
            if each.unit == "" and after.unit in _STRONG | DURATIONS:
                joined = replace(joined, unit=after.unit)
        if i and _connected(found[i - 1], each, text) and each.unit == "" and found[i - 1].unit in CURRENCIES:
            joined = replace(joined, unit=found[i - 1].unit)
        yield joined


_AGAINST = re.compile(r"(?:\b(?:from|against|versus|vs\.?|compared (?:with|to))|高于|低于|对比)\s?$", re.I)


def _compared(found: list[Quantity], text: str) -> Iterator[Quantity]:
    """In "134.4 gigawatts, up from 75.8" the second figure has the scale and unit of the first."""
    for i, each in enumerate(found):
        bare = each.unit == "" and each.scale == 1 and not each.soft
        close = [q for q in found[max(0, i - 2) : i] if q.unit == "W" or q.scale >= 1e6]
        if bare and close and _AGAINST.search(text[: each.start]):
            before = close[-1]
            weight = before.value / _written(before)
            yield replace(
                each, value=each.value * weight, unit=before.unit, step=each.step * weight, scale=before.scale
            )
        else:
            yield each


def _written(quantity: Quantity) -> float:
    """The number as it is written, without its scale and unit."""
    digits = re.search(r"\d[\d,]*(?:\.\d+)?", quantity.text)
    return float(digits.group().replace(",", "")) if digits else quantity.value / quantity.scale


def _connected(first: Quantity, second: Quantity, text: str) -> bool:
    between = text[first.start + len(first.text) : second.start]
    if first.unit and second.unit and first.unit != second.unit:
        return False  # "grew 30% to $7 billion" is no range
    return len(between) <= 8 and bool(_RANGE.fullmatch(between))
