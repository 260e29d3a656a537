"""Ranking keeps what it reached on the hand-labelled days (see tests/benchmarks/rank_gold.py)."""

from pathlib import Path

import pytest

from tests.benchmarks import rank_gold
from tests.shared import shared


@pytest.mark.parametrize("day", rank_gold.DAYS)
def test_gold_days_keep_their_floor(day: str, tmp_path: Path) -> None:
    shared("gold/score_rank.py")
    result = rank_gold.measure(day, tmp_path)["ours"]
    assert result["missing"] == 0
    assert result["relevance"]["f1"] >= 0.93
    assert result["bcubed_f1"] >= 0.96
    assert result["pairwise"]["f1"] >= 0.81
    assert result["cross_language"]["f1"] >= 0.58
    assert result["topics"]["f1"] >= 0.72
