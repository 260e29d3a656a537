"""What the acts' commands share: --date, --cutoff, --json, progress, and errors in one line."""

import datetime as dt
import json
import sys
import time
from abc import ABC, abstractmethod
from argparse import ArgumentParser, ArgumentTypeError
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import DatabaseError

from newsletter.models import Issue, Newsletter
from newsletter.runs import ActError, recorded


class Progress:
    """A line on a terminal that says how far the work is; silent where nobody looks."""

    def __init__(self, stream: Any = None) -> None:
        self.stream = stream or sys.stderr
        self.live = self.stream.isatty()

    def __call__(self, what: str, done: int, total: int) -> None:
        """Say that `done` of `total` steps of `what` are done."""
        if self.live:
            end = "\n" if done >= total else ""
            self.stream.write(f"\r\x1b[K{what}: {done} of {total}{end}")
            self.stream.flush()


class ActCommand(BaseCommand, ABC):
    """One act on one day. Subclasses write `act()`, which returns the counts to report."""

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--date", type=issue_date, help="the issue's date, YYYY-MM-DD (default: today there)")
        parser.add_argument("--json", action="store_true", help="print one JSON object of counts and timings last")
        parser.add_argument("--newsletter", metavar="SLUG", help="which newsletter (default: the only one)")

    def add_cutoff(self, parser: ArgumentParser) -> None:
        """For the acts that look at the day's window."""
        parser.add_argument(
            "--cutoff",
            help="end of the 24 hours: HH:MM on --date in the newsletter's zone (24:00 is its end), or an ISO time",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        started = time.monotonic()
        newsletter = the_newsletter(options["newsletter"])
        options["date"] = options["date"] or newsletter.today()
        try:
            with recorded(newsletter, self.run_name(newsletter, options), options["date"]) as run:
                run |= self.act(newsletter, Progress(), options)
        except ActError as error:
            raise CommandError(str(error)) from None
        counts: dict[str, Any] = {"act": self.act_name, "date": str(options["date"]), **run}
        counts["seconds"] = round(time.monotonic() - started, 3)
        if options["json"]:
            counts |= self.details(newsletter, options)
            self.stdout.write(json.dumps(counts, ensure_ascii=False))
        else:
            self.stdout.write(", ".join(f"{k.replace('_', ' ')} {v}" for k, v in counts.items()))

    @property
    def act_name(self) -> str:
        return type(self).__module__.rsplit(".", 1)[-1]

    def run_name(self, newsletter: Newsletter, options: dict[str, Any]) -> str:
        """What the run is recorded as; no two of one name are open at once."""
        return self.act_name

    @abstractmethod
    def act(self, newsletter: Newsletter, progress: Progress, options: dict[str, Any]) -> dict[str, Any]:
        """Do the work; the counts are for the operator, in the order to be read."""

    def details(self, newsletter: Newsletter, options: dict[str, Any]) -> dict[str, Any]:
        """What --json tells beyond the counts that are kept of the run."""
        return {}


def the_newsletter(slug: str | None) -> Newsletter:
    """The newsletter named `slug`, or the only one there is. CommandError says what to do otherwise."""
    try:
        found = list(Newsletter.objects.filter(**({"slug": slug} if slug else {}))[:2])
    except DatabaseError as error:
        raise CommandError(f"the database can't be read ({error}): run `manage.py migrate`") from None
    if len(found) == 1:
        return found[0]
    if slug:
        raise CommandError(f"no newsletter {slug!r}")
    raise CommandError("more than one newsletter: say --newsletter SLUG" if found else "no newsletter: run migrate")


def the_issue(newsletter: Newsletter, date: dt.date) -> Issue:
    """The newest daily issue of `date`. CommandError says what to run where there is none."""
    issue = newsletter.issues.filter(kind="daily", date=date).order_by("-sequence").first()
    if issue is None:
        raise CommandError(f"no issue of {date}: run `manage.py compose --date {date}` first")
    return issue


def cutoff_of(newsletter: Newsletter, date: dt.date, text: str | None) -> dt.datetime:
    """The end of the day's window as an aware time; `text` as --cutoff was given, or None for the draft hour."""
    if not text:
        return newsletter.cutoff(date)
    try:
        if text == "24:00":
            return newsletter.moment(date + dt.timedelta(days=1), dt.time())
        if len(text) <= 5:
            return newsletter.moment(date, dt.time.fromisoformat(text))
        moment = dt.datetime.fromisoformat(text)
    except (ValueError, OverflowError):
        raise CommandError(f"--cutoff {text!r}: write HH:MM, 24:00, or 2026-03-13T00:00") from None
    return moment if moment.tzinfo else moment.replace(tzinfo=newsletter.tz)


def issue_date(text: str) -> dt.date:
    """`--date`, or an argument error that says how to write it."""
    try:
        return dt.date.fromisoformat(text)
    except ValueError:
        raise ArgumentTypeError(f"{text!r}: write YYYY-MM-DD") from None
