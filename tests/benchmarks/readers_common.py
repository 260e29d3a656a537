"""What the parts of the readers' benchmark share: its lines, its clock, and how often it asks."""

import time
from collections.abc import Callable
from typing import Any

ROUNDS = 3


def say(text: str) -> None:
    """A line of the report."""
    print(text, flush=True)  # noqa: T201


def timed(work: Callable[[], Any]) -> float:
    """Seconds."""
    started = time.perf_counter()
    work()
    return time.perf_counter() - started


def best(work: Callable[[], Any]) -> float:
    """Milliseconds, of the quickest of the rounds."""
    return min(timed(work) for _ in range(ROUNDS)) * 1000
