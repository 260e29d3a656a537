"""Every change an editor makes: tested, kept for undo, logged, voiding the approval at once, and read by the checks.

All of them lock the issue's row first, so that an edit and an approval never cross. They raise WorkflowError where the
issue can't be edited any more (mails have begun to leave, or it was skipped).
"""

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.contrib.auth.models import User
from django.db import models, transaction
from django.utils.translation import gettext as _

from newsletter.models import Block, BlockRevision, Issue
from newsletter.models.issue import BlockKind
from newsletter.review import order, texts
from newsletter.review.changing import SUBJECTS, changed, lock, lock_issue, new_act, read_again, record, write

TEXTS = ("title_en", "title_zh", "text_en", "text_zh")
FLAGS = ("foreign_en", "foreign_zh")
ONE_LINE = frozenset({"title_en", "title_zh", *SUBJECTS})


class EditRefusedError(Exception):
    """Nothing was saved. `problems`: field name -> what is wrong and what to do, in the active language."""

    def __init__(self, problems: dict[str, str]) -> None:
        super().__init__("; ".join(problems.values()))
        self.problems = problems


class EditConflictError(Exception):
    """Nothing was saved: someone else changed the block after it had been opened. `theirs`: what stands there."""

    def __init__(self, theirs: dict[str, Any]) -> None:
        super().__init__("the block was changed by someone else in the meantime")
        self.theirs = theirs


def editable_fields(block: Block) -> tuple[str, ...]:
    """The names of what may be changed in `block`; the main line also carries the subjects of the mail."""
    return (*TEXTS, *FLAGS, *(SUBJECTS if block.kind == BlockKind.MAIN_LINE else ()))


def values(block: Block) -> dict[str, Any]:
    """What stands in the editable fields now."""
    return {name: getattr(_holder(block, name), name) for name in editable_fields(block)}


