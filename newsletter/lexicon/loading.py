"""The lexicon as it is now: the names files, and what editors have added."""

import csv
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path

from django.conf import settings
from django.db.models import Count, Max
from django.utils.translation import gettext as _

from newsletter.lexicon.folding import DATA
from newsletter.lexicon.matching import Lexicon
from newsletter.lexicon.soundness import faults
from newsletter.lexicon.values import COLUMNS, HIDES, Entry, Name, Topic
from newsletter.models import LexiconEntry


@dataclass(frozen=True, eq=False)  # compared by identity: it is a key
class _Added:
    """What editors have added, as of a version of their table."""

    version: tuple[object, ...]
    entries: tuple[Entry, ...]


_NOTHING = _Added((None, 0), ())
_added = _NOTHING


def load() -> Lexicon:
    """The lexicon of `data/lexicon.tsv`, `settings.LEXICON_EXTRA` and the editors' entries as of the last `refresh`.

    Reads no database: an act refreshes once when it begins, and has one lexicon until it ends.
    """
    return _load((DATA / "lexicon.tsv", *settings.LEXICON_EXTRA), _added)


def refresh() -> None:
    """Take up what editors have changed, in whatever process: one query says whether, another reads it."""
    global _added  # one for each process, like the files' cache
    version = tuple(LexiconEntry.objects.aggregate(Max("changed_at"), Count("pk")).values())
    if version == _added.version:
        return
    _added = _Added(version, tuple(entry_of(row) for row in LexiconEntry.objects.order_by("pk")))


def entry_of(row: LexiconEntry) -> Entry:
    """An editors' row as a line of a names file."""
    cells = {column: str(getattr(row, column)) for column in COLUMNS}
    return Entry.from_row(cells, _("editors’ entry %(number)s") % {"number": row.pk} if row.pk else _("this entry"))


def read_entries(path: Path) -> list[Entry]:
    """The lines of one TSV file of names. ValueError names the line that is wrong, and says why."""
    entries = []
    with path.open(encoding="utf-8", newline="") as file:
        for number, row in enumerate(csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE), 2):
            entry = Entry.from_row(row, f"{path.name}, line {number}")
            if wrong := list(faults(entry, fields())):
                raise ValueError(f"{path}, line {number}: {'; '.join(wrong)}")
            entries.append(entry)
    return entries


def join(entries: Iterable[Entry]) -> tuple[list[Name], list[str]]:
    """The names, and the ordinary words that hide names. A later entry with a name's first spelling adds to it."""
    names: dict[str, Entry] = {}
    hiding: list[str] = []
    for entry in entries:
        if entry.kind == HIDES:
            hiding += entry.spellings
        else:
            known = names.get(entry.en[0])
            names[entry.en[0]] = _extended(known, entry) if known else entry
    return [Name(e.en, e.zh or e.en, e.kind, e.home, e.field, e.never) for e in names.values()], hiding


def _extended(known: Entry, more: Entry) -> Entry:
    en, zh, never = (
        tuple(dict.fromkeys(one + other))
        for one, other in ((known.en, more.en), (known.zh, more.zh), (known.never, more.never))
    )
    return Entry(en, zh, known.kind, known.home, known.field or more.field, never, known.where)


@cache
def fields() -> frozenset[str]:
    """The fields that a name may be in: those that subject.tsv weighs."""
    with (DATA / "subject.tsv").open(encoding="utf-8", newline="") as file:
        rows = csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE)
        return frozenset(row["en"].removeprefix("@field ") for row in rows if row["en"].startswith("@field "))


def read_topics(path: Path) -> list[Topic]:
    """The topics of `path` in the order in which they are shown."""
    with path.open(encoding="utf-8", newline="") as file:
        rows = csv.DictReader(file, delimiter="\t")
        return [Topic(r["slug"], r["en"], r["zh"], float(r["weight"]), r["technical"] == "yes") for r in rows]


@cache
def _of_file(path: Path) -> tuple[Entry, ...]:
    return tuple(read_entries(path))


def entries_of_files() -> tuple[Entry, ...]:
    """Every line of the names files, in their order."""
    return tuple(e for path in (DATA / "lexicon.tsv", *settings.LEXICON_EXTRA) for e in _of_file(path))


@lru_cache(maxsize=4)
def _load(paths: tuple[Path, ...], added: _Added) -> Lexicon:
    names, hiding = join([*(entry for path in paths for entry in _of_file(path)), *added.entries])
    return Lexicon(names, hiding, read_topics(DATA / "topics.tsv"))
