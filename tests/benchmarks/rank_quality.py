"""Measures ranking on hand-labelled days, beside a named baseline.

usage: .venv/bin/python -m tests.benchmarks.rank_quality [--json] [--write FOLDER] [DAY …]

The days are the two of ../shared/gold and our own labels, `tests/benchmarks/labels/*.tsv` (columns id, url, relevant,
story, topics, region; texts are looked up by id, else by url, in ../shared/data/a_days/DAY/articles.jsonl). Every
number is what ../shared/gold/score_rank.py says, for our days as for the gold ones. How far a day is a test of the
rules says its mark. `tuned`: rules and constants were chosen on its labels (clustering's on the gold days, those of
across.py on our labels of 2026-03-10 as well; news.tsv was pruned by 03-10 and 03-14). `looked at`: some of its labels
were looked at while rules or words were chosen. `labels unseen`: whoever made clustering had not seen its labels; the
stories that were chosen from it have been read. Many pages of 03-10 and 03-12 are the gold days' own; `not gold` is a
day without the pages whose addresses a gold day has. Each row: relevance, pairs of articles in one story, B-cubed
F1, pairs across the languages, topics (micro).

The baseline "title-overlap .55" is what another digest measured itself with: relevant is every article with one of
a few words (AI, 人工智能, 大模型 …) in its title; two articles are one story when the words of one title cover 55% of
the shorter one's; no topics.
"""

import argparse
import csv
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

SHARED = Path(__file__).resolve().parents[3] / "shared"
GOLD = SHARED / "gold"
LABELS = Path(__file__).parent / "labels"
GOLD_DAYS = ("2026-03-11", "2026-03-12")
TUNED, LOOKED_AT, UNSEEN = "tuned", "looked at", "labels unseen"
SEEN = dict.fromkeys(GOLD_DAYS, TUNED) | {"2026-03-10": LOOKED_AT, "2026-03-14": LOOKED_AT}  # other days: UNSEEN
WITHOUT_GOLD = "not gold"
BASELINE = "title-overlap .55"
Row = dict[str, Any]


def days() -> dict[str, list[Row]]:
    """Name of a day -> its labelled articles: the gold days, then those of our own labels that are there."""
    found = {day: _json_lines(GOLD / f"{day}.jsonl") for day in GOLD_DAYS}
    known = {row["url"] for rows in found.values() for row in rows if row["url"]}
    for path in sorted(LABELS.glob("*.tsv")):
        rows = found[path.stem] = own_labels(path)
        apart = [row for row in rows if row["url"] not in known]
        if len(apart) < len(rows):
            found[f"{path.stem} {WITHOUT_GOLD}"] = apart
    return found


def seen(day: str) -> str:
    """How far the labels of a day were known to the makers of the rules: TUNED, LOOKED_AT or UNSEEN."""
    return SEEN.get(day.removesuffix(f" {WITHOUT_GOLD}"), UNSEEN)


def own_labels(path: Path) -> list[Row]:
    """The articles that a file of labels names, with their texts. KeyError: a label without its article."""
    with path.open(encoding="utf-8", newline="") as file:
        labels = list(csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE))
    day = re.search(r"\d{4}-\d\d-\d\d", path.stem)
    wanted = {match[0] for row in labels if (match := re.match(r"\d{4}-\d\d-\d\d", row["id"]))}
    texts: dict[str, Row] = {}
    for each in sorted(wanted | ({day[0]} if day else set())):
        for article in _json_lines(SHARED / "data" / "a_days" / each / "articles.jsonl"):
            texts |= {article["id"]: article}
            texts.setdefault(article["url"], article)
    rows = []
    for label in labels:
        article = texts[label["id"] or label["url"]]
        told = {key: article[key] for key in ("title", "summary", "url", "outlet", "lang", "published_utc")}
        topics = [slug for slug in re.split(r"[|,; ]+", label["topics"] or "") if slug]
        rows.append({"id": label["id"] or article["id"], **told, **_label(label), "topics": topics})
    return rows


def _label(label: dict[str, str]) -> Row:
    return {key: label[key] or "" for key in ("relevant", "story", "region")}


def _json_lines(path: Path) -> list[Row]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines() if line.strip()]


