"""The words from which headlines are rendered in the other language: data, `data/phrases.tsv` and `data/deeds.tsv`.

`phrases.tsv` has role, zh, en: `noun` (English with its article, `=` before one that takes none, the plural where a
bare Chinese noun means many), `mod` (stands before a noun in both languages), `adj` (a `mod`
before all others in English) and `org` (what a firm is called before
its name, said by no rendering). `deeds.tsv` has kind, zh, en (base|third person|-ing|participle), en_forms and
zh_forms: what headlines say for it. A word in neither file is never guessed: the headline then stays as it is.
"""

import csv
from dataclasses import dataclass
from functools import cache
from typing import TypeVar

from newsletter.lexicon import DATA

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Deed:
    """What somebody does: `act` on something, `with` somebody (said last in Chinese) or `join` (said first)."""

    kind: str
    zh: str
    base: str
    third: str
    ing: str
    participle: str  # "" where the thing done is never the subject


@dataclass(frozen=True, slots=True)
class Phrase:
    """A noun or a modifier. `article`: "a", or "" for one that has none."""

    role: str
    zh: str
    en: str
    article: str


@dataclass(frozen=True, slots=True)
class Phrases:
    """Both files by their spellings in one language, longest first."""

    deeds: dict[str, Deed]
    words: dict[str, Phrase]
    orgs: tuple[str, ...]


@cache
def load(language: str) -> Phrases:
    """What headlines of `language` are read with."""
    deeds: dict[str, Deed] = {}
    words: dict[str, Phrase] = {}
    orgs: tuple[str, ...] = ()
    for row in _rows("deeds.tsv"):
        base, third, ing, *participle = row["en"].split("|")
        deed = Deed(row["kind"], row["zh"], base, third, ing, participle[0] if participle else "")
        deeds.update((form, deed) for form in row[f"{language}_forms"].split("|"))
    for row in _rows("phrases.tsv"):
        if row["role"] == "org":
            orgs = tuple(row[language].split("|"))
            continue
        phrase = _phrase(row)
        words.update((form.casefold(), phrase) for form in _forms(row, phrase, language))
    return Phrases(_longest_first(deeds), _longest_first(words), orgs)


def _phrase(row: dict[str, str]) -> Phrase:
    article, _, rest = row["en"].partition(" ")
    has = row["role"] == "noun" and article in ("a", "an")
    return Phrase(row["role"], row["zh"].split("|")[0], rest if has else row["en"].lstrip("="), "a" if has else "")


def _forms(row: dict[str, str], phrase: Phrase, language: str) -> list[str]:
    if language == "zh":
        return row["zh"].split("|")
    return [phrase.en, plural(phrase.en)] if phrase.role == "noun" else [phrase.en]


def plural(noun: str) -> str:
    """The plural of an English noun of the file."""
    if noun.endswith("s"):
        return noun
    return f"{noun[:-1]}ies" if noun.endswith("y") and noun[-2] not in "aeou" else f"{noun}s"


def _rows(file_name: str) -> list[dict[str, str]]:
    with (DATA / file_name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE))


def _longest_first(table: dict[str, T]) -> dict[str, T]:
    return dict(sorted(table.items(), key=lambda pair: (-len(pair[0]), pair[0])))
