"""What model calls cost, and what they answered: a re-run pays nothing twice, and a day has a budget."""

import csv
import datetime as dt
import hashlib
import json
from dataclasses import asdict, dataclass
from decimal import Decimal
from functools import cache
from typing import Any

from django.conf import settings
from django.db.models import Sum

from newsletter import lexicon
from newsletter.models import ModelCall

MILLION = Decimal(1_000_000)
# Tokens a character may take at the worst: Han characters, in the present tokenizer.
TOKENS_PER_CHARACTER = Decimal("1.5")


@dataclass(frozen=True, slots=True)
class Asked:
    """One request, whole: what its receipt is found by."""

    purpose: str
    model: str
    system: str
    prompt: str
    schema: dict[str, Any]
    max_tokens: int

    def digest(self) -> str:
        """SHA-256 over everything that shapes the answer, as 64 hex digits."""
        fields = asdict(self)
        del fields["purpose"]
        return hashlib.sha256(json.dumps(fields, sort_keys=True, ensure_ascii=False).encode()).hexdigest()


@dataclass(frozen=True, slots=True)
class Price:
    """US dollars for a million tokens."""

    input: Decimal
    output: Decimal

    def of(self, input_tokens: int, output_tokens: int) -> Decimal:
        return (self.input * input_tokens + self.output * output_tokens) / MILLION


@cache
def _prices() -> dict[str, Price]:
    with (lexicon.DATA / "prices.tsv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file, delimiter="\t"))
    return {row["model"]: Price(Decimal(row["input"]), Decimal(row["output"])) for row in rows}


def price_of(model: str) -> Price:
    """The price of `model`; of one not in the table (a dated name apart) the dearest, so that no budget is overrun."""
    prices = _prices()
    known = [name for name in prices if model == name or model.startswith(f"{name}-20")]
    if known:
        return prices[max(known, key=len)]
    return max(prices.values(), key=lambda price: price.output)


def find(asked: Asked) -> ModelCall | None:
    """The receipt of the same request, if it was ever answered."""
    return ModelCall.objects.filter(prompt_hash=asked.digest()).first()


def spent(newsletter: int, date: dt.date) -> Decimal:
    """US dollars that the issue of `date` has cost so far."""
    total = ModelCall.objects.filter(newsletter_id=newsletter, date=date).aggregate(total=Sum("cost_usd"))["total"]
    return total or Decimal(0)


def affordable(asked: Asked, newsletter: int, date: dt.date) -> bool:
    """Whether the day's budget holds the request even if the answer takes all its tokens."""
    worst_input = int((len(asked.system) + len(asked.prompt)) * TOKENS_PER_CHARACTER)
    worst = price_of(asked.model).of(worst_input, asked.max_tokens)
    return spent(newsletter, date) + worst <= Decimal(str(settings.CLAUDE_DAILY_BUDGET_USD))


def record(
    asked: Asked, newsletter: int, date: dt.date, answer: str, input_tokens: int, output_tokens: int
) -> ModelCall:
    """Keep what was answered and what it cost, usable or not: both were paid for. Commits at once."""
    return ModelCall.objects.create(
        newsletter_id=newsletter,
        date=date,
        purpose=asked.purpose,
        model=asked.model,
        prompt_hash=asked.digest(),
        answer=answer,
        input_tokens=input_tokens,
        output_tokens=output_tokens,
        cost_usd=price_of(asked.model).of(input_tokens, output_tokens),
    )
