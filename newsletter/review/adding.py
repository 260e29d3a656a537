"""A new block in an issue: placed after another one, cited, recorded, and taken out again by undo."""

from collections.abc import Iterable, Mapping
from typing import Any

from django.contrib.auth.models import User
from django.db.models import F

from newsletter.models import Block, Citation, Issue
from newsletter.review.changing import changed, record, write


def add(
    issue: Issue,
    user: User,
    fields: Mapping[str, Any],
    *,
    after: Block | None,
    cites: Iterable[Citation] = (),
    act: str = "",
    what: str = "added",
) -> Block:
    """Put a block with `fields` right after `after` (None: first of all). Inside a transaction, `issue` locked.

    It begins as dropped and is then put in, so that taking this change back drops it: nothing written is lost.
    """
    Citation.objects.bulk_create(cites)
    position = after.position if after else 0
    issue.blocks.filter(position__gt=position).update(position=F("position") + 1)
    block = Block.objects.create(issue=issue, position=position + 1, dropped=True, **fields)
    record(block, user, {"dropped": True}, act=act)
    write(block, {"dropped": False})
    changed(issue, block, user, what)
    return block
