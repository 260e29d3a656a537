"""One block, written at an editor's wish: a `Proposal` is taken up, written by Claude or offline, and laid down again.

Nothing here touches the issue: review puts a proposal in, or leaves it. No transaction is open while a model writes.
"""

import json
import logging
from collections.abc import Iterable, Mapping
from dataclasses import replace
from decimal import Decimal
from typing import Any

from django.conf import settings
from django.utils import timezone

from newsletter import lexicon
from newsletter.bilingual import LANGUAGES, Both
from newsletter.compose import items, offline, online, prompts, variation
from newsletter.compose.asking import Morning
from newsletter.compose.brief import Brief, BriefStory, brief_for
from newsletter.compose.draft import DraftBlock
from newsletter.compose.material import fenced
from newsletter.compose.own_story import own_story
from newsletter.compose.own_words import spoken
from newsletter.compose.parts import Good, Part, parts_of
from newsletter.compose.pool import Pool
from newsletter.compose.prompts import PromptError
from newsletter.compose.triage import Triage
from newsletter.models import Block, Proposal
from newsletter.models.issue import BY_DATA, BlockKind
from newsletter.runs import this_worker
from newsletter.sentences import CITATION

log = logging.getLogger(__name__)

PATIENCE = 180.0  # seconds that the model gets for one block; the editor may do other things meanwhile
NEVER = frozenset({BlockKind.NOTE})  # the editor's own words: nobody writes them again


class NotWrittenError(Exception):
    """No text came of it; the message says why in a line, for the editor."""


def write_proposal(pk: int) -> None:
    """Write the proposal `pk`, if it still waits, and leave the result in its row. Safe to call twice."""
    claimed = Proposal.objects.filter(pk=pk, state=Proposal.State.WAITING).update(
        state=Proposal.State.WRITING, worker=this_worker(), started_at=timezone.now()
    )
    if not claimed:
        return
    proposal = Proposal.objects.select_related("issue__newsletter", "block__source_list", "story").get(pk=pk)
    lexicon.refresh()
    try:
        found = _written(proposal)
    except NotWrittenError as reason:
        _lay_down(proposal, Proposal.State.FAILED, notes=[*proposal.notes, str(reason)])
    except Exception as error:
        log.exception("proposal %s could not be written", pk)
        _lay_down(proposal, Proposal.State.FAILED, notes=[f"{type(error).__name__}: {error}"[:300]])
    else:
        _lay_down(proposal, Proposal.State.READY, draft=_stored(found), notes=proposal.notes)


def _lay_down(proposal: Proposal, state: str, **fields: Any) -> None:
    """Keep what came of it, and what it cost; one that an editor has left meanwhile stays left."""
    found = Proposal.objects.filter(pk=proposal.pk)
    found.update(finished_at=timezone.now(), calls=proposal.calls, cost_usd=proposal.cost_usd, **fields)
    found.filter(state=Proposal.State.WRITING).update(state=state)


def _stored(block: DraftBlock) -> dict[str, Any]:
    return {
        "title": block.title.to_json(),
        "text": block.text.to_json(),
        "foreign": list(block.foreign),
        "parity": block.parity,
        "data": block.data,
        "composer": block.composer,
        "extra": block.extra,
    }


def _written(proposal: Proposal) -> DraftBlock:
    brief = _brief(proposal)
    found = _offline(proposal, brief) if proposal.writer == offline.NAME else _by_model(proposal, brief)
    return _as_own(found) if _is_own(proposal) else found


# ---- what the writer is told --------------------------------------------------------------------------------


def _brief(proposal: Proposal) -> Brief:
    """The issue's own day, with the items that it has now; of a single item, with that one story in its slot."""
    issue = proposal.issue
    held = {_slot(each.key): each.story_id for each in issue.blocks.filter(kind=BlockKind.ITEM, dropped=False)}
    brief = brief_for(issue.newsletter, issue.date, issue.cutoff, held)
    slot, block = _slot(proposal.key), proposal.block
    if _is_own(proposal):
        return _with_items(brief, [own_story(proposal.sources, slot, issue)])
    if proposal.purpose == Proposal.Purpose.SWAP or (block and block.kind == BlockKind.ITEM):
        told = next((story for story in brief.stories if story.id == _story_id(proposal)), None)
        if told is None:
            raise NotWrittenError("none of the story’s articles is left in the day’s window")
        return _with_items(brief, [replace(told, slot=slot)])
    chosen = [replace(story, slot=0) for story in brief.stories if story.slot and story.id not in held.values()]
    rest = [story for story in brief.stories if not story.slot or story.id in held.values()]
    return replace(brief, stories=tuple(sorted([*rest, *chosen], key=lambda story: story.position)))


def _with_items(brief: Brief, chosen: Iterable[BriefStory]) -> Brief:
    items_ = {story.id: story for story in chosen}
    others = (replace(story, slot=0) for story in brief.stories if story.id not in items_)
    return replace(brief, stories=(*items_.values(), *others))


def _is_own(proposal: Proposal) -> bool:
    """Whether the item stands on sources that an editor chose, not on a story of the ranking."""
    if proposal.purpose == Proposal.Purpose.OWN:
        return True
    of_item = proposal.block is not None and proposal.block.kind == BlockKind.ITEM
    return proposal.purpose == Proposal.Purpose.AGAIN and of_item and _story_id(proposal) is None


