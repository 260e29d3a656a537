"""Real data that lies beside the project, not in it."""

from pathlib import Path

import pytest

SHARED = Path(__file__).resolve().parents[2] / "shared"


def shared(path: str) -> Path:
    """`path` under ../shared; the test is skipped, with the reason, where that is not there."""
    found = SHARED / path
    if not found.exists():
        pytest.skip(f"needs the real data of ../shared/{path}")
    return found
