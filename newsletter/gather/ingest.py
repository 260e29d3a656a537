"""The act: every due source, or every file of a folder, into articles. What fails is told and left for later."""

import datetime as dt
import logging
from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from newsletter.gather.fetch import Visit, visit, visit_all
from newsletter.gather.health import Complain, fail, note_move, succeed
from newsletter.gather.parse import MOST_BYTES, ParsedFeed, ParseError, parse
from newsletter.gather.store import Stored, store
from newsletter.gather.visits import record
from newsletter.models import Newsletter, Source, SourceList, SourceVisit
from newsletter.runs import ActError

log = logging.getLogger(__name__)

Progress = Callable[[str, int, int], None]

# Where a file's source goes when nobody says: the lists that `migrate` makes.
_CHINA = "china"
_OTHERWISE = "us"


class GatherError(ActError):
    """The act can't begin; the message says why and what to do."""


def gather(
    newsletter: Newsletter,
    *,
    seen_at: dt.datetime,
    progress: Progress,
    everything: bool = False,
    complain: Complain = log.warning,
) -> dict[str, Any]:
    """Visit the active sources whose turn it is (all active ones with `everything`), and store what is new.

    `complain` gets one line for each source that failed or has something wrong: "name: reason". Safe to run at any
    time and twice: an article is stored once. Returns counts of sources and articles.
    """
    now = timezone.now()
    active = Source.objects.filter(source_list__newsletter=newsletter, active=True, url__startswith="http")
    if not active.exists():
        raise GatherError(
            "no active source: load some with `manage.py load_sources newsletter/data/sources.csv`, or read --from DIR"
        )
    due = list(active if everything else active.filter(Q(next_visit_at=None) | Q(next_visit_at__lte=now)))
    counts = {"sources": len(due), "waiting": active.count() - len(due), "not_modified": 0, "failed": 0}
    counts |= asdict(Stored())
    for done, (source, answered) in enumerate(visit_all(due), 1):
        _add(counts, _settle(source, answered, seen_at, complain))
        progress("gather", done, len(due))
    return counts


def gather_one(source: Source, *, deadline: float, complain: Complain = log.warning) -> SourceVisit:
    """Visit `source` now, whether or not it is its turn, and store what is new; what came of it, as it is noted.

    The network is waited for no longer than `deadline` seconds. Safe beside the act itself.
    """
    now = timezone.now()
    _settle(source, visit(source, deadline=deadline), now, complain)
    return source.visits.all()[0]


def gather_folder(
    newsletter: Newsletter,
    folder: Path,
    *,
    list_slug: str | None,
    language: str | None,
    seen_at: dt.datetime,
    progress: Progress,
    complain: Complain = log.warning,
) -> dict[str, Any]:
    """Read every file under `folder` (hidden ones aside) as a feed, one source a file, made where unknown.

    A file's source is `file:` and its path in the folder, so that the same file of another day's folder is the same
    source. `list_slug` (slug or name) and `language` hold for all files; None: as the feed is, Chinese or under .cn
    to the list china, all else to us. `complain` gets "path: reason" for each file that gives no entries or had to
    be read with forbearance. Raises GatherError where there is no such folder or list.
    """
    chosen = list_named(newsletter, list_slug) if list_slug else None
    files = _files(folder)
    if not files:
        raise GatherError(f"no files in {folder}")
    counts: dict[str, Any] = {"files": len(files), "failed": 0, **asdict(Stored())}
    for done, path in enumerate(files, 1):
        name = path.relative_to(folder).as_posix()
        try:
            feed = _read(path, language or "")
            with transaction.atomic():
                source = _file_source(newsletter, name, feed, chosen, language)
                stored = asdict(store(source, feed, seen_at=seen_at))
                succeed(source, timezone.now(), feed.warning)
                record(source, timezone.now(), stored)
            _add(counts, stored)
        except ParseError as error:
            complain(f"{name}: {error}")
            counts["failed"] += 1
        else:
            if feed.warning:
                complain(f"{name}: {feed.warning}")
        progress("gather", done, len(files))
    return counts


