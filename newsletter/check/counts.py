"""Counts made from the day's data: true to the data, and the same in both languages."""

import datetime as dt
import re
from collections import Counter
from collections.abc import Iterator

from newsletter.bilingual import LANGUAGES
from newsletter.check.finding import HIGH, FindingValue
from newsletter.check.reading import Reading
from newsletter.check.sentence import Sentence
from newsletter.check.values import BlockValue

_DAY = dt.timedelta(days=1)
_OUTLETS = re.compile(r"(\d+)\s?(?:outlets|sources|个信源|个来源|家媒体)", re.A)
_ARTICLES = re.compile(r"(\d+)\s?(?:articles|篇)", re.A)
_NUMBER = re.compile(r"\d+(?::\d\d)?", re.A)


def check_counts(reading: Reading) -> Iterator[FindingValue]:
    """`figure` for a wrong number of articles or outlets, `parity` where the languages count differently."""
    for block in reading.document.blocks:
        if not block.data:
            continue
        if block.kind == "overview":
            yield from _of_a_list(reading, block)
        elif block.kind == "main_line":
            yield from _of_the_day(reading, block)
        if block.parity == "independent" and block.kind != "main_line":
            yield from _against_each_other(reading, block)


def _counting(reading: Reading, block: BlockValue, lang: str) -> list[Sentence]:
    return [s for s in reading.sentences if s.block is block and s.lang == lang and not s.cited]


def _of_a_list(reading: Reading, block: BlockValue) -> Iterator[FindingValue]:
    """An overview gives the true numbers: of the list's articles, of its outlets, and of each outlet's articles."""
    listed = next((each for each in reading.document.lists if each.slug == block.list), None)
    if listed is None:
        return
    own = Counter(article.outlet for article in reading.document.articles if article.list == listed.slug)
    for sentence in (s for s in reading.sentences if s.block is block):
        if own.total() == listed.articles:  # the document holds the whole day: outlets can be counted
            yield from _outlet_counts(sentence, own)
        for said in _ARTICLES.findall(sentence.plain):
            if int(said) > listed.articles:
                yield _wrong_count(sentence, listed.name.en, listed.name.zh, listed.articles)
    for lang in LANGUAGES:
        said = [q for q in reading.quantities(reading.masked(block.text[lang])) if not q.soft]
        if said and not any(q.value == listed.articles for q in said):
            first = next(s for s in reading.sentences if s.block is block and s.lang == lang)
            yield _wrong_count(first, listed.name.en, listed.name.zh, listed.articles)


def _outlet_counts(sentence: Sentence, own: Counter[str]) -> Iterator[FindingValue]:
    said = _OUTLETS.search(sentence.plain)
    if said and int(said.group(1)) != len(own):
        yield _wrong_count(sentence, "outlets", "信源", len(own))
    rest = sentence.plain
    for outlet, count in sorted(own.items(), key=lambda pair: -len(pair[0])):  # 36氪快讯 before 36氪
        match = re.search(rf"{re.escape(outlet)}[^\d。.;；]{{0,14}}?(\d+)", rest) if outlet else None
        rest = rest.replace(outlet, " ") if outlet else rest
        if match and int(match.group(1)) != count:
            yield _wrong_count(sentence, outlet, outlet, count)


def _of_the_day(reading: Reading, block: BlockValue) -> Iterator[FindingValue]:
    """The opening counts the articles of all lists, and their outlets."""
    articles = sum(each.articles for each in reading.document.lists)
    whole_day = len(reading.document.articles) == articles
    outlets = len({article.outlet for article in reading.document.articles})
    for lang in LANGUAGES:
        for sentence in _counting(reading, block, lang):
            said = _ARTICLES.search(sentence.plain)
            if said and int(said[1]) != articles:
                yield _wrong_count(sentence, "articles", "文章", articles)
            said = _OUTLETS.search(sentence.plain)
            if said and whole_day and int(said[1]) != outlets:
                yield _wrong_count(sentence, "outlets", "信源", outlets)
            yield from _window(reading, sentence)


def _window(reading: Reading, sentence: Sentence) -> Iterator[FindingValue]:
    """The day that the opening names is the issue's, or one beside it."""
    date = reading.document.date
    days = {(day.month, day.day) for day in (date - _DAY, date, date + _DAY)}
    for said in reading.quantities(sentence.plain):
        if said.unit == "date" and divmod(int(said.value), 100) not in days:
            yield FindingValue(
                *(sentence.block.id, sentence.lang, sentence.text, "figure", HIGH),
                f"Not the day of this issue: {said.text.strip()}.",
                f"不是本期的日期：{said.text.strip()}。",
                date.isoformat(),
            )


def _against_each_other(reading: Reading, block: BlockValue) -> Iterator[FindingValue]:
    """As many counts in either language, and one of them is another: halves that count other things differ in more."""
    halves = [_counting(reading, block, lang) for lang in LANGUAGES]
    said = [Counter(n for s in half for n in _NUMBER.findall(reading.masked(s.plain))) for half in halves]
    if said[0].total() == said[1].total() > 1 and (said[0] - said[1]).total() == 1:
        only = [", ".join(counts) or "—" for counts in (said[0] - said[1], said[1] - said[0])]
        yield FindingValue(
            *(block.id, "both", halves[0][0].text, "parity", HIGH),
            f"English and Chinese count differently: {only[0]} against {only[1]}.",
            f"中英文数目不一致：英文 {only[0]}，中文 {only[1]}。",
        )


def _wrong_count(sentence: Sentence, en: str, zh: str, count: int) -> FindingValue:
    return FindingValue(
        *(sentence.block.id, sentence.lang, sentence.text, "figure", HIGH),
        f"Miscounted: {en}, {count} that day.",
        f"数目不符：{zh}当天应为 {count}。",
        f"{en}: {count}",
    )
