"""The writer that asks a model. What it doesn't answer well in time stands as the offline writer has it, and says so.

The morning never waits for a model beyond CLAUDE_PATIENCE. No database transaction is open while a call is.
"""

import re
from collections.abc import Iterable
from dataclasses import replace

from django.conf import settings

from newsletter.bilingual import LANGUAGES, Both
from newsletter.compose import answers, frontpage, offline, proof, triage, wording
from newsletter.compose.answers import Blocks, UnusableError
from newsletter.compose.asking import Morning
from newsletter.compose.brief import Brief
from newsletter.compose.claude import NoAnswerError
from newsletter.compose.draft import Draft, DraftBlock, place_of
from newsletter.compose.parts import Good, Part, parts_of
from newsletter.compose.prompts import PromptError
from newsletter.compose.triage import Triage
from newsletter.models import ModelCall

MECHANICAL = frozenset({"overview", "tags", "disclaimer"})  # kinds that data alone says, or a template
LONGER = 2  # how much more room an answer gets that was cut


def write(brief: Brief) -> Draft:
    """The whole issue of `brief`; the same signature as the offline writer's."""
    fallback = offline.write(brief)
    morning = Morning(brief, settings.CLAUDE_PATIENCE)
    try:
        sorted_ = triage.sort(morning)
        parts = parts_of(brief, sorted_)
    except PromptError as fault:
        morning.note(f"all written offline: {fault}")
        sorted_, parts = Triage(), []
    blocks = [block for part in parts for block in write_part(morning, part)]
    return _joined(morning, fallback, blocks, sorted_)


def write_part(morning: Morning, part: Part) -> list[DraftBlock]:
    """The blocks of one part that can be used; a note says which can't, and why."""
    try:
        good, faults = _answer(morning, part)
        doubts = proof.doubts(morning.brief, good)
        if faults or doubts:
            better, faults = _mended(morning, part, faults, doubts)
            good = {**good, **better}
    except (NoAnswerError, PromptError, UnusableError) as reason:
        morning.note(f"{part.asked.purpose} written offline: {reason}")
        return []
    needed = {each.key for each in part.wanted if each.needed}
    for key, fault in faults.items():
        morning.note(f"{key} {'written offline' if key in needed else 'left out'}: {fault}")
    return part.blocks({each.key: good[each.key] for each in part.wanted if each.key in good})


def _mended(
    morning: Morning, part: Part, faults: dict[str, str], doubts: dict[str, str]
) -> tuple[Good, dict[str, str]]:
    """Ask once more for what was no use, or is doubted. What was good stays, whatever becomes of this."""
    try:
        better, still = _answer(morning, part.again({**doubts, **faults}))
    except (NoAnswerError, PromptError, UnusableError) as reason:
        return {}, {key: f"{fault}; asked again: {reason}" for key, fault in faults.items()}
    worse = proof.doubts(morning.brief, {key: pair for key, pair in better.items() if key in doubts})
    kept = {key: pair for key, pair in better.items() if key not in worse}  # of two that are doubted, the first
    return kept, {key: fault for key, fault in still.items() if key in faults}


def _answer(morning: Morning, part: Part) -> tuple[Good, dict[str, str]]:
    """What is good of an answer, and what is wrong with the rest. A refusal isn't argued with."""
    receipt = morning.ask(part.asked)
    if receipt.outcome == ModelCall.Outcome.CUT:
        longer = replace(part.asked, max_tokens=part.asked.max_tokens * LONGER)
        receipt = morning.ask(longer)
    if receipt.outcome == ModelCall.Outcome.REFUSED:
        raise NoAnswerError("the model refused")
    if receipt.outcome == ModelCall.Outcome.CUT:
        raise NoAnswerError(f"the answer was cut at {part.asked.max_tokens * LONGER:,} tokens")
    try:
        answer = answers.read(receipt.answer, Blocks)
    except UnusableError as fault:
        return {}, {each.key: str(fault) for each in part.wanted if each.needed}
    return answers.usable(answer, part.wanted, part.reader)


def _joined(morning: Morning, fallback: Draft, blocks: list[DraftBlock], sorted_: Triage) -> Draft:
    """The model's blocks, and the offline ones of whatever it did not write."""
    written = {block.key: block for block in blocks}
    kept = [
        _stand_in(block, sorted_, with_model=bool(written))
        for block in fallback.blocks
        if block.key not in written and not _replaced(block, written)
    ]
    lacking = [block for block in kept if block.composer == offline.NAME]
    composer = settings.CLAUDE_MODEL + ("+offline" if lacking else "")
    if written:
        said = disclaimer(morning.brief, settings.CLAUDE_MODEL, some=bool(lacking))
        kept = [replace(block, text=said) if block.kind == "disclaimer" else block for block in kept]
    main = written.get("main-line")
    place = place_of(each.slug for each in morning.brief.lists)
    return replace(
        fallback,
        title=main.title if main else fallback.title,
        subject=_subject(main.title) if main else fallback.subject,
        blocks=tuple(sorted([*kept, *written.values()], key=lambda block: place(block.key))),
        composer=composer if written else offline.NAME,
        notes=tuple(morning.notes),
        counts={
            "model_calls": morning.calls,
            "answers_on_file": morning.on_file,
            "tokens": morning.tokens,
            "cost_usd": float(morning.cost),
        },
    )


def _subject(title: Both) -> Both:
    return Both(*(frontpage.shorten(title[language], language) for language in LANGUAGES))


def _replaced(block: DraftBlock, written: Iterable[str]) -> bool:
    """An offline insight, business or technology block gives way where the model wrote that list's highlights and
    left this one out: a report is not half of each, where the half was meant."""
    return bool(
        block.list and re.match(r"insight-|business-|technology-", block.key) and f"highlights-{block.list}" in written
    )


def _stand_in(block: DraftBlock, sorted_: Triage, *, with_model: bool) -> DraftBlock:
    """An offline block beside a model's: marked as such, with a headline in both languages where triage gave one."""
    if not with_model:
        return block
    if block.kind in MECHANICAL:
        return replace(block, composer="")
    title = sorted_.titles.get(block.story or 0)
    if title and block.foreign:
        given = [title[one] if one in block.foreign else block.title[one] for one in LANGUAGES]
        return replace(block, title=Both(*given))
    return block


def disclaimer(brief: Brief, model: str, *, some: bool) -> Both:
    """How the issue was made, by what and of which hours; who approved it is added when it is sent."""
    en = f"Written with AI ({model}) from the articles cited above, published up to {wording.until(brief, 'en')}, and "
    en += "checked sentence by sentence by a program."
    zh = f"本期由 AI（{model}）根据上文所引、截至{wording.until(brief, 'zh')} 发布的文章写成，并由程序逐句核对。"
    if some:
        en += " Parts that it could not write were put together from the articles’ own sentences, without AI."
        zh += "AI 未能写成的部分，由程序摘取文章原句编成。"
    return Both(
        f"{en} It may still be wrong: follow the numbers to the source.", f"{zh}仍可能有误，请循编号查看原文。"
    )
