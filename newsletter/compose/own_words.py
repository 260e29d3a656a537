"""The service's own words around what it quotes: set down in both languages, read in the reader's.

A block may stand in the other language (foreign); its labels and stock phrases never do. While an issue is
written such words are kept as a pair between three characters that no text has; `spoken` leaves the reader's half.
"""

import re
from collections.abc import Iterable
from dataclasses import replace
from functools import partial

from newsletter.bilingual import LANGUAGES, Both
from newsletter.compose.draft import DraftBlock, cite

_BEGIN, _BETWEEN, _END = "\ue000", "\ue001", "\ue002"
_PAIR = re.compile(f" ?{_BEGIN}([^{_BETWEEN}]*){_BETWEEN}([^{_END}]*){_END} ?")


def own(words: Both, articles: Iterable[int] = ()) -> str:
    """`words` as a pair; as a sentence of their own they cite `articles`."""
    en, zh = (cite(words[language], list(articles), language) for language in LANGUAGES)
    return f"{_BEGIN}{en}{_BETWEEN}{zh}{_END}"


def spoken(block: DraftBlock) -> DraftBlock:
    """`block` with every pair left in the language of the text's reader."""
    en, zh = (_PAIR.sub(partial(_said, language=language), block.text[language]) for language in LANGUAGES)
    return replace(block, text=Both(en, zh))


def _said(pair: re.Match[str], language: str) -> str:
    """One half of `pair`, with the space that its neighbours call for: a full-width mark brings its own."""
    before, after = pair.string[: pair.start()][-1:], pair.string[pair.end() :][:1]
    gap = " " if before.isascii() and before.strip() else ""
    follows = " " if language == "en" and after.strip() else ""
    return gap + (pair[2] if language == "zh" else pair[1]).strip() + follows
