"""manage.py sending: how far an issue has got, and hold it back, let it go on or take it back."""

import datetime as dt
import time
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db.models import Count
from django.utils import timezone

from newsletter.deliver import pausing
from newsletter.management.base import the_issue, the_newsletter
from newsletter.models import DeliveryState, Issue, Pause
from newsletter.models.delivery import RETRYABLE
from newsletter.workflow import WorkflowError

LOOK = 5.0  # seconds in which the rate is measured


class Command(BaseCommand):
    help = "Say how far the sending of a day's issue has got: by state, rate, time left. Or pause it, or let it go on."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--newsletter", metavar="SLUG", help="which newsletter (default: the only one)")
        parser.add_argument("--date", type=dt.date.fromisoformat, metavar="YYYY-MM-DD", help="default: today")
        acts = parser.add_mutually_exclusive_group()
        acts.add_argument("--pause", metavar="WHY", help="no further mail leaves until it is resumed")
        acts.add_argument("--resume", action="store_true", help="let a paused issue go on")
        acts.add_argument("--follow", action="store_true", help="say it again every few seconds, until all is sent")

    def handle(self, *args: Any, **options: Any) -> None:
        newsletter = the_newsletter(options["newsletter"])
        issue = the_issue(newsletter, options["date"] or newsletter.today())
        try:
            if options["pause"]:
                pausing.pause(issue, options["pause"])
            elif options["resume"]:
                pausing.resume(issue)
        except WorkflowError as error:
            raise CommandError(str(error)) from None
        self._say(issue, rate=None)
        while options["follow"] and issue.state == "sending":
            before, since = _final(issue), time.monotonic()
            time.sleep(LOOK)
            self._say(issue, rate=(_final(issue) - before) / (time.monotonic() - since))

    def _say(self, issue: Issue, rate: float | None) -> None:
        issue.refresh_from_db()
        rows = issue.deliveries.order_by().values_list("state").annotate(number=Count("pk"))
        counts = {str(state): number for state, number in rows}
        words = [
            f"{issue} is {issue.state}",
            *(f"{state} {counts[state]}" for state in DeliveryState.values if state in counts),
        ]
        due = issue.deliveries.filter(state__in=RETRYABLE, due_at__lte=timezone.now()).count()
        if rate:
            words += [f"{rate:.0f} a second", f"{dt.timedelta(seconds=int(due / rate))} left for the {due} due now"]
        if pause := Pause.objects.filter(issue=issue).first():
            words.append(f"paused since {pause.since:%H:%M:%S} UTC: {pause.because}")
        self.stdout.write("; ".join(words))


def _final(issue: Issue) -> int:
    return issue.deliveries.exclude(state__in=RETRYABLE | {DeliveryState.CLAIMED}).count()
