"""manage.py compose: the day's stories to a draft issue in both languages."""

from argparse import ArgumentParser
from typing import Any

from newsletter.compose.assemble import compose_issue
from newsletter.management.base import ActCommand, Progress, cutoff_of
from newsletter.models import Newsletter


class Command(ActCommand):
    help = "Write the draft issue of the day from the stories that rank chose; an editor's own blocks stay."

    def add_arguments(self, parser: ArgumentParser) -> None:
        super().add_arguments(parser)
        self.add_cutoff(parser)
        parser.add_argument("--claude", action="store_true", help="let Claude write (needs ANTHROPIC_API_KEY; costs)")

    def act(self, newsletter: Newsletter, progress: Progress, options: dict[str, Any]) -> dict[str, Any]:
        date = options["date"]
        cutoff = cutoff_of(newsletter, date, options["cutoff"])
        counts = compose_issue(
            newsletter, date, cutoff, writer_name="claude" if options["claude"] else "offline", progress=progress
        )
        for note in counts["notes"]:
            self.stderr.write(f"warning: {note}")
        return counts
