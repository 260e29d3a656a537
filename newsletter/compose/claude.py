"""The writer that asks Claude; the one importer of anthropic, which takes 1.7 s and so is imported where it is used.

A part whose answer can't be had or used is the offline writer's: the morning never waits for a model. No database
transaction is open while a call is.
"""

import logging
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from decimal import Decimal
from typing import Any, TypeVar

from django.conf import settings

from newsletter.bilingual import LANGUAGES, Both
from newsletter.compose import answers, frontpage, material, offline, receipts, wording
from newsletter.compose.answers import DayAnswer, ItemsAnswer, Reader, ReportAnswer, UnusableError
from newsletter.compose.brief import Brief
from newsletter.compose.draft import Draft, DraftBlock, place_of
from newsletter.compose.receipts import Asked

log = logging.getLogger(__name__)
Answer = TypeVar("Answer", ItemsAnswer, ReportAnswer, DayAnswer)
MAX_TOKENS = 16_000  # thinking and answer; more would need streaming
TIMEOUT = 300.0  # seconds for one call
RETRIES = 2  # by the SDK: 429, 5xx and lost connections
ITEMS_A_CALL = 5


class NoAnswerError(Exception):
    """No answer was to be had; `lasting` says that the next call would fare no better."""

    def __init__(self, reason: str, *, lasting: bool = False) -> None:
        super().__init__(reason)
        self.lasting = lasting


@dataclass
class Desk:
    """One morning at the model: what has been asked, what it cost, and why it was given up."""

    brief: Brief
    calls: int = 0
    on_file: int = 0
    cost: Decimal = Decimal(0)
    gave_up: str = ""
    notes: list[str] = field(default_factory=list)

    def part(self, purpose: str, write: Callable[[], list[DraftBlock]]) -> list[DraftBlock]:
        """The blocks of one part, or none, with a note of the reason, where the offline ones have to stand."""
        try:
            return write()
        except (NoAnswerError, UnusableError) as reason:
            self.notes.append(f"{purpose} written offline: {reason}")
            log.warning("%s", self.notes[-1])
            return []

    def ask(self, purpose: str, prompt: str, shape: type[Answer]) -> Answer:
        """The answer to `prompt` in `shape`, from its receipt where there is one."""
        from pydantic import TypeAdapter, ValidationError

        adapter = TypeAdapter(shape)
        asked = Asked(
            purpose, settings.CLAUDE_MODEL, material.prompt("system"), prompt, adapter.json_schema(), MAX_TOKENS
        )
        receipt = receipts.find(asked)
        if receipt:
            self.on_file += 1
        else:
            receipt = self._call(asked)
        try:
            return adapter.validate_json(receipt.answer)
        except ValidationError as error:
            raise UnusableError(
                f"the answer is off its schema ({error.error_count()} errors; receipt {receipt.pk}, "
                "delete it to ask again)"
            ) from None

    def _call(self, asked: Asked) -> Any:
        if self.gave_up:
            raise NoAnswerError(self.gave_up)
        if not receipts.affordable(asked, self.brief.newsletter, self.brief.date):
            spent = receipts.spent(self.brief.newsletter, self.brief.date)
            raise NoAnswerError(
                f"it might overrun the day's budget of {settings.CLAUDE_DAILY_BUDGET_USD} USD ({spent:.2f} spent)"
            )
        try:
            text, input_tokens, output_tokens = send(asked)
        except NoAnswerError as reason:
            self.gave_up = str(reason) if reason.lasting else ""
            raise
        receipt = receipts.record(asked, self.brief.newsletter, self.brief.date, text, input_tokens, output_tokens)
        self.calls += 1
        self.cost += receipt.cost_usd
        return receipt


