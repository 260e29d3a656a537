"""manage.py gather: articles from the due sources, or from a folder of feed files."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import CommandError
from django.utils import timezone

from newsletter.gather.ingest import gather, gather_folder
from newsletter.management.base import ActCommand, Progress, cutoff_of
from newsletter.models import Newsletter


class Command(ActCommand):
    help = (
        "Visit the sources whose turn it is and store what is new. With --from, read a folder of feed files instead: "
        "every file in it and below, hidden ones aside. Prints one line on stderr for each source or file in trouble."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        super().add_arguments(parser)
        self.add_cutoff(parser)
        parser.add_argument("--from", dest="folder", type=Path, metavar="DIR", help="read the feed files of DIR")
        parser.add_argument(
            "--list", metavar="SLUG|NAME", help="with --from: their source list (default: by language)"
        )
        parser.add_argument("--language", choices=["en", "zh"], help="with --from: their language (default: guessed)")
        parser.add_argument("--all", action="store_true", help="visit every active source, also before its time")

    def act(self, newsletter: Newsletter, progress: Progress, options: dict[str, Any]) -> dict[str, Any]:
        seen_at = timezone.now()
        if options["cutoff"] or options["date"] < newsletter.today():
            # A snapshot of a past day: its undated entries were first seen by the end of that day's window.
            seen_at = min(seen_at, cutoff_of(newsletter, options["date"], options["cutoff"]))
        if not options["folder"]:
            if options["list"] or options["language"]:
                raise CommandError("--list and --language go with --from DIR")
            everything = options["all"]
            return gather(newsletter, seen_at=seen_at, progress=progress, everything=everything, complain=self.line)
        return gather_folder(
            newsletter,
            options["folder"],
            list_slug=options["list"],
            language=options["language"],
            seen_at=seen_at,
            progress=progress,
            complain=self.line,
        )

    def line(self, text: str) -> None:
        """One line on stderr, whatever was in the feed; on a terminal it takes the place of the progress line."""
        start = "\r\x1b[K" if self.stderr.isatty() else ""
        self.stderr.write(start + " ".join(text.split()))
