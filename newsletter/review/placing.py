"""Where a block of the editor's own may stand: after which other one; and moving a note there."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.contrib.auth.models import User
from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext as _

from newsletter.models import Block, Issue
from newsletter.models.issue import BlockKind
from newsletter.review.changing import changed, lock, read_again, record, write
from newsletter.review.editing import EditRefusedError
from newsletter.review.words import PARTS

# An item stands among the items, a note after anything but what is printed at the foot.
FOR_ITEMS = (BlockKind.MAIN_LINE, BlockKind.ITEM)
FOR_NOTES = (
    *(BlockKind.MAIN_LINE, BlockKind.ITEM, BlockKind.NOTE, BlockKind.TECHNOLOGY, BlockKind.COMPARISON),
    *(BlockKind.ANALYSIS, BlockKind.QA),
)


@dataclass(frozen=True, slots=True)
class Place:
    """Right after one block that is in the issue. `number` is an item's, as readers count; 0 for anything else."""

    key: str
    number: int
    en: str  # an item's headline in either language, else what the block is in the editor's
    zh: str
    last_item: bool = False


def places(issue: Issue, *, kinds: Iterable[str] = FOR_ITEMS, but: str = "") -> list[Place]:
    """The places after blocks of `kinds`, in reading order; not after the block whose key is `but`.

    Of a list's report only the end is a place.
    """
    kinds = tuple(kinds)
    rows = list(issue.blocks.filter(dropped=False).order_by("position", "pk").select_related("source_list"))
    last_item = max((row.position for row in rows if row.kind == BlockKind.ITEM), default=0)
    found, number = [], 0
    for place, row in enumerate(rows):
        number += row.kind == BlockKind.ITEM
        following = next((each for each in rows[place + 1 :] if each.kind != BlockKind.NOTE), None)
        ends_report = bool(row.source_list_id) and (not following or following.source_list_id != row.source_list_id)
        fits = ends_report if row.source_list_id else row.kind in kinds
        if fits and row.key != but and (BlockKind.NOTE in kinds or not row.source_list_id):
            found.append(_place(row, number if row.kind == BlockKind.ITEM else 0, row.position == last_item))
    return found


def _place(row: Block, number: int, last_item: bool) -> Place:
    if row.kind in (BlockKind.ITEM, BlockKind.NOTE) and (row.title_en or row.title_zh):
        return Place(row.key, number, row.title_en, row.title_zh, last_item and row.kind == BlockKind.ITEM)
    name = str(PARTS.get(row.kind, row.kind))
    if row.source_list:
        return Place(row.key, 0, row.source_list.name_en, row.source_list.name_zh)
    return Place(row.key, 0, name, name)


def move_after(block: Block, user: User, after: Block) -> bool:
    """Put a note right after another block; False where it stands there already. Raises EditRefusedError for anything
    but a note, WorkflowError once the issue is past changing."""
    if block.kind != BlockKind.NOTE or after.pk == block.pk:
        raise EditRefusedError({"after": _("Only a note can stand anywhere; items move among the items.")})
    with transaction.atomic():
        issue = lock(block)
        after.refresh_from_db()
        standing = list(issue.blocks.filter(dropped=False).order_by("position", "pk").values_list("pk", flat=True))
        if after.pk in standing and standing[standing.index(after.pk) + 1 :][:1] == [block.pk]:
            return False
        issue.blocks.filter(position__gt=after.position).update(position=F("position") + 1)
        block.refresh_from_db()
        record(block, user, {"position": block.position})
        write(block, {"position": after.position + 1})
        changed(issue, block, user, f"put after {after.key}")
    read_again(issue)
    return True
