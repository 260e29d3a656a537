"""The only place where an issue changes state, and what binds an approval to the content.

draft -> in_review -> approved -> sending -> sent
  in_review -> held (the hour came without approval) -> approved
  approved -> in_review (any edit voids the approval)
  draft, in_review, held -> skipped
"""

import hashlib
import json
from functools import cache
from typing import Any

from django.conf import settings
from django.contrib.auth.models import User
from django.db import transaction
from django.utils import timezone

from newsletter.models import Finding, Issue, IssueState
from newsletter.runs import ActError

MOVES: dict[str, frozenset[str]] = {
    IssueState.DRAFT: frozenset({IssueState.IN_REVIEW, IssueState.SKIPPED}),
    IssueState.IN_REVIEW: frozenset({IssueState.APPROVED, IssueState.HELD, IssueState.SKIPPED}),
    IssueState.HELD: frozenset({IssueState.APPROVED, IssueState.SKIPPED}),
    IssueState.APPROVED: frozenset({IssueState.IN_REVIEW, IssueState.SENDING}),
    IssueState.SENDING: frozenset({IssueState.SENT}),
    IssueState.SENT: frozenset(),
    IssueState.SKIPPED: frozenset(),
}
# Shapes of doubt that an editor must settle before approving: the languages disagree, or a fact has no source.
BLOCKING = Finding.Severity.HIGH


class WorkflowError(ActError):
    """A move that is not allowed now; the message says why and what to do."""


@cache
def template_version() -> str:
    """A hash of the mail's templates: a changed template is changed content."""
    digest = hashlib.sha256()
    for path in sorted((settings.BASE_DIR / "templates" / "email").glob("issue*")):
        digest.update(path.name.encode() + path.read_bytes())
    return digest.hexdigest()[:12]


def content_of(issue: Issue) -> dict[str, Any]:
    """Everything an approval covers: text, order, subjects, citation snapshots, template version."""
    block_fields = (
        *("key", "kind", "position", "title_en", "title_zh", "text_en", "text_zh"),
        *("parity", "foreign_en", "foreign_zh", "extra", "source_list__slug"),
    )
    citation_fields = ("number", "outlet", "language", "title", "url", "published_at", "dated")
    return {
        "titles": [issue.title_en, issue.title_zh, issue.subject_en, issue.subject_zh],
        "blocks": list(issue.blocks.filter(dropped=False).order_by("position", "pk").values(*block_fields)),
        "citations": [
            {**row, "published_at": row["published_at"].isoformat()}
            for row in issue.citations.order_by("number").values(*citation_fields)
        ],
        "template": template_version(),
    }


def content_hash(issue: Issue) -> str:
    """SHA-256 of what would be sent now, as 64 hex digits. Equal hashes: the same issue, to the letter."""
    text = json.dumps(content_of(issue), sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def open_findings(issue: Issue) -> int:
    """How many findings still have to be settled before the issue can be approved."""
    return issue.findings.filter(severity=BLOCKING, kept_by=None).exclude(block__dropped=True).count()


def _move(issue: Issue, to: IssueState, **fields: Any) -> None:
    """One conditional UPDATE, so that of two that move at once one wins and the other is told."""
    allowed = [state for state, targets in MOVES.items() if to in targets]
    moved = Issue.objects.filter(pk=issue.pk, state__in=allowed).update(state=to, **fields)
    issue.refresh_from_db()
    if not moved:
        raise WorkflowError(f"{issue} is {issue.state}: it can't become {to}")


def start_review(issue: Issue) -> None:
    """A composed and checked draft goes to the desk; an issue already past that stays where it is."""
    if issue.state == IssueState.DRAFT:
        _move(issue, IssueState.IN_REVIEW)


def approve(issue: Issue, user: User) -> str:
    """Bind the present content to `user`'s approval and return its hash.

    Raises WorkflowError where findings are open, the check has not read the text, or the state forbids it.
    """
    with transaction.atomic():
        locked = Issue.objects.select_for_update().get(pk=issue.pk)
        if locked.checked_at is None:
            raise WorkflowError(f"{issue} has not been checked: run `manage.py check_issue --date {issue.date}`")
        if waiting := open_findings(locked):
            raise WorkflowError(f"{issue} has {waiting} findings to settle first: keep, mend or drop each at the desk")
        digest = content_hash(locked)
        if locked.state == IssueState.APPROVED and locked.approved_hash == digest:
            issue.refresh_from_db()
            return digest
        void_approval(locked)  # of other content, as when a template changed since: this one replaces it
        _move(issue, IssueState.APPROVED, approved_hash=digest, approved_at=timezone.now(), approved_by=user)
    return digest


def void_approval(issue: Issue) -> None:
    """Something in the issue changed, so what was approved no longer stands there. The old hash stays, to compare.

    Raises WorkflowError once mails have begun to leave.
    """
    if issue.state in (IssueState.SENDING, IssueState.SENT):
        raise WorkflowError(f"{issue} is {issue.state}: what readers have got can't be edited")
    if issue.state == IssueState.APPROVED:
        _move(issue, IssueState.IN_REVIEW)


def require_approval(issue: Issue) -> None:
    """Raise WorkflowError unless `issue` is approved, and to the letter what was approved."""
    if issue.state != IssueState.APPROVED:
        raise WorkflowError(f"{issue} is {issue.state}, not approved: an editor approves it at the desk first")
    if content_hash(issue) != issue.approved_hash:
        raise WorkflowError(f"{issue} is not what was approved (hash {issue.approved_hash[:8]}): approve it again")


def start_sending(issue: Issue) -> None:
    """Approved content, and only that, may begin to leave. Safe to call again while sending."""
    if issue.state == IssueState.SENDING:
        return
    require_approval(issue)
    _move(issue, IssueState.SENDING)


def finish_sending(issue: Issue) -> None:
    """Every delivery has its outcome."""
    _move(issue, IssueState.SENT, sent_at=timezone.now())


def hold(issue: Issue) -> None:
    """The hour has come without approval: nothing is sent until an editor approves."""
    _move(issue, IssueState.HELD)


def skip(issue: Issue) -> None:
    """No issue for this day; said by an editor."""
    _move(issue, IssueState.SKIPPED)
