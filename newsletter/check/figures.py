"""Every figure of a sentence stands in the articles it cites, in whatever language and unit they write it."""

import datetime as dt
from collections.abc import Iterable, Iterator
from dataclasses import replace

from newsletter.check.finding import HIGH, FindingValue, about
from newsletter.check.reading import Reading, whole
from newsletter.check.sentence import Sentence
from newsletter.check.values import ArticleValue
from newsletter.quantities import Quantity, agrees, quantities

_MONTHLY = frozenset({"month", "date"})
_DAY = dt.timedelta(days=1)


def check_figures(reading: Reading) -> Iterator[FindingValue]:
    """`figure` for each figure that no cited article has; dates may also come from an article's own date."""
    for sentence in (*reading.claims, *reading.headlines):
        sources = reading.sources(sentence)
        if sources and (missing := list(unsupported(reading, sentence, sources))):
            yield _finding(reading, sentence, missing, sources)


def unsupported(reading: Reading, sentence: Sentence, sources: Iterable[ArticleValue]) -> Iterator[Quantity]:
    """The hard figures of a sentence that none of `sources` has."""
    said = [q for q in reading.quantities(reading.masked(sentence.plain)) if not q.soft]
    if not said:
        return
    known = [q for article in sources for q in figures_of(reading, article)]
    known += _of_the_day(reading.document.date)
    if sentence.block.kind == "main_line":
        known += quantities("24 hours")
    for quantity in said:
        exempt = quantity.unit == "clock" and sentence.block.kind == "main_line"  # the window's own hours
        if not exempt and not any(speaks_for(other, quantity) for other in known):
            yield quantity


_VAGUE = 0.03  # how far an exact figure may lie from one that its source gives roughly


def speaks_for(known: Quantity, said: Quantity) -> bool:
    """Whether a source's figure bears out one of ours. From "over $1 billion" nobody knows that it was 1.3."""
    if not known.about or said.value == known.value:
        return agrees(said, known)
    return agrees(said, replace(known, about=False)) or (
        abs(said.value - known.value) <= _VAGUE * abs(known.value) and agrees(said, known)
    )


def figures_of(reading: Reading, article: ArticleValue) -> list[Quantity]:
    """What an article speaks for: its figures, and the days around its publication."""
    found = list(reading.quantities(whole(article)))
    if article.published:
        found = [each for q in found for each in in_its_month(q, article.published)]
        for day in (article.published - _DAY, article.published, article.published + _DAY):
            found += [_quantity("date", day.month * 100 + day.day), _quantity("year", day.year)]
    if "环比" in article.text:  # against the month before
        months = [divmod(int(q.value), 100)[0] if q.unit == "date" else q.value for q in found if q.unit in _MONTHLY]
        found += [_quantity("month", (month - 2) % 12 + 1) for month in months]
    return found


def in_its_month(quantity: Quantity, published: dt.date) -> list[Quantity]:
    """17日 in a report of 20 June is the 17th of June; the 28th in it may be May's as well."""
    if quantity.unit != "dom":
        return [quantity]
    months = (
        [published.month]
        if quantity.value <= published.day + 1
        else [published.month, (published.replace(day=1) - _DAY).month]
    )
    return [replace(quantity, unit="date", value=month * 100 + quantity.value) for month in months]


def _of_the_day(date: dt.date) -> list[Quantity]:
    days = (date - _DAY, date)
    return [_quantity("year", date.year), *(_quantity("date", day.month * 100 + day.day) for day in days)]


def _quantity(unit: str, value: float) -> Quantity:
    return Quantity(float(value), unit, "", 0)


def nearest(reading: Reading, said: Quantity, sources: Iterable[ArticleValue]) -> str:
    """The words around the figure of the sources that comes closest to `said`, with its article's number."""
    best, words = float("inf"), ""
    for article in sources:
        text = whole(article)
        for other in reading.quantities(text):
            distance = _distance(said, other)
            if distance < best:
                best, words = distance, f"{about(article)} {snippet(text, other.start, len(other.text))}"
    return words


def _distance(said: Quantity, other: Quantity) -> float:
    high, low = max(said.value, other.value), min(said.value, other.value)
    ratio = high / low if low > 0 else 1e6
    return ratio * (1 if said.unit == other.unit else 1.5 if said.unit in ("", other.unit) else 10)


def snippet(text: str, start: int, length: int, around: int = 40) -> str:
    """The words about `text[start:start + length]`, on one line."""
    words = text[max(0, start - around) : start + length + around]
    return f"…{' '.join(words.split())}…"


def _finding(
    reading: Reading, sentence: Sentence, missing: list[Quantity], sources: list[ArticleValue]
) -> FindingValue:
    said = list(dict.fromkeys(quantity.text.strip() for quantity in missing))
    english = ", ".join(f"“{text}”" for text in said)
    chinese = "、".join(f"“{text}”" for text in said)
    are = "is" if len(said) == 1 else "are"
    return FindingValue(
        *(sentence.block.id, sentence.lang, sentence.text, "figure", HIGH),
        f"Figure not in source: {english} {are} not in {named(sentence, sources, 'en')}.",
        f"信源中没有这个数字：{named(sentence, sources, 'zh')}里找不到{chinese}。",
        nearest(reading, missing[0], sources),
    )


def named(sentence: Sentence, sources: list[ArticleValue], lang: str) -> str:
    """The articles that were looked into, in words."""
    numbers = [f"[{a.n}]" for a in sources if a.n is not None]
    if sentence.cited or len(numbers) <= 3:
        return (" or " if lang == "en" else "、").join(numbers) or ("its source" if lang == "en" else "来源")
    return f"the {len(sources)} articles behind it" if lang == "en" else f"相关的 {len(sources)} 篇文章"
