"""Names in both languages, and the topics: what the whole service knows of its subject, read from data files.

`data/lexicon.tsv` has one name a line: en, zh, kind, home, alternatives split by `|`, the preferred one first. Further
files of the same shape are named by `settings.LEXICON_EXTRA`. A line of kind `word` is no name: it hides one that it
contains ("王者荣耀" is not the company 荣耀). A Latin spelling that stands under zh alone counts in Chinese texts only
("Grab" is a verb in English).
"""

import csv
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from django.conf import settings

from newsletter.typography import has_han

DATA = Path(__file__).parent / "data"
KINDS = frozenset({"company", "model", "person", "agency", "product", "place"})
HOMES = frozenset({"CN", "US", "EU", "OTHER", ""})
_HIDES = "word"
_STATES = frozenset({"CN", "US"})  # homes whose agencies go by names that other states' have too: 央行, Supreme Court
_OWNS = frozenset({"", " ", "'s ", "’s ", "的"})
_MAX_LENGTH = 60  # characters of the longest spelling taken


@dataclass(frozen=True, slots=True)
class Name:
    """One company, model, person, agency, product or place, however it is spelled."""

    en: tuple[str, ...]  # never empty; the first is the one to write
    zh: tuple[str, ...]
    kind: str
    home: str  # CN, US, EU, OTHER, or "": nowhere

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


@dataclass(frozen=True, slots=True)
class Topic:
    """A subject tag: its slug is stored, its names are shown."""

    slug: str
    en: str
    zh: str
    weight: float = 1.0  # how much it makes of a story, beside the others
    technical: bool = False  # such stories stand last in an issue


@dataclass(frozen=True, slots=True)
class _Spelling:
    written: str
    folded: str
    name: Name | None  # None: an ordinary word that hides a name

    @property
    def chinese_only(self) -> bool:
        """An English word, but a name where it stands in Chinese."""
        return self.name is not None and self.written.isascii() and self.written not in self.name.en


class Lexicon:
    """All names, ready to be found in texts of either language."""

    def __init__(self, names: Iterable[Name], hiding: Iterable[str] = (), topics: Iterable[Topic] = ()) -> None:
        self.names = tuple(names)
        self.topics: dict[str, Topic] = {topic.slug: topic for topic in topics}
        self._starts: dict[str, list[_Spelling]] = {}
        self._by_spelling: dict[str, Name] = {}
        for name in self.names:
            for written in dict.fromkeys(name.en + name.zh):
                self._add(written, name)
        for written in hiding:
            self._add(written, None)
        for spellings in self._starts.values():
            spellings.sort(key=lambda s: -len(s.folded))  # longest first; equal ones in the files' order

    def _add(self, written: str, name: Name | None) -> None:
        spelling = _Spelling(written, fold(written), name)
        self._starts.setdefault(spelling.folded[:2], []).append(spelling)
        if name:
            self._by_spelling.setdefault(spelling.folded, name)

    def find(self, text: str) -> tuple[Name, ...]:
        """The names in `text` in order of first mention, each once."""
        return tuple(dict.fromkeys(mention.name for mention in self.mentions(text)))

    def mentions(self, text: str) -> Iterator[Mention]:
        """Every mention, left to right, never overlapping; of two spellings at one place the longer counts."""
        plain = simplify(text)
        folded = plain.lower() if len(plain.lower()) == len(plain) else plain
        at, end, place, starts = 0, len(folded) - 1, None, self._starts
        while at < end:
            spellings = starts.get(folded[at : at + 2])  # most places begin none: this loop is half of all ranking
            hit = _first(spellings, plain, folded, at) if spellings else None
            if hit is None:
                at += 1
                continue
            mention = Mention(hit.name, at, at + len(hit.folded)) if hit.name else None
            if mention and not (place and _of_elsewhere(mention, place, plain)):
                yield mention
            place = mention if mention and mention.name.kind == "place" else None
            at += len(hit.folded)

    def named(self, spelling: str) -> Name | None:
        """The name that is spelled so, in any casing; None where there is none."""
        return self._by_spelling.get(fold(spelling))


@cache
def _variants() -> dict[int, str]:
    """Traditional to simplified characters and full-width to half-width ASCII: one for one, so that offsets stay."""
    table = {0xFEE0 + code: chr(code) for code in range(0x21, 0x7F) if chr(code) not in ",:;?!()"}
    with (DATA / "traditional.tsv").open(encoding="utf-8", newline="") as file:
        table |= {ord(row["traditional"]): row["simplified"] for row in csv.DictReader(file, delimiter="\t")}
    return table


