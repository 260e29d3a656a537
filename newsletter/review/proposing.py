"""Proposals: asked for, compared with what stands, taken or left. Until it is taken nothing in the issue changes."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.contrib.auth.models import User
from django.db import transaction
from django.utils.translation import gettext as _

from newsletter.bilingual import LANGUAGES, Both
from newsletter.models import Block, Citation, Issue, Proposal, Story
from newsletter.models.issue import BY_DATA, BlockKind
from newsletter.review import citing, texts
from newsletter.review.adding import add
from newsletter.review.changing import SUBJECTS, changed, current, lock_issue, new_act, read_again, record, write
from newsletter.review.editing import EditConflictError, EditRefusedError, follow_title, values, version
from newsletter.review.record import audit
from newsletter.runs import is_dead
from newsletter.sentences import citations as numbers_in

State, Purpose = Proposal.State, Proposal.Purpose
OPEN = frozenset({State.WAITING, State.WRITING, State.READY})


@dataclass(frozen=True, slots=True)
class Shown:
    """A proposal as it would stand in the issue, with the issue's numbers; `fresh` are citations that it would get."""

    title: Both
    text: Both
    fresh: tuple[Citation, ...]


def ask(
    issue: Issue,
    user: User,
    purpose: str,
    *,
    writer: str,
    block: Block | None = None,
    story: Story | None = None,
    sources: Sequence[Mapping[str, Any]] = (),
    instruction: str = "",
) -> Proposal:
    """A proposal that waits for its writer (offline or claude). Raises WorkflowError once the issue is past changing,
    EditRefusedError for a block that nobody writes again."""
    if block and purpose == Purpose.AGAIN and block.kind == BlockKind.NOTE:
        raise EditRefusedError({"block": _("A note is your own: nobody writes it again.")})
    with transaction.atomic():
        locked = lock_issue(issue)
        made = Proposal.objects.create(
            issue=locked,
            purpose=purpose,
            block=block,
            story=story,
            sources=list(sources) or _cited_by(block, purpose),
            writer=writer,
            instruction=texts.plain(instruction, one_line=True)[:500],
            seen=version(block) if block else "",
            by=user,
        )
        audit(user, made, f"asked for {purpose} by {writer}")
    return made


def _cited_by(block: Block | None, purpose: str) -> list[dict[str, Any]]:
    """An item of the editor's own is written again from what it cites."""
    if block is None or purpose != Purpose.AGAIN or block.kind != BlockKind.ITEM or block.story_id:
        return []
    cited = dict.fromkeys([*numbers_in(block.text_en), *numbers_in(block.text_zh)])
    return [{"citation": number} for number in cited]


def is_lost(proposal: Proposal) -> bool:
    """Whether its writer has died before it was done: nobody will finish it."""
    writing = proposal.state == State.WRITING and proposal.started_at is not None
    return writing and proposal.started_at is not None and is_dead(proposal.worker, proposal.started_at)


def is_stale(proposal: Proposal) -> bool:
    """Whether the block's texts are others than those that the proposal was asked for."""
    return proposal.block is not None and proposal.seen != version(proposal.block)


def shown(proposal: Proposal) -> Shown:
    """What would stand there if it were taken now."""
    draft = proposal.draft
    every = proposal.purpose == Purpose.OWN
    cited = citing.cite(proposal.issue, Both(**draft["text"]), proposal.sources, every=every)
    title = Both(**draft["title"])
    if not title and proposal.block and proposal.purpose == Purpose.AGAIN:
        title = Both(proposal.block.title_en, proposal.block.title_zh)
    return Shown(Both(title.en[:300], title.zh[:300]), cited.text, cited.fresh)


@dataclass(frozen=True, slots=True)
class OwnText:
    """An own item as the editor leaves it: `numbers` are those that its sources had, one by one, where they wrote."""

    title: Both
    text: Both
    numbers: tuple[int, ...]
    after: Block | None  # the block that it comes after; None: first of all


def take(proposal: Proposal, user: User, *, seen: str = "", own: OwnText | None = None) -> Block:
    """Put the proposal into the issue, and return the block that has it.

    `seen` is the `version()` of the block that the editor compared it with: EditConflictError where that is another
    by now. `own` is what becomes of an own item. Raises WorkflowError, EditRefusedError.
    """
    with transaction.atomic():
        issue = lock_issue(proposal.issue)
        proposal = Proposal.objects.select_for_update().get(pk=proposal.pk)
        proposal.issue = issue
        if proposal.state != State.READY:
            raise EditRefusedError({"proposal": _("This proposal is no longer open: it was taken or left.")})
        if proposal.block:
            proposal.block.issue = issue
            if seen and version(proposal.block) != seen:
                raise EditConflictError(values(proposal.block))
        if own:
            block = _take_own(proposal, issue, user, own)
        elif proposal.purpose == Purpose.SWAP:
            block = _take_swap(proposal, issue, user, shown(proposal))
        else:
            block = _take_again(proposal, issue, user, shown(proposal))
        proposal.state = State.TAKEN
        proposal.save(update_fields=["state"])
    read_again(issue)
    return block


