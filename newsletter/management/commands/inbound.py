"""Incoming mail over SMTP or LMTP, until Ctrl-C or SIGTERM."""

import signal
import threading
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from newsletter.deliver import listener


class Command(BaseCommand):
    help = "Take commands, bounces and complaints from a mail server over SMTP or LMTP."

    def add_arguments(self, parser: ArgumentParser) -> None:
        way = parser.add_mutually_exclusive_group(required=True)
        way.add_argument("--smtp", metavar="HOST:PORT", help="for a mail server's transport, as 127.0.0.1:2526")
        way.add_argument("--lmtp", metavar="HOST:PORT", help="the same in LMTP (RFC 2033)")

    def handle(self, *args: Any, **options: Any) -> None:
        lmtp = options["lmtp"] is not None
        host, port = _address(options["lmtp"] if lmtp else options["smtp"])
        stopped = threading.Event()
        for each in (signal.SIGINT, signal.SIGTERM):
            signal.signal(each, lambda *_: stopped.set())
        try:
            with listener.running(host, port, lmtp=lmtp) as (host, port):
                self.stdout.write(f"{'LMTP' if lmtp else 'SMTP'} on {host}:{port}; Ctrl-C ends it")
                self.stdout.flush()
                stopped.wait()
        except OSError as error:
            raise CommandError(f"{host}:{port}: {error.strerror or error}") from None


def _address(text: str) -> tuple[str, int]:
    host, _, port = text.rpartition(":")
    if not host or not port.isdigit() or int(port) > 65535:
        raise CommandError(f"{text!r}: write HOST:PORT, as 127.0.0.1:2526")
    return host.strip("[]"), int(port)
