"""manage.py make_dkim_key: the key that mails are signed with, and the record that lets receivers verify them."""

import os
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from newsletter.deliver import dkim


class Command(BaseCommand):
    help = "Make the DKIM key, and print its DNS record and what to do with it. An existing key is never replaced."
    requires_system_checks = []  # one of them misses the key that is to be made here

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--selector", help="the key's name in the DNS (default: DKIM_SELECTOR, or the month)")
        parser.add_argument(
            "--file", type=Path, help="where the key goes (default: DKIM_KEY_FILE, or dkim/ in VAR_DIR)"
        )
        parser.add_argument("--show", action="store_true", help="only print the record of the key that is there")

    def handle(self, *args: Any, **options: Any) -> None:
        selector = options["selector"] or settings.DKIM_SELECTOR or f"chenbao-{timezone.now():%Y-%m}"
        named = settings.DKIM_KEY_FILE or settings.VAR_DIR / "dkim" / f"{selector}.pem"
        path = Path(options["file"] or named).absolute()
        try:
            if not options["show"]:
                self._make(path)
            value = dkim.dns_value(dkim.read_key(path))
        except (dkim.DkimError, OSError) as error:
            raise CommandError(str(error)) from None
        self.stdout.write(
            _ADVICE.format(
                path=path,
                selector=selector,
                domain=settings.DKIM_DOMAIN,
                record=dkim.dns_record(settings.DKIM_DOMAIN, selector, value),
                value=value,
            )
        )

    def _make(self, path: Path) -> None:
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        try:
            # never readable by others, not even for a moment
            handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        except FileExistsError:
            raise CommandError(
                f"{path} is there already, and mails may be signed with it: "
                "print its record with --show, or make the next key under another --selector"
            ) from None
        with os.fdopen(handle, "wb") as file:
            file.write(dkim.as_pem(dkim.new_key()))
        self.stdout.write(f"The key is in {path}. Nobody else may read it; take it into your backups.\n")


_ADVICE = """\
1. Put this record into the DNS of {domain}:

{record}

   Where the provider has a form instead: type TXT, name {selector}._domainkey, and as its value, in one piece,

{value}

2. Wait until it can be seen: dig +short TXT {selector}._domainkey.{domain}
3. Then, in .env, and restart the worker and the web process:

DKIM_SELECTOR={selector}
DKIM_KEY_FILE={path}

For a change of keys, make one under another selector, do the same, and leave the old record in the DNS for a week."""