def _story_id(proposal: Proposal) -> int | None:
    if proposal.purpose == Proposal.Purpose.AGAIN and proposal.block:
        return proposal.block.story_id
    return proposal.story_id


def _slot(key: str) -> int:
    number = key.removeprefix("item-")
    return int(number) if number.isdecimal() else 0


# ---- offline ------------------------------------------------------------------------------------------------


def _offline(proposal: Proposal, brief: Brief) -> DraftBlock:
    key, block = proposal.key, proposal.block
    if proposal.purpose != Proposal.Purpose.AGAIN:
        return _item(brief, key)
    assert block is not None
    if block.kind == BlockKind.ITEM:
        return variation.item(brief, key, _present(block))
    found = offline.write(brief).block(key)
    if found is None:
        raise NotWrittenError("the day’s articles no longer give anything for this block")
    return found


def _item(brief: Brief, key: str) -> DraftBlock:
    return spoken(next(block for block in items.write_items(Pool(brief)) if block.key == key))


def _as_own(block: DraftBlock) -> DraftBlock:
    """An own item has no place in the day's ranking, so it shows no scores."""
    kept = {name: value for name, value in block.extra.items() if name in ("topics", "articles")}
    return replace(block, story=None, extra={**kept, "own": True})


def _present(block: Block) -> Both:
    return Both(block.text_en, block.text_zh)


# ---- a model ------------------------------------------------------------------------------------------------


def _by_model(proposal: Proposal, brief: Brief) -> DraftBlock:
    morning = Morning(brief, min(PATIENCE, settings.CLAUDE_PATIENCE))
    try:
        part = _part(proposal, brief)
    except PromptError as fault:
        raise NotWrittenError(str(fault)) from None
    try:
        made = {block.key: block for block in online.write_part(morning, part)}
    finally:
        proposal.calls, proposal.cost_usd, proposal.notes = morning.calls, Decimal(morning.cost), morning.notes
    found = made.get(proposal.key)
    if found is None:
        raise NotWrittenError("the model gave nothing that could be used")
    return found


def _part(proposal: Proposal, brief: Brief) -> Part:
    """The request of which the block is a part in the morning, cut down to the block, with the editor's wish."""
    key = proposal.key
    kind = proposal.block.kind if proposal.block else BlockKind.ITEM
    if kind in BY_DATA or kind in NEVER:
        raise NotWrittenError("no model writes this block: it is made from counts, or by the editor")
    whole = next((part for part in parts_of(brief, Triage()) if any(_is_of(key, w.key) for w in part.wanted)), None)
    if whole is None:
        raise NotWrittenError("the day’s articles no longer give anything for this block")
    wanted = tuple(replace(w, needed=w.needed or w.key == key) for w in whole.wanted if _is_of(key, w.key))
    prompt = prompts.read("one")
    asked = replace(
        whole.asked,
        purpose=f"again {key}" if proposal.purpose == Proposal.Purpose.AGAIN else f"{proposal.purpose} {key}",
        version=f"{whole.asked.version} +{prompt.version}",
        prompt=prompt.filled(
            instructions=whole.asked.prompt,
            keys=", ".join(w.key for w in wanted),
            present=_shown(proposal),
            wish=_json(proposal.instruction or "none in particular: another wording"),
        ),
    )
    block = proposal.block
    if block and block.source_list_id:
        return replace(whole, asked=asked, wanted=wanted, blocks=lambda good: [_of_list(block, good)])
    return replace(whole, asked=asked, wanted=wanted)


def _is_of(key: str, wanted: str) -> bool:
    """Whether a piece that is asked for makes the block, or a part of it: the comparison is made of several."""
    return wanted == key or (key == "comparison" and wanted.startswith(("comparison-", "only-")))


def _of_list(block: Block, good: Good) -> DraftBlock:
    if block.key not in good:
        raise NotWrittenError("the model gave nothing that could be used")
    title, text = good[block.key]
    slug = block.source_list.slug if block.source_list else None
    made = DraftBlock(block.key, block.kind, text, title, list=slug, parity="translated", extra=block.extra)
    return replace(made, composer=settings.CLAUDE_MODEL)


def _shown(proposal: Proposal) -> str:
    """The block as it stands, its citations as ids of articles. Nothing in it can end the fence."""
    block = proposal.block
    if proposal.purpose != Proposal.Purpose.AGAIN or block is None:
        return "[]"
    numbers = {row.number: row.article_id for row in proposal.issue.citations.exclude(article=None) if row.article_id}
    text = {lang: _as_articles(getattr(block, f"text_{lang}"), numbers) for lang in LANGUAGES}
    title = {"en": block.title_en, "zh": block.title_zh}
    return fenced([{"key": block.key, "title": title, "text": text}])


def _as_articles(text: str, numbers: Mapping[int, int]) -> str:
    """`text` with `[a17]` for `[3]`; a number that stands for no article goes."""
    return CITATION.sub(lambda mark: f"[a{numbers[int(mark[1])]}]" if int(mark[1]) in numbers else "", text)


def _json(text: str) -> str:
    return json.dumps(text, ensure_ascii=False).replace("<", "\\u003c").replace(">", "\\u003e")
