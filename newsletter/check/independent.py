"""Where each language takes its own reports: a figure of one half that the other half contradicts.

Such halves may tell different figures of one event, so a difference alone is no quarrel. It is one where a half's
figure isn't in its own sources while the other half's, of the same unit, is; or where the two headlines (or opening
sentences) differ by a power of ten, as when $50 billion becomes 50 亿美元.
"""

import math
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from newsletter.bilingual import LANGUAGES
from newsletter.check.figures import nearest, unsupported
from newsletter.check.finding import HIGH, FindingValue
from newsletter.check.reading import Reading, whole
from newsletter.check.sentence import Sentence, block_citations
from newsletter.check.values import ArticleValue, BlockValue
from newsletter.quantities import Quantity, agrees
from newsletter.quantities.units import CURRENCIES

_COMPARED = CURRENCIES | {"percent", "W"}
_LARGE = 1e4  # a bare count written in 万, 亿 or millions may be money whose unit was left out
_SHIFTS = 3  # powers of ten: billion for million


@dataclass(frozen=True, slots=True)
class _Half:
    """One language of a block: its sentences, the headline first, and the articles it cites."""

    lang: str
    sentences: tuple[Sentence, ...]
    sources: tuple[ArticleValue, ...]


def check_independent(reading: Reading, block: BlockValue) -> Iterator[FindingValue]:
    """`parity`, high, for each figure of either half that the other half's contradicts."""
    halves = [_half(reading, block, lang) for lang in LANGUAGES]
    for here, there in (halves, halves[::-1]):
        for sentence in here.sentences:
            for odd in unsupported(reading, sentence, reading.sources(sentence)):
                if odd.unit in _COMPARED or odd.scale >= _LARGE:
                    other = _contradicting(reading, odd, sentence, here, there)
                    yield from _finding(reading, sentence, odd, other, here)
    if block.kind == "item":
        yield from _shifted(reading, halves)


def _half(reading: Reading, block: BlockValue, lang: str) -> _Half:
    told = (*reading.headlines, *reading.prose)
    own = tuple(s for s in told if s.block is block and s.lang == lang)
    return _Half(lang, own, tuple(reading.articles(block_citations(block, lang))))


def _contradicting(reading: Reading, odd: Quantity, sentence: Sentence, here: _Half, there: _Half) -> Quantity | None:
    """The one figure of the other half that stands where `odd` should; None where there is none, or several could.

    Headline against headline and text against text first: what a half says twice may be wrong in one place only.
    """
    for in_title in (sentence.is_title, not sentence.is_title):
        others = [q for q in _figures(reading, _part(there, title=in_title)) if _same_unit(q, odd)]
        if not others:
            continue
        known = [q for q in _figures(reading, _part(here, title=sentence.is_title)) if q is not odd]
        free = [q for q in others if _same_digits(q, odd) or not _stated(q, known)]
        reported = [q for q in free if _reported(reading, q, here.sources)]
        if not reported and sentence.block.kind == "item":  # an item's halves tell of one event
            reported = [q for q in free if _reported(reading, q, there.sources)]
        alike = [q for q in reported if _same_digits(q, odd)]
        values = {q.value: q for q in alike or reported}
        return next(iter(values.values())) if len(values) == 1 else None
    return None


def _shifted(reading: Reading, halves: list[_Half]) -> Iterator[FindingValue]:
    """Headlines, or opening sentences, with one amount each: the same digits, another power of ten."""
    for title in (True, False):
        leads = [_part(half, title=title)[:1] for half in halves]
        amounts = [[q for q in _figures(reading, lead) if q.unit in CURRENCIES] for lead in leads]
        if [len(found) for found in amounts] != [1, 1] or not _power_of_ten(amounts[0][0], amounts[1][0]):
            continue
        if any(_stated(amounts[1 - i][0], _figures(reading, halves[i].sentences)) for i in (0, 1)):
            continue
        for here, lead, odd, other in zip(halves, leads, amounts, amounts[::-1], strict=True):
            if _reported(reading, other[0], here.sources):
                yield from _finding(reading, lead[0], odd[0], other[0], here)
                break


def _part(half: _Half, *, title: bool) -> tuple[Sentence, ...]:
    return tuple(s for s in half.sentences if s.is_title == title)


def _figures(reading: Reading, sentences: Iterable[Sentence]) -> list[Quantity]:
    return [q for s in sentences for q in reading.quantities(reading.masked(s.plain)) if not q.soft]


def _same_unit(one: Quantity, other: Quantity) -> bool:
    if one.unit == other.unit:
        return True
    bare, unit = (one, other.unit) if not one.unit else (other, one.unit)
    return not bare.unit and bare.scale >= _LARGE and unit in CURRENCIES


def _stated(said: Quantity, known: Iterable[Quantity]) -> bool:
    return any(agrees(said, q) or agrees(q, said) for q in known)


def _reported(reading: Reading, said: Quantity, sources: Iterable[ArticleValue]) -> bool:
    return any(agrees(said, q) for article in sources for q in reading.quantities(whole(article)))


def _same_digits(one: Quantity, other: Quantity) -> bool:
    """24 and 42, 2.4 and 240: the digits of one are those of the other, in another order or at another scale."""
    return not _stated(one, [other]) and _digits(one) == _digits(other)


def _digits(quantity: Quantity) -> list[str]:
    return sorted(f"{quantity.value:.12g}".replace(".", "").partition("e")[0].strip("0"))


def _power_of_ten(one: Quantity, other: Quantity) -> bool:
    if one.unit != other.unit or min(one.value, other.value) <= 0:
        return False
    power = math.log10(one.value / other.value)
    return 0.5 < abs(power) < _SHIFTS + 0.5 and abs(power - round(power)) < 1e-9


def _finding(
    reading: Reading, sentence: Sentence, odd: Quantity, other: Quantity | None, here: _Half
) -> Iterator[FindingValue]:
    if other is None or _stated(odd, [other]):
        return
    en, zh = (odd, other) if here.lang == "en" else (other, odd)
    said = (en.text.strip(), zh.text.strip())
    yield FindingValue(
        *(sentence.block.id, "both", sentence.text, "parity", HIGH),
        f"English and Chinese disagree: {said[0]} against {said[1]}.",
        f"中英文不一致：英文“{said[0]}”，中文“{said[1]}”。",
        nearest(reading, odd, here.sources),
    )
