"""What may not stand in the lexicon: judged alike for its files and for what editors add."""

from collections.abc import Iterable, Iterator

from django.utils.translation import gettext as _

from newsletter.lexicon.folding import fold
from newsletter.lexicon.values import HIDES, HOMES, KINDS, Entry
from newsletter.typography import has_han

SHORTEST, LONGEST = 2, 60  # characters of a spelling: a single one is found in every text


def faults(entry: Entry, fields: frozenset[str] = frozenset()) -> Iterator[str]:
    """What is wrong with one entry by itself, in words. `fields` are those that subject.tsv knows."""
    if entry.kind not in KINDS | {HIDES}:
        yield _("unknown kind “%(kind)s”") % {"kind": entry.kind}
    if entry.home not in HOMES:
        yield _("unknown home “%(home)s”") % {"home": entry.home}
    if entry.field and entry.field not in fields:
        yield _("unknown field “%(field)s”") % {"field": entry.field}
    if not entry.spellings:
        yield _("no spelling")
    elif entry.kind != HIDES and not entry.en:
        yield _("no English name")
    yield from _badly_spelled(entry)


def _badly_spelled(entry: Entry) -> Iterator[str]:
    for spelling in (*entry.spellings, *entry.never):
        if not SHORTEST <= len(spelling) <= LONGEST:
            yield _("“%(spelling)s” has to have 2 to 60 characters") % {"spelling": spelling}
    for spelling in filter(has_han, entry.en):
        yield _("“%(spelling)s” is no English spelling") % {"spelling": spelling}
    for cell in (entry.en, entry.zh, entry.never):
        folded = [fold(each) for each in cell if not each.isascii()]  # 輝達 is read as 辉达; "ARM" isn't as "Arm"
        for spelling in {each for each in cell if cell.count(each) > 1 or folded.count(fold(each)) > 1}:
            yield _("“%(spelling)s” stands there twice") % {"spelling": spelling}


def clashes(entries: Iterable[Entry]) -> Iterator[str]:
    """Where two entries contradict each other, in words that name both.

    One spelling is one name, or one word that hides; what a name is never called is no spelling of it. Entries
    with one preferred English name are about one name: they agree on what it is.
    """
    holders: dict[str, Entry] = {}
    first: dict[str, Entry] = {}
    entries = list(entries)
    for entry in entries:
        known = first.setdefault(_key(entry), entry)
        if (known.kind, known.home) != (entry.kind, entry.home):
            yield _("%(entry)s is %(kind)s %(home)s in %(other)s") % {
                "entry": entry,
                "kind": known.kind,
                "home": known.home,
                "other": known,
            }
        for spelling in entry.spellings:
            other = holders.setdefault(fold(spelling), entry)
            if _key(other) != _key(entry):
                yield _("“%(spelling)s” of %(entry)s is a spelling of %(other)s") % {
                    "spelling": spelling,
                    "entry": entry,
                    "other": other,
                }
    for entry in entries:
        for rendering in entry.never:
            if holder := holders.get(fold(rendering)):
                yield _("“%(spelling)s”, never right for %(entry)s, is a spelling of %(other)s") % {
                    "spelling": rendering,
                    "entry": entry,
                    "other": holder,
                }


def _key(entry: Entry) -> str:
    """Which name an entry is about; words that hide are all alike."""
    return entry.kind if entry.kind == HIDES else entry.spellings[0]
