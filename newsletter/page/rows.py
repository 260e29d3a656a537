"""Blocks as rows of paired lines: which texts stand side by side, and which language each of them is in."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import fields, is_dataclass
from typing import Any

from newsletter import lexicon, sentences
from newsletter.models import Block
from newsletter.page.values import Line, Point, Words
from newsletter.typography import is_chinese

# The lead of a line of the comparison, its first sentence: "Qinghe’s funding round. China media ask …"
_LEAD = {
    "en": re.compile(r"(?P<lead>(?:[^.:!?]|[.:](?!\s)){2,140}[.:])\s+(?P<rest>\S.*)", re.DOTALL),
    "zh": re.compile(r"(?P<lead>[^。：！？]{2,45}[。：])\s*(?P<rest>\S.*)", re.DOTALL),
}
_ENDS_A_LEAD = re.compile(r"[.:!?…。：！？]['\"”’」』）)]?$")


def title_of(block: Block, languages: tuple[str, ...]) -> Words:
    """The block's title in each of the languages it has one in; the same one twice is printed once."""
    titles = {language: _title(block, language) for language in languages}
    if len(titles) == 2 and block.title_en == block.title_zh:
        titles = {language: title for language, title in titles.items() if title and not title.foreign}
    return Words(**titles)


def rows_of(block: Block | None, languages: tuple[str, ...]) -> tuple[Words, ...]:
    """The block's paragraphs, the languages' first beside each other, and so on.

    Where they have not equally many, nothing says which belong together: then each language stands whole in one row.
    An original that stands in both halves is printed once; the other half only says that there is no more than that.
    """
    if block is None:
        return ()
    halves = {language: _paragraphs(block, language) for language in languages}
    for language, lines in halves.items():
        if lines and _repeats(block, language, languages):
            halves[language] = [Line(language, "", foreign=True)]
            return tuple(
                Words(**{each: found[row] for each, found in halves.items() if row < len(found)})
                for row in range(max(map(len, halves.values())))
            )
    if len({len(lines) for lines in halves.values() if lines}) > 1:
        return (Words(**{language: _whole(lines) for language, lines in halves.items()}),)
    rows = max(len(lines) for lines in halves.values())
    return tuple(Words(**{language: lines[row] for language, lines in halves.items() if lines}) for row in range(rows))


def point_of(number: int, block: Block, languages: tuple[str, ...], *, closed: bool) -> Point:
    """An insight or a question. `closed`: the lead runs into the text, so it gets a stop where it has none."""
    lead = title_of(block, languages)
    if closed:
        lead = Words(**{line.language: _closed(line) for line in lead})
    return Point(number, lead, rows_of(block, languages))


def compared(rows: Iterable[Words]) -> Iterator[Point]:
    """The points of the comparison. Where the languages have not equally many, those of one follow the other's."""
    apart: list[Words] = []
    for row in rows:
        if any(len(sentences.paragraphs(line.text)) > 1 for line in row):
            apart += [
                Words(**{line.language: Line(line.language, text, line.foreign)})
                for line in row
                for text in sentences.paragraphs(line.text)
            ]
        else:
            apart.append(row)
    return split_leads(apart)


def split_leads(rows: Iterable[Words]) -> Iterator[Point]:
    """A row of the comparison as its lead and the rest: "Title. text [n]"."""
    for number, row in enumerate(rows, 1):
        leads, rests = {}, {}
        for line in row:
            match = _LEAD[line.script].fullmatch(line.text)
            if match and not sentences.citations(match["lead"]):
                leads[line.language] = Line(line.language, match["lead"], line.foreign)
                rests[line.language] = Line(line.language, match["rest"], line.foreign)
            else:
                rests[line.language] = line
        yield Point(number, Words(**leads), (Words(**rests),))


def tags_of(block: Block | None, languages: tuple[str, ...]) -> tuple[Words, ...]:
    """The names of a block's tags: from its topics or pairs of names where it has them, else from its text."""
    if block is None:
        return ()
    if topics := block.extra.get("topics"):
        return topic_names(topics, languages)
    if pairs := block.extra.get("tags"):
        return tuple(_tag(pair[0], pair[1], languages) for pair in pairs if len(pair) == 2)
    names = {language: _split_tags(getattr(block, f"text_{language}")) for language in ("en", "zh")}
    if len(names["en"]) == len(names["zh"]):
        return tuple(_tag(en, zh, languages) for en, zh in zip(names["en"], names["zh"], strict=True))
    return tuple(Words(**{language: Line(language, name)}) for language in languages for name in names[language])


def topic_names(slugs: Iterable[str], languages: tuple[str, ...]) -> tuple[Words, ...]:
    """Topics by their slugs; one the lexicon no longer has keeps its slug."""
    known = lexicon.load().topics
    found = [(known[slug].en, known[slug].zh) if slug in known else (slug, slug) for slug in slugs]
    return tuple(_named(en, zh, languages) for en, zh in found)


def lines_in(value: Any) -> Iterator[Line]:
    """Every Line in a page value, however deep."""
    if isinstance(value, Line):
        yield value
    elif isinstance(value, Words | tuple | list):
        for each in value:
            yield from lines_in(each)
    elif is_dataclass(value) and not isinstance(value, type):
        for each in fields(value):
            yield from lines_in(getattr(value, each.name))


def _named(en: str, zh: str, languages: tuple[str, ...]) -> Words:
    both = {"en": en, "zh": zh}
    return Words(**{language: Line(language, both[language]) for language in languages if both[language]})


def _tag(en: str, zh: str, languages: tuple[str, ...]) -> Words:
    """A tag; a name that both languages write alike (Nvidia, Aurora 5) is printed once."""
    return _named(en, "" if en == zh and len(languages) == 2 else zh, languages)


def _repeats(block: Block, language: str, languages: tuple[str, ...]) -> bool:
    """Whether this half is only the other half's text again."""
    return len(languages) == 2 and getattr(block, f"foreign_{language}") and block.text_en == block.text_zh


def _title(block: Block, language: str) -> Line | None:
    text = " ".join(getattr(block, f"title_{language}").split())
    if not text:
        return None
    # The mark is the block's; a title may have been written though the text stands in the original.
    foreign = getattr(block, f"foreign_{language}") and is_chinese(text) == (language == "en")
    return Line(language, text, foreign)


def _paragraphs(block: Block, language: str) -> list[Line]:
    foreign = getattr(block, f"foreign_{language}")
    text = getattr(block, f"text_{language}")
    return [Line(language, " ".join(part.split()), foreign) for part in sentences.paragraphs(text)]


def _whole(lines: list[Line]) -> Line | None:
    if not lines:
        return None
    return Line(lines[0].language, "\n\n".join(line.text for line in lines), lines[0].foreign)


def _closed(line: Line) -> Line:
    if _ENDS_A_LEAD.search(line.text):
        return line
    return Line(line.language, line.text + ("。" if line.script == "zh" else "."), line.foreign)


def _split_tags(text: str) -> list[str]:
    return [name.strip() for name in re.split(r"\s*[·、\n]\s*", text) if name.strip()]
