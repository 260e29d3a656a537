"""manage.py sending: how far an issue has got; pause it, let it go on, take it back; decide about mails in doubt."""

import datetime as dt
import shutil
import sys
import time
from argparse import ArgumentParser
from contextlib import suppress
from pathlib import Path
from typing import Any

from django.contrib.auth.models import User
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone, translation

from newsletter.deliver import deciding, pausing, progress, report, withdrawal
from newsletter.management.base import issue_date, the_issue, the_newsletter
from newsletter.management.standing import Standing
from newsletter.models import Delivery, Issue, IssueState, Newsletter
from newsletter.roles import APPROVE
from newsletter.workflow import WorkflowError

LOOK = 5.0  # seconds between two lines; a table on a terminal is drawn anew every second
ALL = "all"


class Command(BaseCommand):
    help = (
        "Say how far the sending of a day's issue has got: by state, rate, time left, and what holds it up. Or pause "
        "it, let it go on, take it back, and decide about mails that may or may not have arrived."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--newsletter", metavar="SLUG", help="which newsletter (default: the only one)")
        parser.add_argument("--date", type=issue_date, metavar="YYYY-MM-DD", help="default: today")
        parser.add_argument("--correction", action="store_true", help="the mail about a correction of that day")
        parser.add_argument("--as", dest="user", metavar="USER", help="who says so: stands in the history")
        parser.add_argument("--follow", action="store_true", help="say it again and again, until all is sent")
        acts = parser.add_mutually_exclusive_group()
        acts.add_argument("--pause", metavar="WHY", help="no further mail leaves until it is resumed")
        acts.add_argument("--resume", action="store_true", help="let a paused issue go on")
        acts.add_argument(
            "--cancel", metavar="WHY", help="take it back: what has not left is withdrawn; takes --as, and asks first"
        )
        acts.add_argument("--uncertain", action="store_true", help="list the mails that may or may not have arrived")
        acts.add_argument("--send-again", metavar="ID", help=f"of these, send one, or `{ALL}`, again")
        acts.add_argument("--count-as-sent", metavar="ID", help=f"of these, count one, or `{ALL}`, as sent")
        acts.add_argument("--refused", action="store_true", help="who refused it, by domain and code")
        acts.add_argument("--try-again", metavar="DOMAIN", help="once its cause is mended: what DOMAIN refused")
        acts.add_argument("--csv", metavar="FILE", help="write who received it and who didn't (- : to the terminal)")
        parser.add_argument("--yes", action="store_true", help="don't ask whether --cancel is meant")

    def handle(self, *args: Any, **options: Any) -> None:
        newsletter = the_newsletter(options["newsletter"])
        issue = _issue(newsletter, options["date"] or newsletter.today(), correction=options["correction"])
        user = _user(options["user"])
        try:
            with translation.override("en"):
                if self._lists(issue, options):
                    return
                self._act(issue, user, options)
        except WorkflowError as error:
            raise CommandError(str(error)) from None
        with suppress(KeyboardInterrupt):  # how one stops to follow it
            self._say(issue, follow=options["follow"])

    # ---- what is said ------------------------------------------------------------------------------------

    def _say(self, issue: Issue, *, follow: bool) -> None:
        """Once; or until all is sent, in place on a terminal, else line by line."""
        live = follow and self.stdout.isatty()
        drawn, width = 0, shutil.get_terminal_size().columns
        while True:
            issue.refresh_from_db()
            standing = Standing.of(issue, timezone.now())
            if live:
                lines = [line[:width] for line in standing.table()]  # a line that wraps couldn't be drawn over
                up = f"\x1b[{drawn}F\x1b[J" if drawn else ""
                self.stdout.write(up + "\n".join(lines))
                drawn = len(lines)
            else:
                self.stdout.write(standing.line())
            self.stdout.flush()
            if not follow or issue.state != IssueState.SENDING:
                return
            time.sleep(1.0 if live else LOOK)

    def _lists(self, issue: Issue, options: dict[str, Any]) -> bool:
        """Whether a list was asked for; it has been printed then."""
        if options["uncertain"]:
            for row in deciding.uncertain(issue).select_related("reader")[:1000]:
                when = row.handed_over_at or row.finished_at or row.due_at
                worker = row.claimed_by.partition(":")[0]
                self.stdout.write(f"{row.pk}  {row.reader.email}  {when:%Y-%m-%d %H:%M:%S} UTC  {worker}  {row.reply}")
        elif options["refused"]:
            for group in deciding.refusals(issue, timezone.now()):
                hint = "nobody is there" if group.is_dead else f"--try-again {group.domain}" if group.may_try else ""
                self.stdout.write(f"{group.mails:>7}  {group.domain}  {group.code}  {group.words}  {hint}".rstrip())
        elif options["csv"]:
            here = options["csv"] == "-"
            rows = report.lines(report.deliveries(issue, taken=True), mark=not here)
            if here:
                self.stdout.writelines(rows)
            else:
                with Path(options["csv"]).open("w", encoding="utf8", newline="") as file:
                    file.writelines(rows)
        else:
            return False
        return True

    # ---- what is done ------------------------------------------------------------------------------------

    def _act(self, issue: Issue, user: User | None, options: dict[str, Any]) -> None:
        if options["pause"] is not None:
            if not pausing.pause(issue, options["pause"], by=user):
                self.stdout.write("It is paused already.")
        elif options["resume"]:
            pausing.resume(issue, by=user)
        elif options["cancel"] is not None:
            self._cancel(issue, user, options)
        elif options["send_again"]:
            count = deciding.send_again(issue, _meant(issue, options["send_again"]), user)
            self.stdout.write(f"{count} sent again. Whoever had it already gets it twice.")
        elif options["count_as_sent"]:
            count = deciding.count_as_sent(issue, _meant(issue, options["count_as_sent"]), user)
            self.stdout.write(f"{count} counted as sent.")
        elif options["try_again"]:
            meant = _refused_by(issue, options["try_again"])
            count = sum(deciding.try_again(issue, group.domain, group.code, user) for group in meant)
            self.stdout.write(f"{count} tried again.")

    def _cancel(self, issue: Issue, user: User | None, options: dict[str, Any]) -> None:
        if user is None:
            raise CommandError("--cancel takes --as USER: who takes it back stands in the history")
        if not options["yes"] and sys.stdin.isatty():
            counts = progress.count(issue, timezone.now())
            asked = f"{counts.accepted:,} have it already; {counts.open:,} would not get it. Take it back? [yes/no] "
            if input(asked).strip().lower() not in ("y", "yes"):
                raise CommandError("left as it is")
        done = withdrawal.take_back(issue, user, options["cancel"])
        self.stdout.write(f"{done.withdrawn:,} mails stay here; {done.had_it:,} readers had it already.")
        if done.perhaps:
            self.stdout.write(f"{done.perhaps:,} more may get it.")


def _issue(newsletter: Newsletter, date: dt.date, *, correction: bool) -> Issue:
    if not correction:
        return the_issue(newsletter, date)
    found = newsletter.issues.filter(kind="correction", date=date).order_by("-sequence").first()
    if found is None:
        raise CommandError(f"no mail about a correction of {date}")
    return found


def _user(name: str | None) -> User | None:
    """The approver of that name; None where none is named: whoever has a terminal here may do anything anyway."""
    if name is None:
        return None
    user = User.objects.filter(username=name, is_active=True).first()
    if user is None or not user.has_perm(APPROVE):
        raise CommandError(f"{name!r} may not: that takes an approver (manage.py create_editor)")
    return user


def _refused_by(issue: Issue, domain: str) -> list[deciding.Refusal]:
    """What `domain` refused and may be tried again; CommandError says why there is nothing."""
    groups = [group for group in deciding.refusals(issue, timezone.now()) if group.domain == domain.lower()]
    if not groups:
        raise CommandError(f"{domain} has refused nothing of it: --refused lists who has")
    meant = [group for group in groups if group.may_try]
    if not meant and all(group.is_dead for group in groups):
        raise CommandError(f"nobody is there, and another try finds nobody either; {domain} said: {groups[0].words}")
    if not meant:
        raise CommandError(f"the day is over of what {domain} refused: nothing is sent again")
    return meant


def _meant(issue: Issue, which: str) -> Any:
    rows = deciding.uncertain(issue)
    if which == ALL:
        return rows
    if not which.isdecimal() or not rows.filter(pk=which).exists():
        raise CommandError(f"{which!r} is no mail in doubt: --uncertain lists them, `{ALL}` means all")
    return Delivery.objects.filter(pk=which)
