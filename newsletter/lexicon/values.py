"""What the lexicon is made of: values only."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

KINDS = frozenset({"company", "model", "person", "agency", "product", "place"})
HOMES = frozenset({"CN", "US", "EU", "OTHER", ""})
COLUMNS = ("en", "zh", "kind", "home", "field", "never")
HIDES = "word"  # the kind of a line that is no name: it hides one that it contains


@dataclass(frozen=True, slots=True)
class Name:
    """One company, model, person, agency, product or place, however it is spelled."""

    en: tuple[str, ...]  # never empty; the first is the one to write
    zh: tuple[str, ...]
    kind: str
    home: str  # CN, US, EU, OTHER, or "": nowhere
    field: str = ""  # what it is in: a line `@field NAME` of subject.tsv says what that makes of a text
    never: tuple[str, ...] = ()  # what it is never rendered as, in either language

    def __str__(self) -> str:
        return self.en[0]

    def __hash__(self) -> int:
        return hash(self.en)  # names are keys everywhere: as cheap as it can be


@dataclass(frozen=True, slots=True)
class Mention:
    """Where a name stands in a text: `text[start:end]`."""

    name: Name
    start: int
    end: int


def without(mentions: Iterable[Mention], text: str) -> str:
    """`text` with a blank for each of its `mentions`, which come left to right and don't overlap."""
    rest, at = [], 0
    for mention in mentions:
        rest.append(text[at : mention.start])
        at = mention.end
    return " ".join([*rest, text[at:]])


@dataclass(frozen=True, slots=True)
class Topic:
    """A subject tag: its slug is stored, its names are shown."""

    slug: str
    en: str
    zh: str
    weight: float = 1.0  # how much it makes of a story, beside the others
    technical: bool = False  # such stories stand last in an issue


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of a names file, or one row of the editors': not yet joined with other lines about the same name."""

    en: tuple[str, ...]
    zh: tuple[str, ...]
    kind: str  # of KINDS, or HIDES
    home: str
    field: str
    never: tuple[str, ...]
    where: str  # for messages: "lexicon.tsv, line 7"

    @classmethod
    def from_row(cls, row: Mapping[str, str | None], where: str) -> "Entry":
        """From the `COLUMNS`; field and never may be missing."""
        en, zh, never = (_split(row.get(column)) for column in ("en", "zh", "never"))
        kind, home, field = ((row.get(column) or "").strip() for column in ("kind", "home", "field"))
        return cls(en, zh, kind, home, field, never, where)

    @property
    def spellings(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys(self.en + self.zh))

    def __str__(self) -> str:
        return f"{self.spellings[0] if self.spellings else '?'} ({self.where})"


def _split(cell: str | None) -> tuple[str, ...]:
    return tuple(part for part in (part.strip() for part in (cell or "").split("|")) if part)
