"""An import's file, and its moves from state to state; `running` does the rows. Admin and command both go this way."""

import datetime as dt
import itertools
import os
import tempfile
from collections.abc import Collection, Sequence
from pathlib import Path
from typing import IO, Any

from django.conf import settings
from django.contrib.auth.models import User
from django.db import transaction
from django.db.models import F
from django.utils import timezone
from django.utils.module_loading import import_string
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from subscribers.models import AT_WORK, OPEN, Import, ImportPurpose, ImportState
from subscribers.transfer import columns, table
from subscribers.transfer.columns import Role
from subscribers.transfer.table import TransferError

LOOKED_AT = 50  # rows from which the columns are guessed
EXAMPLES = 5  # of them are shown beside the columns' names
LEASE = dt.timedelta(minutes=2)  # far longer than one batch of rows takes: after it, a worker counts as dead
KEPT_UNSTARTED = dt.timedelta(days=7)  # a file with which nothing is done
KEPT_ERRORS = dt.timedelta(days=30)  # the lists of refused rows
FILE_GONE = gettext_noop("the file isn’t here: do the web server and the worker have the same VAR_DIR?")
NO_BASIS = gettext_noop("say on what basis these people consented: nobody is imported without one")


# ---- the file comes in ---------------------------------------------------------------------------------------


def receive(
    source: IO[bytes], name: str, by: User | None = None, purpose: ImportPurpose = ImportPurpose.READERS
) -> Import:
    """Keep a file and guess its columns; `source` is seekable. Raises TransferError for what is no list of people."""
    if purpose == ImportPurpose.READERS:
        columns.refuse_by_name(name)
    descriptor, part = tempfile.mkstemp(suffix=".part", dir=Import.folder())
    try:
        with os.fdopen(descriptor, "w+b") as kept:
            encoding = table.keep(source, kept)
            found = table.layout(kept)
            first = _rows(kept, found, LOOKED_AT)
            roles = columns.guess(found.header, first)
            if purpose == ImportPurpose.GONE:
                roles = columns.for_the_gone(roles, name)
            columns.refuse_without_addresses(found.header, roles, first)
            size = kept.seek(0, os.SEEK_END)
        now = timezone.now()
        job = Import.objects.create(
            name=name[:255],
            purpose=purpose,
            size=size,
            encoding=encoding,
            uploaded_by=by,
            uploaded_at=now,
            changed_at=now,
            header=found.header,
            delimiter=found.delimiter,
            roles=roles,
        )
        Path(part).rename(job.path)
    finally:
        Path(part).unlink(missing_ok=True)
    return job


def examples(job: Import) -> list[list[str]]:
    """The first rows, each with a cell for every column. Raises TransferError."""
    try:
        with job.path.open("rb") as kept:
            rows = _rows(kept, table.layout(kept), EXAMPLES)
    except FileNotFoundError:
        raise TransferError(_(FILE_GONE)) from None
    width = len(job.header)
    return [[*row, *[""] * (width - len(row))][:width] for row in rows]


def _rows(kept: IO[bytes], found: table.Layout, count: int) -> list[list[str]]:
    kept.seek(found.position)
    rows = table.rows_of(kept, found.delimiter, after=found.line)
    return [cells for _line, cells in itertools.islice(rows, count)]


# ---- moves ---------------------------------------------------------------------------------------------------


def settle(job: Import, roles: Sequence[Role], basis: str, language: str) -> bool:
    """What the columns mean, on what these people consented, and the language of rows that name none.

    False: the import has begun, or is over. Raises TransferError.
    """
    columns.settle(job.header, roles)
    if not basis.strip():
        raise TransferError(_(NO_BASIS))
    said = {"roles": list(roles), "basis": basis.strip(), "language": language}
    return _move(job, OPEN - AT_WORK, ImportState.UPLOADED, **said, failure="")


