"""How large each edition is, and what SpamAssassin says of it: the sample day, and issues of whole real days.

    python -m tests.benchmarks.mails [DAY ...]

prints one table in Markdown. It makes an installation of its own for each day (30 seconds), composes the issue
offline, freezes its editions as delivery does and writes them as one reader would get them, unsigned. A score of 1.0
or more, or HTML over the budget, ends the run with status 1. SpamAssassin is Debian's, and asks no network
(`spamassassin -L -t`).
"""

import argparse
import json
import os
import re
import shutil
import socket
import subprocess
import sys
import tempfile
from email import message_from_bytes
from email.policy import SMTP
from pathlib import Path
from typing import Any

from tests.benchmarks.real_issues import HONEST, ROOT, TUNED, composed

WORST = 1.0  # points; SpamAssassin's own limit is 5
SAMPLE = "sample day"
_WRITE = "from tests.benchmarks.mails import write; write({folder!r})"


def write(folder: str) -> None:
    """Inside an installation: the editions of its latest issue as `folder`/NAME.eml, and known.json about them."""
    from django.utils import timezone

    from newsletter.deliver.editions import render
    from newsletter.deliver.envelope import ReadyEdition
    from newsletter.models import Edition, Issue
    from subscribers.models import Subscriber

    issue = Issue.objects.order_by("date").last()
    assert issue is not None
    reader = Subscriber(pk=1, email="ana@reader.example", email_key="ana@reader.example", token="0" * 32)
    known: dict[str, Any] = {}
    for name in ("en", "zh", "both", "en plain", "zh plain"):
        plain = name.endswith("plain")
        choices = {"language": name.split()[0], "lists": None, "sections": None, "topics": None, "plain_text": plain}
        frozen = render(issue, choices)
        edition = ReadyEdition.of(Edition(issue=issue, mime=frozen.mime))
        message = edition.address_to(reader, at=timezone.now()).message
        (Path(folder) / f"{name}.eml").write_bytes(message)
        shortened = [
            word
            for word, yes in (
                ("short links", frozen.page.short_links),
                ("front references", frozen.page.front_references),
            )
            if yes
        ]
        known[name] = {
            "html": frozen.size,
            "text": _plain_size(message),
            "mime": len(message),
            "shortened": ", ".join(shortened),
        }
    (Path(folder) / "known.json").write_text(json.dumps(known))


def _plain_size(message: bytes) -> int:
    """Bytes of the plain-text part, decoded."""
    parts = [
        part for part in message_from_bytes(message, policy=SMTP).walk() if part.get_content_type() == "text/plain"
    ]
    return len(parts[0].get_content().encode())


def spam_score(path: Path) -> tuple[float | None, str]:
    """The points, and the rules that gave a tenth or more; None where SpamAssassin isn't installed."""
    if not shutil.which("spamassassin"):
        return None, "not installed"
    with path.open("rb") as mail:
        done = subprocess.run(["spamassassin", "-L", "-t"], stdin=mail, capture_output=True, check=True)
    report = done.stdout.decode(errors="replace").rpartition("Content analysis details:")[2]
    points = re.search(r"\((-?[\d.]+) points", report)
    assert points, "SpamAssassin gave no score"
    rules = re.findall(r"^ *(-?\d+\.\d) ([A-Z][A-Z0-9_]+) ", report, re.MULTILINE)
    return float(points[1]), ", ".join(f"{name} {value}" for value, name in rules if abs(float(value)) >= 0.1)


def _sample_day(place: Path) -> dict[str, str]:
    """The demo's morning in `place`; the environment of that installation."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = str(probe.getsockname()[1])
    names = str(ROOT / "newsletter" / "data" / "sample_day" / "names.tsv")
    extra = {"SMTP_PORT": port, "FETCH_ALLOW_LOOPBACK": "1", "LEXICON_EXTRA": names}
    environment = _environment(place / "var", extra)
    (place / "var").mkdir()
    subprocess.run(
        [sys.executable, "manage.py", "demo", "--no-serve"], env=environment, cwd=ROOT, check=True, capture_output=True
    )
    return environment


def _environment(var: Path, extra: dict[str, str]) -> dict[str, str]:
    kept = {key: value for key, value in os.environ.items() if key not in ("DATABASE_URL", "ANTHROPIC_API_KEY")}
    site = {"SITE_URL": "https://news.example", "MAIL_DOMAIN": "news.example"}
    return {**kept, "DEBUG": "1", "DJANGO_SETTINGS_MODULE": "config.settings", "VAR_DIR": str(var), **site, **extra}


def _rows(day: str, folder: Path) -> list[tuple[str, bool]]:
    """The table's lines for `day`, and whether each is as it should be."""
    if day == SAMPLE:
        environment = _sample_day(folder)
    else:
        composed(day, folder)
        environment = _environment(folder / "var", {})
    code = _WRITE.format(folder=str(folder))
    subprocess.run([sys.executable, "manage.py", "shell", "-c", code], env=environment, cwd=ROOT, check=True, stdout=2)
    rows = []
    for name, known in json.loads((folder / "known.json").read_text()).items():
        score, rules = spam_score(folder / f"{name}.eml")
        sizes = " | ".join(f"{known[key] / 1000:.1f}" if known[key] else "-" for key in ("html", "text", "mime"))
        said = "-" if score is None else f"{score:.1f}"
        fine = (score is None or score < WORST) and known["html"] <= 90_000
        rows.append((f"| {day} | {name} | {sizes} | {known['shortened'] or '-'} | {said} | {rules or '-'} |", fine))
    return rows


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("days", nargs="*", default=[SAMPLE, *TUNED, *HONEST])
    options = parser.parse_args()
    print("| day | edition | HTML, KB | text, KB | mail, KB | shortened | SpamAssassin | rules |")  # noqa: T201
    print("|---|---|---|---|---|---|---|---|")  # noqa: T201
    fine = True
    for day in options.days:
        with tempfile.TemporaryDirectory() as place:
            for line, is_fine in _rows(day, Path(place)):
                print(line, flush=True)  # noqa: T201
                fine = fine and is_fine
    return 0 if fine else 1


if __name__ == "__main__":
    sys.exit(main())
