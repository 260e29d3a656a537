"""Are the translations whole and the compiled files fresh? With --write: make them so, as far as a machine can."""

import shutil
import subprocess
import sys
import tempfile
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

PARTS = ("config", "newsletter", "subscribers", "templates", "locale", "manage.py")
PO = Path("locale/zh_Hans/LC_MESSAGES/django.po")
MO = PO.with_suffix(".mo")


class Command(BaseCommand):
    help = "Check that every text has its Chinese, and that the committed .mo is what the .po compiles to."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--write", action="store_true", help="collect new texts and compile, then check")

    def handle(self, *args: Any, **options: Any) -> None:
        if not shutil.which("msgfmt"):
            raise CommandError("msgfmt is not installed: on Debian, apt-get install gettext")
        with tempfile.TemporaryDirectory() as folder:
            copy = Path(folder)
            for part in PARTS:
                source = settings.BASE_DIR / part
                (shutil.copytree if source.is_dir() else shutil.copy)(source, copy / part)
            before = {name: (copy / name).read_bytes() if (copy / name).exists() else b"" for name in (PO, MO)}
            self._renew(copy)
            after = {name: (copy / name).read_bytes() for name in (PO, MO)}
            gaps = self._gaps(copy)
        if options["write"]:
            for name, content in after.items():
                (settings.BASE_DIR / name).parent.mkdir(parents=True, exist_ok=True)
                (settings.BASE_DIR / name).write_bytes(content)
        elif before != after:
            stale = ", ".join(str(name) for name in before if before[name] != after[name])
            raise CommandError(f"{stale} is not fresh: run `manage.py check_messages --write` and commit it")
        if gaps:
            raise CommandError(f"{PO} has texts without a Chinese translation:\n{gaps}")
        self.stdout.write("messages: complete and fresh")

    def _renew(self, copy: Path) -> None:
        """Collect the texts and compile, with Django's own commands, in a copy of the tree."""
        command = [sys.executable, "manage.py"]
        collect = [
            "makemessages",
            "-l",
            "zh_Hans",
            "--no-location",
            "--no-wrap",
            "--no-obsolete",
            "-e",
            "html,txt,py,mjml",
        ]
        for arguments in (collect, ["compilemessages", "-l", "zh_Hans"]):
            done = subprocess.run(command + arguments, cwd=copy, capture_output=True, text=True, check=False)  # noqa: S603
            if done.returncode:
                raise CommandError(f"{arguments[0]}: {done.stderr.strip()}")
        # The time of collecting says nothing and would make the file differ at every run.
        path = copy / PO
        lines = path.read_text("utf8").splitlines(keepends=True)
        path.write_text("".join(line for line in lines if not line.startswith('"POT-Creation-Date')), "utf8")

    def _gaps(self, copy: Path) -> str:
        found = ""
        for select in ("--untranslated", "--only-fuzzy"):
            command = ["msgattrib", select, "--no-obsolete", str(copy / PO)]
            listing = subprocess.run(command, capture_output=True, text=True, check=True).stdout  # noqa: S603
            found += "\n".join(
                line for line in listing.splitlines() if line.startswith(('msgid "', '"')) and line != 'msgid ""'
            )
        return found
