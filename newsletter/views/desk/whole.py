"""Everything that the page of an issue shows: the proof, what stands before approval, the day, and what to do next."""

from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from newsletter import workflow
from newsletter.models import Issue, IssueState
from newsletter.models.issue import EDITABLE
from newsletter.review import checklist, history, words
from newsletter.views.desk import mail, rail, standing
from newsletter.views.desk.proof import Proof, Proofreader
from newsletter.views.desk.writing import writing


def context(found: Issue, *, measured: bool = True) -> dict[str, Any]:
    """What templates/desk/issue.html and its parts are told of `found`.

    Not `measured`: the mail isn't made only to know its size, which takes longer than all the rest; what is not known
    yet is left out.
    """
    proof = Proofreader(found).proof()
    size = mail.size(found) if measured else mail.known_size(found)
    digest = workflow.content_hash(found)
    checks = checklist.before_approval(
        found, digest=digest, mail_bytes=size, rendered=size is not None or not measured
    )
    void = _void(found, digest, proof)
    return {
        **{"issue": found, "newsletter": found.newsletter, "date": found.date, "proof": proof, "digest": digest},
        "state": words.STATES[found.state],
        "editable": found.state in EDITABLE,
        "clock": rail.clock(found.newsletter, found.date),
        "checks": checks,
        "stale_check": any(check.slug == "read" and not check.ok for check in checks),
        "approval": _approval(found, proof, checks),
        "void": void,
        # the change whose undo the strip offers: its block doesn't offer the same a second time
        "offered": void["last"]["it"].revision.pk if void and void["last"] and not void["same"] else None,
        "moments": rail.day_so_far(found),
        "tallies": rail.tallies(proof),
        "writing": writing(found),
        "written_by": found.composer.removesuffix("+offline") if found.composer != "offline" else "",
        "stops": rail.stops(proof),
        "open_count": sum(not doubt.kept for doubt in proof.doubts),
        "first_finding": proof.first_anchor(blocking=False),
        "saved": rail.local_hour(workflow.last_change(found) or found.composed_at, found.newsletter),
        **{"fate": standing.fate(found), "stale": standing.is_stale(found, timezone.now())},
        "is_sent_now": standing.is_sent_now(found),
        "has_mail": size is not None or not measured,
    }


def _approval(found: Issue, proof: Proof, checks: list[checklist.Check]) -> dict[str, Any] | None:
    """What the approve button says and where it leads: to what is missing, instead of going grey."""
    approved = any(check.slug == "approval" and check.ok for check in checks)
    if found.state not in EDITABLE or approved:
        return None
    open_points = checklist.still_open(checks)
    if not open_points:
        return {"ready": True, "label": _("Approve"), "anchor": ""}
    first = open_points[0]
    label = _("Approve: %(what)s") % {"what": first.label[:1].lower() + first.label[1:]}
    waiting = workflow.open_findings(found)
    if len(open_points) == 1 and first.slug == "findings":
        label = _("Approve: settle %(n)d first") % {"n": waiting}
    anchor = (
        proof.first_anchor(blocking=True) if first.slug == "findings" else f"b-{first.block}" if first.block else ""
    )
    return {"ready": False, "label": label, "anchor": anchor}


def _void(found: Issue, digest: str, proof: Proof) -> dict[str, Any] | None:
    """The strip that names what ended an approval; None where there was none or it stands."""
    if not found.approved_hash or found.approved_at is None or found.state not in EDITABLE:
        return None
    same = digest == found.approved_hash
    if found.state == IssueState.APPROVED and same:
        return None
    places = {section.block.pk: section.number or section.name for section in proof.sections}
    told = history.since(found, found.approved_at)
    changes = [{"it": change, "place": places[change.block.pk]} for change in told]
    undone = None if changes or same else history.last_undo(found, found.approved_at)
    last = changes[0] if changes else None
    return {"same": same, "changes": changes, "last": last, "undone": undone, "digest": digest}
