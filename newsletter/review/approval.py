"""An editor's word that this text may be sent."""

from django.contrib.auth.models import User
from django.db import transaction
from django.utils.translation import gettext as _

from newsletter import workflow
from newsletter.models import Issue
from newsletter.review import checklist
from newsletter.review.record import audit
from newsletter.roles import APPROVE
from newsletter.workflow import WorkflowError


class NotReadyError(WorkflowError):
    """Points of the checklist are still open. `points`: which, in their order."""

    def __init__(self, points: list[checklist.Check]) -> None:
        said = [_("%(what)s: %(todo)s") % {"what": check.label, "todo": check.todo} for check in points]
        super().__init__(" ".join(said))
        self.points = points


def approve(issue: Issue, user: User, *, seen: str = "") -> str:
    """Bind the present text of `issue` to `user`'s approval and return its hash (64 hex digits).

    Where the newsletter wants two people, the issue is approved with the second one; its state says so.
    Raises WorkflowError where `user` may not approve.

    `seen` is the hash of what the editor looked at: another text, changed in the meantime, is not approved. Raises
    WorkflowError, in the active language, where that is so, NotReadyError where a point of the checklist is open.
    Safe to repeat.
    """
    if not user.has_perm(APPROVE):
        raise WorkflowError(_("“%(who)s” may not approve: that takes an approver.") % {"who": user.get_username()})
    with transaction.atomic():
        locked = Issue.objects.select_for_update().get(pk=issue.pk)
        found = workflow.content_hash(locked)
        if seen and seen != found:
            raise WorkflowError(_("The text has changed since you opened this page. Read it again, then approve."))
        if open_points := checklist.missing(locked, found):
            raise NotReadyError(open_points)
        already = {row.by_id for row in workflow.standing(locked, found)}
        digest = workflow.approve(locked, user)
        if user.pk not in already:
            audit(user, locked, f"approved {digest}")
    issue.refresh_from_db()
    return digest
