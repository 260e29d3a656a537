"""`manage.py hold --date D --as USER`: stop an issue from a terminal, or (`--undo`) let it go on."""

from argparse import ArgumentParser
from typing import Any

from django.contrib.auth.models import User
from django.core.management.base import CommandError

from newsletter import workflow
from newsletter.management.base import ActCommand, Progress, the_issue
from newsletter.models import Newsletter
from newsletter.roles import APPROVE


class Command(ActCommand):
    help = "Hold the issue of a day: nothing of it is sent until an editor says so. --undo lets it go on."

    def add_arguments(self, parser: ArgumentParser) -> None:
        super().add_arguments(parser)
        parser.add_argument("--as", dest="user", metavar="USER", required=True, help="who says so: an approver")
        parser.add_argument("--because", default="", metavar="WHY", help="for whoever sits at the desk")
        parser.add_argument("--undo", action="store_true", help="go on where it was held")

    def act(self, newsletter: Newsletter, progress: Progress, options: dict[str, Any]) -> dict[str, Any]:
        user = User.objects.filter(username=options["user"], is_active=True).first()
        if user is None or not user.has_perm(APPROVE):
            raise CommandError(f"{options['user']!r} may not: that takes an approver (manage.py create_editor)")
        issue = the_issue(newsletter, options["date"])
        if options["undo"]:
            workflow.unhold(issue, user)
        else:
            workflow.hold(issue, user, options["because"])
        progress("held", 1, 1)
        return {"issue": issue.number, "state": str(issue.state)}
