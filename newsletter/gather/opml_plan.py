"""What an OPML file would change, row by row, before anything is written; then just that."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from enum import StrEnum

from django.db import transaction
from django.utils import timezone
from django.utils.text import slugify

from newsletter.gather.discovery import typed_address
from newsletter.gather.feed_key import feed_key, known_feeds
from newsletter.gather.languages import language_of, primary
from newsletter.gather.opml import Folder, Opml, Outline
from newsletter.gather.plain import shorten
from newsletter.models import Newsletter, Source, SourceList

NEW_LIST = "new"  # instead of a list's id: make one with the folder's name
LEAVE_OUT = "none"


class Fate(StrEnum):
    """What becomes of a row."""

    NEW = "new"
    KNOWN = "known"  # a source already, in whatever spelling of its address
    TWICE = "twice"  # a row above has the same feed
    BROKEN = "broken"  # no address that could be visited
    LEFT_OUT = "left out"  # its folder is not wanted


@dataclass(frozen=True)
class Row:
    """One feed of the file and what is to become of it."""

    outline: Outline
    fate: Fate
    url: str = ""
    language: str = ""
    guessed: bool = False  # the file doesn't say the language
    known: Source | None = None


@dataclass(frozen=True)
class Plan:
    rows: tuple[Row, ...]
    homes: dict[str, str]  # a folder's path -> a list's id, NEW_LIST or LEAVE_OUT
    folders: dict[str, Folder]

    def count(self, fate: Fate) -> int:
        """How many rows have that fate."""
        return sum(row.fate == fate for row in self.rows)


def plan(newsletter: Newsletter, opml: Opml, chosen: Mapping[str, str] | None = None) -> Plan:
    """The fate of every row. `chosen` says where folders go, as Plan.homes; the rest goes to the list of its name."""
    lists = list(newsletter.source_lists.all())
    homes = {path: _home(folder, lists) for path, folder in opml.folders.items()}
    allowed = {NEW_LIST, LEAVE_OUT, *(str(each.pk) for each in lists)}
    homes |= {path: home for path, home in (chosen or {}).items() if path in homes and home in allowed}
    known, seen = known_feeds(Source.objects.select_related("source_list")), set[str]()
    rows = []
    for outline in opml.outlines:
        row = _judged(outline, known, seen)
        out = row.fate == Fate.NEW and homes[outline.folder] == LEAVE_OUT
        rows.append(replace(row, fate=Fate.LEFT_OUT) if out else row)
    return Plan(tuple(rows), homes, opml.folders)


def carry_out(newsletter: Newsletter, planned: Plan) -> list[Source]:
    """Make the new sources, and the lists that are new; those sources. All or nothing."""
    with transaction.atomic():
        wanted = [row for row in planned.rows if row.fate == Fate.NEW]
        lists = _lists(newsletter, planned, {row.outline.folder for row in wanted})
        return [_source(row, lists[row.outline.folder]) for row in wanted]


def _judged(outline: Outline, known: Mapping[str, Source], seen: set[str]) -> Row:
    url = typed_address(outline.url)
    if not url or len(url) > 500:
        return Row(outline, Fate.BROKEN)
    key = feed_key(url)
    if key in known:
        return Row(outline, Fate.KNOWN, url, known=known[key])
    if key in seen:
        return Row(outline, Fate.TWICE, url)
    seen.add(key)
    said = primary(outline.language)
    return Row(outline, Fate.NEW, url, said or language_of(outline.title, ""), guessed=not said)


def _home(folder: Folder, lists: list[SourceList]) -> str:
    """The list that a folder's slug or title names; a new one where there is none; the first for feeds in none."""
    names = {folder.slug.casefold(), folder.title.casefold()} - {""}
    for each in lists:
        if names & {each.slug.casefold(), each.name_en.casefold(), each.name_zh.casefold()}:
            return str(each.pk)
    return NEW_LIST if folder.title or not lists else str(lists[0].pk)


def _lists(newsletter: Newsletter, planned: Plan, paths: set[str]) -> dict[str, SourceList]:
    """The source list of each folder in `paths`, made where it is new."""
    known = {str(each.pk): each for each in newsletter.source_lists.all()}
    position = max((each.position for each in known.values()), default=0)
    found = {}
    for path, home in planned.homes.items():
        if path in paths and home == NEW_LIST:
            position += 1
            found[path] = _new_list(newsletter, planned.folders[path], position)
        elif path in paths:
            found[path] = known[home]
    return found


def _new_list(newsletter: Newsletter, folder: Folder, position: int) -> SourceList:
    title = shorten(folder.title or "OPML", 100)
    return SourceList.objects.create(
        newsletter=newsletter,
        slug=_free_slug(newsletter, folder),
        name_en=title,
        name_zh=shorten(folder.name_zh or title, 100),
        position=position,
    )


def _free_slug(newsletter: Newsletter, folder: Folder) -> str:
    wanted = slugify(folder.slug or folder.title)[:40].strip("-") or "list"
    taken = set(newsletter.source_lists.values_list("slug", flat=True))
    numbered = (f"{wanted}-{n}" for n in range(2, len(taken) + 3))
    return wanted if wanted not in taken else next(slug for slug in numbered if slug not in taken)


def _source(row: Row, source_list: SourceList) -> Source:
    said = row.outline.said
    active = said("active") != "no"
    return Source.objects.create(
        source_list=source_list,
        name=shorten(row.outline.title or row.url, 200),
        name_en=said("name_en")[:200],
        name_zh=said("name_zh")[:200],
        url=row.url,
        language=row.language[:8],
        region=said("region")[:8],
        scope="ai" if said("scope") == "ai" else "general",
        active=active,
        off_reason="" if active else said("reason")[:300],
        off_at=None if active else timezone.now(),
        note=said("note")[:300],
    )
