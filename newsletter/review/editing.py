"""Every change an editor makes: tested, kept for undo, logged, voiding the approval at once, and read by the checks.

All of them lock the issue's row first, so that an edit and an approval never cross. They raise WorkflowError where the
issue can't be edited any more (mails have begun to leave, or it was skipped).
"""

import hashlib
import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.contrib.auth.models import User
from django.db import transaction
from django.utils.translation import gettext as _

from newsletter.models import Block, Issue
from newsletter.models.issue import BlockKind
from newsletter.review import order, texts
from newsletter.review.changing import SUBJECTS, changed, current, lock, lock_issue, new_act, read_again, record, write

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
    return current(block, editable_fields(block))


def version(block: Block) -> str:
    """Names the block's present texts: a form carries it, and a save onto other texts is refused."""
    return version_of(values(block))


def version_of(texts: Mapping[str, Any]) -> str:
    """Names these values of a block's editable fields."""
    text = json.dumps(texts, sort_keys=True, ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def edit_block(block: Block, user: User, changes: Mapping[str, Any], *, seen: str = "", sitting: str = "") -> bool:
    """Write `changes` (field name -> value) into `block`; False where nothing differs, and nothing is recorded then.

    `seen` is the `version()` of the texts that the editor started from; empty: whatever stands there. `sitting` names
    the open form where it saves by itself: all its saves are one change.
    Raises EditRefusedError, EditConflictError (a stale `seen`), WorkflowError.
    """
    with transaction.atomic():
        issue = lock(block)
        done = _edit(issue, block, user, Edit(block, changes, seen), sitting=sitting)
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


def _edit(issue: Issue, block: Block, user: User, edit: Edit, *, act: str = "", sitting: str = "") -> bool:
    before = values(block)
    wanted = {name: _plain(name, edit.changes[name]) for name in before if name in edit.changes}
    new = {name: value for name, value in wanted.items() if value != before[name]}
    if not new:
        return False
    if edit.seen and edit.seen != version(block):
        raise EditConflictError(before)
    _refuse_problems(issue, before, new)
    follow_title(block, before, new)
    _follow_tags(block, before, new)
    record(block, user, {name: before[name] for name in new}, act=act, sitting=sitting)
    write(block, new)
    changed(issue, block, user, "edited " + ", ".join(sorted(new)))
    return True


def drop(block: Block, user: User) -> bool:
    """Take `block` out of the issue; it is kept and can come back. False where it is out already."""
    return _set_dropped(block, user, dropped=True)


def restore(block: Block, user: User) -> bool:
    """Put a dropped block back in its old place. False where it is in already."""
    return _set_dropped(block, user, dropped=False)


def move(block: Block, user: User, direction: order.Direction) -> bool:
    """Change places with the next item `up` or `down` that is in the issue; False at the end of the items.

    Only items in the issue move, and only among themselves: raises EditRefusedError for any other block.
    """
    return _shift(block, user, lambda: order.places_to(block, direction))


def move_to(block: Block, user: User, number: int) -> bool:
    """Make `block` the `number`th (from 1) of the items that are in the issue; beyond either end, the first or last.

    False where it is that already. Raises what `move` raises.
    """
    return _shift(block, user, lambda: order.places_to_number(block, number))


def _shift(block: Block, user: User, way: Callable[[], int]) -> bool:
    if block.kind != BlockKind.ITEM:
        raise EditRefusedError({"direction": _("Only items can be moved.")})
    with transaction.atomic():
        issue = lock(block)
        if block.dropped:
            raise EditRefusedError({"direction": _("It is dropped: put it back before you move it.")})
        places = way()
        if not places:
            return False
        record(block, user, {"moved": places})
        order.shift(block, places)
        changed(issue, block, user, "moved up" if places < 0 else "moved down")
    read_again(issue)
    return True


# ---- what they share ------------------------------------------------------------------------------------


def _plain(name: str, value: Any) -> Any:
    return bool(value) if name in FLAGS else texts.plain(str(value), one_line=name in ONE_LINE)


def _refuse_problems(issue: Issue, before: dict[str, Any], new: dict[str, Any]) -> None:
    known = set(issue.citations.values_list("number", flat=True))
    found = {n: texts.problem(n, value, before[n], known) for n, value in new.items() if n not in FLAGS}
    if problems := {name: message for name, message in found.items() if message}:
        raise EditRefusedError(problems)


def follow_title(block: Block, before: Mapping[str, Any], new: dict[str, Any]) -> None:
    """A subject that repeats the main line goes on repeating it when the line alone is rewritten: it joins `new`.

    `before` is what stands in the block's fields, the subjects too; `new` what they are to become.
    """
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