def ours(rows: list[Row]) -> list[Row]:
    """What `manage.py rank --articles` prints for these articles; every source counts as general."""
    from newsletter.rank import jsonl
    from newsletter.rank.results import judge, results

    lines = (json.dumps(row).encode() for row in rows)
    articles = jsonl.read_articles(lines, "labels", lambda _: None)
    judged = judge(articles, jsonl.cutoff_of(article.at for article in articles))
    return [result.to_json() for result in results(judged)]


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


def score(day: str, rows: list[Row], predicted: Iterable[Row], folder: Path) -> Row:
    """What ../shared/gold/score_rank.py prints for these predictions."""
    gold, found = folder / f"{day}.gold.jsonl", folder / f"{day}.jsonl"
    for path, lines in ((gold, rows), (found, predicted)):
        path.write_text("".join(json.dumps(row, ensure_ascii=False) + "\n" for row in lines), encoding="utf-8")
    command = [sys.executable, str(GOLD / "score_rank.py"), str(gold), str(found)]
    result: Row = json.loads(subprocess.run(command, check=True, capture_output=True).stdout)
    return result


def measure(day: str, rows: list[Row], folder: Path) -> Row:
    """Our scores, the baseline's, the ratios of the F1 values, and the seconds that ours took."""
    started = time.perf_counter()
    predicted = ours(rows)
    seconds = time.perf_counter() - started
    mine = score(day, rows, predicted, folder)
    theirs = score(day, rows, baseline(rows), Path(tempfile.mkdtemp()))
    ratios = {key: _ratio(_f1(mine[key]), _f1(theirs[key])) for key in mine if _f1(mine[key]) is not None}
    return {"seen": seen(day), "seconds": round(seconds, 2), "ours": mine, BASELINE: theirs, "ratios": ratios}


def _f1(value: Any) -> float | None:
    if isinstance(value, dict):
        return float(value["f1"])
    return value if isinstance(value, float) else None


def _ratio(mine: float | None, theirs: float | None) -> float | None:
    return round(mine / theirs, 2) if mine is not None and theirs else None


_HEAD = "{:<22}{:<15}{:>5}  {:<17}  {:<17}  {:>5}  {:<17}  {:>6}"


def table(found: dict[str, Row]) -> str:
    """The measurements as a table, the days apart by how far they were seen, ours above the baseline."""
    columns = ("", "", "yes", "relevance P/R/F1", "pairs P/R/F1", "B3 F1", "cross-lang P/R/F1", "topics")
    lines = [_HEAD.format(*columns)]
    for kind in (TUNED, LOOKED_AT, UNSEEN):
        for day, result in found.items():
            if result["seen"] == kind:
                lines += [_line(day, kind, result["ours"]), _line(f"  {BASELINE}", "", result[BASELINE])]
    return "\n".join(lines) + "\n"


def _line(name: str, kind: str, scores: Row) -> str:
    three = {k: "/".join(f"{v[p]:.3f}" for p in ("p", "r", "f1")) for k, v in scores.items() if isinstance(v, dict)}
    return _HEAD.format(
        name,
        kind,
        scores["relevant"],
        three["relevance"],
        three["pairwise"],
        f"{scores['bcubed_f1']:.3f}",
        three["cross_language"],
        f"{scores['topics']['f1']:.3f}",
    ).rstrip()


def main() -> None:
    """Print the table, or with --json one object; with --write keep the predictions."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--json", action="store_true", help="one JSON object instead of the table")
    parser.add_argument("--write", type=Path, help="keep the predictions in this folder")
    parser.add_argument("day", nargs="*", help="only these (default: all that are labelled)")
    options = parser.parse_args()
    folder = options.write or Path(tempfile.mkdtemp())
    folder.mkdir(parents=True, exist_ok=True)
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    os.environ.setdefault("DEBUG", "1")
    import django

    django.setup()
    wanted = {day: rows for day, rows in days().items() if not options.day or day[:10] in options.day}
    found = {day: measure(day, rows, folder) for day, rows in wanted.items()}
    shown = json.dumps(found, ensure_ascii=False, indent=1) + "\n" if options.json else table(found)
    sys.stdout.write(shown)


if __name__ == "__main__":
    main()
