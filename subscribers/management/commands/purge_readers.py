"""End pauses that are over and forget what has had its time; the tick does the same by itself."""

import json
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand
from django.utils import timezone

from subscribers.tidying import tidy


class Command(BaseCommand):
    help = "End pauses that are over; forget strangers who never confirmed, old single mails, links and tallies."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--json", action="store_true", help="print one JSON object of counts")

    def handle(self, *args: Any, **options: Any) -> None:
        counts = tidy(timezone.now())
        if options["json"]:
            self.stdout.write(json.dumps(counts))
        else:
            self.stdout.write(", ".join(f"{name.replace('_', ' ')} {count}" for name, count in counts.items()))
