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
from django.db.models import F, Sum

from newsletter import lexicon, typography
from newsletter.models import ModelCall

MILLION = Decimal(1_000_000)
# Tokens that a character may take at the worst: a Han character, and any other (figures and JSON take most).
HAN, OTHER = Decimal("1.5"), Decimal("0.5")
# Anthropic's pricing: what is written to the cache for five minutes costs a quarter more; a batch costs half.
CACHE_WRITE, CACHE_READ, BATCH = Decimal("1.25"), Decimal("0.1"), Decimal("0.5")


@dataclass(frozen=True, slots=True)
class Asked:
    """One request, whole: what its receipt is found by.

    `system` are blocks that stay the same all morning, `shared` is what some requests have in common (or ""): each
    ends in a breakpoint of the cache. `prompt` is this request's own.
    """

    purpose: str
    version: str  # of the prompt's file
    model: str
    system: tuple[str, ...]
    shared: str
    prompt: str
    schema: dict[str, Any]
    max_tokens: int
    effort: str = ""

    def digest(self) -> str:
        """SHA-256 over everything that shapes the answer, as 64 hex digits."""
        fields = asdict(self)
        del fields["purpose"], fields["version"]  # the text of the file counts, not its number
        return hashlib.sha256(json.dumps(fields, sort_keys=True, ensure_ascii=False).encode()).hexdigest()

    def worst_input(self) -> int:
        """More tokens than the request can have."""
        text = "".join((*self.system, self.shared, self.prompt, json.dumps(self.schema)))
        han = typography.count_han(text)
        return int(han * HAN + (len(text) - han) * OTHER) + 500  # 500: what the service says around it


@dataclass(frozen=True, slots=True)
class Usage:
    """Tokens of one call, as the service counts them."""

    input: int  # neither written to the cache nor read from it
    output: int
    cache_write: int = 0
    cache_read: int = 0

    @property
    def total(self) -> int:
        return self.input + self.output + self.cache_write + self.cache_read


@dataclass(frozen=True, slots=True)
class Price:
    """US dollars for a million tokens."""

    input: Decimal
    output: Decimal
    cache_read: Decimal

    def of(self, usage: Usage, *, batched: bool = False) -> Decimal:
        """What a call costs, in US dollars."""
        sent = self.input * (usage.input + CACHE_WRITE * usage.cache_write) + self.cache_read * usage.cache_read
        return (sent + self.output * usage.output) / MILLION * (BATCH if batched else 1)


@cache
def _prices() -> dict[str, Price]:
    """Of `data/prices.tsv`. Haiku 5.5's are those of prompts up to 100,000 tokens; no request of ours is longer."""
    with (lexicon.DATA / "prices.tsv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file, delimiter="\t"))
    return {
        row["model"]: Price(*(Decimal(row[column]) for column in ("input", "output", "cache_read"))) for row in rows
    }


def price_of(model: str) -> Price:
    """The price of `model`; of one not in the table (a dated name apart) the dearest, so that no budget is overrun."""
    own = {name: Price(*price, price[0] * CACHE_READ) for name, price in settings.CLAUDE_PRICES.items()}
    prices = _prices() | own
    known = [name for name in prices if model == name or model.startswith(f"{name}-20")]
    if known:
        return prices[max(known, key=len)]
    return max(prices.values(), key=lambda price: price.output)


def find(asked: Asked) -> ModelCall | None:
    """The receipt of the same request, if it was ever answered."""
    return answered(asked.digest())


def answered(prompt_hash: str) -> ModelCall | None:
    """The receipt of an answer to what has this hash."""
    return ModelCall.objects.filter(prompt_hash=prompt_hash).exclude(outcome=ModelCall.Outcome.LOST).first()


def spent(newsletter: int, date: dt.date) -> tuple[Decimal, int]:
    """US dollars and tokens that the issue of `date` has cost so far."""
    tokens = F("input_tokens") + F("cache_write_tokens") + F("cache_read_tokens") + F("output_tokens")
    sums = ModelCall.objects.filter(newsletter_id=newsletter, date=date).aggregate(
        money=Sum("cost_usd"), tokens=Sum(tokens)
    )
    return sums["money"] or Decimal(0), sums["tokens"] or 0


def over_budget(asked: list[Asked], newsletter: int, date: dt.date, *, batched: bool = False) -> str:
    """Why the day's budget doesn't hold these requests, if each answer takes all its tokens; "" where it does."""
    worst = [(price_of(each.model), Usage(0, each.max_tokens, each.worst_input())) for each in asked]
    money, tokens = spent(newsletter, date)
    if money + sum(price.of(usage, batched=batched) for price, usage in worst) > settings.CLAUDE_DAILY_BUDGET_USD:
        return f"it might overrun the day's budget of {settings.CLAUDE_DAILY_BUDGET_USD} USD ({money:.2f} spent)"
    if tokens + sum(usage.total for _, usage in worst) > settings.CLAUDE_DAILY_BUDGET_TOKENS:
        return f"it might overrun the day's budget of {settings.CLAUDE_DAILY_BUDGET_TOKENS:,} tokens ({tokens:,} used)"
    return ""


def record(
    asked: Asked, newsletter: int, date: dt.date, *, outcome: str, answer: str, usage: Usage, seconds: float
) -> ModelCall:
    """Keep what was answered and what it cost, usable or not: both were paid for. Commits at once."""
    said = {"purpose": asked.purpose, "prompt_version": asked.version}
    return keep({**said, "model": asked.model, "prompt_hash": asked.digest()}, newsletter, date, outcome=outcome,
                answer=answer, usage=usage, seconds=seconds)  # fmt: skip


def keep(
    said: dict[str, str],
    newsletter: int,
    date: dt.date,
    *,
    outcome: str,
    answer: str,
    usage: Usage,
    seconds: float = 0,
    batched: bool = False,
) -> ModelCall:
    """The same for a request of which only `said` is known: purpose, prompt_version, model and prompt_hash."""
    return ModelCall.objects.create(
        newsletter_id=newsletter,
        date=date,
        **{**said, "purpose": said["purpose"][:40], "prompt_version": said["prompt_version"][:40]},
        outcome=outcome,
        answer=answer,
        input_tokens=usage.input,
        cache_write_tokens=usage.cache_write,
        cache_read_tokens=usage.cache_read,
        output_tokens=usage.output,
        cost_usd=price_of(said["model"]).of(usage, batched=batched),
        seconds=round(seconds, 3),
        batched=batched,
    )


def lost(asked: Asked, newsletter: int, date: dt.date, seconds: float) -> ModelCall:
    """Keep that no answer came in time: it counts as if all of it had been billed."""
    usage = Usage(asked.worst_input(), asked.max_tokens)
    return record(asked, newsletter, date, outcome=ModelCall.Outcome.LOST, answer="", usage=usage, seconds=seconds)
