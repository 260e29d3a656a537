"""`manage.py approve --date D --as USER`: an editor's word, given from a terminal."""

from argparse import ArgumentParser
from typing import Any

from django.contrib.auth.models import User
from django.core.management.base import CommandError

from newsletter.management.base import ActCommand, Progress, the_issue
from newsletter.models import Issue, Newsletter
from newsletter.review import checklist
from newsletter.review.approval import NotReadyError, approve
from newsletter.review.checklist import Check
from newsletter.workflow import BLOCKING, WorkflowError

AT_A_TERMINAL = "Approved at a terminal, without the desk’s checklist"


class Command(ActCommand):
    help = "Approve the issue of a day in the name of an editor: binds the approval to the hash of its present text."

    def add_arguments(self, parser: ArgumentParser) -> None:
        super().add_arguments(parser)
        parser.add_argument(
            "--waive",
            metavar="REASON",
            default=AT_A_TERMINAL,
            help="why links, size, subject, sender and test mail may pass where they aren’t settled; kept with each",
        )
        parser.add_argument("--as", dest="user", metavar="USER", required=True, help="the editor: a staff account")

    def act(self, newsletter: Newsletter, progress: Progress, options: dict[str, Any]) -> dict[str, Any]:
        user = _editor(options["user"])
        issue = the_issue(newsletter, options["date"])
        try:
            self._waive(issue, user, options["waive"])
            digest = approve(issue, user)
        except NotReadyError as reason:
            self._list_open(issue)
            said = " ".join(_told(point, issue) for point in reason.points)
            raise CommandError(f"No. {issue.number} is not approved. {said}") from None
        except WorkflowError as reason:
            raise CommandError(f"No. {issue.number} is not approved. {reason}") from None
        progress("approved", 1, 1)
        return {"issue": issue.number, "state": str(issue.state), "approved_by": user.get_username(), "hash": digest}

    def _waive(self, issue: Issue, user: User, because: str) -> None:
        """Who approves at a terminal has no checklist before them: what passes is named, and kept with the reason."""
        for point in checklist.missing(issue):
            if point.waives:
                checklist.waive(issue, point.slug, user, because)
                self.stderr.write(f"let pass: {point.label}")

    def _list_open(self, issue: Issue) -> None:
        """What has to be settled first, a line each, on the error stream."""
        waiting = issue.findings.filter(severity=BLOCKING, kept_by=None).exclude(block__dropped=True)
        for finding in waiting.select_related("block").order_by("block__position", "pk"):
            place = finding.block.key if finding.block else "issue"
            self.stderr.write(f"{place} ({finding.language}) {finding.kind}: {finding.message} {finding.sentence}")


def _told(point: Check, issue: Issue) -> str:
    """An open point and what to do about it from a terminal, which has no “Read again” to press."""
    todo = f"run `manage.py check_issue --date {issue.date}`." if point.slug == "read" else point.todo
    return f"{point.label}: {todo}"


def _editor(username: str) -> User:
    user = User.objects.filter(username=username).first()
    if user is None:
        raise CommandError(f"no account {username!r}: make one with `manage.py createsuperuser`")
    if not (user.is_active and user.is_staff):
        raise CommandError(f"{username!r} is not an active editor: make the account staff at /admin/")
    return user
