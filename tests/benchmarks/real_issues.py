"""Issues as the project itself makes them of whole real days: gather, rank, compose offline, export.

    python -m tests.benchmarks.real_issues FOLDER [DAY ...]

leaves DAY.json in FOLDER for each day of ../shared/data/a_days. A day takes 20 seconds; a file that is there stays.
"""

import argparse
import json
import os
import subprocess
import sys
import tempfile
from collections import defaultdict
from collections.abc import Callable
from pathlib import Path
from typing import Any
from xml.sax.saxutils import escape

from tests.shared import SHARED

ROOT = Path(__file__).resolve().parents[2]
TUNED = ("2026-03-10", "2026-03-11", "2026-03-12")  # what the rules of the check were made with
HONEST = ("2026-03-14", "2026-05-20", "2026-06-20")  # looked at once, at the end


def real_issue(day: str, folder: Path) -> Path:
    """`folder`/DAY.json, made now unless it is there. CalledProcessError where a command fails."""
    path = folder / f"{day}.json"
    if not path.exists():
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory() as place:
            path.write_bytes(_made(day, Path(place)))
    return path


def _made(day: str, place: Path) -> bytes:
    return composed(day, place)("export_issue", "--date", day)


def composed(day: str, place: Path) -> Callable[..., bytes]:
    """An installation of its own in `place` with the issue of `day` in it; what runs `manage.py` there."""
    feeds = place / "feeds"
    _write_feeds(SHARED / "data" / "a_days" / day / "articles.jsonl", feeds)
    run = _manage(place / "var")
    run("migrate")
    whole_day = ("--date", day, "--cutoff", "24:00")
    run("gather", *whole_day, "--from", str(feeds))
    run("rank", *whole_day)
    run("compose", *whole_day)
    return run


def _manage(var: Path) -> Callable[..., bytes]:
    environment = {**os.environ, "VAR_DIR": str(var), "DEBUG": "1", "DJANGO_SETTINGS_MODULE": "config.settings"}
    environment = {
        key: value for key, value in environment.items() if key not in ("DATABASE_URL", "ANTHROPIC_API_KEY")
    }
    var.mkdir()

    def run(*words: str) -> bytes:
        command = [sys.executable, str(ROOT / "manage.py"), *words]
        return subprocess.run(command, env=environment, cwd=ROOT, check=True, capture_output=True).stdout

    return run


def _write_feeds(articles: Path, folder: Path) -> None:
    """One RSS file for each outlet and language of the day."""
    folder.mkdir()
    by_outlet: dict[tuple[str, str], list[dict[str, Any]]] = defaultdict(list)
    with articles.open(encoding="utf-8") as lines:
        for row in map(json.loads, lines):
            by_outlet[row.get("outlet_name") or row["outlet"], row["lang"]].append(row)
    for number, ((outlet, lang), rows) in enumerate(sorted(by_outlet.items())):
        (folder / f"{number:02}-{lang}.xml").write_text(_rss(outlet, lang, rows), encoding="utf-8")


def _rss(outlet: str, lang: str, rows: list[dict[str, Any]]) -> str:
    head = f"<title>{escape(outlet)}</title><language>{lang}</language><link>https://example.org/</link>"
    return f'<rss version="2.0"><channel>{head}{"".join(map(_item, rows))}</channel></rss>'


def _item(row: dict[str, Any]) -> str:
    fields = {"title": row["title"], "link": row["url"], "description": row["summary"], "guid": row["id"]}
    fields["pubDate"] = row["published_utc"]
    return f"<item>{''.join(f'<{key}>{_clean(value)}</{key}>' for key, value in fields.items() if value)}</item>"


def _clean(text: str) -> str:
    """For XML: escaped, and without the control characters that it forbids."""
    return escape("".join(char for char in text if char.isprintable() or char in "\n\t"))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("days", nargs="*", default=[*TUNED, *HONEST])
    options = parser.parse_args()
    for day in options.days:
        print(real_issue(day, options.folder))  # noqa: T201


if __name__ == "__main__":
    main()
