"""Numbers written as words: Chinese numerals and spelled-out English ones."""

import re

_DIGITS: dict[str, int] = {**dict(zip("零一二三四五六七八九", range(10), strict=True)), "〇": 0, "两": 2}
_SMALL = {"十": 10, "百": 100, "千": 1000}
SCALES_ZH = {
    **{"万亿": 1e12, "千亿": 1e11, "百亿": 1e10, "十亿": 1e9, "亿": 1e8, "千万": 1e7, "百万": 1e6},
    **{"十万": 1e5, "万": 1e4, "千": 1e3, "百": 1e2},
}
SCALES_EN = {
    **{"trillion": 1e12, "tn": 1e12, "t": 1e12, "billion": 1e9, "bn": 1e9, "b": 1e9},
    **{"million": 1e6, "mn": 1e6, "mln": 1e6, "m": 1e6, "thousand": 1e3, "k": 1e3, "hundred": 1e2},
}
_ONES = "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen"
_ONES += " seventeen eighteen nineteen"
_TENS = "twenty thirty forty fifty sixty seventy eighty ninety"
_WORDS: dict[str, float] = {word: float(n) for n, word in enumerate(_ONES.split())}
_WORDS |= {w: 10.0 * n for n, w in enumerate(_TENS.split(), 2)}
_WORDS |= {"dozen": 12.0}
_WORD = "|".join(sorted([*_WORDS, "hundred", "thousand", "million", "billion", "trillion"], key=len, reverse=True))
# "twenty-five", "two hundred and ten million"; "a hundred" is left alone: it is seldom a count
SPELLED_EN = rf"(?:{_WORD})(?:(?:[ -]|\sand\s)(?:{_WORD}))*"
_EN_PART = re.compile(_WORD)


def chinese(text: str) -> float:
    """The number that a run of Chinese numerals writes: 二十五 25, 一亿五千万 1.5e8, 三点五 3.5, 二〇二六 2026."""
    if len(text) > 1 and all(char in _DIGITS for char in text):
        return float("".join(str(_DIGITS[char]) for char in text))
    for mark, scale in (("亿", 1e8), ("万", 1e4)):
        if mark in text:
            before, _, after = text.rpartition(mark)
            return (chinese(before) if before else 1) * scale + (chinese(after) if after else 0)
    if "点" in text:
        whole, _, after = text.partition("点")
        return chinese(whole) + float("0." + "".join(str(_DIGITS[char]) for char in after))
    total = digit = 0.0
    for char in text:
        if char in _SMALL:
            total += (digit or 1) * _SMALL[char]
            digit = 0
        else:
            digit = _DIGITS[char]
    return total + digit


def english(text: str) -> float:
    """The number that English words write: "forty" 40, "two hundred and ten million" 2.1e8."""
    total = part = 0.0
    for word in _EN_PART.findall(text):
        if word in _WORDS:
            part = part * 12 if word == "dozen" and part else part + _WORDS[word]
        elif word == "hundred":
            part = (part or 1) * 100
        else:
            total += (part or 1) * SCALES_EN[word]
            part = 0
    return total + part
