"""manage.py load_sources: the sources that a CSV file names."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from newsletter.gather.register import COLUMNS, RegisterError, load_sources
from newsletter.management.base import the_newsletter


class Command(BaseCommand):
    help = f"Make or update sources from a CSV file with the columns {', '.join(COLUMNS)}. All of it, or nothing."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path, metavar="FILE.csv", help="e.g. newsletter/data/sources.csv")
        parser.add_argument("--newsletter", metavar="SLUG", help="which newsletter (default: the only one)")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            counts = load_sources(the_newsletter(options["newsletter"]), options["file"])
        except RegisterError as error:
            for problem in error.problems[:-1]:
                self.stderr.write(problem)
            raise CommandError(f"{error.problems[-1]}; nothing was stored") from None
        self.stdout.write(", ".join(f"{name} {number}" for name, number in counts.items()))
