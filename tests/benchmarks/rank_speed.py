"""Time and memory of `manage.py rank --articles` as it grows, beside a named baseline.

usage: .venv/bin/python -m tests.benchmarks.rank_speed [--sizes 1000,2000,5000,20000] [--json]

The articles are those of ../shared/data/a_days, every day, in a fixed shuffle; where that is not enough they come
again as an edition of another world: id and address get the number of the round, each figure of two digits and more is
shifted by it, and each Latin word of six letters and more and every fifth Han character is exchanged by a rule of the
round. So the texts are as long and as various as real ones, and no round is a copy of another.

Each size runs in a process of its own, on one core: seconds of processor from start to end (interpreter and lexicon
included; a machine that does other things as well changes them little), and its peak memory (VmHWM). The baseline,
run in a process beside it over the same file, is "tf-idf": the same lines read, the words of title and beginning
counted (`newsletter.words`) and weighted once, and nothing compared. Ratios to it say more than seconds.
"""

import argparse
import json
import os
import random
import re
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from itertools import count, islice
from pathlib import Path
from typing import Any

DAYS = Path(__file__).resolve().parents[3] / "shared" / "data" / "a_days"
MANAGE = Path(__file__).resolve().parents[2] / "manage.py"
SIZES = (1000, 2000, 5000, 20000)
MOST_SECONDS = 5.0  # for 2,000 articles on one core
MOST_MB = 400
MOST_GROWTH = 30.0  # from 1,000 to 20,000
Row = dict[str, Any]

BASELINE = """
import json, math, sys
import django
django.setup()
from collections import Counter
from newsletter.words import words
texts = [json.loads(line) for line in open(sys.argv[1], encoding="utf-8")]
counts = [Counter(words(f"{t['title']} {(t['summary'] or '')[:700]}")) for t in texts]
seen = Counter(word for each in counts for word in each)
vectors = [{w: n * math.log(len(counts) / seen[w]) for w, n in each.items()} for each in counts]
"""


def articles() -> Iterator[Row]:
    """Real articles, then their editions of other worlds, without end."""
    rows = []
    for path in sorted(DAYS.glob("*/articles.jsonl")):
        rows += [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines() if line.strip()]
    random.Random(5).shuffle(rows)
    kept = ("id", "title", "summary", "url", "outlet", "lang", "published_utc")
    for number in count():
        for row in rows:
            yield varied({key: row.get(key) for key in kept}, number)


def varied(row: Row, number: int) -> Row:
    """The article in the edition of a round; round 0 is the original."""
    if number == 0:
        return row
    texts = {key: _varied(row[key] or "", number) for key in ("title", "summary")}
    return {**row, **texts, "id": f"{row['id']}~{number}", "url": f"{row['url']}?edition={number}"}


def _varied(text: str, number: int) -> str:
    text = re.sub(r"\d{2,}", lambda match: str(int(match[0]) + 7 * number), text)
    text = re.sub(r"[a-z]{6,}", lambda match: match[0][number % 3 :] + match[0][: number % 3], text)
    return "".join(
        chr(0x4E00 + (ord(char) - 0x4E00 + 37 * number) % 0x4E00)
        if 0x4E00 <= ord(char) < 0x9C00 and i % 5 == 0
        else char
        for i, char in enumerate(text)
    )


def run(command: list[str]) -> tuple[float, float]:
    """Seconds of processor and peak megabytes of a process of its own on one core.

    CalledProcessError where it fails.
    """
    with tempfile.TemporaryFile() as output:
        process = subprocess.Popen(command, stdout=output, stderr=output, env=_environment(), preexec_fn=_one_core)
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
        if process.returncode:
            output.seek(0)
            raise subprocess.CalledProcessError(process.returncode, command, output.read().decode())
    return usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024  # Linux: kilobytes, as VmHWM


def _environment() -> dict[str, str]:
    return {"DJANGO_SETTINGS_MODULE": "config.settings", "DEBUG": "1", **os.environ, "PYTHONPATH": str(MANAGE.parent)}


def _one_core() -> None:
    os.sched_setaffinity(0, {min(os.sched_getaffinity(0))})


def measure(size: int, folder: Path) -> Row:
    """Ours and the baseline's at one size."""
    path = folder / f"{size}.jsonl"
    with path.open("w", encoding="utf-8") as file:
        file.writelines(json.dumps(row) + "\n" for row in islice(articles(), size))
    seconds, megabytes = run([sys.executable, str(MANAGE), "rank", "--articles", str(path), "--json"])
    base_seconds, base_megabytes = run([sys.executable, "-c", BASELINE, str(path)])
    return {
        "articles": size,
        "seconds": round(seconds, 2),
        "megabytes": round(megabytes),
        "tf-idf": {"seconds": round(base_seconds, 2), "megabytes": round(base_megabytes)},
        "ratio": {"seconds": round(seconds / base_seconds, 2), "megabytes": round(megabytes / base_megabytes, 2)},
    }


def main() -> None:
    """Print a line for each size, then the growth; --json prints one object."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--sizes", default=",".join(map(str, SIZES)), help="numbers of articles")
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        found = [measure(int(size), Path(folder)) for size in options.sizes.split(",")]
    growth = round(found[-1]["seconds"] / found[0]["seconds"], 1)
    if options.json:
        sys.stdout.write(json.dumps({"runs": found, "growth": growth}) + "\n")
        return
    for row in found:
        base = row["tf-idf"]
        sys.stdout.write(
            f"{row['articles']:>6} articles: {row['seconds']:>6.2f} s, {row['megabytes']:>4} MB"
            f"   tf-idf: {base['seconds']:>6.2f} s, {base['megabytes']:>4} MB"
            f"   ratio {row['ratio']['seconds']:.2f} / {row['ratio']['megabytes']:.2f}\n"
        )
    first, last = found[0]["articles"], found[-1]["articles"]
    sys.stdout.write(
        f"{first} -> {last}: {growth} x the time (at most {MOST_GROWTH:g}); 2,000 in at most {MOST_SECONDS:g} s, "
        f"memory at most {MOST_MB} MB\n"
    )


if __name__ == "__main__":
    main()
