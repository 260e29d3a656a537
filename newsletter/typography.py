"""How the two languages are set in type: pure functions over strings.

The rules are those of docs/decisions.md: one half-width space between Han and Latin letters or figures in Chinese,
full-width marks and curly quotes in Chinese, curly quotes and ASCII marks in English.
"""

import re
from collections.abc import Iterable

# The one range of Han characters, for the inside of a character class: with extension A and the compatibility forms.
HAN = r"\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff"
_HAN = re.compile(f"[{HAN}]")
_HAN_RUN = re.compile(f"[{HAN}]+")
_FULL_WIDTH = {",": "，", ":": "：", ";": "；", "?": "？", "!": "！"}
_ASCII = str.maketrans("，：；？！（）。．％＋－／～", ",:;?!().." + "%+-/~")
# Letters and figures that came in full width (ＡＩ, ５００), and the no-break and ideographic spaces.
_NARROW = {
    **{code: code - 0xFEE0 for code in (*range(0xFF10, 0xFF1A), *range(0xFF21, 0xFF3B), *range(0xFF41, 0xFF5B))}
}
_NARROW |= {0xA0: 0x20, 0x3000: 0x20, 0x2009: 0x20, 0x202F: 0x20, 0x200B: None, 0xFEFF: None, 0xAD: None}
_MARKS = "，。：；？！、）（“”‘’《》…—"
_FOLD_AWAY = re.compile(r"[\s\"'“”‘’「」『』.,:;?!()\[\]，。：；？！、（）《》…—–\-]+")


def set_text(text: str, language: str, keep: Iterable[str] = ()) -> str:
    """`text` as it is printed in `language` (`zh`, or anything else for English rules); paragraphs stay.

    `keep` names words whose own spelling joins the scripts (36氪, IT之家): no space is put inside them.
    """
    setter = _set_zh if language == "zh" else _set_en
    done = [setter(" ".join(part.split())) for part in re.split(r"\n\s*\n", text.translate(_NARROW))]
    joined = "\n\n".join(part for part in done if part)
    return _rejoin(joined, keep) if language == "zh" else joined


def fold(text: str) -> str:
    """`text` without spaces, marks and case: equal for the same words however they are set."""
    return _FOLD_AWAY.sub("", text.translate(_NARROW).translate(_ASCII)).casefold()


def is_chinese(text: str) -> bool:
    """More than a fifth of the letters are Han: a Chinese text may be full of Latin names."""
    letters = [char for char in text if char.isalpha()]
    return len(letters) > 0 and sum(1 for char in letters if _HAN.match(char)) * 5 > len(letters)


def has_han(text: str) -> bool:
    """Whether there is a Han character at all."""
    return bool(_HAN.search(text))


def count_han(text: str) -> int:
    """How many Han characters there are."""
    return len(_HAN.findall(text))


def han_pairs(text: str) -> list[str]:
    """The pairs of neighbouring Han characters in order, repeats kept: what Chinese texts are compared by."""
    return [run[i : i + 2] for run in _HAN_RUN.findall(text) for i in range(len(run) - 1)]


def han_length(text: str) -> float:
    """How wide `text` is in Han characters: a Latin letter or figure counts half."""
    return sum(1.0 if ord(char) > 0x2E7F or char in _MARKS else 0.5 for char in text)


def _set_en(text: str) -> str:
    text = re.sub(r"([，：；？！。])(?=[^\s”’\"'）)])", r"\1 ", text).replace("、", ", ").translate(_ASCII)
    text = re.sub(r"\s*(?:—|--+)\s*", "—", text) if "--" in text else text
    text = re.sub(r"\.{3,}|。。。+", "…", text)
    text = re.sub(r'(^|[\s(\[—–/‘])"', r"\1“", text).replace('"', "”")
    text = re.sub(r"(^|[\s(\[—–/“])'(?=\d0s\b)", r"\1’", text)
    text = re.sub(r"(^|[\s(\[—–/“])'", r"\1‘", text).replace("'", "’")
    return re.sub(r"\s+([,;:?!.](?:\s|$))", r"\1", text).strip()


def _set_zh(text: str) -> str:
    text = text.replace("「", "“").replace("」", "”").replace("『", "‘").replace("』", "’")
    text = _pair_quotes(text)
    text = re.sub(r"\.{3,}|。{2,}|…+", "……", text)
    text = re.sub(r"--+|——+", "——", text)
    text = re.sub(f"(?<=[{HAN}）”》%])\\s*([,:;?!])", lambda m: _FULL_WIDTH[m.group(1)], text)
    text = re.sub(f"([,:;?!])\\s*(?=[{HAN}“《])", lambda m: _FULL_WIDTH[m.group(1)], text)
    text = re.sub(f"(?<=[{HAN}）”》])\\.(?=$|\\s|[{HAN}])", "。", text)
    text = re.sub(r"\(([^()]*)\)", _parenthesis, text)
    text = re.sub(f"(?<=[{HAN}])\\s+(?=[{HAN}])", "", text)
    text = re.sub(f"\\s*([{_MARKS}])\\s*", r"\1", text)
    return _space(text).strip()


def _parenthesis(match: re.Match[str]) -> str:
    inner = match.group(1)
    before = match.string[: match.start()].rstrip()[-1:]
    chinese = _HAN.search(inner) or (before and (_HAN.match(before) or before in _MARKS))
    return f"（{inner.strip()}）" if chinese else match.group()


def _pair_quotes(text: str) -> str:
    """Straight quotes by turns; a lone one is no quotation and goes. Quotes inside Latin runs are left curly too."""
    text = re.sub(r'"{2,}', '"', text)
    count = text.count('"')
    if count % 2:
        return text.replace('"', "")
    parts = text.split('"')
    return "".join(part + ("“" if i % 2 == 0 else "”") for i, part in enumerate(parts[:-1])) + parts[-1]


def _space(text: str) -> str:
    """One space where Han meets a Latin letter or figure; none inside dates (2026年5月7日) and ordinals (第128期)."""
    text = re.sub(f"(?<=[{HAN}])\\s*(?=[A-Za-z0-9$€£¥#@])", " ", text)
    text = re.sub(f"(?<=[A-Za-z0-9%])\\s*(?=[{HAN}])", " ", text)
    text = re.sub(f"(?<=[{HAN}])\\s*\\+\\s*(?=[{HAN}])", "+", text)  # 天使+轮
    text = re.sub(r"(?<![\d.])(\d{4}) 年", r"\1年", text)
    text = re.sub(r"(?<![\d.])(\d{1,2}) ([月日])(?!元)", r"\1\2", text)
    text = re.sub(r"(?<=[年月]) (?=\d{1,2}[月日])", "", text)
    return re.sub(f"第 (\\d+) ([{HAN}])", r"第\1\2", text)


def _rejoin(text: str, keep: Iterable[str]) -> str:
    for word in keep:
        if (spaced := _space(word)) != word:
            text = text.replace(spaced, word)
    return text
