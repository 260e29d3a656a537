"""What names are never called: word-for-word renderings such as "bean buns" for 豆包."""

import re
from collections import defaultdict
from collections.abc import Iterator
from functools import lru_cache

from newsletter.lexicon.folding import fold
from newsletter.lexicon.matching import Lexicon
from newsletter.lexicon.values import Name
from newsletter.typography import has_han


class Renderings:
    """The wrong renderings of a lexicon, ready to be found."""

    def __init__(self, lexicon: Lexicon) -> None:
        self._names: defaultdict[str, list[Name]] = defaultdict(list)
        for name in lexicon.names:
            for rendering in name.never:
                self._names[_plain(rendering)].append(name)
        longest_first = sorted(self._names, key=lambda rendering: (-len(rendering), rendering))
        self._pattern = re.compile("|".join(map(_pattern, longest_first)) or r"(?!)")

    def find(self, text: str) -> Iterator[tuple[str, Name]]:
        """Each wrong rendering in `text` as it stands there, with the name it may stand for: only what the text is
        about can tell whether a lobster is one."""
        folded = fold(text)
        for match in self._pattern.finditer(folded):
            for name in self._names[_plain(match.group())]:
                yield text[match.start() : match.end()], name


@lru_cache(maxsize=4)
def renderings(lexicon: Lexicon) -> Renderings:
    """The wrong renderings that a lexicon knows."""
    return Renderings(lexicon)


def _plain(rendering: str) -> str:
    """The form under which renderings are the same: singular, hyphens as spaces."""
    return fold(rendering).replace("-", " ").removesuffix("s")


def _pattern(plain: str) -> str:
    if has_han(plain):
        return re.escape(plain)
    return rf"\b{re.escape(plain).replace(chr(92) + ' ', '[ -]')}s?\b"