def simplify(text: str) -> str:
    """`text` in simplified characters and half-width letters, of the same length. For comparing, not for print."""
    return text.translate(_variants())


def fold(text: str) -> str:
    """The form under which spellings are compared: simplified, half-width, lower case."""
    return simplify(text).lower()


def _first(spellings: Iterable[_Spelling], plain: str, folded: str, at: int) -> _Spelling | None:
    """Of these spellings, longest first, the one that stands at `at`."""
    for spelling in spellings:
        if folded.startswith(spelling.folded, at) and _fits(plain, at, spelling):
            if spelling.chinese_only and not has_han(plain):
                continue
            return spelling
    return None


def _of_elsewhere(agency: Mention, place: Mention, plain: str) -> bool:
    """Whether `place` right before it says that the agency is another state's: 荷兰央行, "the UK Supreme Court"."""
    return (
        agency.name.kind == "agency"
        and agency.name.home in _STATES
        and place.name.home != agency.name.home
        and plain[place.end : agency.start] in _OWNS
    )


def _fits(plain: str, at: int, spelling: _Spelling) -> bool:
    """Whether the spelling at `at` is a word of its own there, and cased like a name."""
    end = at + len(spelling.folded)
    written = spelling.written
    if _latin(written[0]) and at and _latin(plain[at - 1]):
        return False
    if _latin(written[-1]) and not _ends(plain, end, spelling):
        return False
    return _cased(plain[at:end], written)


def _ends(plain: str, end: int, spelling: _Spelling) -> bool:
    """Whether a word may end here: "GPT-5" doesn't in "GPT-5.4"; "Qwen" does in "Qwen3"."""
    after = plain[end : end + 2]
    if not after or not _latin(after[0]):
        return not (spelling.written[-1].isdigit() and after[:1] == "." and after[1:].isdigit())
    takes_number = spelling.name is not None and spelling.name.kind == "model" and spelling.written[-1].isalpha()
    return takes_number and after[0].isdigit()


def _cased(found: str, written: str) -> bool:
    """Ordinary words must not pass for names: "meta", "us" and "scale AI" are not "Meta", "US" and "Scale AI".

    All capitals are matched exactly; a single word with a capital inside ("OpenAI") in any casing; otherwise each word
    that the spelling begins with a capital must begin with one in the text ("META", "Meta").
    """
    letters = [char for char in written if char.isascii() and char.isalpha()]
    if not letters or found == written:
        return True
    if all(char.isupper() for char in letters):
        return False
    if " " not in written and any(char.isupper() for char in written[1:]):
        return True
    starts = (i for i, char in enumerate(written) if char.isupper() and (i == 0 or not written[i - 1].isalnum()))
    return all(found[i].isupper() for i in starts)


def _latin(char: str) -> bool:
    return char.isalnum() and ord(char) < 0x2E80


def read_names(path: Path) -> tuple[list[Name], list[str]]:
    """The names of one TSV file, and the ordinary words that hide names. ValueError names the line that is wrong."""
    names: list[Name] = []
    hiding: list[str] = []
    with path.open(encoding="utf-8", newline="") as file:
        for number, row in enumerate(csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE), 2):
            en, zh = _spellings(row["en"]), _spellings(row["zh"])
            kind, home = row["kind"], row["home"] or ""
            if kind == _HIDES:
                hiding += en + zh
            elif kind in KINDS and home in HOMES and (en or zh):
                names.append(Name(en or zh, zh or en, kind, home))
            else:
                raise ValueError(f"{path}, line {number}: unknown kind {kind!r}, home {home!r}, or no spelling")
    return names, hiding


def _spellings(cell: str | None) -> tuple[str, ...]:
    parts = (part.strip() for part in (cell or "").split("|"))
    return tuple(part for part in parts if 2 <= len(part) <= _MAX_LENGTH)


def read_topics(path: Path) -> list[Topic]:
    """The topics of `path` in the order in which they are shown."""
    with path.open(encoding="utf-8", newline="") as file:
        rows = csv.DictReader(file, delimiter="\t")
        return [Topic(r["slug"], r["en"], r["zh"], float(r["weight"]), r["technical"] == "yes") for r in rows]


def load() -> Lexicon:
    """The lexicon of the data files and `settings.LEXICON_EXTRA`; read once per set of files."""
    return _load((DATA / "lexicon.tsv", *settings.LEXICON_EXTRA))


@cache
def _load(paths: tuple[Path, ...]) -> Lexicon:
    names: list[Name] = []
    hiding: list[str] = []
    for path in paths:
        some, others = read_names(path)
        names += some
        hiding += others
    return Lexicon(names, hiding, read_topics(DATA / "topics.tsv"))
