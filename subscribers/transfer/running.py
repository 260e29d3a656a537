"""The rows of an import, part by part: from the queue, or here and now for the command.

A batch of rows and the place that it ends at are one transaction, so that a worker may die anywhere: what it had
committed is done, and what it had not never was. The next tick finds the row and goes on.
"""

import csv
import itertools
import logging
import math
import os
import shutil
import time
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from pathlib import Path

from django.conf import settings
from django.contrib.admin.models import CHANGE, LogEntry
from django.db import reset_queries, transaction
from django.db.models import F, Q
from django.utils import timezone
from django.utils.module_loading import import_string
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from subscribers import admitting, shutting_out
from subscribers.admitting import Newcomer
from subscribers.joining import Proof
from subscribers.models import AT_WORK, Import, ImportPurpose, ImportState, Way
from subscribers.transfer import columns, importing, jobs, table
from subscribers.transfer.cells import safe
from subscribers.transfer.columns import Columns, Role
from subscribers.transfer.importing import Admission, Rehearsal, Report, RowError
from subscribers.transfer.jobs import FILE_GONE, LEASE
from subscribers.transfer.table import Row, TransferError

log = logging.getLogger(__name__)

AT_MOST = 45  # seconds in one call, so that a worker's other tasks get their turn
ATTEMPTS = 5  # without any row done, before an import counts as failed
FINISHED = gettext_noop("Imported: {rows} rows, {added} became readers, {known} known, {refused} refused.")
FINISHED_GONE = gettext_noop(
    "Imported: {rows} rows, {added} put on the suppression list, {known} there already, {refused} refused."
)
ERROR_COLUMNS = ("line", "email", "reason")

# What is done with the people of a file, and what only foresees it.
DOING: dict[ImportPurpose, Callable[[Sequence[Newcomer], Proof], dict[str, str]]] = {
    ImportPurpose.READERS: admitting.admit,
    ImportPurpose.GONE: shutting_out.shut_out,
}
FORESEEING: dict[ImportPurpose, Admission] = {
    ImportPurpose.READERS: admitting.foresee,
    ImportPurpose.GONE: shutting_out.foresee,
}

Progress = Callable[[int], None]


class _OvertakenError(Exception):
    """The import was cancelled, or another worker does it: what this one has just done is undone."""


def run_due() -> int:
    """Work on whatever import is due, for AT_MOST seconds; how many were worked on. Safe to run twice at once."""
    ends, worked = time.monotonic() + AT_MOST, 0
    for job in Import.objects.filter(state__in=AT_WORK).order_by("changed_at"):
        if time.monotonic() < ends and _claim(job):
            worked += 1
            _attempt(job, ends)
    if worked and Import.objects.filter(state__in=AT_WORK, attempts=0, lease_until=None).exists():
        import_string(settings.READER_IMPORT_WAKE)()  # what failed waits for the next tick
    return worked


def _claim(job: Import) -> bool:
    now = timezone.now()
    free = Import.objects.filter(Q(lease_until=None) | Q(lease_until__lt=now), pk=job.pk, state__in=AT_WORK)
    claimed = free.update(lease_until=now + LEASE, attempts=F("attempts") + 1) == 1
    job.refresh_from_db()
    return claimed


def _attempt(job: Import, ends: float) -> None:
    """Work on a claimed import; what goes wrong is written down, and tried again where it may pass."""
    if job.attempts > ATTEMPTS:
        jobs.fail(job, job.failure or f"the worker died {ATTEMPTS} times behind line {job.line}")
        return
    try:
        work(job, ends=ends)
    except TransferError as error:
        jobs.fail(job, str(error))
    except Exception as error:
        log.exception("import %s: attempt %s behind line %s", job.pk, job.attempts, job.line)
        failure = f"{type(error).__name__}: {error}"[:500]
        Import.objects.filter(pk=job.pk, state__in=AT_WORK).update(failure=failure, lease_until=None)


def work(job: Import, *, ends: float = math.inf, progress: Progress = lambda rows: None) -> None:
    """Do the rows of a claimed import from where it stands, until `ends` (of time.monotonic) or its own end.

    Raises TransferError.
    """
    where = columns.settle(job.header, [Role(role) for role in job.roles])
    rehearsal = (
        Rehearsal(FORESEEING[ImportPurpose(job.purpose)]).foresee if job.state == ImportState.CHECKING else None
    )
    try:
        with job.path.open("rb") as kept:
            if rehearsal:  # whom it has seen it knows only while it lasts: it goes in one piece, from the start
                _rewind(job, table.layout(kept))
                ends = math.inf
            kept.seek(job.position)
            rows = table.rows_of(kept, job.delimiter, after=job.line)
            while time.monotonic() < ends:
                if not (batch := list(itertools.islice(rows, importing.BATCH))):
                    return _finish(job)
                _take(job, batch, where, rehearsal, position=kept.tell())
                progress(job.report["rows"])
                reset_queries()  # with DEBUG on, Django keeps the text of each, and these are long
    except FileNotFoundError:
        raise TransferError(_(FILE_GONE)) from None
    except _OvertakenError:
        return job.refresh_from_db()
    Import.objects.filter(pk=job.pk, state=job.state, position=job.position).update(lease_until=None)
    return None


