"""Chinese of Taiwan and Hong Kong as the mainland writes it: simplified characters, and its own words for things.

Words are changed in traditional sources only: 影片 and 透过 mean something else in a simplified one.
"""

import csv
from functools import cache

from newsletter import lexicon

_FEW = 2  # traditional characters that a simplified text may have by accident, in a name


def mainland(text: str, source: str = "") -> str:
    """`text` in simplified characters; in mainland words, too, where `source`, the text it is of, is traditional."""
    simple = lexicon.simplify(text)
    whole = source or text
    changed = sum(1 for one, other in zip(whole, lexicon.simplify(whole), strict=True) if one != other)
    if changed <= _FEW:
        return simple
    for said, ours in _words().items():
        simple = simple.replace(said, ours)
    return simple


@cache
def _words() -> dict[str, str]:
    """`data/mainland.tsv`: what is said elsewhere, in simplified characters -> what the mainland says."""
    with (lexicon.DATA / "mainland.tsv").open(encoding="utf-8", newline="") as file:
        rows = {row["said"]: row["mainland"] for row in csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE)}
    return dict(sorted(rows.items(), key=lambda pair: -len(pair[0])))
