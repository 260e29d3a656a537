"""Names and words of the subject that are ordinary words as well: Granite, 扣子, an agent.

`data/common.tsv` has the columns spelling, also (what else it is, for whoever reads the file) and beside: further
signs, split by `|`, that it is the subject's where they stand in the same text. The line `*` has the signs of all.
"""

import re
from collections.abc import Iterable, Mapping

from newsletter.lexicon import Mention, fold
from newsletter.typography import has_han

_NUMBER = re.compile(r"[ -]?[vV]?\d(?:\.\d+)?(?![\w.%,/-])")  # "Granite 4.0", not "Kimi 2nd" nor "Gemini 2026"
_OF_ALL = "*"


class Homonyms:
    """The spellings that say little by themselves."""

    def __init__(self, rows: Iterable[Mapping[str, str]]) -> None:
        signs = {fold(row["spelling"]): _split(row["beside"]) for row in rows}
        shared = signs.pop(_OF_ALL, ())
        self.spellings = frozenset(signs)
        self._signs = {spelling: _pattern((*shared, *own)) for spelling, own in signs.items()}
        self._any = re.compile("|".join(sorted(map(re.escape, signs), key=len, reverse=True)) or r"(?!)")

    def in_(self, text: str) -> bool:
        """Whether one of them may stand in `text`: asked first, for most texts have none."""
        return bool(self._any.search(fold(text)))

    def is_one(self, mention: Mention, text: str) -> bool:
        """Whether `mention` stands there by such a spelling alone. A Latin one among Chinese is no ordinary word
        there, and a model with its number none anywhere."""
        written = text[mention.start : mention.end]
        if fold(written) not in self.spellings or (written.isascii() and has_han(text)):
            return False
        return not (mention.name.kind == "model" and _NUMBER.match(text, mention.end))

    def has_sign(self, mention: Mention, text: str) -> bool:
        """Whether a sign of its own stands in `text`, outside of the mention itself."""
        signs = self._signs[fold(text[mention.start : mention.end])]
        return any(not (mention.start <= m.start() < mention.end) for m in signs.finditer(text))


def _pattern(signs: Iterable[str]) -> re.Pattern[str]:
    """Chinese signs anywhere; Latin ones as words, in any case but all capitals ("API", "SAP")."""
    parts = (_one(sign) for sign in dict.fromkeys(signs))
    return re.compile("|".join(parts) or r"(?!)")


def _one(sign: str) -> str:
    if has_han(sign):
        return re.escape(sign)
    cased = re.escape(sign) if sign != sign.lower() else f"(?i:{re.escape(sign)})"
    return rf"(?<![A-Za-z0-9]){cased}(?![A-Za-z])"


def _split(cell: str) -> tuple[str, ...]:
    return tuple(part for part in (cell or "").split("|") if part)
