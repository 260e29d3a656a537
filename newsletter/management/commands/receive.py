"""One mail on standard input: the entrance for a mail server's pipe."""

import json
import logging
import os
import sys
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand
from django.utils import timezone

from newsletter.deliver import inbound

log = logging.getLogger(__name__)


class Command(BaseCommand):
    help = (
        "Take one mail (RFC 5322) on standard input: a command, bounce or complaint. Ends with 0 once it is stored, "
        "75 where it should be offered again, 67 where it isn't for us (sysexits.h)."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--explain", action="store_true", help="change nothing; print the decision as JSON")
        parser.add_argument("--sender", help="the envelope's sender; empty for a bounce (default: Return-Path)")
        parser.add_argument("--recipient", help="the envelope's recipient (default: Delivered-To, To)")

    def handle(self, *args: Any, **options: Any) -> None:
        message = sys.stdin.buffer.read()
        sender = options["sender"].strip().strip("<>") if options["sender"] is not None else None
        decide = inbound.explain if options["explain"] else inbound.receive
        try:
            decision = decide(
                message, envelope_sender=sender, envelope_recipient=options["recipient"], now=timezone.now()
            )
        except Exception as error:
            # Whatever broke, the mail is still whole in the server's queue: bouncing it would lose it.
            log.error("mail in: not stored, to be offered again: %s", inbound.trouble(error))
            sys.exit(os.EX_TEMPFAIL)
        if options["explain"]:
            self.stdout.write(json.dumps(decision.as_json(), ensure_ascii=False))
        elif not decision.ours:
            sys.exit(os.EX_NOUSER)
