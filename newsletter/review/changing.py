"""What every change of a block does around its own work: lock, keep what was, write, void the approval, read again."""

import logging
import uuid
from collections.abc import Iterable, Mapping
from typing import Any

from django.contrib.auth.models import User
from django.utils import timezone

from newsletter import workflow
from newsletter.models import Block, BlockRevision, Issue
from newsletter.models.issue import EDITABLE, BlockKind
from newsletter.review import proofread
from newsletter.review.record import audit, too_late
from newsletter.review.steps import steps

log = logging.getLogger(__name__)

SUBJECTS = ("subject_en", "subject_zh")  # of the mail: they stand on the issue, and are edited with its main line


def lock_issue(issue: Issue) -> Issue:
    """The issue's row, locked until the transaction ends. Raises WorkflowError where it is past changing."""
    locked = Issue.objects.select_for_update().get(pk=issue.pk)
    if locked.state not in EDITABLE:
        raise too_late(locked)
    return locked


def lock(block: Block) -> Issue:
    """The block's issue, locked, with `block` as it stands now."""
    issue = lock_issue(block.issue)
    block.refresh_from_db()
    block.issue = issue
    return issue


def new_act() -> str:
    """A name for what changes several blocks at once, and is undone at once."""
    return uuid.uuid4().hex


def record(
    block: Block,
    user: User,
    before: Mapping[str, Any],
    *,
    act: str = "",
    sitting: str = "",
    undoes: BlockRevision | None = None,
) -> None:
    """Keep what stood there `before` (field name -> value), which undo puts back; `changed` adds what came of it.

    What one `sitting` (an open form that saves by itself) changes is one revision, from its first save to its last.
    """
    block.edited_at, block.edited_by = timezone.now(), user
    block.save(update_fields=["edited_at", "edited_by"])
    last = block.revisions.first()
    if last and sitting and last.sitting == sitting and last.by_id == user.pk and not _approved_since(block, last):
        last.at, last.before = block.edited_at, {**before, **last.before}
        last.save(update_fields=["at", "before"])
        return
    BlockRevision.objects.create(
        **{"block": block, "at": block.edited_at, "by": user, "before": dict(before)},
        **{"act": act, "sitting": sitting, "undoes": undoes},
    )


def _approved_since(block: Block, revision: BlockRevision) -> bool:
    approved = block.issue.approved_at
    return approved is not None and approved > revision.at


def settle(block: Block) -> None:
    """Name the block's last editor from the changes that count; without any it is as if never touched."""
    last = steps(list(block.revisions.select_related("by"))).undo
    block.edited_at, block.edited_by = (last.at, last.by) if last else (None, None)
    block.save(update_fields=["edited_at", "edited_by"])


def current(block: Block, names: Iterable[str]) -> dict[str, Any]:
    """What stands in these fields of the block now; subjects stand on its issue."""
    return {name: getattr(block.issue if name in SUBJECTS else block, name) for name in names}


def write(block: Block, fields: Mapping[str, Any]) -> None:
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


def changed(issue: Issue, block: Block, user: User, what: str) -> None:
    """Keep what stands there now beside what stood there, void an approval, and leave a line in the log."""
    for revision in block.revisions.all()[:1]:
        told = [name for name in revision.before if name != "moved"]
        revision.after = current(block, told)
        if revision.sitting and revision.after == revision.before:
            revision.delete()  # typed and taken out again: nothing has changed
            settle(block)
        else:
            revision.save(update_fields=["after"])
    workflow.void_approval(issue)
    audit(user, block, what)


def read_again(issue: Issue) -> None:
    """Let the checks read the issue at once, outside the transaction, so that the desk shows what the edit settled."""
    try:
        proofread.check_issue(issue)
    except Exception:
        # The edit stands; the checklist says that this text has not been read, and approval waits for it.
        log.exception("%s could not be checked after an edit", issue)
