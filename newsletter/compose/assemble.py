"""From rows to a draft issue: a brief, a writer, then one short transaction. An editor's own blocks stay."""

import datetime as dt
from collections.abc import Callable, Collection, Iterable, Mapping
from itertools import count
from typing import Any, Literal

from django.db import transaction
from django.db.models import Max
from django.utils import timezone

from newsletter import sentences
from newsletter.citing import snapshot
from newsletter.compose import batches, offline, online
from newsletter.compose.brief import Brief, brief_for
from newsletter.compose.draft import Draft, DraftBlock, place_of
from newsletter.compose.numbering import number
from newsletter.models import Article, Block, Citation, Issue, IssueState, Newsletter, Ranking, SourceList, Story
from newsletter.runs import IdleError
from newsletter.workflow import WorkflowError

WriterName = Literal["offline", "claude"]
Progress = Callable[[str, int, int], None]
_FEW = 0.25  # the share of the chosen stories that may have gone since they were ranked: merged, or taken away
COMPOSABLE = frozenset({IssueState.DRAFT, IssueState.IN_REVIEW, IssueState.HELD})
_ADVICE = {
    IssueState.APPROVED: "edit it at the desk, which voids the approval; then compose again",
    IssueState.SENDING: "mails have begun to leave",
    IssueState.SENT: "readers have it; a mistake is mended by a correction",
    IssueState.SKIPPED: "an editor decided against an issue for this day",
}
_FIELDS: tuple[str, ...] = (
    "kind",
    "source_list_id",
    "story_id",
    "position",
    "title_en",
    "title_zh",
    "text_en",
    "text_zh",
)
_FIELDS += ("parity", "foreign_en", "foreign_zh", "data", "extra", "composer")
_SNAPSHOT: tuple[str, ...] = ("article_id", "source_list_id", "outlet", "outlet_en", "outlet_zh")
_SNAPSHOT += ("language", "title", "text", "url", "published_at", "dated")


class NothingToComposeError(IdleError):
    """The day has no stories; the message says what to run."""


def compose_issue(
    newsletter: Newsletter,
    date: dt.date,
    cutoff: dt.datetime,
    *,
    writer_name: WriterName,
    progress: Progress,
    may_wait: bool = False,
) -> dict[str, Any]:
    """Write the issue of `date` about the 24 hours that end at `cutoff`; what is returned are the counts to report.

    Composing again replaces every block that no person edited or dropped; the same input gives the same issue, to the
    letter, and then nothing is written at all. Raises NothingToComposeError on a day without stories, WorkflowError
    once the issue is approved, leaving, gone or skipped. With `may_wait` the model's part may be handed to a batch
    first (CLAUDE_BATCH_MINUTES): then nothing is written yet, and the counts say until when the draft waits.
    """
    issue = _issue_of(newsletter, date)
    _refuse_settled(issue)
    progress("compose", 0, 3)
    brief = brief_for(newsletter, date, cutoff, _held_slots(issue))
    if not brief.chosen:
        raise NothingToComposeError(_why_nothing(brief, newsletter))
    progress("compose", 1, 3)
    if may_wait and writer_name == "claude" and (batch := batches.begin(brief)) and batch.state == "sent":
        return {"waits_for": batch.batch_id, "until": f"{batch.wait_until.astimezone(newsletter.tz):%H:%M}"}
    draft = _writer(writer_name)(brief)
    progress("compose", 2, 3)
    counts = _store(newsletter, date, cutoff, draft)
    progress("compose", 3, 3)
    notes = [*batches.notes(newsletter, date), *draft.notes] if writer_name == "claude" else list(draft.notes)
    return {**counts, **draft.counts, "notes": [*_other_window(brief, newsletter), *notes]}


def _other_window(brief: Brief, newsletter: Newsletter) -> list[str]:
    """A note where a good part of the chosen stories has no article in the window: rank had another --cutoff."""
    told = {story.id for story in brief.stories}
    chosen = Ranking.objects.filter(date=brief.date, story__newsletter=newsletter, chosen=True)
    missing = [story for story in chosen.values_list("story_id", flat=True) if story not in told]
    if len(missing) <= chosen.count() * _FEW:
        return []
    window = f"the 24 hours to {brief.end:%Y-%m-%d %H:%M} {newsletter.zone}"
    return [
        f"{len(missing)} of {chosen.count()} chosen stories have no article in {window}: the day was ranked for "
        "another window; give rank and compose the same --cutoff"
    ]


