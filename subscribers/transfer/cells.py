"""What stands in one cell of a CSV file."""

import datetime as dt
from typing import Any

# A spreadsheet runs what begins like this (OWASP: CSV injection).
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def safe(value: Any) -> str:
    """A cell that no spreadsheet takes for a formula; `plain` undoes it. A list's items are joined by blanks."""
    if value is None:
        return ""
    if isinstance(value, dt.date | dt.time):
        return value.isoformat()
    text = " ".join(value) if isinstance(value, list) else str(value)
    return f"'{text}" if text.startswith(_FORMULA) else text


def plain(text: str) -> str:
    """A cell as it was before `safe`."""
    return text[1:] if text.startswith("'") and text[1:].startswith(_FORMULA) else text
