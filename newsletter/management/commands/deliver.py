"""Act five: send what is due of an approved issue."""

from typing import Any

from django.utils import timezone

from newsletter.deliver import ledger
from newsletter.management.base import ActCommand, Progress, the_issue
from newsletter.models import Newsletter


class Command(ActCommand):
    help = "Send the approved issue of a day to every reader whose hour has come; run it again for the others."

    def run_name(self, newsletter: Newsletter, options: dict[str, Any]) -> str:
        return ledger.run_name(the_issue(newsletter, options["date"]))

    def act(self, newsletter: Newsletter, progress: Progress, options: dict[str, Any]) -> dict[str, Any]:
        issue = the_issue(newsletter, options["date"])
        counts = ledger.deliver_issue(issue, now=timezone.now(), progress=progress)
        return {"issue": issue.number, "state": str(issue.state), **counts}