def list_named(newsletter: Newsletter, name: str) -> SourceList:
    """The source list with that slug or name, in any case; GatherError names the known ones otherwise."""
    lists = list(newsletter.source_lists.all())
    for each in lists:
        if name.casefold() in {each.slug.casefold(), each.name_en.casefold(), each.name_zh.casefold()}:
            return each
    known = ", ".join(f"{each.slug} ({each.name_en})" for each in lists) or "none"
    raise GatherError(f"no source list {name!r}; there are: {known}")


def _settle(source: Source, visit: Visit, seen_at: dt.datetime, complain: Complain) -> dict[str, int]:
    """Store and note what came of a visit; the counts to add. Never raises for what a feed holds."""
    try:
        counts = _take(source, visit, seen_at, complain)
    except Exception as error:  # a defect met in one feed must not cost the morning the others
        log.exception("%s: could not be stored", source.name)
        counts = fail(source, visit, f"{type(error).__name__}: {error}", complain)
    if Source.objects.filter(pk=source.pk).exists():  # else somebody has deleted it while it was being visited
        record(source, visit.at, counts)
    return counts


def _take(source: Source, visit: Visit, seen_at: dt.datetime, complain: Complain) -> dict[str, int]:
    """Store what a visit brought, and what it left for the next; the counts to add."""
    answer = visit.answer
    if answer is None:
        return fail(source, visit, visit.error, complain)
    note_move(source, answer.moved_to, complain)
    if visit.unchanged:
        succeed(source, visit.at, source.last_error if not source.failures else "")
        return {"not_modified": 1}
    content_type = answer.headers.get("content-type", "")
    try:
        feed = parse(answer.body, content_type=content_type, base=answer.url, language=source.language)
    except ParseError as error:
        return fail(source, visit, str(error), complain)
    stored = store(source, feed, seen_at=seen_at)
    succeed(source, visit.at, feed.warning, answer.headers)  # only now: a feed that can't be read stays "modified"
    if feed.warning:
        complain(f"{source.name}: {feed.warning}")
    return asdict(stored)


def _files(folder: Path) -> list[Path]:
    if not folder.is_dir():
        raise GatherError(f"no folder {folder}")
    found = (path for path in folder.rglob("*") if path.is_file())
    return sorted(p for p in found if not any(part.startswith(".") for part in p.relative_to(folder).parts))


def _read(path: Path, language: str) -> ParsedFeed:
    """The feed in a file; ParseError where it can't be read, too."""
    try:
        if path.stat().st_size > MOST_BYTES:
            raise ParseError(f"larger than {MOST_BYTES // 1_000_000} MB")
        return parse(path.read_bytes(), language=language)
    except OSError as error:
        raise ParseError(error.strerror or str(error)) from None


def _file_source(
    newsletter: Newsletter, name: str, feed: ParsedFeed, chosen: SourceList | None, language: str | None
) -> Source:
    """The source of the file `name`, made where unknown; what was said on the command line holds for a known one too.

    Two files may carry one title (an outlet's two feeds): they are two sources of one name, told apart by address.
    """
    known = Source.objects.filter(url=_file_address(name)).select_related("source_list").first()
    if known is None:
        home = chosen or list_named(newsletter, _list_of(feed, language or feed.language))
        return Source.objects.create(
            source_list=home,
            name=feed.title or Path(name).stem,
            url=_file_address(name),
            language=language or feed.language,
        )
    if known.source_list.newsletter_id != newsletter.pk:
        raise ParseError(f"is a source of {known.source_list.newsletter} already: rename the file")
    if (chosen and known.source_list != chosen) or (language and known.language != language):
        known.source_list, known.language = chosen or known.source_list, language or known.language
        known.save(update_fields=["source_list", "language"])
    return known


def _list_of(feed: ParsedFeed, language: str) -> str:
    """The list of a feed about which nothing was said: China's own English papers are China media too."""
    hosts = [urlsplit(entry.url).hostname or "" for entry in feed.entries]
    at_home = sum(host.endswith(".cn") for host in hosts)
    return _CHINA if language == "zh" or at_home * 2 > len(hosts) else _OTHERWISE


def _file_address(name: str) -> str:
    return f"file:{name}"[:500]


def _add(counts: dict[str, Any], more: dict[str, int]) -> None:
    for name, number in more.items():
        counts[name] += number
