"""What a mail server's answer means for one mail. Pure."""

import re
from dataclasses import dataclass
from enum import StrEnum

from newsletter.deliver.wording import Reason, reason_in

_ENHANCED = re.compile(r"(?<![\d.])([245]\.\d{1,3}\.\d{1,3})(?![\d.]*\d)")  # RFC 3463; no IP address, no version
_SENDER = ("5.1.7", "5.1.8")  # its address is what is wrong
_VAGUE = ("", "5.0.0", "5.5.0")


class Kind(StrEnum):
    """What became of one mail."""

    ACCEPTED = "accepted"  # 250 after the dot
    DEFERRED = "deferred"  # not taken now: 4xx, or the line fell before the message was handed over
    REFUSED = "refused"  # 5xx
    OUR_FAULT = "our_fault"  # 5.7.x: sender, policy or signature is wrong, and would be for the next reader too
    UNCERTAIN = "uncertain"  # the line fell after the message was handed over


@dataclass(frozen=True)
class Outcome:
    """The server's answer. `code` 0: it gave none. `enhanced` as in RFC 3463, or empty."""

    kind: Kind
    code: int = 0
    enhanced: str = ""
    text: str = ""
    too_fast: bool = False  # it wants fewer mails in the same time; the address is fine
    blames_us: bool = False  # refused for what we are, but said in words alone, which may be wrongly understood

    @property
    def lost(self) -> bool:
        """The line fell on this mail."""
        return self.code == 0 and self.kind in (Kind.DEFERRED, Kind.UNCERTAIN)

    @property
    def reply(self) -> str:
        """For people: code and text in one line."""
        return f"{self.code} {self.text}".strip() if self.code else self.text


def judge(code: int, text: str) -> Outcome:
    """The outcome that a reply to MAIL, RCPT, DATA or the final dot stands for."""
    line = " ".join(text.split())
    found = _ENHANCED.search(line)
    enhanced = found[1] if found else ""
    if 200 <= code < 300:
        return Outcome(Kind.ACCEPTED, code, enhanced, line)
    # QQ and 163 refuse for the moment with a 550 that asks to slow down
    reason = reason_in(line)
    too_fast = reason is Reason.SLOW_DOWN
    if 400 <= code < 500 or too_fast:
        kind = Kind.DEFERRED
    elif enhanced.startswith("5.7.") or enhanced in _SENDER:
        kind = Kind.OUR_FAULT
    else:
        kind = Kind.REFUSED
    # providers' relays often have no code for it: "554 Message rejected: Email address is not verified"
    blames_us = kind is Kind.REFUSED and reason is Reason.POLICY and enhanced in _VAGUE
    return Outcome(kind, code, enhanced, line, too_fast, blames_us)
