"""Measures ranking on the two hand-labelled days of ../shared/gold, beside a named baseline.

usage: DEBUG=1 .venv/bin/python -m tests.benchmarks.rank_gold [--write FOLDER]

Prints one JSON object: for each day what score_rank.py says of our ranking and of the baseline, and ours divided by
the baseline's. The baseline "title-overlap .55" is what another digest measured itself with: relevant is every article
with one of a few words (AI, 人工智能, 大模型 …) in its title; two articles are one story when the words of one title
cover 55% of the shorter one's; no topics. Constants were chosen on 2026-03-11; 2026-03-12 is there to check them.
"""

import argparse
import datetime as dt
import json
import os
import re
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterable
from itertools import combinations
from pathlib import Path
from typing import Any

GOLD = Path(__file__).resolve().parents[3] / "shared" / "gold"
DAYS = ("2026-03-11", "2026-03-12")
BASELINE = "title-overlap .55"
Row = dict[str, Any]


def load(day: str) -> list[Row]:
    """The gold rows of one day."""
    lines = (GOLD / f"{day}.jsonl").read_text(encoding="utf-8").splitlines()
    return [json.loads(line) for line in lines if line.strip()]


def ours(rows: list[Row]) -> list[Row]:
    """What our pure ranking makes of title and summary; every source counts as general."""
    from newsletter.rank.reading import read
    from newsletter.rank.stories import tell
    from newsletter.subject import load_vocabulary

    vocabulary = load_vocabulary()
    readings = [read(_value(row), vocabulary) for row in rows]
    cutoff = max(reading.article.at for reading in readings)
    day = tell(readings, [], vocabulary, cutoff)
    homes = {key: f"s{n}" for n, story in enumerate(day.stories) for key in story.cluster.ids}
    return [
        {
            "id": reading.article.id,
            "relevant": reading.article.id in day.relevant,
            "story": homes.get(reading.article.id, ""),
            "topics": list(reading.topics),
        }
        for reading in readings
    ]


def _value(row: Row) -> Any:
    from newsletter.rank.values import ArticleValue

    published = row["published_utc"] or f"{row['id'][:10]}T00:00:00+00:00"
    at = dt.datetime.fromisoformat(published)
    return ArticleValue(row["id"], row["title"], row["summary"] or "", row["lang"], row["outlet"], at, row["url"])


def baseline(rows: list[Row]) -> list[Row]:
    """Keyword relevance and title overlap, as the docstring of this file says."""
    keyword = re.compile(r"\bAI\b|\bLLM|\bGPT|OpenAI|ChatGPT|Anthropic|Claude|人工智能|大模型|智能体|OpenClaw|机器人")
    titles = {row["id"]: set(re.findall(r"[a-z0-9]+|[\u4e00-\u9fff]", row["title"].lower())) for row in rows}
    relevant = [row["id"] for row in rows if keyword.search(row["title"])]
    home = {key: key for key in relevant}
    for one, other in combinations(relevant, 2):
        shorter = min(len(titles[one]), len(titles[other]))
        if shorter and len(titles[one] & titles[other]) / shorter >= 0.55:
            old, new = home[other], home[one]
            home = {key: new if value == old else value for key, value in home.items()}
    return [{"id": r["id"], "relevant": r["id"] in home, "story": home.get(r["id"], ""), "topics": []} for r in rows]


def score(day: str, predicted: Iterable[Row], folder: Path) -> dict[str, Any]:
    """What ../shared/gold/score_rank.py prints for these predictions."""
    path = folder / f"{day}.jsonl"
    path.write_text("".join(json.dumps(row, ensure_ascii=False) + "\n" for row in predicted), encoding="utf-8")
    command = [sys.executable, str(GOLD / "score_rank.py"), str(GOLD / f"{day}.jsonl"), str(path)]
    result: dict[str, Any] = json.loads(subprocess.run(command, check=True, capture_output=True).stdout)
    return result


def measure(day: str, folder: Path) -> dict[str, Any]:
    """Our scores, the baseline's, the ratios of the F1 values, and the seconds that ours took."""
    rows = load(day)
    started = time.perf_counter()
    predicted = ours(rows)
    seconds = time.perf_counter() - started
    mine = score(day, predicted, folder)
    theirs = score(day, baseline(rows), Path(tempfile.mkdtemp()))
    ratios = {key: _ratio(_f1(mine[key]), _f1(theirs[key])) for key in mine if _f1(mine[key]) is not None}
    return {"seconds": round(seconds, 2), "ours": mine, BASELINE: theirs, "ratios": ratios}


def _f1(value: Any) -> float | None:
    if isinstance(value, dict):
        return float(value["f1"])
    return value if isinstance(value, float) else None


def _ratio(mine: float | None, theirs: float | None) -> float | None:
    return round(mine / theirs, 2) if mine is not None and theirs else None


def main() -> None:
    """Print the measurements; with --write keep the predictions."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--write", type=Path, help="keep the predictions in this folder")
    folder = parser.parse_args().write or Path(tempfile.mkdtemp())
    folder.mkdir(parents=True, exist_ok=True)
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    import django

    django.setup()
    sys.stdout.write(json.dumps({day: measure(day, folder) for day in DAYS}, ensure_ascii=False, indent=1) + "\n")


if __name__ == "__main__":
    main()
