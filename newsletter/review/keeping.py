"""An editor's word on a finding: the sentence may stand as it is."""

from django.contrib.auth.models import User
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from newsletter import workflow
from newsletter.models import Finding, FindingWord
from newsletter.review import texts
from newsletter.review.changing import lock_issue
from newsletter.review.editing import EditRefusedError
from newsletter.review.record import audit

# No reason makes a link lead somewhere: these can only be mended.
NEVER_KEPT = frozenset({"citation_range"})
SHORTEST_REASON, LONGEST_REASON = 4, 300  # characters


def can_be_kept(finding: Finding) -> bool:
    """Whether an editor may let `finding` stand at all."""
    return finding.kind not in NEVER_KEPT


def must_be_settled(finding: Finding) -> bool:
    """Whether `finding` stands between the issue and its approval (see `workflow.open_findings`)."""
    return finding.severity == workflow.BLOCKING and finding.kept_by_id is None


def keep_finding(finding: Finding, user: User, because: str, *, vouched: bool = False) -> None:
    """Let the sentence stand as it is, on `user`'s word.

    Every finding needs a reason. One that blocks approval (the languages disagree, a figure is not in its source) is
    settled by mending the sentence or dropping the block; because a check can be wrong (“forty” and 40), it may also
    be kept by an editor who has `vouched`, by name, that the cited articles say it. A citation that leads nowhere
    can't be kept. Raises EditRefusedError, also where the sentence was changed meanwhile. An approval that was given
    stays: no word of the issue has changed.
    """
    because = texts.plain(because, one_line=True)
    problems = {}
    if not can_be_kept(finding):
        problems["because"] = _("A citation that leads nowhere can’t be kept: change the number or take it out.")
    elif len(because) < SHORTEST_REASON:
        problems["because"] = _("Say why the sentence may stand: the next reader of this page will ask.")
    elif len(because) > LONGEST_REASON:
        problems["because"] = _("%(length)d characters: at most %(most)d fit here.") % {
            "length": len(because),
            "most": LONGEST_REASON,
        }
    if finding.severity == workflow.BLOCKING and can_be_kept(finding) and not vouched:
        problems["vouched"] = _("This one blocks approval: tick that you have read the source, or mend the sentence.")
    if problems:
        raise EditRefusedError(problems)
    _set_kept(finding, user, user, because)


def reopen_finding(finding: Finding, user: User) -> None:
    """Take back the word given with `keep_finding`."""
    _set_kept(finding, user, None, "")


def _set_kept(finding: Finding, user: User, kept_by: User | None, because: str) -> None:
    with transaction.atomic():
        issue = lock_issue(finding.issue)
        # Who has read a doubt that need not be settled has not vouched for one that must be.
        same = Finding.objects.filter(pk=finding.pk, **({"severity": finding.severity} if kept_by else {}))
        if not same.update(kept_by=kept_by, kept_because=because):
            raise EditRefusedError({"because": _("The sentence has changed since: look at it again.")})
        finding.kept_by, finding.kept_because = kept_by, because
        said = {"kind": finding.kind, "sentence": finding.sentence, "because": because}
        FindingWord.objects.create(issue=issue, block_id=finding.block_id, at=timezone.now(), by=user, **said)
        audit(user, finding, f"kept: {because}" if kept_by else "reopened")
