"""Two editors at one block: who changed what since a form was opened, and both texts put together."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from newsletter.bilingual import LANGUAGES
from newsletter.models import Block, BlockRevision
from newsletter.review.editing import ONE_LINE, TEXTS, values, version_of
from newsletter.review.merging import merge


@dataclass(frozen=True, slots=True)
class Clash:
    """`since`: the changes that came after the form's text, newest first; `base` is that text, as far as known."""

    theirs: dict[str, Any]
    since: tuple[BlockRevision, ...]
    base: dict[str, Any]


def clash(block: Block, seen: str, opened: Mapping[str, Any]) -> Clash:
    """What came between a form with the text that `seen` names and `block` as it stands.

    Where that text can't be made out from the changes (an open form of someone else's has saved again since), the text
    that the form was `opened` with stands in for it.
    """
    theirs = values(block)
    now, since = dict(theirs), []
    for revision in block.revisions.select_related("by"):
        if version_of(now) == seen:
            break
        since.append(revision)
        now |= {name: was for name, was in revision.before.items() if name in now}
    if version_of(now) != seen:
        return Clash(theirs, tuple(since[:1]), {**theirs, **opened})
    return Clash(theirs, tuple(since), now)


def together(found: Clash, mine: Mapping[str, Any]) -> tuple[dict[str, Any], int]:
    """Both editors' changes in one text, and in how many places both had changed the same, so that both stand there.

    A line of its own (headline, subject) that both changed stays theirs; a mark that I changed is mine.
    """
    merged, clashes = dict(found.theirs), 0
    for name, value in mine.items():
        base, theirs = found.base.get(name), found.theirs[name]
        if name in TEXTS and name not in ONE_LINE:
            part = merge(str(base), str(theirs), str(value), "zh" if name.endswith(f"_{LANGUAGES[1]}") else "en")
            merged[name], clashes = part.text, clashes + part.clashes
        elif theirs == base:
            merged[name] = value
        elif value not in (base, theirs):
            clashes += 1
    return merged, clashes
