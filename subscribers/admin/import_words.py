"""An import's figures in words, for its page."""

from dataclasses import dataclass

from django.utils import timezone
from django.utils.translation import gettext_lazy

from subscribers.models import AT_WORK, Import
from subscribers.transfer.importing import Report
from subscribers.transfer.reasons import SUPPRESSED, Reason, Why

# The rows' own reasons on the page; the list of refused rows has them in English.
_REASONS = {
    Why.NOT_AN_ADDRESS: gettext_lazy("not an address"),
    Why.SUPPRESSED: gettext_lazy("on the suppression list"),
    Why.STAYS: gettext_lazy("readers here, by their own confirmation: they stay"),
    Why.STILL_THERE: gettext_lazy("still readers there, by the file’s own columns"),
    Why.OTHERS: gettext_lazy("for other reasons"),
    Why.NOT_A_READER: gettext_lazy("%(column)s is “%(value)s”: not a reader there"),
    Why.ENDED: gettext_lazy("%(column)s is filled in: no longer a reader there"),
    Why.UNREADABLE: gettext_lazy("%(column)s can’t be “%(value)s”"),
}

ENCODINGS = {"cp1252": "Windows-1252"}  # what Python calls otherwise than the world


@dataclass(frozen=True)
class Progress:
    """How far the rows are done, and whether somebody does them."""

    percent: int
    rows: int
    total: int  # 0 where nobody has counted them
    waiting: bool  # nobody has taken it up yet
    silent: bool  # somebody had, and hasn't been heard of since


@dataclass(frozen=True)
class Result:
    """What became of the rows, or would."""

    rows: int
    added: int
    known: int
    suppressed: int
    refused: int  # but for the suppressed
    reasons: list[tuple[str, int]]
    is_dry: bool


def progress_of(job: Import) -> Progress | None:
    """None where nothing is under way."""
    if job.state not in AT_WORK:
        return None
    late = job.lease_until is not None and job.lease_until < timezone.now()
    return Progress(
        percent=job.position * 100 // max(job.size, 1),
        rows=job.report.get("rows", 0),
        total=job.foreseen.get("rows", 0),
        waiting=job.lease_until is None,
        silent=late,
    )


def result_of(job: Import) -> Result | None:
    """None where no row has been looked at."""
    report = Report.of(job.report)
    if not report.rows:
        return None
    suppressed = report.reasons.pop(SUPPRESSED, 0)
    return Result(
        rows=report.rows,
        added=report.added,
        known=report.known,
        suppressed=suppressed,
        refused=report.refused - suppressed,
        reasons=[(in_words(reason), count) for reason, count in report.reasons.items()],
        is_dry=job.started_at is None,
    )


def in_words(reason: Reason) -> str:
    """A reason in the language of the page."""
    return str(_REASONS[reason.why]) % {"column": reason.column, "value": reason.value}
