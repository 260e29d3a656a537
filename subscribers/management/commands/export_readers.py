"""Write the readers to a CSV file."""

import os
import sys
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand

from subscribers.models import State, Subscriber
from subscribers.transfer.exporting import export_readers


class Command(BaseCommand):
    help = "Export readers as CSV, to be read by import_readers and by spreadsheets: formulas are neutralised."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path, nargs="?", metavar="FILE.csv", help="default: standard output")
        parser.add_argument("--state", action="append", choices=State.values, help="may be given again (default: all)")

    def handle(self, *args: Any, **options: Any) -> None:
        readers = Subscriber.objects.filter(state__in=options["state"] or State.values)
        if not options["file"]:
            export_readers(sys.stdout, readers)
            return
        # for the owner alone: it is a list of people
        descriptor = os.open(options["file"], os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(descriptor, "w", encoding="utf-8", newline="") as file:
            count = export_readers(file, readers)
        self.stderr.write(f"{count} readers in {options['file']}")
