"""The order of the items."""

from typing import Literal

from newsletter.models import Block, Issue
from newsletter.models.issue import BlockKind

Direction = Literal["up", "down"]


def places_to(block: Block, direction: Direction) -> int:
    """How many places among the items, dropped ones too, `block` passes to reach the far side of a visible neighbour.

    Negative is up; 0: there is none.
    """
    items = _items(block.issue)
    at = next(i for i, each in enumerate(items) if each.pk == block.pk)
    others = range(at - 1, -1, -1) if direction == "up" else range(at + 1, len(items))
    return next((i - at for i in others if not items[i].dropped), 0)


def places_to_number(block: Block, number: int) -> int:
    """How many places among the items, dropped ones too, `block` passes to be the `number`th (from 1) of those that
    are in the issue. Negative is up; 0: it is that already."""
    items = _items(block.issue)
    at = next(i for i, each in enumerate(items) if each.pk == block.pk)
    others = [i for i, each in enumerate(items) if not each.dropped and each.pk != block.pk]
    before = sum(i < at for i in others)  # how many stand before it now
    wanted = max(0, min(len(others), number - 1))
    if wanted == before or not others:
        return 0
    return others[wanted] - at if wanted < before else others[wanted - 1] - at


def shift(block: Block, places: int) -> None:
    """Hand the items' positions out again, with `block` so many places further down (or up)."""
    items = _items(block.issue)
    positions = [each.position for each in items]
    at = next(i for i, each in enumerate(items) if each.pk == block.pk)
    items.insert(max(0, at + places), items.pop(at))
    for each, position in zip(items, positions, strict=True):
        each.position = position
    Block.objects.bulk_update(items, ["position"])
    block.refresh_from_db(fields=["position"])


def _items(issue: Issue) -> list[Block]:
    return list(issue.blocks.filter(kind=BlockKind.ITEM).order_by("position", "pk"))
