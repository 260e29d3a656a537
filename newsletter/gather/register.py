"""Sources from a CSV file: read whole, judged whole, then stored whole or not at all."""

import csv
import io
import re
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from django.db import transaction

from newsletter.models import Newsletter, Source, SourceList

COLUMNS = ("name", "name_en", "name_zh", "language", "region", "url", "scope", "list", "active", "note")
REQUIRED = ("name", "language", "url", "list")
_SCOPES = ("ai", "general")
_YES_NO = {**dict.fromkeys(("", "yes", "1", "true", "on"), True), **dict.fromkeys(("no", "0", "false", "off"), False)}
_LONGEST = {"name": 200, "name_en": 200, "name_zh": 200, "url": 500, "region": 8, "note": 300}


class RegisterError(Exception):
    """What is wrong with the file: `problems`, one line each, with line numbers."""

    def __init__(self, *problems: str) -> None:
        self.problems = problems
        super().__init__("\n".join(problems))


@dataclass(frozen=True)
class Row:
    """One source as the file has it, judged."""

    name: str
    name_en: str
    name_zh: str
    language: str
    region: str
    url: str
    scope: str
    source_list: SourceList
    active: bool
    note: str


def load_sources(newsletter: Newsletter, path: Path) -> dict[str, int]:
    """Make or update the sources that the CSV file `path` names (columns COLUMNS; separated by comma, | or tab).

    A source is known by its url. Loading again changes nothing; sources that the file doesn't name are left
    alone. Returns counts of sources added, updated and unchanged. Raises RegisterError with every problem found, and
    then nothing is stored.
    """
    rows = _judge(newsletter, _read(path))
    counts = {"added": 0, "updated": 0, "unchanged": 0}
    with transaction.atomic():
        known = {source.url: source for source in Source.objects.filter(url__in=[row.url for row in rows])}
        for row in rows:
            counts[_apply(row, known.get(row.url))] += 1
    return counts


def _read(path: Path) -> list[tuple[int, dict[str, str]]]:
    """The rows with their line numbers; RegisterError for an unreadable file or a header that lacks a column."""
    try:
        text = path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeError) as error:
        raise RegisterError(f"{path}: {getattr(error, 'strerror', None) or 'not UTF-8 text'}") from None
    header = text.partition("\n")[0]
    delimiter = max(",|\t", key=header.count)
    reader = csv.DictReader(io.StringIO(text, newline=""), delimiter=delimiter, restkey="", restval="")
    names = [name.strip().lower() for name in reader.fieldnames or []]
    if missing := [name for name in REQUIRED if name not in names]:
        raise RegisterError(f"line 1: no column {', '.join(missing)}; the columns are {', '.join(COLUMNS)}")
    reader.fieldnames = names
    rows = ((reader.line_num, {k: v.strip() for k, v in row.items() if isinstance(v, str)}) for row in reader)
    return [(line, fields) for line, fields in rows if any(fields.values())]


def _judge(newsletter: Newsletter, found: Iterable[tuple[int, dict[str, str]]]) -> list[Row]:
    """Every row as a value; RegisterError with the problems of all of them."""
    lists = {each.slug: each for each in newsletter.source_lists.all()}
    elsewhere = set(Source.objects.exclude(source_list__newsletter=newsletter).values_list("url", flat=True))
    rows, problems, lines = [], [], dict[str, int]()
    for line, fields in found:
        wrong = _problems(fields, lists)
        url = fields["url"]
        if url in lines:
            wrong.append(f"the address is in line {lines[url]} already")
        if url in elsewhere:
            wrong.append("the address is a source of another newsletter")
        lines.setdefault(url, line)
        problems += [f"line {line}: {problem}" for problem in wrong]
        if not wrong:
            rows.append(_row(fields, lists[fields["list"]]))
    if problems:
        raise RegisterError(*problems)
    return rows


def _problems(fields: dict[str, str], lists: dict[str, SourceList]) -> list[str]:
    wrong = [f"no {name}" for name in REQUIRED if not fields[name]]
    wrong += [f"{name} is longer than {most}" for name, most in _LONGEST.items() if len(fields.get(name, "")) > most]
    if fields["language"] and not re.fullmatch(r"[a-z]{2,3}", fields["language"]):
        wrong.append(f"language {fields['language']!r}: write en, zh or another two-letter code")
    if fields["url"] and not _is_address(fields["url"]):
        wrong.append(f"url {fields['url']!r}: not an http or https address")
    if fields["list"] and fields["list"] not in lists:
        wrong.append(f"no source list {fields['list']!r}; there are: {', '.join(lists) or 'none'}")
    if fields.get("scope", "") not in ("", *_SCOPES):
        wrong.append(f"scope {fields['scope']!r}: write {' or '.join(_SCOPES)}")
    if fields.get("active", "").lower() not in _YES_NO:
        wrong.append(f"active {fields['active']!r}: write yes or no")
    return wrong


def _is_address(url: str) -> bool:
    try:
        parts = urlsplit(url)
    except ValueError:
        return False
    return parts.scheme in {"http", "https"} and bool(parts.hostname) and not re.search(r"\s", url)


def _row(fields: dict[str, str], source_list: SourceList) -> Row:
    return Row(
        name=fields["name"],
        name_en=fields.get("name_en", ""),
        name_zh=fields.get("name_zh", ""),
        language=fields["language"],
        region=fields.get("region", ""),
        url=fields["url"],
        scope=fields.get("scope") or "general",
        source_list=source_list,
        active=_YES_NO[fields.get("active", "").lower()],
        note=fields.get("note", ""),
    )


def _apply(row: Row, known: Source | None) -> str:
    """Store one row; the count it belongs to."""
    wanted = {name: getattr(row, name) for name in Row.__dataclass_fields__}
    if known is None:
        Source.objects.create(**wanted)
        return "added"
    if known.note.startswith(row.note):  # what visits have added to a note stays
        del wanted["note"]
    if known.off_at:  # somebody switched it off, and said why: an upgrade's file doesn't know better
        del wanted["active"]
    wanted = {name: value for name, value in wanted.items() if value or not name.startswith("name_")}
    changed = [name for name, value in wanted.items() if getattr(known, name) != value]
    for name in changed:
        setattr(known, name, wanted[name])
    if not changed:
        return "unchanged"
    known.save(update_fields=changed)
    return "updated"
