"""Two editors at one block, said in words: who changed what when, and how the two texts differ."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from newsletter.models import Block, BlockRevision
from newsletter.review import editing, history
from newsletter.review.clash import Clash, clash, together
from newsletter.views.desk.forms import LABELS


@dataclass(frozen=True, slots=True)
class Versus:
    """One field as it stands now, and as the form has it, drawn in."""

    label: str
    lang: str
    theirs: str
    pieces: list[history.Piece]


@dataclass(frozen=True, slots=True)
class Told:
    """`version` names what stands there now; `clashes`: in how many places both had changed the same words."""

    since: tuple[BlockRevision, ...]
    fields: tuple[Versus, ...]
    version: str
    clashes: int


def found(block: Block, data: Mapping[str, Any]) -> Clash:
    """What came between the posted form and the block as it stands."""
    opened = {name: data[f"base_{name[-2:]}"] for name in ("text_en", "text_zh") if f"base_{name[-2:]}" in data}
    return clash(block, data.get("version", ""), opened)


def told(block: Block, data: Mapping[str, Any], mine: Mapping[str, Any]) -> Told:
    """The clash of a posted form, whose values are `mine`, for desk/_clash.html."""
    between = found(block, data)
    fields = [
        Versus(
            str(LABELS[name]), name[-2:], str(between.theirs[name]), history.difference(between.theirs[name], value)
        )
        for name, value in mine.items()
        if isinstance(value, str) and value != between.theirs[name]
    ]
    return Told(between.since, tuple(fields), editing.version_of(between.theirs), together(between, mine)[1])
