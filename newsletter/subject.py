"""The words of the subject in both languages, from `data/subject.tsv`: only data knows what the newsletter is about.

Columns: en, zh (alternatives split by `|`; one line is one meaning, so it also carries a story across languages),
weight (for relevance; below 0 speaks against it), topics (`slug:weight`, split by spaces). A line whose `en` begins
with `@` gives weight and topics to a name of the lexicon.
"""

import csv
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache

from newsletter.lexicon import DATA, Lexicon, Name, load


@dataclass(frozen=True, slots=True)
class Word:
    """What one meaning says of a text that has it."""

    key: str
    weight: float
    topics: Mapping[str, float]


class Vocabulary:
    """Words and weighted names, ready to be found."""

    def __init__(self, lexicon: Lexicon, rows: Iterable[Mapping[str, str]]) -> None:
        self.lexicon = lexicon
        self._names: dict[Name, Word] = {}
        self._words: dict[str, Word] = {}
        spelled: list[Name] = []
        for row in rows:
            word = Word(row["en"].split("|")[0], float(row["weight"] or 0), _weights(row["topics"] or ""))
            if word.key.startswith("@"):
                name = lexicon.named(word.key[1:])
                if name is None:
                    raise ValueError(f"subject.tsv: {word.key} is no name of the lexicon")
                self._names[name] = word
            else:
                self._words[word.key] = word
                spelled.append(Name(_split(row["en"]), _split(row["zh"]), "term", ""))
        self._matcher = Lexicon(spelled)

    def words(self, text: str) -> list[Word]:
        """The meanings in `text`, each once, in order."""
        return [self._words[name.en[0]] for name in self._matcher.find(text)]

    def speaking(self, names: Iterable[Name], text: str) -> list[Word]:
        """All that says something of the subject, or against it, in a text with these names."""
        weighted = (self._names.get(name) for name in names)
        return self.words(text) + [word for word in weighted if word]

    def weight(self, text: str) -> float:
        """How much `text` speaks of the subject: 3 and more plainly, 0 or below not at all."""
        return sum(word.weight for word in self.speaking(self.lexicon.find(text), text))


def _split(cell: str) -> tuple[str, ...]:
    return tuple(part for part in cell.split("|") if len(part) > 1)


def _weights(cell: str) -> dict[str, float]:
    return {slug: float(weight) for slug, _, weight in (part.partition(":") for part in cell.split())}


@cache
def _read(lexicon: Lexicon) -> Vocabulary:
    with (DATA / "subject.tsv").open(encoding="utf-8", newline="") as file:
        return Vocabulary(lexicon, csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE))


def load_vocabulary() -> Vocabulary:
    """The vocabulary over the lexicon as it is loaded now."""
    return _read(load())
