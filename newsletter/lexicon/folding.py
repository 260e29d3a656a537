"""The form under which spellings are compared."""

import csv
from functools import cache
from pathlib import Path

DATA = Path(__file__).parents[1] / "data"


@cache
def _variants() -> dict[int, str]:
    """Traditional to simplified characters and full-width to half-width ASCII: one for one, so that offsets stay."""
    table = {0xFEE0 + code: chr(code) for code in range(0x21, 0x7F) if chr(code) not in ",:;?!()"}
    with (DATA / "traditional.tsv").open(encoding="utf-8", newline="") as file:
        table |= {ord(row["traditional"]): row["simplified"] for row in csv.DictReader(file, delimiter="\t")}
    return table


def simplify(text: str) -> str:
    """`text` in simplified characters and half-width letters, of the same length. For comparing, not for print."""
    return text.translate(_variants())


def fold(text: str) -> str:
    """The form under which spellings are compared: simplified, half-width, lower case; of the same length as `text`.

    İ is the one letter whose small form Python writes as two: one İstanbul would move all that follows it.
    """
    return simplify(text).replace("İ", "i").lower()
