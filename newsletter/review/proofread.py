"""Check an issue and leave the findings at the desk."""

import datetime as dt
import hashlib
from collections import Counter
from collections.abc import Callable
from typing import Any

from django.db import transaction
from django.utils import timezone

from newsletter import lexicon, workflow
from newsletter.check.document import IssueDocument
from newsletter.check.finding import FindingValue
from newsletter.check.run import CheckResult, check_document
from newsletter.models import Finding, Issue
from newsletter.models.issue import PUBLIC

Progress = Callable[[str, int, int], None]


def _quiet(what: str, done: int, total: int) -> None:
    """An editor waits for the page, not for a progress line."""


def check_issue(issue: Issue, progress: Progress = _quiet) -> dict[str, Any]:
    """Read the issue, store what is doubted, and take a draft to the desk. Safe to run again.

    An editor's word on a finding stays as long as its sentence does, and what is said against it. WorkflowError once
    mails have begun to leave.
    """
    _refuse_public(issue)
    lexicon.refresh()  # an edit at the desk has its issue read again outside of any run
    read_at, now = _settled(issue)
    result = check_document(IssueDocument.from_issue(now), lexicon.load())
    progress("sentences", result.sentences, result.sentences)
    new = _store(issue, result, read_at)
    workflow.start_review(issue)
    severities = Counter(finding.severity for finding in result.findings)
    return {
        "issue": issue.number,
        "state": str(issue.state),
        "sentences": result.sentences,
        "findings": len(result.findings),
        **{severity: severities[severity] for severity in ("high", "medium", "low")},
        "new": new,
        "to_settle": workflow.open_findings(issue),
    }


def fingerprint(finding: FindingValue) -> str:
    """32 hex digits of block key, language, kind and sentence: the same doubt about the same words."""
    words = "\x1f".join((finding.block or "", finding.lang, finding.kind, finding.sentence))
    return hashlib.sha256(words.encode()).hexdigest()[:32]


def _refuse_public(issue: Issue) -> None:
    if issue.state in PUBLIC:
        raise workflow.WorkflowError(f"{issue} is {issue.state}: what readers have got isn't checked again")


def _settled(issue: Issue) -> tuple[dt.datetime, Issue]:
    """A moment at which no edit is half-way: what was changed before it can be read, all else is changed later."""
    with transaction.atomic():
        now = Issue.objects.select_for_update().get(pk=issue.pk)
        return timezone.now(), now


def _store(issue: Issue, result: CheckResult, read_at: dt.datetime) -> int:
    """Make the issue's findings those of `result`, of the text as it was at `read_at`, in one transaction; returns how
    many are new. Where somebody has meanwhile checked a later text, that stands."""
    with transaction.atomic():
        locked = Issue.objects.select_for_update().get(pk=issue.pk)
        _refuse_public(locked)
        if locked.checked_at and read_at < locked.checked_at <= timezone.now():
            issue.refresh_from_db()
            return 0
        blocks = dict(issue.blocks.values_list("key", "pk"))
        wanted = {fingerprint(value): value for value in result.findings}
        known = {row.fingerprint: row for row in issue.findings.all()}
        issue.findings.exclude(fingerprint__in=wanted).delete()
        fresh = [_row(issue, key, value, blocks) for key, value in wanted.items() if key not in known]
        Finding.objects.bulk_create(fresh)
        _renew([(known[key], value) for key, value in wanted.items() if key in known], blocks)
        Issue.objects.filter(pk=issue.pk).update(sentences=result.sentences, checked_at=read_at)
    issue.refresh_from_db()
    return len(fresh)


def _row(issue: Issue, key: str, value: FindingValue, blocks: dict[str, int]) -> Finding:
    return Finding(
        issue=issue,
        block_id=blocks.get(value.block or ""),
        fingerprint=key,
        language=value.lang,
        sentence=value.sentence,
        kind=value.kind,
        severity=value.severity,
        message=value.message,
        message_zh=value.message_zh,
        evidence=value.evidence,
    )


def _renew(pairs: list[tuple[Finding, FindingValue]], blocks: dict[str, int]) -> None:
    """What is still doubted gets today's words. Who kept it, and why, is not touched, unless it blocks approval and
    something else is said against the sentence now: the other language, which it is held against, has been rewritten.
    Mostly nothing differs: an edit is read again while its editor waits."""
    changed = []
    for row, value in pairs:
        new = {
            **{"block_id": blocks.get(value.block or ""), "severity": value.severity, "evidence": value.evidence},
            **{"message": value.message, "message_zh": value.message_zh},
        }
        if value.severity == workflow.BLOCKING and (
            row.severity != workflow.BLOCKING or value.message not in row.message
        ):
            new |= {"kept_by_id": None, "kept_because": ""}
        if any(getattr(row, name) != now for name, now in new.items()):
            for name, now in new.items():
                setattr(row, name, now)
            changed.append(row)
    fields = ["block", "severity", "evidence", "message", "message_zh", "kept_by", "kept_because"]
    Finding.objects.bulk_update(changed, fields, batch_size=200)
