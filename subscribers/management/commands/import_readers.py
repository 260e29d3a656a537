"""Bring readers in from a CSV file."""

import csv
import itertools
import json
import sys
import tempfile
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from subscribers.models import ImportPurpose, Language
from subscribers.transfer import running
from subscribers.transfer.importing import Report
from subscribers.transfer.table import TransferError

SHOWN = 10  # refused rows on the terminal


class Command(BaseCommand):
    help = (
        "Import readers from CSV as exported by Mailchimp, listmonk, Buttondown or Substack; the admin does the same "
        "in steps. Safe to run again: who is there stays as they are. Suppressed addresses are refused. Where the "
        "process dies, the cluster goes on; Ctrl-C ends the import, and who came in stays."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path, metavar="FILE.csv")
        parser.add_argument("--basis", required=True, help="on what these people consented; kept with each of them")
        parser.add_argument("--language", choices=Language.values, default="both", help="where a row names none")
        parser.add_argument("--email-column", default="", metavar="NAME", help="the header of the addresses")
        parser.add_argument(
            "--gone",
            action="store_true",
            help="these people left elsewhere and must never be mailed: put them on the suppression list",
        )
        parser.add_argument("--dry-run", action="store_true", help="change nothing; say what would happen")
        parser.add_argument("--errors", type=Path, metavar="FILE.csv", help="write each refused row and why")
        parser.add_argument("--json", action="store_true", help="print one JSON object of counts last")

    def handle(self, *args: Any, **options: Any) -> None:
        with tempfile.TemporaryDirectory() as folder:
            errors = options["errors"] or Path(folder) / "errors.csv"
            try:
                report = running.import_readers(
                    options["file"],
                    basis=options["basis"],
                    language=options["language"],
                    dry_run=options["dry_run"],
                    purpose=ImportPurpose.GONE if options["gone"] else ImportPurpose.READERS,
                    email_column=options["email_column"],
                    errors=errors,
                    progress=self._progress,
                )
            except (OSError, TransferError) as error:
                raise CommandError(f"{options['file']}: {error}") from None
            except KeyboardInterrupt:
                raise CommandError("stopped: who came in stays, and running it again brings the rest") from None
            if not options["errors"]:
                self._show(errors)
        self._report(report, options)

    def _show(self, errors: Path) -> None:
        with errors.open(encoding="utf-8", newline="") as file:
            for line, email, reason in itertools.islice(csv.reader(file), 1, 1 + SHOWN):
                self.stderr.write(f"line {line}: {email}: {reason}")

    def _progress(self, rows: int) -> None:
        if sys.stderr.isatty():
            self.stderr.write(f"\r{rows} rows", ending="")

    def _report(self, report: Report, options: dict[str, Any]) -> None:
        if options["json"]:
            self.stdout.write(json.dumps(_plain(report, options["dry_run"]), ensure_ascii=False))
            return
        would = "would be " if options["dry_run"] else ""
        what = "put on the suppression list" if options["gone"] else "added"
        self.stdout.write(f"{report.rows} rows: {report.added} {would}{what}, {report.known} known")
        for reason, count in sorted(report.reasons.items()):
            self.stdout.write(f"{count} refused: {reason}")


def _plain(report: Report, is_dry: bool) -> dict[str, Any]:
    reasons = {str(reason): count for reason, count in report.reasons.items()}
    return {"dry_run": is_dry, **vars(report), "reasons": reasons}
