"""The words of the subject in both languages: only data knows what the newsletter is about.

`data/subject.tsv` has the columns en, zh (alternatives split by `|`; one line is one meaning, so it also carries a
story across languages), weight (for relevance; below 0 speaks against it), topics (`slug:weight`, split by spaces).
A line whose `en` is `@NAME` gives weight and topics to a name of the lexicon, `@field FIELD` to all names of a field
that have no line of their own. `data/news.tsv` (en, zh) has the words of news of any kind: they say nothing of the
subject, and carry a story across languages all the same.
"""

import csv
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from django.utils.translation import gettext as _

from newsletter.bilingual import Both
from newsletter.homonyms import Homonyms
from newsletter.lexicon import DATA, Entry, Lexicon, Mention, Name, fold, load

_SIGN = 0.6  # the weight from which a word is a sign that its neighbours are the subject's
_FAINT = 0.3  # what a name says that may be an ordinary word
_TERM = "term"
_FEW_LETTERS = 2


@dataclass(frozen=True, slots=True)
class Word:
    """What one meaning says of a text that has it."""

    key: str
    weight: float
    topics: Mapping[str, float]


Row = Mapping[str, str]


class Vocabulary:
    """Words and weighted names, ready to be found."""

    def __init__(
        self, lexicon: Lexicon, rows: Iterable[Row], news: Sequence[Row] = (), common: Iterable[Row] = ()
    ) -> None:
        self.lexicon = lexicon
        self._homonyms = Homonyms(common)
        self._names: dict[Name, Word] = {}
        self._words: dict[str, Word] = {}
        fields: dict[str, Word] = {}
        spelled: list[Name] = []
        for row in rows:
            word = Word(row["en"].split("|")[0], float(row["weight"] or 0), _weights(row["topics"] or ""))
            if word.key.startswith("@field "):
                fields[word.key.removeprefix("@field ")] = word
            elif word.key.startswith("@"):
                self._names[_named(lexicon, word.key)] = word
            else:
                self._words[word.key] = word
                spelled.append(_spelled(row))
        for row in news:
            self._words[row["en"].split("|")[0]] = Word(row["en"].split("|")[0], 0.0, {})
        for name in lexicon.names:
            if name.field in fields:
                self._names.setdefault(name, fields[name.field])
        own = {fold(each) for name in spelled for each in name.en + name.zh}
        self._matcher = Lexicon(spelled, (each for each in lexicon.hiding if fold(each) not in own))
        self._news = Lexicon(_spelled(row) for row in news)  # apart: "出售价格" is 售价 and 价格, and must stay 价格

    def words(self, text: str) -> list[Word]:
        """The meanings in `text`, of the subject and of news of any kind, each once: alike in both languages."""
        found = [name.en[0] for matcher in (self._matcher, self._news) for name in matcher.find(text)]
        return [self._words[key] for key in found]

    def speaking(self, names: Iterable[Name], text: str, doubted: Collection[Name] = ()) -> list[Word]:
        """All that says something of the subject, or against it, in a text with these names; what is `doubted`
        says next to nothing."""
        said = [(name, self._words[name.en[0]]) for name in self._matcher.find(text)]
        said += [(name, word) for name in names if (word := self._names.get(name))]
        return [_faint(word) if name in doubted else word for name, word in said]

    def doubted(self, text: str) -> frozenset[Name]:
        """The names and meanings that `text`, a whole article, has by ordinary words alone (Granite, 扣子, an agent)
        and without a second sign of the subject."""
        if not self._homonyms.in_(text):
            return frozenset()
        ordinary: dict[Name, list[Mention]] = {}
        sure: set[Name] = set()
        for mention in (*self.lexicon.mentions(text), *self._matcher.mentions(text)):
            if self._homonyms.is_one(mention, text):
                ordinary.setdefault(mention.name, []).append(mention)
            else:
                sure.add(mention.name)
        if self._speaks(sure):
            return frozenset()
        signed = {name for name, at in ordinary.items() if any(self._homonyms.has_sign(each, text) for each in at)}
        return frozenset() if self._speaks(signed) else frozenset(ordinary.keys() - sure - signed)

    def _speaks(self, names: Iterable[Name]) -> bool:
        return any(word.weight >= _SIGN for word in map(self._said, names) if word)

    def _said(self, name: Name) -> Word | None:
        return self._words.get(name.en[0]) if name.kind == _TERM else self._names.get(name)

    def mentions(self, text: str) -> Iterator[Mention]:
        """Where in `text` a meaning stands, left to right, never overlapping: those of the subject come first."""
        found = list(self._matcher.mentions(text))
        news = (m for m in self._news.mentions(text) if all(m.end <= s.start or s.end <= m.start for s in found))
        return iter(sorted([*found, *news], key=lambda mention: mention.start))

    def of_name(self, name: Name) -> Word | None:
        """What a name says of a text that has it; None: nothing."""
        return self._names.get(name)

    def shown(self, word: Word) -> Both:
        """A meaning as it is written, its first spelling in each language."""
        name = self._matcher.named(word.key)
        return Both(name.en[0], (name.zh or name.en)[0]) if name else Both(word.key, word.key)

    def weight(self, text: str) -> float:
        """How much `text` speaks of the subject: 3 and more plainly, 0 or below not at all."""
        return sum(word.weight for word in self.speaking(self.lexicon.find(text), text))


def _named(lexicon: Lexicon, key: str) -> Name:
    name = lexicon.named(key.removeprefix("@"))
    if name is None:
        raise ValueError(f"subject.tsv: {key} is no name of the lexicon")
    return name


def _spelled(row: Row) -> Name:
    return Name(_split(row["en"]), _split(row["zh"]), _TERM, "")


def _faint(word: Word) -> Word:
    return Word(word.key, min(word.weight, _FAINT), {})


def _split(cell: str) -> tuple[str, ...]:
    return tuple(part for part in cell.split("|") if len(part) > 1)


def _weights(cell: str) -> dict[str, float]:
    return {slug: float(weight) for slug, _colon, weight in (part.partition(":") for part in cell.split())}


def read_rows(file_name: str) -> list[dict[str, str]]:
    """The lines of `data/subject.tsv`, `data/news.tsv` or `data/common.tsv`."""
    with (DATA / file_name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE))


def taken(entry: Entry, lexicon: Lexicon) -> Iterator[str]:
    """Why a spelling that an editor gives a name is an ordinary word, naming the line that has it.

    What the lexicon knows for a name already may stay one.
    """
    places = {
        fold(each): _("%(file)s, line %(number)s") % {"file": file, "number": number}
        for file in ("news.tsv", "subject.tsv")
        for number, row in enumerate(read_rows(file), 2)
        if not row["en"].startswith("@")
        for each in _split(f"{row['en']}|{row['zh']}")
    }
    for spelling in entry.spellings:
        if lexicon.named(spelling):
            continue
        if place := places.get(fold(spelling)):
            yield _("“%(spelling)s” is an ordinary word (%(place)s)") % {"spelling": spelling, "place": place}
        elif len(spelling) <= _FEW_LETTERS and spelling.isascii():
            yield _("“%(spelling)s” is too short for a name: two letters stand for many things") % {
                "spelling": spelling
            }


@lru_cache(maxsize=4)  # one for each state of the lexicon that is still in use
def _read(lexicon: Lexicon) -> Vocabulary:
    return Vocabulary(lexicon, read_rows("subject.tsv"), read_rows("news.tsv"), read_rows("common.tsv"))


def load_vocabulary() -> Vocabulary:
    """The vocabulary over the lexicon as it is loaded now."""
    return _read(load())
