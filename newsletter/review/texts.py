"""What an editor types, made plain and tested before it is kept: pure functions over strings."""

import re
import unicodedata
from collections.abc import Collection

from django.utils.translation import gettext as _

from newsletter.sentences import citations

# Longest value of each field in characters; titles and subjects as wide as their columns.
LENGTHS = {
    **{"title_en": 300, "title_zh": 300, "text_en": 8_000, "text_zh": 8_000},
    **{"subject_en": 200, "subject_zh": 200},
}
# What pasted text brings along unseen: soft hyphen, zero-width space, word joiner, byte order mark.
_UNSEEN = dict.fromkeys((0x00AD, 0x200B, 0x2060, 0xFEFF))
# Marks that turn the reading direction make a line say something else than it shows (CVE-2021-42574).
_TURNING = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")


def plain(value: str, *, one_line: bool) -> str:
    """`value` with ordinary line ends and spaces, and without what pasting left unseen.

    Texts keep their paragraphs, split by one blank line; a title or subject becomes one line.
    """
    value = value.translate(_UNSEEN).replace("\r\n", "\n").replace("\r", "\n").replace("\u2028", "\n")
    value = value.replace("\u2029", "\n\n").replace("\t", " ")
    if one_line:
        return re.sub(r"[ \n]+", " ", value).strip()
    lines = "\n".join(line.rstrip(" ") for line in value.split("\n"))
    return re.sub(r"\n{3,}", "\n\n", lines).strip("\n ")


def problem(field: str, value: str, before: str, known: Collection[int]) -> str:
    """Why `value` can't stand in `field`, in the active language; empty where it can.

    `before` is what stood there, `known` the issue's citation numbers. A text may not be emptied: readers of that
    language would get a gap, and to take the whole block out there is drop.
    """
    if before and not value:
        return _("Write something here, or drop the block: one language alone can’t be empty.")
    if len(value) > LENGTHS[field]:
        return _("%(length)d characters: at most %(most)d fit here.") % {"length": len(value), "most": LENGTHS[field]}
    if control := _control(value):
        return (
            _("There is an invisible control character (%(code)s) after “%(before)s”: type that place again.")
            % control
        )
    if unknown := sorted(set(citations(value)) - set(known)):
        marks = "".join(f"[{n}]" for n in unknown)
        return _("%(marks)s is not an article of this issue: use %(known)s.") % {
            "marks": marks,
            "known": ranges(known) or _("no citation"),
        }
    return ""


def _control(value: str) -> dict[str, str] | None:
    for at, char in enumerate(value):
        if (char != "\n" and unicodedata.category(char) in ("Cc", "Cs")) or char in _TURNING:
            return {"code": f"U+{ord(char):04X}", "before": value[max(0, at - 12) : at]}
    return None


def ranges(numbers: Collection[int]) -> str:
    """Citation numbers in short: {1, 2, 3, 7} is "[1]–[3], [7]"."""
    runs: list[list[int]] = []
    for n in sorted(numbers):
        if runs and n == runs[-1][1] + 1:
            runs[-1][1] = n
        else:
            runs.append([n, n])
    return ", ".join(f"[{a}]" if a == b else f"[{a}]–[{b}]" for a, b in runs)
