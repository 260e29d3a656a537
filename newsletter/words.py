"""Content words of English and Chinese text, for asking how much two texts have in common."""

import re
from functools import cache

from newsletter.lexicon import DATA, fold
from newsletter.typography import han_pairs

_LATIN = re.compile(r"[a-z][a-z0-9]*(?:[.+&'-][a-z0-9]+)*|\d+(?:\.\d+)+")
_ENDINGS = re.compile(r"(?:ings?|ed|es|s|ly|'s|ment|ments|ion|ions|ive|er|ers)$")


def words(text: str) -> list[str]:
    """The words of `text`, repeats kept: English stems, then pairs of neighbouring Han characters.

    Words and pairs of `data/stopwords.txt` are left out, and single letters.
    """
    folded, stop = fold(text), _stopwords()
    return content_stems(folded) + [
        pair for pair in han_pairs(folded) if pair not in stop and pair[0] not in stop and pair[1] not in stop
    ]


def content_stems(text: str) -> list[str]:
    """The Latin words of `text` alone, stemmed."""
    stop = _stopwords()
    return [stem(word) for word in _LATIN.findall(fold(text).replace("’", "'")) if len(word) > 1 and word not in stop]


def stem(word: str) -> str:
    """A crude English stem: announces, announced and announcing become one."""
    short = _ENDINGS.sub("", word)
    return short.rstrip("e") if len(short) > 3 else word


@cache
def _stopwords() -> frozenset[str]:
    lines = (DATA / "stopwords.txt").read_text(encoding="utf-8").splitlines()
    return frozenset(word for line in lines if not line.startswith("#") for word in line.split())
