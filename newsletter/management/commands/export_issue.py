"""Print the day's issue in the exchange format, and nothing else."""

import json
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand

from newsletter.check.document import IssueDocument
from newsletter.management.base import issue_date, the_issue, the_newsletter


class Command(BaseCommand):
    help = "Print the issue of a day as JSON: what `check_issue --file` reads."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--date", type=issue_date, help="the issue's date, YYYY-MM-DD (default: today there)")
        parser.add_argument("--newsletter", metavar="SLUG", help="which newsletter (default: the only one)")

    def handle(self, *args: Any, **options: Any) -> None:
        newsletter = the_newsletter(options["newsletter"])
        issue = the_issue(newsletter, options["date"] or newsletter.today())
        self.stdout.write(json.dumps(IssueDocument.from_issue(issue).to_json(), ensure_ascii=False, indent=2))
