"""Check the day's issue, or, with --file, an exported one without the database."""

import json
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import CommandError

from newsletter import lexicon
from newsletter.check.document import IssueDocument
from newsletter.check.exchange import DocumentError
from newsletter.check.finding import FindingValue
from newsletter.check.run import CheckResult, check_document
from newsletter.management.base import ActCommand, the_issue
from newsletter.models import Finding, Newsletter
from newsletter.review import proofread

LARGEST = 20 << 20  # bytes; an issue with a day's articles has some hundred thousand


class Command(ActCommand):
    help = "Find doubtful sentences in the issue of a day, or in an exported issue, and leave them at the desk."
    requires_system_checks = ()  # with --file it reads a file and nothing else

    def add_arguments(self, parser: ArgumentParser) -> None:
        super().add_arguments(parser)
        parser.add_argument("--file", type=Path, help="an exported issue (JSON); touches no database")

    def handle(self, *args: Any, **options: Any) -> None:
        if options["file"] is None:
            super().handle(*args, **options)
            return
        self._tell(check_document(_read(options["file"]), lexicon.load()), as_json=options["json"])

    def act(self, newsletter: Newsletter, progress: Any, options: dict[str, Any]) -> dict[str, Any]:
        return proofread.check_issue(the_issue(newsletter, options["date"]), progress)

    def details(self, newsletter: Newsletter, options: dict[str, Any]) -> dict[str, Any]:
        """The findings as with --file, in the place of their number."""
        found = (
            the_issue(newsletter, options["date"]).findings.select_related("block").order_by("block__position", "pk")
        )
        return {"findings": [_value(finding).to_json() for finding in found]}

    def _tell(self, result: CheckResult, *, as_json: bool) -> None:
        if as_json:
            found = [finding.to_json() for finding in result.findings]
            self.stdout.write(json.dumps({"findings": found, "sentences": result.sentences}, ensure_ascii=False))
            return
        for finding in result.findings:
            place = f"{finding.block or 'issue'} {finding.lang}"
            self.stdout.write(f"{finding.severity} {finding.kind}, {place}: {finding.message}\n    {finding.sentence}")
        self.stdout.write(f"{len(result.findings)} findings in {result.sentences} sentences")


def _value(row: Finding) -> FindingValue:
    return FindingValue(
        block=row.block.key if row.block else "",
        lang=row.language,
        sentence=row.sentence,
        kind=row.kind,
        severity=row.severity,
        message=row.message,
        message_zh=row.message_zh,
        evidence=row.evidence,
    )


def _each_key_once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """One object of the file; of a key that stands there twice nobody could say which is meant."""
    found = dict(pairs)
    if len(found) < len(pairs):
        keys = [key for key, _ in pairs]
        twice = next(key for key in keys if keys.count(key) > 1)
        raise DocumentError(f"the key {twice[:40]!r} stands twice in one object")
    return found


def _read(path: Path) -> IssueDocument:
    try:
        if path.is_file() and path.stat().st_size > LARGEST:
            raise CommandError(f"{path}: larger than {LARGEST >> 20} MB: no issue")
        return IssueDocument.from_json(json.loads(path.read_bytes(), object_pairs_hook=_each_key_once))
    except OSError as error:
        raise CommandError(f"{path}: {error.strerror}") from None
    except (UnicodeDecodeError, json.JSONDecodeError, RecursionError) as error:
        raise CommandError(f"{path}: not JSON ({' '.join(str(error).split())})") from None
    except DocumentError as error:
        raise CommandError(f"{path}: {error}") from None
