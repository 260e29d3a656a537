"""The writers' notes in the editor's language: they are kept in English, as the log and the command have them.

`data/notes.tsv` has each note as the code says it, `{…}` for what varies, and the Chinese for it. What varies may be a
note itself ("… written offline: {reason}"). A note that the file doesn't know stays as it is.
"""

import csv
import re
from functools import cache

from newsletter.lexicon import DATA

_VARIES = re.compile(r"\{(\w+)\}")


def note_in(language: str, note: str) -> str:
    """`note` for readers of `language` (`zh`, or any other for the note itself)."""
    return _in_chinese(note) if language == "zh" else note


def knows(note: str) -> bool:
    """Whether the file has the Chinese for `note`."""
    return any(pattern.fullmatch(note) for pattern, _ in _table())


def _in_chinese(note: str) -> str:
    for pattern, chinese in _table():
        if match := pattern.fullmatch(note):
            values = {name: _in_chinese(value) for name, value in match.groupdict().items()}
            return _VARIES.sub(lambda found, values=values: values[found[1]], chinese)  # type: ignore[misc]
    return note


@cache
def _table() -> tuple[tuple[re.Pattern[str], str], ...]:
    with (DATA / "notes.tsv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE))
    return tuple((_pattern(row["en"]), row["zh"]) for row in rows)


def _pattern(english: str) -> re.Pattern[str]:
    """Greedy at the first of two: in "a: b; asked again: c" the last tells why."""
    parts = _VARIES.split(english)
    words = [f"(?P<{part}>.+?)" if n % 2 else re.escape(part) for n, part in enumerate(parts)]
    return re.compile("".join(words), re.DOTALL)
