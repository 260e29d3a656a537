"""What in a mail names one of our own mails or its reader: addresses that only we can make. Pure.

A reader's token in leave+TOKEN@ or a link is no such thing: it stands in every forwarded mail, and whoever holds one
could have its reader taken for somebody who complained.
"""

import re
from dataclasses import dataclass

from newsletter.deliver.letter import Letter

_SEALED = rb"[a-z2-7]{32}"


@dataclass(frozen=True)
class Traces:
    """Found anywhere in the mail, not yet verified, each once."""

    bounce_seals: tuple[str, ...] = ()
    message_seals: tuple[str, ...] = ()


def traces_in(letter: Letter, domain: str) -> Traces:
    """Everything that looks like ours, at `domain`. A complaint often has all else blacked out."""
    at = b"@" + re.escape(domain.encode("ascii", "replace"))
    raw = letter.raw.replace(b"=\n", b"").replace(b"=3D", b"=")
    return Traces(
        bounce_seals=_all(rb"\bbounce\+(" + _SEALED + rb")" + at, raw),
        message_seals=_all(rb"<(" + _SEALED + rb")" + at + rb">", raw),
    )


def _all(pattern: bytes, raw: bytes) -> tuple[str, ...]:
    found = re.findall(pattern, raw, re.IGNORECASE)
    return tuple(dict.fromkeys(each.decode("ascii") for each in found))
