"""Who may be asked to write, and how it begins: offline at once, a model by the queue."""

import os
from decimal import Decimal

from django.conf import settings
from django.http import HttpRequest

from newsletter import schedules
from newsletter.compose import receipts
from newsletter.compose.one_block import write_proposal
from newsletter.models import Issue, Proposal
from newsletter.models.issue import BlockKind

OFFLINE, CLAUDE = "offline", "claude"


def can_ask_claude() -> bool:
    """Whether there is a key to ask with; what it may cost the budget says when it is asked."""
    return any(os.environ.get(name, "").strip() for name in ("ANTHROPIC_API_KEY", "ANTHROPIC_AUTH_TOKEN"))


def spent(issue: Issue) -> tuple[Decimal, Decimal]:
    """US dollars that the issue has cost, and those that its day may cost."""
    money, _tokens = receipts.spent(issue.newsletter_id, issue.date)
    return money, settings.CLAUDE_DAILY_BUDGET_USD


def begin(proposal: Proposal) -> None:
    """Have it written: an item offline within the request, which takes a second; all else waits on the queue.

    Any other block is put together with the whole day, because no sentence is given out twice: seconds on a full one.
    """
    if proposal.writer == OFFLINE and (proposal.block is None or proposal.block.kind == BlockKind.ITEM):
        write_proposal(proposal.pk)
    else:
        schedules.wake_proposal(proposal.pk)


def wanted(request: HttpRequest) -> str:
    """The writer that a form asks for: a model only where there is a key."""
    return CLAUDE if request.POST.get("writer") == CLAUDE and can_ask_claude() else OFFLINE
