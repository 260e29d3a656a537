"""A block as it is edited in place: its sentences row by row, English and Chinese side by side.

The form carries the text that it was opened with. A row that was not touched leaves its part of that text as it is, to
the last space; so the rows keep their places while the form saves by itself, whatever sentences they come to hold.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from newsletter.bilingual import LANGUAGES
from newsletter.models import Block
from newsletter.review.changing import SUBJECTS
from newsletter.review.editing import FLAGS, editable_fields
from newsletter.review.pairing import Pair
from newsletter.review.sentences import GAPS, text_pairs
from newsletter.review.splicing import places, spliced
from newsletter.sentences import citations, split_sentences
from newsletter.views.desk.proof import Doubt


@dataclass(frozen=True, slots=True)
class EditRow:
    """One row of the form. `names` are its fields' names; `n` its place in the block, 0 is the headline."""

    n: int
    number: str
    names: tuple[str, str]
    en: str
    zh: str
    heading: bool = False
    doubts: tuple[Doubt, ...] = ()
    cited: bool = False  # whether it cites anything


def opened(block: Block, data: Mapping[str, Any]) -> tuple[str, str]:
    """The text (English, Chinese) that the form was opened with; the block's own where it says nothing."""
    given = tuple(_lines(data[f"base_{x}"]) if f"base_{x}" in data else getattr(block, f"text_{x}") for x in LANGUAGES)
    return given[0], given[1]


def pairs(base: tuple[str, str], parity: str) -> list[Pair]:
    """The rows of a text; one empty row where there is no text yet."""
    return text_pairs(base, parity) or [Pair((), ())]


def texts(base: tuple[str, str], parity: str) -> list[tuple[str, str]]:
    """What stands in each row, to the letter."""
    rows = pairs(base, parity)
    spans = [places(base[i], [pair[x] for pair in rows]) for i, x in enumerate(LANGUAGES)]
    return [(base[0][slice(*en)], base[1][slice(*zh)]) for en, zh in zip(*spans, strict=True)]


def changes(block: Block, data: Mapping[str, Any]) -> dict[str, Any]:
    """Field name -> value, from a form with rows (`en-0`, `zh-0`, ...) or with whole texts (`text_en`, `text_zh`)."""
    given = {name: data[name] for name in editable_fields(block) if name in data and name not in FLAGS}
    if "flags" in data:
        given |= {name: name in data for name in FLAGS}
    if "base_en" in data:
        base = opened(block, data)
        rows, stood = pairs(base, block.parity), texts(base, block.parity)
        for i, language in enumerate(LANGUAGES):
            posted = {n: _lines(data[f"{language}-{n}"]) for n in range(len(rows)) if f"{language}-{n}" in data}
            new = {n: words for n, words in posted.items() if words != stood[n][i]}
            groups = [pair[language] for pair in rows]
            given[f"text_{language}"] = spliced(base[i], groups, new, gap=GAPS[language])
    return given


def laid_out(block: Block, base: tuple[str, str], doubts: list[Doubt], number: int | None) -> list[EditRow]:
    """The form's rows: the headline (where there is one), then each row of `base`; every doubt at its sentence."""
    rows = []
    if block.title_en or block.title_zh:
        names = ("title_en", "title_zh")
        rows.append(_row(0, number, names, (block.title_en, block.title_zh), doubts, heading=True))
    for n, text in enumerate(texts(base, block.parity)):
        rows.append(_row(n + 1, number, (f"en-{n}", f"zh-{n}"), text, doubts))
    return rows


def at_rows(data: Mapping[str, Any], doubts: list[Doubt], count: int) -> list[tuple[int, list[Doubt]]]:
    """Which doubts stand at which row of an open form, by what the rows hold now."""
    held = [(0, (str(data.get("title_en", "")), str(data.get("title_zh", ""))))]
    held += [(n + 1, (str(data.get(f"en-{n}", "")), str(data.get(f"zh-{n}", "")))) for n in range(count)]
    return [(n, [doubt for doubt in doubts if _stands_in(doubt, text)]) for n, text in held]


def subjects(block: Block) -> list[tuple[str, str, str]]:
    """(name, language, value) of the mail's subjects, which are edited with the main line."""
    return [(name, name[-2:], getattr(block.issue, name)) for name in SUBJECTS if name in editable_fields(block)]


def _row(
    n: int,
    number: int | None,
    names: tuple[str, str],
    text: tuple[str, str],
    doubts: list[Doubt],
    *,
    heading: bool = False,
) -> EditRow:
    label = f"{number}.{n}" if number else str(n or "")
    here = tuple(doubt for doubt in doubts if _stands_in(doubt, text))
    return EditRow(n, label, names, text[0], text[1], heading, here, any(map(citations, text)))


def _stands_in(doubt: Doubt, text: tuple[str, str]) -> bool:
    said = doubt.finding.sentence
    if not said:
        return False
    held = [s for i, x in enumerate(LANGUAGES) for s in (*split_sentences(text[i], x), " ".join(text[i].split()))]
    return said in held


def _lines(value: Any) -> str:
    """With the line ends that texts have: a browser sends CR LF."""
    return str(value).replace("\r\n", "\n").replace("\r", "\n")
