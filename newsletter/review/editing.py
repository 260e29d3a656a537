"""Every change an editor makes: tested, kept for undo, logged, voiding the approval at once, and read by the checks.

All of them lock the issue's row first, so that an edit and an approval never cross. They raise WorkflowError where the
issue can't be edited any more (mails have begun to leave, or it was skipped).
"""

import hashlib
import json
import logging
from collections.abc import Mapping
from typing import Any

from django.contrib.auth.models import User
from django.db import models, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from newsletter import workflow
from newsletter.models import Block, BlockRevision, Issue
from newsletter.models.issue import EDITABLE, BlockKind
from newsletter.review import order, proofread, texts
from newsletter.review.record import audit, too_late

log = logging.getLogger(__name__)


TEXTS = ("title_en", "title_zh", "text_en", "text_zh")
FLAGS = ("foreign_en", "foreign_zh")
SUBJECTS = ("subject_en", "subject_zh")  # of the mail: they stand on the issue, and are edited with its main line
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
        issue = _lock(block)
        before = values(block)
        wanted = {name: _plain(name, changes[name]) for name in before if name in changes}
        changed = {name: value for name, value in wanted.items() if value != before[name]}
        if not changed:
            return False
        if seen and seen != version(block):
            raise EditConflictError(before)
        _refuse_problems(issue, before, changed)
        _follow_title(block, before, changed)
        _follow_tags(block, before, changed)
        _record(block, user, {name: before[name] for name in changed})
        _write(block, changed)
        _changed(issue, block, user, "edited " + ", ".join(sorted(changed)))
    _read_again(issue)
    return True


def undo(block: Block, user: User, *, revision_id: int | None = None) -> bool:
    """Put back what the last revision of `block` keeps, and forget that revision; False where there is none.

    Undoing everything leaves the block as composed, and as if never touched. `revision_id` says which change the
    editor meant: EditConflictError where another has come on top of it.
    """
    with transaction.atomic():
        issue = _lock(block)
        revision = block.revisions.first()
        if revision is None:
            return False
        if revision_id is not None and revision.pk != revision_id:
            raise EditConflictError(values(block))
        before = dict(revision.before)
        if places := before.pop("moved", 0):
            order.shift(block, -places)
        _write(block, before)
        revision.delete()
        earlier = block.revisions.first()
        block.edited_at, block.edited_by = (earlier.at, earlier.by) if earlier else (None, None)
        block.save(update_fields=["edited_at", "edited_by"])
        _changed(issue, block, user, "undid: " + ", ".join(sorted(revision.before)))
    _read_again(issue)
    return True


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
        issue = _lock(block)
        places = order.places_to(block, direction)
        if not places:
            return False
        _record(block, user, {"moved": places})
        order.shift(block, places)
        _changed(issue, block, user, f"moved {direction}")
    _read_again(issue)
    return True


# ---- what they share ------------------------------------------------------------------------------------


def _lock(block: Block) -> Issue:
    """The block's issue, locked until the transaction ends, with `block` as it stands now."""
    issue = Issue.objects.select_for_update().get(pk=block.issue_id)
    if issue.state not in EDITABLE:
        raise too_late(issue)
    block.refresh_from_db()
    block.issue = issue
    return issue


def _holder(block: Block, name: str) -> models.Model:
    return block.issue if name in SUBJECTS else block


def _plain(name: str, value: Any) -> Any:
    return bool(value) if name in FLAGS else texts.plain(str(value), one_line=name in ONE_LINE)


def _refuse_problems(issue: Issue, before: dict[str, Any], changed: dict[str, Any]) -> None:
    known = set(issue.citations.values_list("number", flat=True))
    found = {n: texts.problem(n, value, before[n], known) for n, value in changed.items() if n not in FLAGS}
    if problems := {name: message for name, message in found.items() if message}:
        raise EditRefusedError(problems)


def _follow_title(block: Block, before: dict[str, Any], changed: dict[str, Any]) -> None:
    """A subject that repeats the main line goes on repeating it when the editor rewrites the line alone."""
    if block.kind != BlockKind.MAIN_LINE:
        return
    for language in ("en", "zh"):
        title, subject = f"title_{language}", f"subject_{language}"
        if title in changed and subject not in changed and before[subject] == before[title]:
            changed[subject] = changed[title][: texts.LENGTHS[subject]]


def _follow_tags(block: Block, before: dict[str, Any], changed: dict[str, Any]) -> None:
    """Tags that an editor writes are the tags: the composer's pairs and topics, which pages prefer, give way."""
    if block.kind == BlockKind.TAGS and changed.keys() & {"text_en", "text_zh"}:
        before["extra"] = block.extra
        changed["extra"] = {name: value for name, value in block.extra.items() if name not in ("tags", "topics")}


def _record(block: Block, user: User, before: dict[str, Any]) -> None:
    block.edited_at, block.edited_by = timezone.now(), user
    block.save(update_fields=["edited_at", "edited_by"])
    BlockRevision.objects.create(block=block, at=block.edited_at, by=user, before=before)


def _write(block: Block, fields: Mapping[str, Any]) -> None:
    """Set fields of the block and, for the main line, the issue's own title and subjects."""
    of_issue = {name: value for name, value in fields.items() if name in SUBJECTS}
    if block.kind == BlockKind.MAIN_LINE:
        of_issue |= {name: value for name, value in fields.items() if name.startswith("title_")}
    for holder, part in (
        (block.issue, of_issue),
        (block, {name: value for name, value in fields.items() if name not in SUBJECTS}),
    ):
        for name, value in part.items():
            setattr(holder, name, value)
        holder.save(update_fields=list(part))


def _set_dropped(block: Block, user: User, *, dropped: bool) -> bool:
    with transaction.atomic():
        issue = _lock(block)
        if block.dropped == dropped:
            return False
        _record(block, user, {"dropped": block.dropped})
        _write(block, {"dropped": dropped})
        _changed(issue, block, user, "dropped" if dropped else "restored")
    _read_again(issue)
    return True


def _changed(issue: Issue, block: Block, user: User, what: str) -> None:
    workflow.void_approval(issue)
    audit(user, block, what)


def _read_again(issue: Issue) -> None:
    """Let the checks read the issue at once, outside the transaction, so that the desk shows what the edit settled."""
    try:
        proofread.check_issue(issue, _quiet)
    except Exception:
        # The edit stands; the checklist says that this text has not been read, and approval waits for it.
        log.exception("%s could not be checked after an edit", issue)


def _quiet(what: str, done: int, total: int) -> None:
    """The editor waits for the page, not for a progress line."""
