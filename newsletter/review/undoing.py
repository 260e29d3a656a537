"""Taking a change back, and doing it again: each is a change of its own, and nothing that was written is lost."""

from django.contrib.auth.models import User
from django.db import transaction

from newsletter.models import Block, BlockRevision, Issue
from newsletter.review import order
from newsletter.review.changing import changed, current, lock, lock_issue, read_again, record, settle, write
from newsletter.review.editing import EditConflictError, values
from newsletter.review.steps import steps


def undo(block: Block, user: User, *, revision_id: int | None = None) -> bool:
    """Put back what stood there before the last change of `block` that still counts; False where there is none.

    Undoing everything leaves the block as composed, and as if never touched. `revision_id` says which change the
    editor meant: EditConflictError where another has come on top of it. A change that was one act with changes of
    other blocks (a swap, words replaced) is undone with all of them, or not at all. Raises WorkflowError.
    """
    with transaction.atomic():
        issue = lock(block)
        revision = steps(_revisions(block)).undo
        done = _take_back(issue, block, revision, user, revision_id)
    if done:
        block.refresh_from_db()
        read_again(issue)
    return done


def redo(block: Block, user: User, *, revision_id: int | None = None) -> bool:
    """Do again what the last undo took back; False where there is nothing, or a fresh change has come since.

    `revision_id` names the undo that the editor meant. Raises what `undo` raises.
    """
    with transaction.atomic():
        issue = lock(block)
        revision = steps(_revisions(block)).redo
        done = _take_back(issue, block, revision, user, revision_id)
    if done:
        block.refresh_from_db()
        read_again(issue)
    return done


def undo_act(issue: Issue, user: User, act: str) -> bool:
    """Undo everything that one act changed, whichever of its blocks is asked; False where it is undone already.

    Raises EditConflictError where one of the blocks was changed again since, WorkflowError.
    """
    with transaction.atomic():
        locked = lock_issue(issue)
        of_act = BlockRevision.objects.filter(block__issue=issue, act=act, undoes=None, undone_by=None)
        revision = of_act.select_related("block").first() if act else None
        if revision is None:
            return False
        revision.block.issue = locked
        _take_back(locked, revision.block, revision, user, None)
    read_again(locked)
    return True


def _revisions(block: Block) -> list[BlockRevision]:
    return list(block.revisions.select_related("by"))


def _take_back(
    issue: Issue, block: Block, revision: BlockRevision | None, user: User, revision_id: int | None
) -> bool:
    if revision_id is not None and (revision is None or revision.pk != revision_id):
        raise EditConflictError(values(block))
    if revision is None:
        return False
    for each in _fellows(revision):
        _put_back(each, issue, user)
    return True


def _fellows(revision: BlockRevision) -> list[BlockRevision]:
    """What is taken back together with `revision`: the rest of its act. Raises EditConflictError where another change
    has come on top of one of them."""
    if not revision.act:
        return [revision]
    rows = BlockRevision.objects.filter(act=revision.act, block__issue=revision.block.issue_id, undone_by=None)
    together = list(rows.select_related("block").order_by("-at", "-pk"))
    for each in together:
        standing = steps(_revisions(each.block))
        if each.pk not in (standing.undo and standing.undo.pk, standing.redo and standing.redo.pk):
            raise EditConflictError(values(each.block))
    return together


def _put_back(revision: BlockRevision, issue: Issue, user: User) -> None:
    block = revision.block
    block.issue = issue
    before = dict(revision.before)
    places = before.pop("moved", 0)
    moved = {"moved": -places} if places else {}
    record(block, user, {**current(block, before), **moved}, act=revision.act, undoes=revision)
    if places:
        order.shift(block, -places)
    write(block, before)
    changed(issue, block, user, "undid: " + ", ".join(sorted(revision.before)))
    settle(block)
