"""What has to be true before an issue is approved, each point with what to do where it isn't."""

import datetime as dt
from dataclasses import dataclass

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from newsletter import workflow
from newsletter.models import Block, Issue, IssueState, Newsletter
from newsletter.models.issue import PUBLIC
from newsletter.page import BUDGET_BYTES
from newsletter.review import texts
from newsletter.sentences import citations

CLIPPED_BYTES = 102_000  # where Gmail stops showing a mail's HTML


@dataclass(frozen=True, slots=True)
class Check:
    """One point. `label` says how it stands, `todo` what to do where it isn't `ok`; both in the active language."""

    slug: str
    ok: bool
    label: str
    todo: str = ""
    block: str = ""  # the key of the first block to look at
    blocking: bool = True  # whether approval waits for it
    hint: str = ""  # what the label's figures mean


def before_approval(issue: Issue, *, mail_bytes: int | None = None, rendered: bool = True) -> list[Check]:
    """The points in the order to be read.

    `mail_bytes`: size of the edition in both languages, where it is known; `rendered`: False where it can't be made.
    """
    blocks = list(issue.blocks.filter(dropped=False).order_by("position", "pk"))
    points = [_languages(issue, blocks), _citations(issue, blocks), _findings(issue), _read(issue)]
    if not rendered:
        todo = _("The server’s log says why; no mail can leave like this.")
        points.append(Check("size", False, _("The mail can’t be rendered"), todo, blocking=False))
    elif mail_bytes is not None:
        points.append(_size(mail_bytes))
    if issue.newsletter.lacks_postal_address and not settings.EXAMPLE_ADDRESS_PASSES:
        points.append(_postal_address(issue.newsletter))
    points.append(_covered(issue))
    return points


def missing(issue: Issue) -> list[Check]:
    """The points that still stand between `issue` and its approval; empty: it can be approved."""
    return [check for check in before_approval(issue) if check.blocking and not check.ok]


def last_change(issue: Issue) -> dt.datetime | None:
    """When an editor last changed a block of `issue`; None: never."""
    newest = issue.blocks.exclude(edited_at=None).order_by("-edited_at").first()
    return newest.edited_at if newest else None


def incomplete(block: Block) -> tuple[str, ...]:
    """The languages (en, zh) in which `block` lacks a title or text that the other has; both where it is bare."""
    if not (block.title_en or block.title_zh or block.text_en or block.text_zh):
        return ("en", "zh")
    en = (bool(block.title_en), bool(block.text_en))
    zh = (bool(block.title_zh), bool(block.text_zh))
    pairs = list(zip(en, zh, strict=True))
    lacks_en, lacks_zh = any(z and not e for e, z in pairs), any(e and not z for e, z in pairs)
    return (*(("en",) if lacks_en else ()), *(("zh",) if lacks_zh else ()))


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
    changed, read = last_change(issue), issue.checked_at
    if read is None:
        return Check("read", False, _("Not read by the checks yet"), _("Let the checks read it: “Read again”."))
    if changed and read < changed:
        return Check("read", False, _("Changed since the checks read it"), _("Let the checks read it: “Read again”."))
    local = read.astimezone(issue.newsletter.tz)
    return Check("read", True, _("Checked %(time)s") % {"time": f"{local:%H:%M}"})


def _size(mail_bytes: int) -> Check:
    about = {"kb": round(mail_bytes / 1000), "most": BUDGET_BYTES // 1000, "clipped": CLIPPED_BYTES // 1000}
    ok = mail_bytes <= BUDGET_BYTES
    todo = "" if ok else _("Gmail clips mails near %(clipped)d KB: shorten a report or drop a block.") % about
    hint = _("Gmail clips mails near %(clipped)d KB and hides the rest; up to %(most)d KB is safe.") % about
    return Check("size", ok, _("Mail %(kb)d KB of %(most)d") % about, todo, blocking=False, hint=hint)


def _postal_address(newsletter: Newsletter) -> Check:
    """CAN-SPAM, 15 U.S.C. §7704(a)(5)(A)(iii): a valid physical postal address of the sender in every mail."""
    where = settings.SITE_URL + reverse("admin:newsletter_newsletter_change", args=[newsletter.pk])
    todo = _("The law wants a real one in every mail (CAN-SPAM, 15 U.S.C. 7704(a)(5)): set it at %(url)s")
    label = _("The postal address is an example") if newsletter.postal_address.strip() else _("No postal address")
    return Check("postal", False, label, todo % {"url": where})


def _covered(issue: Issue) -> Check:
    """That the approval, where there is one, is of this text: what has to be true when mails leave."""
    if issue.state in PUBLIC:
        return Check("approval", True, _("Sent as approved"), blocking=False)
    same = bool(issue.approved_hash) and workflow.content_hash(issue) == issue.approved_hash
    if issue.state == IssueState.APPROVED and same:
        return Check("approval", True, _("Approval covers this text"), blocking=False)
    if not issue.approved_hash:
        return Check(
            "approval", False, _("Not approved yet"), _("Approve it when the rest is settled."), blocking=False
        )
    todo = _("The text is not what was approved: approve it again.")
    if same:
        todo = _("The text is again what was approved: approve it once more.")
    return Check("approval", False, _("Approval is void"), todo, blocking=False)
