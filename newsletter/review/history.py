"""Who changed what, when: an issue's changes word by word, in order, and any earlier text put back as a new edit."""

import datetime as dt
import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from difflib import SequenceMatcher
from typing import Any

from django.contrib.auth.models import User

from newsletter.models import Block, BlockRevision, Correction, FindingWord, Issue, Move, Run, TrialMail, Waiver
from newsletter.review import editing
from newsletter.review.steps import backward
from newsletter.typography import HAN
from newsletter.workflow import Act

_TOKEN = re.compile(rf"[{HAN}]|[\w’'-]+|\s+|.", re.DOTALL)
_AT_ONCE = dt.timedelta(seconds=5)
KEEP = 14  # characters of unchanged text shown on either side of a change
# Fields that follow from others, or are no words: not told of by themselves.
_UNTOLD = frozenset({"extra", "story_id", "composer", "data", "parity", "position", "source_list_id", "key", "kind"})


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

    @property
    def whole(self) -> list[Piece]:
        """The whole text with the change drawn in; empty where `pieces` shows it all."""
        pieces = difference(self.was, self.now) if self.pieces else []
        return pieces if tuple(pieces) != self.pieces else []


@dataclass(frozen=True, slots=True)
class Key:
    """Where one line of the history stands: newest first is sorted from the greatest down."""

    at: dt.datetime
    source: str
    pk: int


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of the history. `kind`: edited, undone, redone, word, move, waiver, trial, correction, composed."""

    at: dt.datetime
    by: User | None  # None: the clock, a rule or the program
    kind: str
    row: Any
    block: Block | None = None
    changes: tuple[Change, ...] = ()
    old: dict[str, Any] = field(
        default_factory=dict
    )  # what "put this back" would write; empty: it can't be, or stands


# ---- the whole history, page by page ---------------------------------------------------------------------


def listing(issue: Issue, *, block: Block | None = None, person: User | None = None) -> list[Key]:
    """Every line of `issue`'s history, newest first; of one block, or by one person, where that is asked for.

    One small query a table; `entries` loads the rows of those that are shown.
    """
    rows: dict[str, Any] = {
        "revision": BlockRevision.objects.filter(block__issue=issue),
        "word": FindingWord.objects.filter(issue=issue),
        "correction": Correction.objects.filter(issue=issue),
    }
    if block is not None:
        rows = {name: found.filter(block=block) for name, found in rows.items()}
    else:
        rows |= {name: model.objects.filter(issue=issue) for name, model in _OF_ISSUE.items()}
    if person is not None:
        rows = {name: found.filter(by=person) for name, found in rows.items()}
    keys = [Key(at, name, pk) for name, found in rows.items() for at, pk in found.order_by().values_list("at", "pk")]
    if block is None and person is None:
        keys += [Key(at, "composed", pk) for at, pk in _runs(issue).values_list("finished_at", "pk")]
    return sorted(keys, key=lambda key: (key.at, key.source, key.pk), reverse=True)


_OF_ISSUE: dict[str, Any] = {"move": Move, "waiver": Waiver, "trial": TrialMail}


def entries(issue: Issue, keys: Iterable[Key]) -> list[Entry]:
    """The lines that `keys` name, in their order."""
    keys = list(keys)
    wanted: dict[str, list[int]] = {}
    for key in keys:
        wanted.setdefault(key.source, []).append(key.pk)
    rows = {(name, row.pk): row for name, pks in wanted.items() for row in _load(name, pks)}
    now: dict[int, dict[str, Any]] = {}
    return [_entry(issue, key.source, rows[key.source, key.pk], now) for key in keys]


def people(issue: Issue) -> list[User]:
    """Everybody who has a line in the history, by name."""
    found: set[int] = set()
    for model, path in ((BlockRevision, "block__issue"), *((each, "issue") for each in _BY_PEOPLE)):
        found |= set(model.objects.filter(**{path: issue}).order_by().values_list("by", flat=True).distinct())
    return list(User.objects.filter(pk__in=found - {None}).order_by("username"))


_BY_PEOPLE: tuple[Any, ...] = (FindingWord, Correction, Move, Waiver, TrialMail)


def put_back(revision: BlockRevision, user: User, *, seen: str = "") -> bool:
    """Write what stood before `revision` into its block again, as a new edit; False where it stands there already.

    `seen` and the errors are those of `editing.edit_block`.
    """
    block = revision.block
    old = _old(revision, _standing(block))
    if old.get("dropped") is True:
        return editing.drop(block, user)
    came_back = editing.restore(block, user) if "dropped" in old else False
    texts = {name: value for name, value in old.items() if name != "dropped"}
    return (bool(texts) and editing.edit_block(block, user, texts, seen=seen)) or came_back


def _runs(issue: Issue) -> Any:
    ran = Run.objects.filter(newsletter=issue.newsletter_id, date=issue.date, act="compose", error="")
    return ran.exclude(finished_at=None).order_by()


def _load(name: str, pks: list[int]) -> Any:
    if name == "revision":
        return BlockRevision.objects.filter(pk__in=pks).select_related("block", "by", "undoes", "undone_by")
    if name == "composed":
        return Run.objects.filter(pk__in=pks)
    if name in _OF_ISSUE:
        return _OF_ISSUE[name].objects.filter(pk__in=pks).select_related("by")
    model: Any = {"word": FindingWord, "correction": Correction}[name]
    return model.objects.filter(pk__in=pks).select_related("by", "block")


def _entry(issue: Issue, source: str, row: Any, now: dict[int, dict[str, Any]]) -> Entry:
    if source == "composed":
        return Entry(row.finished_at, None, source, row)
    if source == "revision":
        row.block.issue = issue
        standing = now.setdefault(row.block_id, _standing(row.block))
        kind = "edited" if row.undoes is None else "redone" if row.undoes.undoes_id else "undone"
        return Entry(row.at, row.by, kind, row, row.block, _changes(row), _old(row, standing))
    if source == "correction":
        return Entry(row.at, row.by, source, row, row.block, corrected(row))
    if source == "move" and row.act == Act.VOID and (cause := _cause(row)):
        return Entry(row.at, cause.by, source, row, cause.block)
    return Entry(row.at, row.by, source, row, getattr(row, "block", None))


def _cause(void: Move) -> BlockRevision | None:
    """The change that ended the approval: it was written in the same transaction, just before."""
    rows = BlockRevision.objects.filter(block__issue=void.issue_id, at__lte=void.at, at__gt=void.at - _AT_ONCE)
    return rows.select_related("block", "by").order_by("-at", "-pk").first()


def _changes(revision: BlockRevision) -> tuple[Change, ...]:
    told = [name for name in revision.before if name not in _UNTOLD]
    return tuple(_change(revision, name, revision.before[name], revision.after.get(name)) for name in told)


def corrected(row: Correction) -> tuple[Change, ...]:
    """What a correction changed of what the archive showed."""
    stand_in = BlockRevision(block=row.block, at=row.at, by=row.by, before=row.before, after=row.after)
    return tuple(change for change in _changes(stand_in) if change.was != change.now)


def _standing(block: Block) -> dict[str, Any]:
    return {**editing.values(block), "dropped": block.dropped}


def _old(revision: BlockRevision, standing: dict[str, Any]) -> dict[str, Any]:
    """What stood before `revision` and doesn't now, as far as an editor may write it."""
    return {name: was for name, was in revision.before.items() if name in standing and standing[name] != was}


# ---- what changed since an approval ------------------------------------------------------------------------


def since(issue: Issue, moment: dt.datetime) -> list[Change]:
    """Every change after `moment` that still counts, newest first."""
    back = backward(BlockRevision.objects.filter(block__issue=issue).order_by("at", "pk").only("pk", "undoes_id"))
    rows = BlockRevision.objects.filter(block__issue=issue, at__gt=moment, undone_by=None).exclude(pk__in=back)
    changes: list[Change] = []
    for revision in rows.select_related("block", "by").order_by("-at", "-pk"):
        revision.block.issue = issue
        changes += _changes(revision)
    return changes


def last_undo(issue: Issue, moment: dt.datetime) -> BlockRevision | None:
    """The newest undo after `moment` of a change before it: what voided it where `since` tells nothing."""
    undone = BlockRevision.objects.filter(block__issue=issue, at__gt=moment, undoes__at__lte=moment)
    return undone.select_related("by").order_by("-at", "-pk").first()


# ---- words, one by one ---------------------------------------------------------------------------------------


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
