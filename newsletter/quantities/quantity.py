"""A figure as a value, and when one speaks for another: pure functions."""

from dataclasses import dataclass

from newsletter.quantities.units import CURRENCIES, DURATIONS


@dataclass(frozen=True, slots=True)
class Quantity:
    """One figure. `value` in `unit` ("" for a bare count); `step` is the weight of its last written digit."""

    value: float
    unit: str
    text: str
    start: int
    step: float = 0.0
    about: bool = False
    soft: bool = False
    scale: float = 1.0  # of its scale word; 1 without


def agrees(said: Quantity, known: Quantity) -> bool:
    """Whether `known`, from a source, speaks for `said`: the same value and unit, as far as it is written out."""
    return _units_agree(said.unit, known.unit) and _values_agree(said, known)


def _units_agree(said: str, known: str) -> bool:
    if said == known:
        return True
    pair = {said, known}
    if pair <= {"date", "dom", "month"}:
        return True
    return "" in pair and bool(pair & (CURRENCIES | DURATIONS | {"year", "W"}))


def _values_agree(said: Quantity, known: Quantity) -> bool:
    if said.unit != known.unit and said.unit in ("date", "dom", "month"):
        return _parts_agree(said, known)
    if said.unit == "clock":
        return (said.value - known.value) % 720 == 0
    a, b = said.value, known.value
    if abs(a - b) <= 1e-9 * max(abs(a), abs(b)):
        return True
    return _rounded(a, said.step, b) or (said.about and _near(a, b)) or (known.about and _near(b, a))


def _parts_agree(said: Quantity, known: Quantity) -> bool:
    whole, part = (said, known) if said.unit == "date" else (known, said)
    if whole.unit != "date":
        return False  # a month doesn't speak for a day
    month, day = divmod(int(whole.value), 100)
    return part.value == (month if part.unit == "month" else day)


def _rounded(said: float, step: float, known: float) -> bool:
    """ "2.4 billion" is true of 2.38 billion; "153" is not of 153.4 thousand, nor "150" of 153."""
    if step == 0 or (step == 1 and known == int(known)) or said < 10 * step:
        return False
    return abs(said - known) <= step / 2 * 1.0001


def _near(said: float, known: float) -> bool:
    """Where the words say "about", "nearly", 逾: equal to one or two digits, or within three in a hundred."""
    if abs(said - known) <= 0.03 * abs(known):
        return True
    return any(abs(float(f"{known:.{digits}e}") - said) <= 1e-6 * abs(said) for digits in (0, 1))