def check(job: Import, *, here: bool = False) -> bool:
    """A dry run is due; or, if it is done `here`, nobody else does it."""
    return _begin(job, {ImportState.UPLOADED}, ImportState.CHECKING, here, foreseen={}, started_at=None)


def start(job: Import, *, here: bool = False) -> bool:
    """The rows become readers from now on; who was imported so far by a run that failed counts as known."""
    sources = {ImportState.UPLOADED, ImportState.CHECKED}
    return _begin(job, sources, ImportState.RUNNING, here, foreseen=F("report"), started_at=timezone.now())


def resume(job: Import) -> bool:
    """A failed import goes on where it stood."""
    to = ImportState.RUNNING if job.started_at else ImportState.CHECKING
    return _move(job, {ImportState.FAILED}, to, attempts=0, lease_until=None, failure="") and _wake()


def cancel(job: Import) -> bool:
    """Nothing more is done, and the file is deleted. Who came in stays."""
    return _end(job, OPEN, ImportState.CANCELLED)


def finish(job: Import) -> bool:
    """All rows are done; after a dry run the file stays, for the run."""
    if job.state == ImportState.CHECKING:
        return _move(job, {ImportState.CHECKING}, ImportState.CHECKED, lease_until=None)
    return _end(job, {ImportState.RUNNING}, ImportState.DONE)


def fail(job: Import, why: str) -> bool:
    """It can't go on by itself; the file stays, so that it may be taken up again."""
    return _move(job, AT_WORK, ImportState.FAILED, failure=why, lease_until=None)


def _begin(job: Import, sources: Collection[ImportState], to: ImportState, here: bool, **fields: Any) -> bool:
    """From the first row on, with nothing counted yet."""
    try:
        with job.path.open("rb") as kept:
            found = table.layout(kept)
    except FileNotFoundError:
        raise TransferError(_(FILE_GONE)) from None
    fields |= {"position": found.position, "line": found.line, "errors_size": 0, "report": {}, "attempts": 0}
    lease = timezone.now() + LEASE if here else None
    return _move(job, sources, to, **fields, lease_until=lease, failure="") and (here or _wake())


def _end(job: Import, sources: Collection[ImportState], to: ImportState) -> bool:
    ended = _move(job, sources, to, lease_until=None, finished_at=timezone.now())
    if ended:
        job.path.unlink(missing_ok=True)
    return ended


def _move(job: Import, sources: Collection[ImportState], to: ImportState, **fields: Any) -> bool:
    """The only writer of `state`: conditional on the present one."""
    mine = Import.objects.filter(pk=job.pk, state__in=sources)
    moved = mine.update(state=to, changed_at=timezone.now(), **fields) == 1
    job.refresh_from_db()
    return moved


def _wake() -> bool:
    transaction.on_commit(import_string(settings.READER_IMPORT_WAKE), robust=True)
    return True


# ---- what goes again -----------------------------------------------------------------------------------------


def discard(job: Import) -> None:
    """As if it had never been: for a dry run by command."""
    for path in (job.path, job.errors_path):
        path.unlink(missing_ok=True)
    job.delete()


def forget(now: dt.datetime) -> int:
    """Files with which nothing was done for a week, and lists of refused rows after a month; how many of both."""
    forgotten = 0
    for job in Import.objects.filter(state__in=OPEN - AT_WORK, changed_at__lt=now - KEPT_UNSTARTED):
        forgotten += cancel(job)
    for job in Import.objects.filter(finished_at__lt=now - KEPT_ERRORS, errors_size__gt=0):
        job.errors_path.unlink(missing_ok=True)
        forgotten += Import.objects.filter(pk=job.pk).update(errors_size=0)
    for part in Import.folder().glob("*.part"):  # an upload that was cut off by a crash
        if part.stat().st_mtime < (now - KEPT_UNSTARTED).timestamp():
            part.unlink(missing_ok=True)
            forgotten += 1
    return forgotten
