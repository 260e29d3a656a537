"""Ranking keeps what it reached on the hand-labelled days (see tests/benchmarks/rank_quality.py)."""

import json
from pathlib import Path

import pytest

from tests.benchmarks import rank_quality
from tests.shared import shared


@pytest.mark.parametrize("day", rank_quality.GOLD_DAYS)
def test_gold_days_keep_their_floor(day: str, tmp_path: Path) -> None:
    shared("gold/score_rank.py")
    result = rank_quality.measure(day, rank_quality.days()[day], tmp_path)["ours"]
    assert result["missing"] == 0
    assert result["relevance"]["f1"] >= 0.93
    assert result["bcubed_f1"] >= 0.96
    assert result["pairwise"]["f1"] >= 0.81
    assert result["cross_language"]["f1"] >= 0.58
    assert result["topics"]["f1"] >= 0.72


def test_our_labels_are_read_with_their_texts_and_shown_apart(tmp_path: Path) -> None:
    day = shared("data/a_days/2026-03-12/articles.jsonl").read_text(encoding="utf-8")
    row = json.loads(day.splitlines()[0])
    path = tmp_path / "2026-03-12-sample.tsv"
    head = "id\turl\trelevant\tstory\ttopics\tregion\n"
    path.write_text(f"{head}{row['id']}\t\tyes\ts1\tmodels,agents\tUS\n\t{row['url']}\tno\t\t\t\n", encoding="utf-8")
    by_id, by_url = rank_quality.own_labels(path)
    assert (by_id["title"], by_id["topics"], by_url["id"]) == (row["title"], ["models", "agents"], row["id"])
    found = {"2026-03-12": rank_quality.measure("2026-03-12", [by_id], tmp_path)}
    lines = rank_quality.table(found).splitlines()
    assert "tuned" in lines[1]
    assert rank_quality.BASELINE in lines[2]
