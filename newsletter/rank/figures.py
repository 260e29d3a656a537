"""Figures as keys under which articles of either language meet: 20亿美元 and "$2 billion" are both `USD:2e+09`."""

from collections.abc import Iterator

from newsletter.quantities import Quantity, quantities

_SMALLEST = 5  # smaller plain counts are everywhere
_WHEN = frozenset({"date", "year", "month", "dom", "clock", "quarter"})  # every article of the day has these


def figures(text: str) -> Iterator[str]:
    """The figures of `text` in order as `unit:value`, the value to three digits, the unit `n` for a plain count.

    Units are those of `newsletter.quantities`. Left out are dates, plain counts below five, and figures inside names.
    """
    for quantity in quantities(text):
        if _tells(quantity):
            yield f"{quantity.unit or 'n'}:{quantity.value:.3g}"


def _tells(quantity: Quantity) -> bool:
    if quantity.unit in _WHEN:
        return False
    if quantity.soft and quantity.text[0].isdigit():
        return False  # a part of a name: GPT-5.4
    return bool(quantity.unit) or quantity.value >= _SMALLEST
