"""The plain-text mail's entries: a number in the gutter, then each language's words under the other's. Pure functions.

A note says where a text is the original; it stands under that text, and an original is printed once.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from newsletter import sentences
from newsletter.page import labels, plain
from newsletter.page.dates import han_numeral
from newsletter.page.values import Item, Line, Point, Words

_GUTTER = "    "


@dataclass(frozen=True)
class _Half:
    """What one language says in an entry."""

    language: str
    texts: tuple[str, ...]
    notes: tuple[str, ...]


def item(of: Item, languages: tuple[str, ...]) -> str:
    """A story: headline, text, and its scores and topics last."""
    halves = _halves(of.title, of.rows, languages, run_in=False)
    names = [str(of.update)] if of.update else []
    names += [f"{name} {score}" for name, score in of.scores] + [str(topic) for topic in of.topics]
    tail = ["\n" + plain.listed(names, indent=_GUTTER)] if names else []
    return _gutter(halves, _numbers(of.number, languages)) + "".join(tail)


def insight(of: Point, languages: tuple[str, ...]) -> str:
    """A numbered point, its lead running into its text."""
    return _gutter(_halves(of.lead, of.rows, languages, run_in=True), _numbers(of.number, languages))


def compared(of: Point, languages: tuple[str, ...]) -> str:
    """A point of the comparison, behind a dash."""
    return _gutter(_halves(of.lead, of.rows, languages, run_in=True), ("–",))


def question(of: Point, languages: tuple[str, ...]) -> str:
    """A question on a line of its own, the answer under it, without a gutter."""
    halves = _halves(of.lead, of.rows, languages, run_in=False)
    return "\n\n".join("\n".join(plain.wrap(text) for text in (*half.texts, *half.notes)) for half in halves)


def signed(of: Point, languages: tuple[str, ...], by: Words) -> str:
    """A note of the editor's own: title, text and signature, language by language."""
    halves = _halves(of.lead, of.rows, languages, run_in=False)
    names = {line.language: line.text for line in by}
    said = [(*half.texts, names.get(half.language, "")) for half in halves]
    return "\n\n".join("\n".join(plain.wrap(text) for text in texts if text) for texts in said)


def section(rows: Iterable[Words]) -> str:
    """Paragraphs with a blank line between them, the languages' by turns as the rows have them."""
    rows = tuple(rows)
    texts = [(line.language, text) for row in rows for line in row for text in sentences.paragraphs(line.text)]
    ends = {language: place for place, (language, _) in enumerate(texts)}
    notes = {line.language: note(line) for row in rows for line in row if line.foreign}
    parts = [plain.wrap(text) for _, text in texts]
    for language, said in notes.items():
        if parts:
            parts[ends.get(language, -1)] += f"\n{said}"
    return "\n\n".join(parts)


def note(line: Line) -> str:
    """`(Original in Chinese)` or `（原文为英文）`."""
    said = labels.foreign_note(line.language)
    return f"（{said}）" if line.language == "zh" else f"({said})"


def _halves(lead: Words, rows: tuple[Words, ...], languages: tuple[str, ...], *, run_in: bool) -> list[_Half]:
    """The languages that say something; the note of one that does not goes under the others' words."""
    halves: list[_Half] = []
    homeless: list[str] = []
    for language in languages:
        head = next((line for line in lead if line.language == language), None)
        lines = [line for row in rows for line in row if line.language == language]
        texts = [text for line in lines for text in sentences.paragraphs(line.text)]
        notes = [note(lines[-1])] if lines and lines[-1].foreign else []
        if head and run_in and texts:
            texts[0] = f"{head}{' ' if head.script == 'en' else ''}{texts[0]}"
        elif head:
            texts.insert(0, head.text)
        if texts:
            halves.append(_Half(language, tuple(texts), tuple(notes)))
        else:
            homeless.extend(notes)
    if halves and homeless:
        last = halves.pop()
        halves.append(_Half(last.language, last.texts, (*last.notes, *homeless)))
    return halves


def _numbers(number: int, languages: tuple[str, ...]) -> tuple[str, ...]:
    """The marks of the halves that are printed, in order: figures first, Han where the page is Chinese or paired."""
    han = han_numeral(number)
    return (han,) if languages == ("zh",) else (f"{number:>2}", han)


def _gutter(halves: list[_Half], marks: tuple[str, ...]) -> str:
    """The halves, a blank line between them, each behind its mark as far as there is one."""
    parts = []
    for place, half in enumerate(halves):
        mark = marks[place] if place < len(marks) else ""
        first = mark + " " * max(1, len(_GUTTER) - plain.columns(mark))
        lines = [plain.wrap(half.texts[0], first=first, indent=_GUTTER)]
        lines += [plain.wrap(text, first=_GUTTER, indent=_GUTTER) for text in (*half.texts[1:], *half.notes)]
        parts.append("\n".join(lines))
    return "\n\n".join(parts)
