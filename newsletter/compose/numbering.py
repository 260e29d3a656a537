"""From article ids to the numbers of the issue: one numbering in order of first use, each article one number."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from newsletter.bilingual import LANGUAGES, Both
from newsletter.compose.draft import MARK, DraftBlock, cited
from newsletter.sentences import citations

_RUN = re.compile(r"(?:\[\d{1,4}\]){2,}")


@dataclass(frozen=True, slots=True)
class Numbered:
    """The blocks with `[n]` in their texts, and which article each new number stands for."""

    blocks: tuple[DraftBlock, ...]
    numbers: Mapping[int, int]  # article id -> number; those kept for edited blocks are among them where used again


def number(blocks: Iterable[DraftBlock], kept: Mapping[int, int], taken: Iterable[int]) -> Numbered:
    """Number the citations of `blocks`, given in reading order; English is read before Chinese.

    `kept` are article id -> number of citations that an editor's own blocks use: they stay as they are, and their
    articles keep those numbers elsewhere too. `taken` are all numbers that no other article may get.
    """
    blocks = tuple(blocks)
    numbers: dict[int, int] = {}
    forbidden = set(taken)
    free = 0
    for article in (a for block in blocks for language in LANGUAGES for a in cited(block.text[language])):
        if article in numbers:
            continue
        if article in kept:
            numbers[article] = kept[article]
            continue
        free += 1
        while free in forbidden:
            free += 1
        numbers[article] = free
    return Numbered(tuple(_with_numbers(block, numbers) for block in blocks), numbers)


def _with_numbers(block: DraftBlock, numbers: Mapping[int, int]) -> DraftBlock:
    texts = [MARK.sub(lambda m: f"[{numbers[int(m.group(1))]}]", block.text[language]) for language in LANGUAGES]
    return replace(block, text=Both(*(_RUN.sub(_rising, text) for text in texts)))


def _rising(run: re.Match[str]) -> str:
    """ "[13][4]" as "[4][13]"."""
    return "".join(f"[{n}]" for n in sorted({int(n) for n in citations(run.group())}))
