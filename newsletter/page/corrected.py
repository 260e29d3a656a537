"""What was wrong in an issue that has gone out: the page shows it as it should have been, and says so."""

from collections.abc import Iterable, Mapping

from newsletter.models import Block, Correction, Newsletter
from newsletter.models.issue import BlockKind
from newsletter.page import dates, labels, rows
from newsletter.page.values import Corrected, Line, Words

_PARTS: dict[str, str] = {
    BlockKind.MAIN_LINE: "content",
    BlockKind.COMPARISON: "comparison",
    BlockKind.ANALYSIS: "analysis",
    BlockKind.QA: "questions",
}


class Corrections:
    """The corrections of one issue, the oldest first, for the languages that a page shows."""

    def __init__(self, found: Iterable[Correction], letter: Newsletter, languages: tuple[str, ...]) -> None:
        self.found = sorted(found, key=lambda each: (each.at, each.pk))
        self.letter, self.languages = letter, languages

    def put_in(self, blocks: Iterable[Block]) -> None:
        """Let `blocks`, in memory only, say what the corrections say."""
        by_key = {block.pk: block for block in blocks}
        for each in self.found:
            if block := by_key.get(each.block_id):
                write(block, each.after)

    def notes(self, block: Block) -> tuple[Words, ...]:
        """What stands under the block's text, one row for each of its corrections."""
        return tuple(_as_note(self.note(each)) for each in self.found if each.block_id == block.pk)

    def note(self, of: Correction) -> Words:
        """`Correction, 7 May 2026: …`, on the newsletter's clock."""
        day = of.at.astimezone(self.letter.tz).date()
        said = {"en": of.note_en, "zh": of.note_zh}
        return labels.correction({name: dates.full_date(day, name) for name in said}, said, self.languages)

    def told(self, blocks: Iterable[Block]) -> tuple[Corrected, ...]:
        """What the page says of each at its end, with the text as it was."""
        blocks = list(blocks)
        anchors = _anchors(blocks)
        names = {block.pk: rows.title_of(block, self.languages) for block in blocks}
        return tuple(
            Corrected(anchors[each.block_id], names[each.block_id], self.note(each), self._was(each))
            for each in self.found
            if each.block_id in anchors
        )

    def _was(self, correction: Correction) -> tuple[Words, ...]:
        old = Block(kind=correction.block.kind)
        write(old, correction.before)
        title = rows.title_of(old, self.languages)
        return ((title,) if title else ()) + rows.rows_of(old, self.languages)


def write(block: Block, texts: Mapping[str, str]) -> None:
    """Set the block's texts in memory; nothing is saved."""
    for name, text in texts.items():
        setattr(block, name, text)


def _as_note(words: Words) -> Words:
    return Words(**{line.language: Line(line.language, line.text, note=True) for line in words})


def _anchors(blocks: Iterable[Block]) -> dict[int, str]:
    """Block to its place on the issue's page."""
    anchors: dict[int, str] = {}
    items = 0
    for block in blocks:
        items += block.kind == BlockKind.ITEM
        report = block.source_list.slug if block.source_list else ""
        anchors[block.pk] = f"item-{items}" if block.kind == BlockKind.ITEM else report or _PARTS.get(block.kind, "")
    return anchors
