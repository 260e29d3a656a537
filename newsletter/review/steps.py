"""Which change of a block is next to be undone, and which to be done again: pure over its revisions.

Nothing is ever deleted. An undo is a revision that names the one it takes back; doing it again takes back the undo.
So a revision moves the block forward where the chain of what it takes back is even, and backward where it is odd.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from newsletter.models import BlockRevision


@dataclass(frozen=True, slots=True)
class Steps:
    """`undo` is the newest change that counts, `redo` the newest undo with no fresh change on top of it."""

    undo: BlockRevision | None = None
    redo: BlockRevision | None = None


def steps(newest_first: Sequence[BlockRevision]) -> Steps:
    """The next steps of one block, given all its revisions, newest first."""
    taken_back = {revision.undoes_id for revision in newest_first}
    counting = [revision for revision in newest_first if revision.pk not in taken_back]
    back = backward(reversed(newest_first))
    undo = next((revision for revision in counting if revision.pk not in back), None)
    fresh = next((i for i, revision in enumerate(newest_first) if revision.undoes_id is None), len(newest_first))
    redo = next((revision for revision in newest_first[:fresh] if revision in counting and revision.pk in back), None)
    return Steps(undo, redo)


def backward(oldest_first: Iterable[BlockRevision]) -> frozenset[int]:
    """The keys of those that took something back; doing that again is forward."""
    back: set[int] = set()
    for revision in oldest_first:  # what is taken back comes before what takes it back
        if revision.undoes_id is not None and revision.undoes_id not in back:
            back.add(revision.pk)
    return frozenset(back)
