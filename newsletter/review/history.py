"""What editors changed since an approval, told word by word."""

import datetime as dt
import re
from collections.abc import Iterable
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Any

from django.contrib.admin.models import LogEntry
from django.contrib.contenttypes.models import ContentType

from newsletter.models import Block, BlockRevision, Issue
from newsletter.review.editing import values
from newsletter.typography import HAN

_TOKEN = re.compile(rf"[{HAN}]|[\w’'-]+|\s+|.", re.DOTALL)
KEEP = 14  # characters of unchanged text shown on either side of a change


@dataclass(frozen=True, slots=True)
class Piece:
    """A run of text: `op` is same, del (was there) or ins (is there now)."""

    op: str
    text: str


@dataclass(frozen=True, slots=True)
class Change:
    """One field of one block, changed by one editor at one moment. `pieces` is empty for a drop or a move."""

    revision: BlockRevision
    block: Block
    field: str  # text_zh, …; dropped, moved
    was: Any
    now: Any
    pieces: tuple[Piece, ...] = ()

    @property
    def language(self) -> str:
        """`zh` or `en`, for the `lang` of what is shown; empty for a drop or a move."""
        return self.field[-2:] if self.field[-3:] in ("_en", "_zh") else ""


def since(issue: Issue, moment: dt.datetime) -> list[Change]:
    """Every change after `moment`, newest first."""
    changes: list[Change] = []
    revisions = BlockRevision.objects.filter(block__issue=issue, block__revisions__at__gt=moment).distinct()
    of_block: dict[int, list[BlockRevision]] = {}
    for revision in revisions.select_related("block", "by").order_by("-at", "-pk"):
        of_block.setdefault(revision.block_id, []).append(revision)
    for rows in of_block.values():
        rows[0].block.issue = issue
        now = {**values(rows[0].block), "dropped": rows[0].block.dropped}
        for revision in rows:  # newest first, so `now` is what this revision's edit had made of it
            if revision.at > moment:
                changes += [
                    _change(revision, name, was, now.get(name))
                    for name, was in revision.before.items()
                    if name != "extra"
                ]
            now |= revision.before
    return sorted(changes, key=lambda change: (change.revision.at, change.revision.pk), reverse=True)


def last_undo(issue: Issue, moment: dt.datetime) -> LogEntry | None:
    """The newest undo after `moment`: what changed the text where `since` has nothing left to tell."""
    blocks = [str(pk) for pk in issue.blocks.values_list("pk", flat=True)]
    of_blocks = LogEntry.objects.filter(content_type=ContentType.objects.get_for_model(Block), object_id__in=blocks)
    undone = of_blocks.filter(action_time__gt=moment, change_message__startswith="undid")
    return undone.select_related("user").order_by("-action_time").first()


def _change(revision: BlockRevision, field: str, was: Any, now: Any) -> Change:
    pieces = tuple(shortened(difference(was, now))) if isinstance(was, str) and isinstance(now, str) else ()
    return Change(revision, revision.block, field, was, now, pieces)


def difference(was: str, now: str) -> list[Piece]:
    """What turns `was` into `now`, by word in English and by character in Chinese."""
    old, new = _TOKEN.findall(was), _TOKEN.findall(now)
    pieces: list[Piece] = []
    for op, a, b, c, d in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if op == "equal":
            pieces.append(Piece("same", "".join(old[a:b])))
            continue
        pieces += [Piece("del", "".join(old[a:b]))] if b > a else []
        pieces += [Piece("ins", "".join(new[c:d]))] if d > c else []
    return pieces


def shortened(pieces: Iterable[Piece]) -> list[Piece]:
    """`pieces` with long unchanged runs cut to what lies next to a change."""
    rows = list(pieces)
    return [
        piece if piece.op != "same" else Piece("same", _cut(piece.text, first=i == 0, last=i == len(rows) - 1))
        for i, piece in enumerate(rows)
    ]


def _cut(text: str, *, first: bool, last: bool) -> str:
    head, tail = ("" if first else text[:KEEP]), ("" if last else text[-KEEP:])
    return text if len(text) <= len(head) + len(tail) else f"{head}…{tail}"
