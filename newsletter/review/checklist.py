"""What has to be true before an issue is approved, each point with what to do where it isn't."""

from django.contrib.auth.models import User
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from newsletter import workflow
from newsletter.models import Block, Issue, IssueState, Waiver
from newsletter.models.issue import PUBLIC
from newsletter.review import texts
from newsletter.review.changing import lock_issue
from newsletter.review.points import Check as Check
from newsletter.review.points import about_sending, about_size, sizes, waived
from newsletter.review.record import audit
from newsletter.sentences import citations

SHORTEST_REASON, LONGEST_REASON = 4, 300  # characters


def before_approval(
    issue: Issue, *, digest: str = "", mail_bytes: int | None = None, rendered: bool = True
) -> list[Check]:
    """The points in the order to be read.

    `digest`: the issue's content hash, where it is known; `mail_bytes`: size of the edition in both languages, where
    it is known; `rendered`: False where it can't be made.
    """
    digest = digest or workflow.content_hash(issue)
    size = [about_size(digest, mail_bytes)] if mail_bytes is not None or not rendered else []
    points = [*_about_content(issue), *size, *about_sending(issue, digest)]
    return [*waived(points, issue), _covered(issue, digest)]


def missing(issue: Issue, digest: str = "") -> list[Check]:
    """The points that still stand between `issue` and its approval; empty: it can be approved.

    `digest` is the issue's content hash, where it is known.
    """
    digest = digest or workflow.content_hash(issue)
    mail_bytes = sizes(issue, digest, ("both",))["both"]
    return still_open(before_approval(issue, digest=digest, mail_bytes=mail_bytes, rendered=mail_bytes is not None))


def still_open(points: list[Check]) -> list[Check]:
    """Those of `points` that approval waits for."""
    return [check for check in points if check.blocking and not check.ok]


def unfit(issue: Issue) -> list[Check]:
    """The points without which nothing leaves, not even by rule: they can be mended, but not waived."""
    return [check for check in missing(issue) if not check.waives]


def waive(issue: Issue, point: str, user: User, because: str) -> None:
    """Let `point` pass as it stands now, on `user`'s word. WorkflowError where it can't, or no reason is given."""
    because = texts.plain(because, one_line=True)
    if len(because) < SHORTEST_REASON:
        raise workflow.WorkflowError(_("Say why this may pass: the next reader of this page will ask."))
    with transaction.atomic():
        locked = lock_issue(issue)
        check = next((each for each in missing(locked) if each.slug == point), None)
        if check is None:
            return  # settled meanwhile
        if not check.waives:
            raise workflow.WorkflowError(_("%(what)s: this can only be mended.") % {"what": check.label})
        given = {"by": user, "because": because[:LONGEST_REASON], "at": timezone.now()}
        Waiver.objects.update_or_create(issue=locked, point=point, state=check.waives, defaults=given)
        audit(user, locked, f"waived {point} ({check.label}): {because}")


def unwaive(issue: Issue, point: str, user: User) -> None:
    """Take back the word given with `waive`."""
    with transaction.atomic():
        locked = lock_issue(issue)
        if locked.waivers.filter(point=point).delete()[0]:
            audit(user, locked, f"no longer waived: {point}")


def incomplete(block: Block) -> tuple[str, ...]:
    """The languages (en, zh) in which `block` lacks a title or text that the other has; both where it is bare."""
    if not (block.title_en or block.title_zh or block.text_en or block.text_zh):
        return ("en", "zh")
    en = (bool(block.title_en), bool(block.text_en))
    zh = (bool(block.title_zh), bool(block.text_zh))
    pairs = list(zip(en, zh, strict=True))
    lacks_en, lacks_zh = any(z and not e for e, z in pairs), any(e and not z for e, z in pairs)
    return (*(("en",) if lacks_en else ()), *(("zh",) if lacks_zh else ()))


def _about_content(issue: Issue) -> list[Check]:
    blocks = list(issue.blocks.filter(dropped=False).order_by("position", "pk"))
    return [_languages(issue, blocks), _citations(issue, blocks), _findings(issue), _read(issue)]


def _languages(issue: Issue, blocks: list[Block]) -> Check:
    gaps = [block for block in blocks if incomplete(block)]
    bare = not (issue.title_en and issue.title_zh and issue.subject_en and issue.subject_zh)
    if not blocks:
        return Check("languages", False, _("The issue is empty"), _("Every block is dropped: restore one."))
    if gaps or bare:
        key = gaps[0].key if gaps else "main-line"
        todo = _("Write what is missing in one of the languages, or drop the block.")
        return Check("languages", False, _("A language is incomplete"), todo, key)
    return Check("languages", True, _("Both languages complete"))


def _citations(issue: Issue, blocks: list[Block]) -> Check:
    known = set(issue.citations.values_list("number", flat=True))
    used: set[int] = set()
    for block in blocks:
        here = set(citations(f"{block.text_en}\n{block.text_zh}"))
        if unknown := here - known:
            label = _("%(marks)s leads nowhere") % {"marks": texts.ranges(unknown)}
            return Check("citations", False, label, _("Change the number, or take it out."), block.key)
        used |= here
    label = ngettext("%(n)d citation open", "%(n)d citations open", len(used)) % {"n": len(used)}
    return Check("citations", True, label)


def _findings(issue: Issue) -> Check:
    waiting = workflow.open_findings(issue)
    if not waiting:
        return Check("findings", True, _("No finding to settle"))
    label = ngettext("%(n)d finding to settle", "%(n)d findings to settle", waiting) % {"n": waiting}
    return Check("findings", False, label, _("Mend the sentence, drop the block, or vouch for it with a reason."))


def _read(issue: Issue) -> Check:
    read = issue.checked_at
    if read is None:
        return Check("read", False, _("Not read by the checks yet"), _("Let the checks read it: “Read again”."))
    if not workflow.is_read(issue):
        return Check("read", False, _("Changed since the checks read it"), _("Let the checks read it: “Read again”."))
    local = read.astimezone(issue.newsletter.tz)
    return Check("read", True, _("Checked %(time)s") % {"time": f"{local:%H:%M}"})


def _covered(issue: Issue, digest: str) -> Check:
    """That the approval, where there is one, is of this text: what has to be true when mails leave."""
    if issue.state in PUBLIC:
        return Check("approval", True, _("Sent as approved"), blocking=False)
    same = issue.approved_hash == digest
    if issue.state == IssueState.APPROVED and same:
        return Check("approval", True, _("Approval covers this text"), blocking=False)
    first = workflow.standing(issue, digest)
    if first and workflow.approvers_needed(issue) > len(first):
        who = ", ".join(row.by.get_username() for row in first if row.by)
        label, todo = _("Approved by %(who)s") % {"who": who}, _("A second person has to approve the same text.")
        return Check("approval", False, label, todo, blocking=False)
    if not issue.approved_hash:
        todo = _("Approve it when the rest is settled.")
        return Check("approval", False, _("Not approved yet"), todo, blocking=False)
    todo = _("The text is not what was approved: approve it again.")
    if same:
        todo = _("The text is again what was approved: approve it once more.")
    return Check("approval", False, _("Approval is void"), todo, blocking=False)
