"""What stands in one cell of a CSV file."""

import datetime as dt
from typing import Any

NONE_CHOSEN = "[]"  # of a list from which nothing was chosen; an empty cell is all of it, also what comes later
# A spreadsheet runs what begins like this (OWASP: CSV injection); one in East Asia the full-width marks, too.
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")


def safe(value: Any) -> str:
    """A cell that no spreadsheet takes for a formula; `plain` undoes it. A list's items are joined by blanks.

    Null is an empty cell; a list without items is not, because in a reader's choices null means all.
    """
    if value is None:
        return ""
    if isinstance(value, dt.date | dt.time):
        return value.isoformat()
    if value == []:
        return NONE_CHOSEN
    text = " ".join(value) if isinstance(value, list) else str(value)
    return f"'{text}" if text.startswith(_FORMULA) else text


def plain(text: str) -> str:
    """A cell as it was before `safe`."""
    return text[1:] if text.startswith("'") and text[1:].startswith(_FORMULA) else text
