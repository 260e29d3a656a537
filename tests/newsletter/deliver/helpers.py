"""An approved issue and a run over it."""

import datetime as dt
from typing import Any

from django.utils import timezone

from newsletter import workflow
from newsletter.deliver import editions
from newsletter.deliver.ledger import deliver_issue
from newsletter.models import Delivery, Issue
from tests import factories as make

NINE = dt.datetime(2026, 5, 7, 1, 0, tzinfo=dt.UTC)  # 09:00 in Shanghai, an hour after the newsletter's own


def approved_issue(date: dt.date = make.DAY, **fields: Any) -> Issue:
    """One item, approved at 07:30 in Shanghai on its date."""
    issue = make.issue(date, state="in_review", checked_at=timezone.now(), **fields)
    make.block(issue, title_en="Rules tighten", title_zh="规矩更严", text_en="They do.", text_zh="的确。")
    workflow.approve(issue, make.editor(f"editor-{date}"))
    approved_at = dt.datetime.combine(date, dt.time(7, 30), tzinfo=issue.newsletter.tz)
    Issue.objects.filter(pk=issue.pk).update(approved_at=approved_at)
    issue.refresh_from_db()
    return issue


def quiet(what: str, done: int, total: int) -> None:
    """Nobody watches."""


def deliver(issue: Issue, now: dt.datetime = NINE) -> dict[str, int]:
    """One run; its counts but for those that are zero."""
    return {name: count for name, count in deliver_issue(issue, now=now, progress=quiet).items() if count}


def states() -> dict[str | None, str]:
    return dict(Delivery.objects.values_list("reader__email", "state"))


def row(email: str = "ana@a.example") -> Delivery:
    return Delivery.objects.get(reader__email=email)


def frozen(issue: Issue) -> Issue:
    """Sending, and nothing sent yet."""
    editions.freeze(issue, quiet)
    return issue
