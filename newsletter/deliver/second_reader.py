"""Whom a notice in free text is about, as flufl.bounce reads it: the formats of single servers, known one by one.

It is asked only where our own reading names nobody, or several (docs/decisions.md 9 has the figures). It gives
addresses, no status and no reason, so what a notice leads to is never its say.
"""

import logging
from email import message_from_bytes

from flufl.bounce import all_failures

# A notice says whom it is about at its beginning, and thirty detectors look at every line.
_MOST_BYTES, _MOST_LINES = 100_000, 1000
# It logs each detector that it tries, and a traceback for each mail that has no From.
logging.getLogger("flufl.bounce").setLevel(logging.CRITICAL + 1)


def recipients(raw: bytes) -> tuple[str, ...]:
    """The addresses that failed or are late, sorted; none where it knows no such format, or falls over the mail."""
    try:
        late, failed = all_failures(message_from_bytes(_beginning(raw)))
    except Exception:  # whatever breaks in its thirty detectors: IndexError without a From, and who knows what else
        return ()
    found = (each.decode("utf-8", "replace") if isinstance(each, bytes) else each for each in late | failed)
    return tuple(sorted(each for each in found if "@" in each))


def agreed(ours: tuple[str, ...], raw: bytes) -> tuple[str, ...]:
    """Our reading where it names one address; else flufl.bounce's, if that says something we only said more of."""
    if len(ours) == 1:
        return ours
    theirs = recipients(raw)
    only_more = {each.lower() for each in ours} < {each.lower() for each in theirs}
    return ours if not theirs or (ours and only_more) else theirs


def _beginning(raw: bytes) -> bytes:
    return b"\n".join(raw[:_MOST_BYTES].split(b"\n", _MOST_LINES)[:_MOST_LINES])
