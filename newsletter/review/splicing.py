"""Single sentences put into a text, or taken out, and every other character left as it is: pure functions."""

import re
from collections.abc import Mapping, Sequence


def places(text: str, groups: Sequence[Sequence[str]]) -> list[tuple[int, int]]:
    """Where each group of neighbouring sentences stands in `text`: (start, end) of each, in order.

    `groups` are all sentences of `text` as `split_sentences` gives them, in order; an empty group stands, with no
    width, where the one before it ends. ValueError where a sentence isn't there.
    """
    found, at = [], 0
    for group in groups:
        start = at
        for n, sentence in enumerate(group):
            match = re.compile(r"\s+".join(map(re.escape, sentence.split()))).search(text, at)
            if match is None:
                raise ValueError(f"not in the text: {sentence[:60]!r}")
            start, at = (match.start() if n == 0 else start), match.end()
        found.append((start, at))
    return found


def spliced(text: str, groups: Sequence[Sequence[str]], new: Mapping[int, str], *, gap: str) -> str:
    """`text` with the groups that `new` names (index -> words) replaced; empty words take the group out.

    `gap` stands between sentences: a space in English, nothing in Chinese.
    """
    spans = places(text, groups)
    for n in sorted(new, reverse=True):
        start, end = spans[n]
        words, left, right = new[n].strip(), text[:start], text[end:]
        if words:
            text = _join(_join(left, words, gap), right, gap) if start == end else left + words + right
        elif not left or left.endswith("\n"):
            text = left + right.lstrip(" ")
        elif not right or right.startswith("\n"):
            text = left.rstrip(" ") + right
        else:
            text = left + right.lstrip(" ")
    return text


def _join(left: str, right: str, gap: str) -> str:
    apart = not left or not right or left[-1].isspace() or right[0].isspace()
    return left + ("" if apart else gap) + right
