"""Two editors' changes of one text put together, sentence by sentence: pure functions."""

from collections.abc import Iterator
from dataclasses import dataclass
from difflib import SequenceMatcher

from newsletter.sentences import paragraphs, split_sentences

_BREAK = "\n\n"  # between two paragraphs, as a unit of its own


@dataclass(frozen=True, slots=True)
class Merged:
    """`clashes` says in how many places both had changed, each in another way: there both stand, theirs first."""

    text: str
    clashes: int


def merge(base: str, theirs: str, mine: str, language: str) -> Merged:
    """What comes of `base` when both changes are made to it: diff3's rule, with sentences for lines."""
    if mine in (base, theirs):
        return Merged(theirs, 0)
    if theirs == base:
        return Merged(mine, 0)
    old, one, two = (_units(text, language) for text in (base, theirs, mine))
    out: list[str] = []
    clashes = a = b = c = 0
    for start, at_one, at_two, size in _agreed(old, one, two):
        units, clashing = _settled(old[a:start], one[b:at_one], two[c:at_two])
        out, clashes = out + units, clashes + clashing
        out += old[start : start + size]
        a, b, c = start + size, at_one + size, at_two + size
    return Merged(_text(out, language), clashes)


def _settled(was: list[str], left: list[str], right: list[str]) -> tuple[list[str], int]:
    """One stretch between agreed ones; unit by unit where neither side has more or fewer of them than there were."""
    if right in (was, left):
        return left, 0
    if left == was:
        return right, 0
    if len(was) == len(left) == len(right) > 1:
        parts = [_settled([x], [y], [z]) for x, y, z in zip(was, left, right, strict=True)]
        return [unit for units, _n in parts for unit in units], sum(n for _units, n in parts)
    return [*left, *(unit for unit in right if unit not in left)], 1


def _agreed(old: list[str], one: list[str], two: list[str]) -> Iterator[tuple[int, int, int, int]]:
    """Runs that both kept: (place in `old`, in `one`, in `two`, length); the last, at the ends, is empty."""
    blocks_one = SequenceMatcher(None, old, one, autojunk=False).get_matching_blocks()
    blocks_two = SequenceMatcher(None, old, two, autojunk=False).get_matching_blocks()
    i = j = 0
    while i < len(blocks_one) - 1 and j < len(blocks_two) - 1:  # the last block of each is difflib's empty mark
        x, y = blocks_one[i], blocks_two[j]
        start, end = max(x.a, y.a), min(x.a + x.size, y.a + y.size)
        if start < end:
            yield start, x.b + start - x.a, y.b + start - y.a, end - start
        if x.a + x.size < y.a + y.size:
            i += 1
        else:
            j += 1
    yield len(old), len(one), len(two), 0


def _units(text: str, language: str) -> list[str]:
    units: list[str] = []
    for paragraph in paragraphs(text):
        units += [*([_BREAK] if units else []), *split_sentences(paragraph, language)]
    return units


def _text(units: list[str], language: str) -> str:
    gap = "" if language == "zh" else " "
    parts = "\0".join(units).split(f"\0{_BREAK}\0")
    return _BREAK.join(part.replace("\0", gap) for part in parts)
