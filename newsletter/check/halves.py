"""A translated half against the other, sentence by sentence: citations, yes and no, how sure, small numbers."""

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

from newsletter.check.certainty_words import MAYBE, STRONG
from newsletter.check.finding import HIGH, MEDIUM, FindingValue
from newsletter.check.names import is_spelled
from newsletter.check.negation import says_no_alone
from newsletter.check.reading import Reading
from newsletter.check.roles import deeds
from newsletter.check.values import BlockValue
from newsletter.quantities import Quantity
from newsletter.quantities.units import DURATIONS
from newsletter.sentences import citations, split_sentences, without_citations

_NAMED = frozenset({"company", "person", "product", "model"})
_SMALL = 12  # the largest number that is mostly written in words
# What a count is written with in Chinese; elsewhere a numeral is mostly part of a word (一旦, 三思, 六要).
_MEASURE = re.compile(
    r"(?:多)?(?:家|款|名|位|个(?!性|人|别|体)|篇|台|条|项|种|座|笔|起|颗|届|轮|支|枚|艘|架|部|只|份|封|本|张|层|代)"
)
_REST = re.compile(r"\bothers\b|\b(?:other|more) compan")  # two and "five others" are 七家
_IN_OTHER_WORDS = {
    2: re.compile(
        r"\b(?:both|pair|twin|couple|duo|double[sd]?|twice|dual|second|half|each other|either|bi\w+|two\w*|joint\w*)\b"
        r"|双|倍|再|二|俩|互|半",
        re.I,
    ),
    3: re.compile(r"\b(?:third|trio|triple[sd]?|tri\w+|three\w*|quarterly)\b|三", re.I),
    4: re.compile(r"\b(?:fourth|quarter\w*|four\w*|quad\w+)\b|四", re.I),
    10: re.compile(r"\bdecades?\b", re.I),
    12: re.compile(r"\b(?:dozens?|year|annual\w*)\b|打|年", re.I),
}


@dataclass(frozen=True, slots=True)
class _Two:
    """A sentence and its translation, as they stand."""

    block: BlockValue
    en: str
    zh: str

    def finding(self, en: str, zh: str, *, severity: str, lang: str = "en") -> FindingValue:
        here, there = (self.en, self.zh) if lang == "en" else (self.zh, self.en)
        return FindingValue(self.block.id, "both", here, "parity", severity, en, zh, there)


def check_sentences(reading: Reading, block: BlockValue, en: str, zh: str) -> Iterator[FindingValue]:
    """`parity` for each sentence of a paragraph (or title) that its translation contradicts.

    Where a translator cut the sentences otherwise, only the paragraph's citations and small numbers are compared.
    """
    sentences = split_sentences(en, "en"), split_sentences(zh, "zh")
    if len(sentences[0]) != len(sentences[1]):
        whole = _Two(block, en, zh)
        yield from _citations_of_paragraph(whole, *sentences)
        return
    for pair in (_Two(block, *each) for each in zip(*sentences, strict=True)):
        yield from _citations(pair)
        if citations(pair.en):  # a headline's "not safe" may well be 有风险
            yield from _negation(pair)
        yield from _certainty(pair)
        yield from _small_numbers(reading, pair)
        yield from _names(reading, pair)
        yield from _roles(reading, pair)


def _citations(pair: _Two) -> Iterator[FindingValue]:
    en, zh = set(citations(pair.en)), set(citations(pair.zh))
    if en == zh:
        return
    shown = [" ".join(f"[{n}]" for n in sorted(some)) or "—" for some in (en - zh, zh - en)]
    yield pair.finding(
        f"The languages cite different articles: only English {shown[0]}, only Chinese {shown[1]}.",
        f"两种语言的出处不一致：只在英文的 {shown[0]}，只在中文的 {shown[1]}。",
        severity=HIGH,
        lang="en" if en - zh else "zh",
    )


def _citations_of_paragraph(pair: _Two, en: list[str], zh: list[str]) -> Iterator[FindingValue]:
    """Sentences cut otherwise still cite the same; with fewer marks as well, one was left out."""
    if set(citations(pair.en)) != set(citations(pair.zh)):
        yield from _citations(_Two(pair.block, _citing(en, pair.zh), _citing(zh, pair.en)))
    elif Counter(citations(pair.en)) != Counter(citations(pair.zh)):
        yield _Two(pair.block, en[0], zh[0]).finding(
            f"A sentence may be missing: {len(en)} in English, {len(zh)} in Chinese, with other citations.",
            f"可能漏了一句：英文 {len(en)} 句，中文 {len(zh)} 句，出处的次数也不同。",
            severity=MEDIUM,
        )


def _citing(sentences: list[str], other: str) -> str:
    """The first sentence that cites what the other language doesn't, with all marks of its paragraph."""
    known = set(citations(other))
    odd = next((s for s in sentences if set(citations(s)) - known), None)
    return odd or " ".join(sentences)


def _negation(pair: _Two) -> Iterator[FindingValue]:
    lang = says_no_alone(pair.en, pair.zh)
    if lang:
        words = ("Only English says no.", "只有英文是否定的。")
        if lang == "zh":
            words = ("Only Chinese says no.", "只有中文是否定的。")
        yield pair.finding(*words, severity=MEDIUM, lang=lang)


