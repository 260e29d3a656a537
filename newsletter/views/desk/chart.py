"""A row of bars as values for an SVG: no script, no style of its own, every bar with its words. Pure."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

WIDTH, HEIGHT = 480, 120  # of the drawing, in its own units; the page scales it
_TOP, _GAP = 24, 0.25  # room for the highest number; of a bar's place


@dataclass(frozen=True, slots=True)
class Bar:
    """`x`, `y`, `width`, `height` in the drawing's units; `words` say whose it is, `shown` how much."""

    x: str
    y: str
    width: str
    height: str
    words: str
    shown: str


@dataclass(frozen=True, slots=True)
class Chart:
    """Bars over a base line; `top` is what the upper line stands for."""

    bars: tuple[Bar, ...]
    top: int
    base: int = HEIGHT
    line: int = _TOP
    width: int = WIDTH
    height: int = HEIGHT + 2


def bars(values: Sequence[tuple[str, int]]) -> Chart:
    """A chart of words and numbers from left to right. What isn't 0 is always to be seen."""
    top = nice(max((value for _, value in values), default=0))
    step = WIDTH / max(len(values), 10)  # a few bars are not made into walls
    drawn = []
    for place, (words, value) in enumerate(values):
        height = max((HEIGHT - _TOP) * value / top, 1.5) if value else 0
        x, y = step * (place + _GAP / 2), HEIGHT - height
        drawn.append(Bar(f"{x:.1f}", f"{y:.1f}", f"{step * (1 - _GAP):.1f}", f"{height:.1f}", words, f"{value:,}"))
    return Chart(tuple(drawn), top)


def nice(number: int) -> int:
    """The next of 1, 2, 5, 10, 20, 50 … that isn't below `number`."""
    if number <= 1:
        return 1
    power: int = 10 ** (math.ceil(math.log10(number)) - 1)
    return next(each * power for each in (1, 2, 5, 10) if each * power >= number)