def _writer(name: WriterName) -> Callable[[Brief], Draft]:
    if name == "claude":
        return online.write
    return offline.write


def _issue_of(newsletter: Newsletter, date: dt.date) -> Issue | None:
    return Issue.objects.filter(newsletter=newsletter, kind="daily", date=date, sequence=1).first()


def _locked(newsletter: Newsletter, date: dt.date) -> Issue | None:
    """The issue, where there is one, locked: who saves or approves just then waits, or is waited for. And the
    newsletter: one numbering, one composing at a time."""
    if issue := _issue_of(newsletter, date):
        issue = Issue.objects.select_for_update().get(pk=issue.pk)
    Newsletter.objects.select_for_update().get(pk=newsletter.pk)
    return issue or _issue_of(newsletter, date)


def _refuse_settled(issue: Issue | None) -> None:
    if issue and issue.state not in COMPOSABLE:
        raise WorkflowError(
            f"{issue} is {issue.state} and can't be composed again: {_ADVICE[IssueState(issue.state)]}"
        )


def _why_nothing(brief: Brief, newsletter: Newsletter) -> str:
    window = f"the 24 hours to {brief.end:%Y-%m-%d %H:%M} {newsletter.zone}"
    if not brief.articles:
        return (
            f"nothing to compose: no relevant article in {window}. Run `manage.py gather`, then "
            f"`manage.py rank --date {brief.date}`; for a snapshot of a whole day give both --cutoff 24:00"
        )
    return (
        f"nothing to compose: {brief.articles} relevant articles in {window}, but no chosen story of {brief.date}. "
        f"Run `manage.py rank --date {brief.date}` with the same --cutoff"
    )


def _own(blocks: Iterable[Block]) -> list[Block]:
    """The blocks that an editor has made theirs: composing never touches them."""
    return [block for block in blocks if block.edited_at or block.dropped]


def _held_slots(issue: Issue | None) -> dict[int, int | None]:
    if issue is None:
        return {}
    items = _own(issue.blocks.filter(key__startswith="item-"))
    return {int(block.key.removeprefix("item-")): block.story_id for block in items}


def _store(newsletter: Newsletter, date: dt.date, cutoff: dt.datetime, draft: Draft) -> dict[str, Any]:
    with transaction.atomic():
        issue = _locked(newsletter, date) or _new_issue(newsletter, date, cutoff)
        _refuse_settled(issue)
        present = {block.key: block for block in issue.blocks.all()}
        own = _own(present.values())
        written, numbered = _write_citations(issue, draft, own)
        own_places = {block.key: block.position for block in own}
        wanted = _rows(issue, newsletter, numbered, own_places)
        changed = written + _write_blocks(wanted, present, own_places.keys())
        changed += _write_issue(issue, draft, cutoff, titles="main-line" not in own_places)
        if changed:
            issue.composed_at, issue.checked_at = timezone.now(), None
            issue.save(update_fields=["composed_at", "checked_at"])
    return {
        "issue": issue.number,
        "state": str(issue.state),
        "composer": issue.composer,
        "items": sum(1 for row in wanted if row.kind == "item"),
        "blocks": len(wanted),
        "kept": len(own),
        "citations": issue.citations.count(),
        "changed": changed,
    }


def _new_issue(newsletter: Newsletter, date: dt.date, cutoff: dt.datetime) -> Issue:
    last = Issue.objects.filter(newsletter=newsletter).aggregate(last=Max("number"))["last"] or 0
    return Issue.objects.create(newsletter=newsletter, date=date, cutoff=cutoff, number=last + 1)