def leave(proposal: Proposal, user: User) -> bool:
    """Decide against it; False where that is decided already. What it cost stays on its receipts."""
    with transaction.atomic():
        left = Proposal.objects.filter(pk=proposal.pk, state__in=[*OPEN, State.FAILED]).update(state=State.LEFT)
        if left:
            audit(user, proposal, "left")
    return bool(left)


def _take_again(proposal: Proposal, issue: Issue, user: User, told: Shown) -> Block:
    block, draft = proposal.block, proposal.draft
    assert block is not None
    new: dict[str, Any] = {
        **{"title_en": told.title.en, "title_zh": told.title.zh, "text_en": told.text.en, "text_zh": told.text.zh},
        **{"foreign_en": "en" in draft["foreign"], "foreign_zh": "zh" in draft["foreign"]},
        **{"parity": draft["parity"], "composer": draft["composer"][:60]},
        **({"extra": draft["extra"]} if block.kind in BY_DATA else {}),
    }
    before = current(block, (*new, *SUBJECTS))
    follow_title(block, before, new)
    differing = [name for name in new if new[name] != before[name]]
    if not differing:
        raise EditRefusedError({"proposal": _("It is word for word what stands there.")})
    Citation.objects.bulk_create(told.fresh)
    record(block, user, {name: before[name] for name in differing})
    write(block, {name: new[name] for name in differing})
    changed(issue, block, user, f"took proposal {proposal.pk} by {proposal.draft['composer'] or proposal.writer}")
    return block


def _take_swap(proposal: Proposal, issue: Issue, user: User, told: Shown) -> Block:
    """The candidate stands where the item stood; the item stays, dropped, and comes back by undo."""
    gone = proposal.block
    assert gone is not None
    if gone.dropped:
        raise EditRefusedError({"proposal": _("The item that was to give way is out already: choose another.")})
    act = new_act()
    block = add(issue, user, _new_item(proposal, told), after=gone, cites=told.fresh, act=act, what="swapped in")
    gone.refresh_from_db()
    gone.issue = issue
    record(gone, user, {"dropped": False}, act=act)
    write(gone, {"dropped": True})
    changed(issue, gone, user, f"gave way to {block.key}")
    return block


def _take_own(proposal: Proposal, issue: Issue, user: User, own: OwnText) -> Block:
    typed = [number for lang in LANGUAGES for number in numbers_in(own.text[lang])]
    old = {number: place for place, number in enumerate(own.numbers)}
    used = [old[number] for number in dict.fromkeys(typed) if number in old]
    numbers, fresh = citing.number_sources(issue, proposal.sources, used)
    became = {own.numbers[place]: number for place, number in numbers.items()}
    text = Both(*(citing.renumbered(own.text[lang], became) for lang in LANGUAGES))
    text = Both(*(texts.plain(text[lang], one_line=False) for lang in LANGUAGES))
    title = Both(*(texts.plain(own.title[lang], one_line=True) for lang in LANGUAGES))
    known = {*issue.citations.values_list("number", flat=True), *numbers.values()}
    fields = {f"title_{lang}": title[lang] for lang in LANGUAGES} | {f"text_{lang}": text[lang] for lang in LANGUAGES}
    problems = {name: texts.problem(name, value, "", known) for name, value in fields.items()}
    if not (title and text):
        problems["title_en"] = _("Write a headline and a text.")
    if said := {name: problem for name, problem in problems.items() if problem}:
        raise EditRefusedError(said)
    told = Shown(title, text, tuple(fresh))
    first = shown(proposal).text
    foreign = [lang for lang in proposal.draft["foreign"] if own.text[lang].split() == first[lang].split()]
    item = {**_new_item(proposal, told), "foreign_en": "en" in foreign, "foreign_zh": "zh" in foreign}
    return add(issue, user, item, after=own.after, cites=told.fresh, what="added own item")


def _new_item(proposal: Proposal, told: Shown) -> dict[str, Any]:
    draft = proposal.draft
    return {
        **{"key": proposal.key, "kind": BlockKind.ITEM, "story_id": proposal.story_id},
        **{"title_en": told.title.en, "title_zh": told.title.zh, "text_en": told.text.en, "text_zh": told.text.zh},
        **{"foreign_en": "en" in draft["foreign"], "foreign_zh": "zh" in draft["foreign"]},
        **{"parity": draft["parity"], "composer": draft["composer"][:60], "extra": draft["extra"]},
    }
