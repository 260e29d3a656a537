"""The development inbox's SMTP server, until Ctrl-C."""

import signal
import threading
from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from newsletter.demo.inbox import running_inbox


class Command(BaseCommand):
    help = "Take every mail into the development inbox, shown at /inbox/ while DEBUG is on."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--port", type=int, default=settings.EMAIL_PORT, help="default: SMTP_PORT")

    def handle(self, *args: Any, **options: Any) -> None:
        stopped = threading.Event()
        for each in (signal.SIGINT, signal.SIGTERM):
            signal.signal(each, lambda *_: stopped.set())
        try:
            with running_inbox(options["port"]) as (host, port):
                self.stdout.write(f"inbox on {host}:{port}, kept under {settings.DEVELOPMENT_INBOX}; Ctrl-C ends it")
                stopped.wait()
        except OSError as error:
            raise CommandError(f"port {options['port']}: {error.strerror or error}") from None
