"""Days of the week and quarters: `figure` and `parity` for what is no number but says when."""

import datetime as dt
import re
from collections.abc import Iterable, Iterator

from newsletter.check.finding import HIGH, FindingValue, about
from newsletter.check.reading import Reading, whole
from newsletter.check.sentence import Sentence
from newsletter.check.values import ArticleValue, BlockValue
from newsletter.sentences import split_sentences

_DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_HAN = "一二三四五六日"
_DAY = re.compile(
    rf"\b(?P<en>{'|'.join(_DAYS)})s?\b|(?<![一二两三四五六七八九十\d几])(?:周|星期|礼拜)(?P<zh>[{_HAN}天])(?![末边报刊次个])"
)
_NO_QUARTER = re.compile(r"第?[五六七八九十]季度|第[五六七八九十]季")


def weekdays(text: str) -> dict[int, str]:
    """The days of the week that `text` names, Monday 0, each as it is first written."""
    found: dict[int, str] = {}
    for match in _DAY.finditer(text):
        number = _DAYS.index(match["en"]) if match["en"] else _HAN.index(match["zh"].replace("天", "日"))
        found.setdefault(number, match.group())
    return found


def check_calendar(reading: Reading) -> Iterator[FindingValue]:
    """`figure` for a day of the week that the sources don't have, or a fifth quarter; `parity` for two days."""
    for sentence in (*reading.claims, *reading.headlines):
        if quarter := _NO_QUARTER.search(sentence.plain):
            yield _finding(sentence, quarter.group(), "a year has four quarters", "一年只有四个季度", "")
        said = weekdays(sentence.plain)
        sources = reading.sources(sentence)
        if said and sources:
            known = _known(sources)
            for day in said.keys() - known:
                told = "; ".join(f"{about(a)} {_DAYS[d]}" for a in sources for d in weekdays(whole(a)))
                yield _finding(sentence, said[day], "its source names another day", "与信源所说的日子不符", told)
    for block in reading.document.blocks:
        if block.parity == "translated" and not block.foreign:
            yield from _two_days(block)


def _known(sources: Iterable[ArticleValue]) -> set[int]:
    """The days that the articles name; of those that name none, the days around their publication."""
    known: set[int] = set()
    for article in sources:
        named = set(weekdays(whole(article)))
        if not named and article.published:
            named = {(article.published + dt.timedelta(days=d)).weekday() for d in (-1, 0, 1)}
        known |= named or set(range(7))
    return known


def _two_days(block: BlockValue) -> Iterator[FindingValue]:
    en, zh = weekdays(block.text.en), weekdays(block.text.zh)
    if en and zh and (en.keys() - zh.keys()) and (zh.keys() - en.keys()):
        only = [next(iter(here[day] for day in here.keys() - there.keys())) for here, there in ((en, zh), (zh, en))]
        yield FindingValue(
            *(block.id, "both", _with(block, only[0]), "parity", HIGH),
            f"English and Chinese disagree: {only[0]} against {only[1]}.",
            f"中英文不一致：英文“{only[0]}”，中文“{only[1]}”。",
        )


def _with(block: BlockValue, words: str) -> str:
    """The English sentence that has the words."""
    return next(s for s in split_sentences(block.text.en, "en") if words in s)


def _finding(sentence: Sentence, words: str, en: str, zh: str, evidence: str) -> FindingValue:
    return FindingValue(
        *(sentence.block.id, sentence.lang, sentence.text, "figure", HIGH),
        f"Figure not in source: “{words}”; {en}.",
        f"信源中没有这个数字：“{words}”，{zh}。",
        evidence,
    )