def version(block: Block) -> str:
    """Names the block's present texts: a form carries it, and a save onto other texts is refused."""
    text = json.dumps(values(block), sort_keys=True, ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def edit_block(block: Block, user: User, changes: Mapping[str, Any], *, seen: str = "") -> bool:
    """Write `changes` (field name -> value) into `block`; False where nothing differs, and nothing is recorded then.

    `seen` is the `version()` of the texts that the editor started from; empty: whatever stands there.
    Raises EditRefusedError, EditConflictError (a stale `seen`), WorkflowError.
    """
    with transaction.atomic():
        issue = lock(block)
        done = _edit(issue, block, user, Edit(block, changes, seen), act="")
    if done:
        read_again(issue)
    return done


@dataclass(frozen=True, slots=True)
class Edit:
    """What one block is to become: field name -> value; `seen` as in `edit_block`."""

    block: Block
    changes: Mapping[str, Any]
    seen: str = ""


def edit_blocks(issue: Issue, user: User, edits: Iterable[Edit]) -> str:
    """All of `edits` as one act, undone as one, or none of them; returns its name, empty where nothing differs.

    Raises what `edit_block` raises; then nothing is saved.
    """
    act, any_done = new_act(), False
    with transaction.atomic():
        locked = lock_issue(issue)
        for each in edits:
            each.block.refresh_from_db()
            each.block.issue = locked
            any_done |= _edit(locked, each.block, user, each, act=act)
    if any_done:
        read_again(locked)
    return act if any_done else ""


def _edit(issue: Issue, block: Block, user: User, edit: Edit, *, act: str) -> bool:
    before = values(block)
    wanted = {name: _plain(name, edit.changes[name]) for name in before if name in edit.changes}
    new = {name: value for name, value in wanted.items() if value != before[name]}
    if not new:
        return False
    if edit.seen and edit.seen != version(block):
        raise EditConflictError(before)
    _refuse_problems(issue, before, new)
    _follow_title(block, before, new)
    _follow_tags(block, before, new)
    record(block, user, {name: before[name] for name in new}, act=act)
    write(block, new)
    changed(issue, block, user, "edited " + ", ".join(sorted(new)))
    return True


def undo(block: Block, user: User, *, revision_id: int | None = None) -> bool:
    """Put back what the last revision of `block` keeps, and forget that revision; False where there is none.

    Undoing everything leaves the block as composed, and as if never touched. `revision_id` says which change the
    editor meant: EditConflictError where another has come on top of it. A change that was one act with changes of
    other blocks (a swap, words replaced) is undone with all of them, or not at all.
    """
    with transaction.atomic():
        issue = lock(block)
        revision = block.revisions.first()
        if revision is None:
            return False
        if revision_id is not None and revision.pk != revision_id:
            raise EditConflictError(values(block))
        for each in _fellows(revision):
            _put_back(each, issue, user)
    block.refresh_from_db()
    read_again(issue)
    return True


def undo_act(issue: Issue, user: User, act: str) -> bool:
    """Undo everything that one act changed, whichever of its blocks is asked; False where it is undone already.

    Raises EditConflictError where one of the blocks was changed again since, WorkflowError.
    """
    revision = (
        BlockRevision.objects.filter(block__issue=issue, act=act).select_related("block").first() if act else None
    )
    return undo(revision.block, user, revision_id=revision.pk) if revision else False


def _fellows(revision: BlockRevision) -> list[BlockRevision]:
    """The changes that are undone together with `revision`, itself first. Raises EditConflictError where one of
    their blocks has been changed again."""
    if not revision.act:
        return [revision]
    rows = BlockRevision.objects.filter(act=revision.act, block__issue=revision.block.issue_id)
    together = list(rows.select_related("block").order_by("-at", "-pk"))
    for each in together:
        if each.block.revisions.first() != each:
            raise EditConflictError(values(each.block))
    return together


def _put_back(revision: BlockRevision, issue: Issue, user: User) -> None:
    block = revision.block
    block.issue = issue
    before = dict(revision.before)
    if places := before.pop("moved", 0):
        order.shift(block, -places)
    write(block, before)
    revision.delete()
    earlier = block.revisions.first()
    block.edited_at, block.edited_by = (earlier.at, earlier.by) if earlier else (None, None)
    block.save(update_fields=["edited_at", "edited_by"])
    changed(issue, block, user, "undid: " + ", ".join(sorted(revision.before)))


def drop(block: Block, user: User) -> bool:
    """Take `block` out of the issue; it is kept and can come back. False where it is out already."""
    return _set_dropped(block, user, dropped=True)


def restore(block: Block, user: User) -> bool:
    """Put a dropped block back in its old place. False where it is in already."""
    return _set_dropped(block, user, dropped=False)


def move(block: Block, user: User, direction: order.Direction) -> bool:
    """Change places with the next item `up` or `down` that is in the issue; False at the end of the items.

    Only items move, and only among themselves: raises EditRefusedError for any other block.
    """
    if block.kind != BlockKind.ITEM:
        raise EditRefusedError({"direction": _("Only items can be moved.")})
    with transaction.atomic():
        issue = lock(block)
        places = order.places_to(block, direction)
        if not places:
            return False
        record(block, user, {"moved": places})
        order.shift(block, places)
        changed(issue, block, user, f"moved {direction}")
    read_again(issue)
    return True


# ---- what they share ------------------------------------------------------------------------------------


def _holder(block: Block, name: str) -> models.Model:
    return block.issue if name in SUBJECTS else block


def _plain(name: str, value: Any) -> Any:
    return bool(value) if name in FLAGS else texts.plain(str(value), one_line=name in ONE_LINE)


def _refuse_problems(issue: Issue, before: dict[str, Any], new: dict[str, Any]) -> None:
    known = set(issue.citations.values_list("number", flat=True))
    found = {n: texts.problem(n, value, before[n], known) for n, value in new.items() if n not in FLAGS}
    if problems := {name: message for name, message in found.items() if message}:
        raise EditRefusedError(problems)


def _follow_title(block: Block, before: dict[str, Any], new: dict[str, Any]) -> None:
    """A subject that repeats the main line goes on repeating it when the editor rewrites the line alone."""
    if block.kind != BlockKind.MAIN_LINE:
        return
    for language in ("en", "zh"):
        title, subject = f"title_{language}", f"subject_{language}"
        if title in new and subject not in new and before[subject] == before[title]:
            new[subject] = new[title][: texts.LENGTHS[subject]]


def _follow_tags(block: Block, before: dict[str, Any], new: dict[str, Any]) -> None:
    """Tags that an editor writes are the tags: the composer's pairs and topics, which pages prefer, give way."""
    if block.kind == BlockKind.TAGS and new.keys() & {"text_en", "text_zh"}:
        before["extra"] = block.extra
        new["extra"] = {name: value for name, value in block.extra.items() if name not in ("tags", "topics")}


def _set_dropped(block: Block, user: User, *, dropped: bool) -> bool:
    with transaction.atomic():
        issue = lock(block)
        if block.dropped == dropped:
            return False
        record(block, user, {"dropped": block.dropped})
        write(block, {"dropped": dropped})
        changed(issue, block, user, "dropped" if dropped else "restored")
    read_again(issue)
    return True