def _rewind(job: Import, found: table.Layout) -> None:
    _record(job, position=found.position, line=found.line, errors_size=0, report=Report().kept())


def _take(job: Import, batch: Sequence[Row], where: Columns, rehearsal: Admission | None, *, position: int) -> None:
    """One batch: its people, its refused rows, and that it is done."""
    refused: list[RowError] = []
    report = Report.of(job.report)
    with ExitStack() as stack:

        def admit(people: Sequence[Newcomer]) -> dict[str, str]:
            # Begun only now that the rows are read: on SQLite nobody else can write until it ends.
            stack.enter_context(transaction.atomic())
            return DOING[ImportPurpose(job.purpose)](people, _proof(job))

        admission = rehearsal or admit
        report.add(importing.take(batch, where, job.language, admission, refused.append, job.purpose))
        size = _note(job, refused)
        _record(job, position=position, line=batch[-1][0], errors_size=size, report=report.kept(), attempts=0)


def _proof(job: Import) -> Proof:
    return Proof(how=Way.IMPORT, wording=job.basis, at=job.started_at or timezone.now(), note=f"import {job.pk}")


def _record(job: Import, **fields: object) -> None:
    """How far it has come; only while it is still this worker's."""
    mine = Import.objects.filter(pk=job.pk, state=job.state, position=job.position)
    if not mine.update(**fields, lease_until=timezone.now() + LEASE, failure=""):
        raise _OvertakenError
    for name, value in fields.items():
        setattr(job, name, value)


def _note(job: Import, refused: Sequence[RowError]) -> int:
    """Add to the list of refused rows, behind what is committed of it; its size then."""
    if not refused:
        return job.errors_size
    descriptor = os.open(job.errors_path, os.O_RDWR | os.O_CREAT, 0o600)
    with os.fdopen(descriptor, "r+", encoding="utf-8", newline="") as file:
        file.truncate(job.errors_size)
        file.seek(job.errors_size)
        writer = csv.writer(file)
        if not job.errors_size:
            writer.writerow(ERROR_COLUMNS)
        writer.writerows((each.line, safe(each.email), safe(str(each.reason))) for each in refused)
        file.flush()
        os.fsync(file.fileno())
        return os.fstat(file.fileno()).st_size


def _finish(job: Import) -> None:
    if jobs.finish(job) and job.state == ImportState.DONE and job.uploaded_by:
        told = _(FINISHED_GONE if job.purpose == ImportPurpose.GONE else FINISHED).format(**job.report)
        LogEntry.objects.log_actions(job.uploaded_by.pk, [job], CHANGE, told, single_object=True)


def import_readers(
    path: Path,
    *,
    basis: str,
    language: str,
    dry_run: bool = False,
    email_column: str = "",
    purpose: ImportPurpose = ImportPurpose.READERS,
    errors: Path | None = None,
    progress: Progress = lambda rows: None,
) -> Report:
    """Admit the rows of a CSV file, here and now. `basis`: on what these people consented, kept word for word.

    With the purpose GONE they are put on the suppression list instead, and `basis` says where they left.
    `language` is for rows that name none; `errors` gets the list of refused rows. Where the process dies, a worker
    goes on; where it is interrupted, the import is cancelled. Raises TransferError.
    """
    with path.open("rb") as source:
        job = jobs.receive(source, path.name, purpose=purpose)
    try:
        jobs.settle(job, _roles(job, email_column), basis, language)
        (jobs.check if dry_run else jobs.start)(job, here=True)
        work(job, progress=progress)
    except BaseException:
        job.refresh_from_db()
        (jobs.cancel if job.started_at else jobs.discard)(job)
        raise
    if errors:
        _hand_over(job, errors)
    report = Report.of(job.report)
    if dry_run:
        jobs.discard(job)
    return report


def _roles(job: Import, email_column: str) -> list[Role]:
    roles = [Role(role) for role in job.roles]
    if email_column:
        named = [name.lower() == email_column.lower() for name in job.header]
        kept = [Role.NOTHING if role is Role.EMAIL else role for role in roles]
        roles = [Role.EMAIL if here else role for here, role in zip(named, kept, strict=True)]
    if Role.EMAIL not in roles:
        raise TransferError(f"no column of addresses among {', '.join(job.header)}: name it with --email-column")
    return roles


def _hand_over(job: Import, errors: Path) -> None:
    with os.fdopen(os.open(errors, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as target:
        if not job.errors_size:
            target.write(",".join(ERROR_COLUMNS).encode() + b"\r\n")
            return
        with job.errors_path.open("rb") as source:
            shutil.copyfileobj(source, target)