def _write_citations(issue: Issue, draft: Draft, own: list[Block]) -> tuple[int, tuple[DraftBlock, ...]]:
    """Number the draft beside what the editor's blocks cite; return how many rows changed, and the numbered blocks."""
    theirs = {n for block in own for text in (block.text_en, block.text_zh) for n in sentences.citations(text)}
    present = {row.number: row for row in issue.citations.all()}
    kept = {row.article_id: n for n, row in present.items() if n in theirs and row.article_id is not None}
    own_keys = {block.key for block in own}
    numbered = number([block for block in draft.blocks if block.key not in own_keys], kept, theirs)
    articles = Article.objects.select_related("source").in_bulk(list(numbered.numbers))
    wanted = {n: snapshot(issue, n, articles[a]) for a, n in numbered.numbers.items() if n not in theirs}
    gone = [n for n in present if n not in wanted and n not in theirs]
    issue.citations.filter(number__in=gone).delete()
    stale = [row for n, row in wanted.items() if n not in present or _differs(present[n], row, _SNAPSHOT)]
    for row in stale:
        row.pk = present[row.number].pk if row.number in present else None
    Citation.objects.bulk_create([row for row in stale if row.pk is None])
    Citation.objects.bulk_update([row for row in stale if row.pk is not None], _SNAPSHOT)
    return len(gone) + len(stale), numbered.blocks


def _places(keys: Iterable[str], own: Mapping[str, int], lists: Iterable[str]) -> dict[str, int]:
    """Key -> position, counted through the issue. Notes, and items that an editor moved, stay; the others fill what is
    left."""
    notes = {key: place for key, place in own.items() if key.startswith("note-")}
    free = (place for place in count(1) if place not in notes.values())
    places = {key: next(free) for key in sorted(set(keys) - set(notes), key=place_of(lists))} | notes
    items = [key for key in places if key.startswith("item-")]
    left = [places[key] for key in items if places[key] not in own.values()]
    for key, place in zip((key for key in items if key not in own), left, strict=False):
        places[key] = place
    return places


def _rows(issue: Issue, newsletter: Newsletter, blocks: Iterable[DraftBlock], own: Mapping[str, int]) -> list[Block]:
    lists = {row.slug: row for row in SourceList.objects.filter(newsletter=newsletter)}
    blocks = list(blocks)
    places = _places({block.key for block in blocks} | set(own), own, lists)
    stories = set(Story.objects.filter(pk__in=[b.story for b in blocks if b.story]).values_list("pk", flat=True))
    return [
        Block(
            issue=issue,
            key=block.key,
            kind=block.kind,
            source_list=lists[block.list] if block.list else None,
            story_id=block.story if block.story in stories else None,
            position=places[block.key],
            title_en=block.title.en[:300],
            title_zh=block.title.zh[:300],
            text_en=block.text.en,
            text_zh=block.text.zh,
            parity=block.parity,
            foreign_en="en" in block.foreign,
            foreign_zh="zh" in block.foreign,
            data=block.data,
            extra=block.extra,
            composer=block.composer[:60],
        )
        for block in blocks
    ]


def _write_blocks(wanted: list[Block], present: dict[str, Block], own: Collection[str]) -> int:
    """Write what differs, row by row under its key, so that findings and revisions stay with their blocks."""
    gone = [block.pk for key, block in present.items() if key not in own and key not in {row.key for row in wanted}]
    Block.objects.filter(pk__in=gone).delete()
    stale = [row for row in wanted if row.key not in present or _differs(present[row.key], row, _FIELDS)]
    for row in stale:
        row.pk = present[row.key].pk if row.key in present else None
    Block.objects.bulk_create([row for row in stale if row.pk is None])
    Block.objects.bulk_update([row for row in stale if row.pk is not None], _FIELDS)
    return len(gone) + len(stale)


def _differs(one: Any, other: Any, fields: Iterable[str]) -> bool:
    return any(getattr(one, name) != getattr(other, name) for name in fields)


def _write_issue(issue: Issue, draft: Draft, cutoff: dt.datetime, *, titles: bool) -> int:
    """`titles`: false where the main line is an editor's, and with it the issue's titles and subjects."""
    fields: dict[str, Any] = {"composer": draft.composer[:80], "cutoff": cutoff}
    if titles:
        fields |= {"title_en": draft.title.en[:300], "title_zh": draft.title.zh[:300]}
        fields |= {"subject_en": draft.subject.en[:200], "subject_zh": draft.subject.zh[:200]}
    stale = [name for name, value in fields.items() if getattr(issue, name) != value]
    for name in stale:
        setattr(issue, name, fields[name])
    if stale:
        issue.save(update_fields=stale)
    return len(stale)
