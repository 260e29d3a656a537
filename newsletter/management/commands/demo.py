"""`make demo`: a whole morning on this machine, feed to inbox, then the site, the desk and the inbox to look at."""

import contextlib
import datetime as dt
import json
import socket
import sys
import time
from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from newsletter import schedules
from newsletter.demo import morning as steps
from newsletter.demo.feeds import serving
from newsletter.demo.inbox import running_inbox
from newsletter.demo.serve import StoppedError, run_until_stopped, stopping_on_signals
from newsletter.management.base import Progress, the_newsletter
from newsletter.runs import ActError


class Command(BaseCommand):
    help = "Show a whole morning: sample feeds over HTTP, yesterday's issue mailed, today's at the desk."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--no-serve", action="store_true", help="stop after the morning; print a JSON summary")
        parser.add_argument("--live", action="store_true", help="read the real sources of newsletter/data/sources.csv")
        parser.add_argument("--claude", action="store_true", help="let Claude write (costs money; needs a key)")

    def handle(self, *args: Any, **options: Any) -> None:
        if not settings.DEBUG:
            raise CommandError("the demo makes an editor with a known password: it runs with DEBUG=1 only")
        address = settings.SITE_URL.split("://", 1)[1]
        if not options["no_serve"]:
            _must_be_free(address)
        try:
            with stopping_on_signals(), self._surroundings(options) as base:
                summary = self._morning(options, base)
                if options["no_serve"]:
                    self.stdout.write(json.dumps(summary, ensure_ascii=False))
                    return
                self._serve(address)
        except StoppedError:
            self._say_stopped()
        except ActError as error:
            raise CommandError(str(error)) from None

    @contextlib.contextmanager
    def _surroundings(self, options: dict[str, Any]) -> Any:
        """The development inbox and, but with --live, the sample feeds' server: up while the block runs."""
        call_command("migrate", verbosity=0)
        today = the_newsletter(None).today()
        with contextlib.ExitStack() as stack:
            try:
                stack.enter_context(running_inbox(settings.EMAIL_PORT))
            except OSError as error:
                raise CommandError(
                    f"port {settings.EMAIL_PORT} is taken ({error.strerror}): stop the other demo, or set SMTP_PORT"
                ) from None
            yield None if options["live"] else stack.enter_context(serving(today))

    def _morning(self, options: dict[str, Any], base: str | None) -> dict[str, Any]:
        started = time.monotonic()
        newsletter = the_newsletter(None)
        morning = steps.Morning(
            newsletter, "claude" if options["claude"] else "offline", self.stderr.write, Progress(sys.stderr)
        )
        today = newsletter.today()
        editor = steps.make_editor()
        self.stderr.write(f"A morning of {newsletter.name_en} {newsletter.name_zh}, {today:%A %d %B %Y}")
        if base:
            steps.use_sample_sources(newsletter, base)
        else:
            call_command("load_sources", str(settings.BASE_DIR / "newsletter" / "data" / "sources.csv"))
            steps.rest_sample_sources(newsletter)
        steps.gather_step(morning, today)
        yesterday = today - dt.timedelta(days=1)
        try:
            steps.send_issue(morning, steps.write_issue(morning, yesterday, "yesterday"), editor)
        except ActError as reason:
            if base:
                raise
            # Real feeds: too little from yesterday, or a finding that only a person may settle. Today's goes on.
            self.stderr.write(f"  yesterday's issue is not sent: {reason}")
        steps.write_issue(morning, today, "today")
        steps.give_time_to_review(newsletter, timezone.now())
        return {
            "date": str(today),
            **morning.summary,
            "yesterday": steps.standing(newsletter, yesterday),
            "today": steps.standing(newsletter, today),
            "seconds": round(time.monotonic() - started, 1),
        }

    def _serve(self, address: str) -> None:
        schedules.install()
        site = settings.SITE_URL
        self.stdout.write(
            f"\n  Site   {site}/\n"
            f"  Desk   {site}/desk/   sign in as {steps.EDITOR} / {steps.PASSWORD}\n"
            f"  Inbox  {site}/inbox/  what the readers got\n"
            "\n  Ctrl-C stops everything.\n"
        )
        self.stdout.flush()
        if ended := run_until_stopped(address):
            raise CommandError(f"the {ended} ended by itself: see {settings.VAR_DIR}/demo-*.log")
        self._say_stopped()

    def _say_stopped(self) -> None:
        with contextlib.suppress(OSError):  # the terminal may be gone, which is why it stops
            self.stderr.write("stopped")


def _must_be_free(address: str) -> None:
    host, _, port = address.partition(":")
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, int(port or 80)))
        except OSError as error:
            raise CommandError(
                f"{address} is taken ({error.strerror}): stop what runs there, or set SITE_URL=http://127.0.0.1:8001"
            ) from None
