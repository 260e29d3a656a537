"""Bring readers in from a CSV file."""

import csv
import json
import sys
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from subscribers.models import Language
from subscribers.transfer import importing
from subscribers.transfer.cells import safe
from subscribers.transfer.table import TransferError


class Command(BaseCommand):
    help = (
        "Import readers from CSV as exported by Mailchimp, listmonk, Buttondown or Substack. Safe to run again: "
        "who is there stays as they are. Suppressed addresses are refused."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path, metavar="FILE.csv")
        parser.add_argument("--basis", required=True, help="on what these people consented; kept with each of them")
        parser.add_argument("--language", choices=Language.values, default="both", help="where a row names none")
        parser.add_argument("--email-column", default="", metavar="NAME", help="the header of the addresses")
        parser.add_argument("--dry-run", action="store_true", help="change nothing; say what would happen")
        parser.add_argument("--errors", type=Path, metavar="FILE.csv", help="write each refused row and why")
        parser.add_argument("--json", action="store_true", help="print one JSON object of counts last")

    def handle(self, *args: Any, **options: Any) -> None:
        errors: list[importing.RowError] = []
        written = options["errors"].open("w", encoding="utf-8", newline="") if options["errors"] else None
        writer = csv.writer(written) if written else None

        def note(error: importing.RowError) -> None:
            if writer:
                writer.writerow([error.line, safe(error.email), error.reason])
            elif len(errors) < 10:
                errors.append(error)

        try:
            report = importing.import_readers(
                options["file"],
                basis=options["basis"],
                language=options["language"],
                dry_run=options["dry_run"],
                email_column=options["email_column"],
                on_error=note,
                progress=self._progress,
            )
        except (OSError, TransferError) as error:
            raise CommandError(f"{options['file']}: {error}") from None
        finally:
            if written:
                written.close()
        for each in errors:
            self.stderr.write(f"line {each.line}: {each.email}: {each.reason}")
        self._report(report, options)

    def _progress(self, rows: int) -> None:
        if sys.stderr.isatty():
            self.stderr.write(f"\r{rows} rows", ending="")

    def _report(self, report: importing.Report, options: dict[str, Any]) -> None:
        if options["json"]:
            self.stdout.write(json.dumps({"dry_run": options["dry_run"], **vars(report)}, ensure_ascii=False))
            return
        would = "would be " if options["dry_run"] else ""
        self.stdout.write(f"{report.rows} rows: {report.added} {would}added, {report.known} known")
        for reason, count in sorted(report.reasons.items()):
            self.stdout.write(f"{count} refused: {reason}")
