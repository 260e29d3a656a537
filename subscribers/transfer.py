"""Readers in and out as CSV: rows stream through, so that a million of them need no more memory than a thousand."""

import codecs
import csv
import datetime as dt
import itertools
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, Any

from django.utils import timezone

from subscribers import addresses, joining, zones
from subscribers.joining import Newcomer, Proof
from subscribers.models import Language, State, Subscriber

BATCH = 2000
# Headers as exported by Mailchimp, listmonk, Buttondown and Substack, in lower case.
EMAIL_COLUMNS = ("email address", "email", "e-mail", "email_address", "subscriber email")
LANGUAGE_COLUMNS = ("language", "locale", "lang", "preferred language")
ZONE_COLUMNS = ("zone", "timezone", "time zone")
# Columns that say whether somebody still is a reader there, and the values that say yes; an empty cell says nothing.
STATE_COLUMNS: dict[str, frozenset[str]] = {
    "status": frozenset({"enabled", "subscribed", "active", "confirmed", "regular"}),
    "type": frozenset({"regular", "premium", "gifted", "trialed", "past_due", "churning"}),
    "subscriber_type": frozenset({"regular", "premium", "gifted", "trialed"}),
    "state": frozenset({"active", "paused"}),
    "email_disabled": frozenset({"false", "0", "no"}),
}
# A spreadsheet runs what begins like this (OWASP: CSV injection).
_FORMULA = ("=", "+", "-", "@", "\t", "\r")
EXPORTED = (
    *("email", "state", "language", "lists", "sections", "topics", "frequency", "send_at", "zone"),
    *("plain_text", "paused_until", "source", "created_at", "confirmed_at"),
)


class TransferError(Exception):
    """The file can't be read as it is; the message says what to do."""


@dataclass(frozen=True)
class RowError:
    """One row that was not taken, and why. `line` is its line in the file."""

    line: int
    email: str
    reason: str


@dataclass
class Report:
    """What became of the rows. Running again takes up where a run broke off: who is there counts as known."""

    rows: int = 0
    added: int = 0
    known: int = 0
    refused: int = 0
    reasons: dict[str, int] = field(default_factory=dict)


def import_readers(
    path: Path,
    *,
    basis: str,
    language: str,
    dry_run: bool = False,
    email_column: str = "",
    on_error: Callable[[RowError], None] = lambda error: None,
    progress: Callable[[int], None] = lambda rows: None,
) -> Report:
    """Admit the rows of a CSV file. `basis`: on what these people consented, kept with each of them word for word.

    `language` is for rows that name none. `on_error` gets each row that isn't taken. Raises TransferError.
    """
    report = Report()
    proof = Proof(how="import", wording=basis, at=timezone.now())
    if not basis.strip():
        raise TransferError("say on what basis these people consented: nobody is imported without one")
    with _open(path) as file:
        rows = _rows(file, email_column)
        while batch := list(itertools.islice(rows, BATCH)):
            _take(batch, language, proof, dry_run, report, on_error)
            progress(report.rows)
    return report


def _take(
    batch: list[tuple[int, dict[str, str], str]],
    language: str,
    proof: Proof,
    dry_run: bool,
    report: Report,
    on_error: Callable[[RowError], None],
) -> None:
    newcomers: dict[str, tuple[int, Newcomer]] = {}

    def refuse(line: int, email: str, reason: str) -> None:
        report.refused += 1
        report.reasons[reason] = report.reasons.get(reason, 0) + 1
        on_error(RowError(line, email, reason))

    for line, row, email in batch:
        report.rows += 1
        if reason := _gone(row):
            refuse(line, email, reason)
            continue
        try:
            address = addresses.normalise(email)
        except addresses.AddressError:
            refuse(line, email, "not an address")
            continue
        if address.key in newcomers:
            report.known += 1
            continue
        newcomers[address.key] = line, Newcomer(address, _language(row, language), _zone(row))
    everybody = [newcomer for _line, newcomer in newcomers.values()]
    outcome = joining.foresee(everybody) if dry_run else joining.admit(everybody, proof)
    for key, (line, newcomer) in newcomers.items():
        if outcome[key] == "suppressed":
            refuse(line, newcomer.address.email, "on the suppression list")
        elif outcome[key] == "known":
            report.known += 1
        else:
            report.added += 1


def _open(path: Path) -> IO[str]:
    """As UTF-8, or as GB18030 where it isn't: Excel in China writes that."""
    with path.open("rb") as file:
        decoder = codecs.getincrementaldecoder("utf-8")()
        try:
            while chunk := file.read(1 << 20):
                decoder.decode(chunk)
        except UnicodeDecodeError:
            return path.open(encoding="gb18030", errors="replace", newline="")
    return path.open(encoding="utf-8-sig", errors="replace", newline="")


def _rows(file: IO[str], email_column: str) -> Iterator[tuple[int, dict[str, str], str]]:
    """Line, row by lower-case header, and the address as it stands there."""
    first = file.readline()
    if not first.strip():
        raise TransferError("the file is empty")
    delimiter = max(",;\t", key=first.count)
    header = [name.strip().lower() for name in next(csv.reader([first], delimiter=delimiter))]
    column = email_column.lower() or next((name for name in EMAIL_COLUMNS if name in header), "")
    if column not in header:
        raise TransferError(f"no column of addresses among {', '.join(header)}: name it with --email-column")
    reader = csv.reader(file, delimiter=delimiter)
    for values in reader:
        if values:
            row = dict(zip(header, (value.strip() for value in values), strict=False))
            yield reader.line_num + 1, row, plain(row.get(column, ""))


def _gone(row: dict[str, str]) -> str:
    """Why the row's person is no reader where they come from; empty where they are."""
    for column, still in STATE_COLUMNS.items():
        value = row.get(column, "").lower()
        if value and value not in still:
            return f"{column} is {value}"
    return "unsubscribed" if row.get("unsub_time") or row.get("unsubscribed_at") else ""


def _language(row: dict[str, str], default: str) -> str:
    value = next((row[name].lower() for name in LANGUAGE_COLUMNS if row.get(name)), "")
    if value in Language.values:
        return value
    primary = value.replace("_", "-").partition("-")[0]
    return {"zh": "zh", "chinese": "zh", "en": "en", "english": "en"}.get(primary, default)


def _zone(row: dict[str, str]) -> str:
    value = next((row[name] for name in ZONE_COLUMNS if row.get(name)), "")
    return value if zones.is_known(value) else ""


def safe(value: Any) -> str:
    """A cell that no spreadsheet takes for a formula; `plain` undoes it."""
    text = value.isoformat() if isinstance(value, (dt.date, dt.time)) else "" if value is None else str(value)
    return f"'{text}" if text.startswith(_FORMULA) else text


def plain(text: str) -> str:
    """A cell as it was before `safe`."""
    return text[1:] if text.startswith("'") and text[1:].startswith(_FORMULA) else text


def export_readers(file: IO[str], states: list[str]) -> int:
    """Write the readers in `states` as CSV; how many. Lists are joined by blanks, and empty where they mean all."""
    writer = csv.writer(file)
    writer.writerow(EXPORTED)
    readers = Subscriber.objects.filter(state__in=states).exclude(state=State.ERASED).order_by("pk")
    written = 0
    for values in readers.values_list(*EXPORTED).iterator(chunk_size=BATCH):
        writer.writerow(safe(" ".join(value) if isinstance(value, list) else value) for value in values)
        written += 1
    return written