def send(asked: Asked) -> tuple[str, int, int]:
    """One call: the answer's text as it came ("" after a refusal), input and output tokens.

    Raises NoAnswerError where the service gives none.
    """
    import anthropic

    try:
        with anthropic.Anthropic(
            base_url=settings.CLAUDE_BASE_URL or None, max_retries=RETRIES, timeout=TIMEOUT
        ) as client:
            message = client.messages.create(
                model=asked.model,
                max_tokens=asked.max_tokens,
                system=asked.system,
                messages=[{"role": "user", "content": asked.prompt}],
                output_config={"format": {"type": "json_schema", "schema": anthropic.transform_schema(asked.schema)}},
            )
    except anthropic.APIStatusError as error:
        raise NoAnswerError(f"the API answered {error.status_code}", lasting=error.status_code != 400) from None
    except anthropic.AnthropicError as error:
        raise NoAnswerError(f"the API can't be reached ({type(error).__name__})", lasting=True) from None
    except TypeError as error:
        if "authentication" not in str(error):
            raise
        raise NoAnswerError("ANTHROPIC_API_KEY is not set", lasting=True) from None
    text = "".join(block.text for block in message.content if block.type == "text")
    if message.stop_reason == "refusal":
        text = ""
    usage = message.usage
    read = usage.input_tokens + (usage.cache_creation_input_tokens or 0) + (usage.cache_read_input_tokens or 0)
    return text, read, usage.output_tokens


def write(brief: Brief) -> Draft:
    """The whole issue of `brief`; the same signature as the offline writer's."""
    fallback = offline.write(brief)
    desk = Desk(brief)
    blocks: list[DraftBlock] = []
    title: list[Both] = []
    for first in range(0, len(brief.chosen), ITEMS_A_CALL):
        blocks += desk.part(f"items {first + 1}-{min(first + ITEMS_A_CALL, len(brief.chosen))}", _items(desk, first))
    for of in brief.lists:
        if of.articles:
            blocks += desk.part(f"report on {of.slug}", _report(desk, of.slug))
    blocks += desk.part("main line, analysis and answers", _day(desk, title))
    return _joined(brief, fallback, blocks, title, desk)


def _items(desk: Desk, first: int) -> Callable[[], list[DraftBlock]]:
    def write_them() -> list[DraftBlock]:
        stories = list(desk.brief.chosen[first : first + ITEMS_A_CALL])
        prompt, shown = material.for_items(stories)
        return answers.item_blocks(desk.ask("items", prompt, ItemsAnswer), stories, Reader(desk.brief, shown))

    return write_them


def _report(desk: Desk, slug: str) -> Callable[[], list[DraftBlock]]:
    def write_it() -> list[DraftBlock]:
        of = next(each for each in desk.brief.lists if each.slug == slug)
        prompt, shown = material.for_report(desk.brief, of)
        return answers.report_blocks(desk.ask(f"report {slug}", prompt, ReportAnswer), of, Reader(desk.brief, shown))

    return write_it


def _day(desk: Desk, title: list[Both]) -> Callable[[], list[DraftBlock]]:
    def write_it() -> list[DraftBlock]:
        prompt, shown = material.for_day(desk.brief)
        found, blocks = answers.day_blocks(desk.ask("day", prompt, DayAnswer), Reader(desk.brief, shown))
        title.append(found)
        return blocks

    return write_it


def _joined(brief: Brief, fallback: Draft, blocks: list[DraftBlock], title: list[Both], desk: Desk) -> Draft:
    """The model's blocks, and the offline ones of every part that it did not write."""
    written = {block.key: block for block in blocks}
    parts = {_part_of(key) for key in written}
    if written:
        written["disclaimer"] = DraftBlock("disclaimer", "disclaimer", wording.DISCLAIMER_AI, parity="translated")
    kept = [block for block in fallback.blocks if block.key not in written and _part_of(block.key) not in parts]
    place = place_of(each.slug for each in brief.lists)
    composer = settings.CLAUDE_MODEL if not desk.notes else f"{settings.CLAUDE_MODEL}+offline"
    head = title[0] if title else fallback.title
    shorter = Both(*(frontpage.shorten(head[language], language) for language in LANGUAGES))
    return replace(
        fallback,
        title=head,
        subject=shorter if title else fallback.subject,
        blocks=tuple(sorted([*kept, *written.values()], key=lambda block: place(block.key))),
        composer=composer if written else offline.NAME,
        notes=tuple(desk.notes),
        counts={"model_calls": desk.calls, "answers_on_file": desk.on_file, "cost_usd": float(desk.cost)},
    )


def _part_of(key: str) -> str:
    """Blocks of one part are all the model's or all offline: a report is not half of each. Items stand alone."""
    kind, _, rest = key.partition("-")
    if kind in ("highlights", "insight", "business", "technology"):
        return f"report {rest.rsplit('-', 1)[0] if kind == 'insight' else rest}"
    return "day" if kind in ("comparison", "analysis", "qa", "main") else key