def _certainty(pair: _Two) -> Iterator[FindingValue]:
    """A rank that one half alone claims; a "may" or 据悉 that one half alone has."""
    texts = {"en": without_citations(pair.en), "zh": without_citations(pair.zh)}
    for lang, other in (("en", "zh"), ("zh", "en")):
        names = {"en": ("English", "英文"), "zh": ("Chinese", "中文")}[lang]
        for said, known in STRONG:
            match = said.search(texts[lang])
            if match and not known.search(texts[other]):
                yield pair.finding(
                    f"Only {names[0]} claims “{match.group()}”.",
                    f"只有{names[1]}说“{match.group()}”。",
                    severity=MEDIUM,
                    lang=lang,
                )
        for hedges in MAYBE if citations(pair.en) else MAYBE[:2]:  # headlines tell plans as deeds
            hedge = hedges[lang][0].search(texts[lang])
            if hedge is None or hedges[other][1].search(texts[other]):
                continue
            yield pair.finding(
                f"Only {names[0]} leaves it open: “{hedge.group().strip()}”.",
                f"只有{names[1]}有保留：“{hedge.group().strip()}”。",
                severity=MEDIUM,
                lang=lang,
            )


def _small_numbers(reading: Reading, pair: _Two) -> Iterator[FindingValue]:
    """Numbers in words: 三家 is no "seven companies", nor "a company"."""
    texts = [without_citations(text) for text in (pair.en, pair.zh)]
    if _REST.search(texts[0]):
        return
    found = [reading.quantities(text) for text in texts]
    only = [
        [q for q in _in_words(found[i], texts[i]) if not _said(q, found[1 - i], texts[1 - i], texts[i])]
        for i in (0, 1)
    ]
    if not only[0] and not only[1]:
        return
    shown = [only[i][0].text.strip() if only[i] else "—" for i in (0, 1)]
    yield pair.finding(
        f"English and Chinese count differently: {shown[0]} against {shown[1]}.",
        f"中英文数目不一致：英文“{shown[0]}”，中文“{shown[1]}”。",
        severity=MEDIUM,
        lang="en" if only[0] else "zh",
    )


def _in_words(found: tuple[Quantity, ...], text: str) -> Iterator[Quantity]:
    """Soft numbers from two to twelve that count something."""
    for quantity in found:
        if not quantity.soft or quantity.text[0].isdigit() or not 2 <= quantity.value <= _SMALL:
            continue
        if (quantity.unit and quantity.unit not in DURATIONS) or _is_share(quantity, found):
            continue
        after = text[quantity.start + len(quantity.text) :]
        if quantity.unit or quantity.text[0].isascii() or _MEASURE.match(after):
            yield quantity


def _is_share(quantity: Quantity, found: tuple[Quantity, ...]) -> bool:
    """The ten of "nine in ten"."""
    shares = (q for q in found if q.unit == "percent" and q is not quantity)
    return any(q.start <= quantity.start < q.start + len(q.text) for q in shares)


def _said(quantity: Quantity, others: tuple[Quantity, ...], other: str, own: str) -> bool:
    """Whether the other text has the number in any form, or says it without one ("both", 双方)."""
    if any(each.value == quantity.value for each in others):
        return True
    words = _IN_OTHER_WORDS.get(int(quantity.value))
    if words and words.search(other):
        return True
    numeral = {float(n): char for n, char in enumerate("零一二三四五六七八九十")}.get(quantity.value, "")
    return bool(numeral) and numeral in other


def _names(reading: Reading, pair: _Two) -> Iterator[FindingValue]:
    """Each names somebody whom the other doesn't: one took the other's place. A name in one alone may be an "it"."""
    texts = (pair.en, pair.zh)
    found = [list(dict.fromkeys(m.name for m in reading.mentions(t) if m.name.kind in _NAMED)) for t in texts]
    only = [
        [name for name in found[i] if name not in found[1 - i] and not is_spelled(name, found[1 - i], texts[1 - i])]
        for i in (0, 1)
    ]
    if only[0] and only[1]:
        shown = only[0][0].en[0], only[1][0].zh[0]
        yield pair.finding(
            f"English and Chinese disagree: {shown[0]} against {shown[1]}.",
            f"中英文不一致：英文“{shown[0]}”，中文“{shown[1]}”。",
            severity=HIGH,
        )


def _roles(reading: Reading, pair: _Two) -> Iterator[FindingValue]:
    """Who did it and whom it was done to have changed places in the translation."""
    told = [{(d.doer, d.act, d.other): d for d in deeds(reading, text)} for text in (pair.en, pair.zh)]
    for (doer, act, other), deed in told[0].items():
        turned = told[1].get((other, act, doer))
        if doer and other and turned and (doer, act, other) not in told[1]:
            yield pair.finding(
                f"English and Chinese disagree on who did it: “{deed.words}” against “{turned.words}”.",
                f"中英文主客相反：英文“{deed.words}”，中文“{turned.words}”。",
                severity=HIGH,
            )
