"""Who wrote the issue and what it cost: what the desk shows of a model's receipts."""

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal

from django.conf import settings
from django.db.models import Count, F, Sum

from newsletter.models import Issue, ModelBatch, ModelCall, Newsletter, Run
from newsletter.views.desk import rail


@dataclass(frozen=True, slots=True)
class Writing:
    """The model's part in an issue. `calls` are all that were ever made for its date; on file means paid before."""

    models: tuple[str, ...]
    calls: int
    lost: int  # of them: no answer came
    tokens: int
    cached: int  # per cent of what was sent that was read from the cache
    cost: Decimal  # US dollars
    budget: Decimal
    budget_tokens: int
    seconds: int
    notes: tuple[str, ...]  # of the last run of compose: what the model didn't write, and why; English

    @property
    def share(self) -> int:
        """Per cent of the budget's money that is spent."""
        return round(100 * self.cost / self.budget) if self.budget else 100


def writing(issue: Issue) -> Writing | None:
    """None where no model was asked for this issue."""
    calls = ModelCall.objects.filter(newsletter_id=issue.newsletter_id, date=issue.date)
    sent = F("input_tokens") + F("cache_write_tokens") + F("cache_read_tokens")
    sums = calls.aggregate(
        calls=Count("pk"),
        cost=Sum("cost_usd"),
        sent=Sum(sent),
        cached=Sum("cache_read_tokens"),
        written=Sum("output_tokens"),
        seconds=Sum("seconds"),
    )
    notes = _notes(issue)
    if not sums["calls"] and not notes:
        return None
    return Writing(
        models=tuple(calls.order_by("-model").values_list("model", flat=True).distinct()),
        calls=sums["calls"],
        lost=calls.filter(outcome=ModelCall.Outcome.LOST).count(),
        tokens=(sums["sent"] or 0) + (sums["written"] or 0),
        cached=round(100 * (sums["cached"] or 0) / sums["sent"]) if sums["sent"] else 0,
        cost=sums["cost"] or Decimal(0),
        budget=settings.CLAUDE_DAILY_BUDGET_USD,
        budget_tokens=settings.CLAUDE_DAILY_BUDGET_TOKENS,
        seconds=round(sums["seconds"] or 0),
        notes=notes,
    )


def _notes(issue: Issue) -> tuple[str, ...]:
    run = Run.objects.filter(newsletter_id=issue.newsletter_id, date=issue.date, act="compose", error="")
    last = run.exclude(finished_at=None).order_by("-finished_at").first()
    return tuple(last.counts.get("notes", ())) if last else ()


def waits_until(newsletter: Newsletter, date: dt.date) -> str:
    """HH:MM until which the draft of `date` waits for a batch of the model's; empty where it doesn't."""
    row = ModelBatch.objects.filter(newsletter=newsletter, date=date, state=ModelBatch.State.SENT).first()
    return rail.local_hour(row.wait_until, newsletter) if row else ""
