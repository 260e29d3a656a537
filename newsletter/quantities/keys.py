"""Figures as keys under which texts of either language meet: 20亿美元 and "$2 billion" are both `USD:2e+09`."""

from collections.abc import Iterator

from newsletter.quantities.quantity import Quantity
from newsletter.quantities.reader import quantities

_SMALLEST = 5  # smaller plain counts are everywhere
_COUNTED = frozenset("家个款位名项条台种座人")  # measure words: 七家 counts, 六要 and 七夕 don't
_WHEN = frozenset({"date", "year", "month", "dom", "clock", "quarter"})  # every text of a day has these


def keys(text: str) -> Iterator[str]:
    """The telling figures of `text` in order as `unit:value`, the value to three digits, the unit `n` for a count.

    Left out are dates, plain counts below five, and figures inside names.
    """
    for quantity in quantities(text):
        if _tells(quantity, text[quantity.start + len(quantity.text) :][:1]):
            yield f"{quantity.unit or 'n'}:{quantity.value:.3g}"


def _tells(quantity: Quantity, after: str) -> bool:
    if quantity.unit in _WHEN or (quantity.soft and quantity.text[0].isdigit()):
        return False  # soft digits are a part of a name: GPT-5.4
    if quantity.unit:
        return True
    in_han = quantity.soft and not quantity.text[0].isascii()
    return quantity.value >= _SMALLEST and (not in_han or after in _COUNTED)
