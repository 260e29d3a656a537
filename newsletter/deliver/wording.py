"""What mail servers and away notices say in words, read from data/bounces.tsv: patterns, and what each tells."""

import csv
import re
from enum import StrEnum
from pathlib import Path

LONGEST = 3000  # characters of a notice that are searched: the reason stands at its beginning
_FILE = Path(__file__).parents[1] / "data" / "bounces.tsv"
# {address} of the data file: what `_without_names` leaves of one, in whatever brackets; or a blank, or nothing
_ADDRESS = r"""[ ·:：<>《》〈〉「」『』“”‘’"'()（）\[\]【】]{0,350}"""


class Reason(StrEnum):
    """Why a mail wasn't taken. In this order they are looked for: the first that is found counts."""

    SLOW_DOWN = "slow_down"  # too many mails in too short a time: the address is fine
    FULL = "full"
    NO_USER = "no_user"
    NO_DOMAIN = "no_domain"
    DISABLED = "disabled"
    POLICY = "policy"  # our name, address, signature or content is not wanted
    TOO_BIG = "too_big"
    LOOP = "loop"
    UNREACHABLE = "unreachable"
    EXPIRED = "expired"


def _pattern(tells: str) -> re.Pattern[str]:
    with _FILE.open(encoding="utf8", newline="") as file:
        rows = csv.reader((line for line in file if not line.startswith("#")), delimiter="\t", quoting=csv.QUOTE_NONE)
        alternatives = [row[1].replace("{address}", _ADDRESS) for row in rows if row and row[0] == tells]
    return re.compile("|".join(f"(?:{each})" for each in alternatives), re.IGNORECASE | re.MULTILINE)


COPY = _pattern("copy")  # begins the returned message
FAILED = _pattern("failed")
DELAYED = _pattern("delayed")
FORWARDED = _pattern("forwarded")  # subjects
AWAY = _pattern("away")  # subjects
AWAY_TEXT = _pattern("away_text")
_REASONS = {reason: _pattern(reason) for reason in Reason}
# Names say nothing: a mailbox may be called spam, a server viruswall. Chinese goes on without a blank after one.
_HAN = r"\u3000-\u303f\u4e00-\u9fff\uff00-\uffef"
_NAMES = re.compile(
    r"https?://(?!\S{0,200}(?:spamhaus|blocklist|dnsbl))\S+|[^\s<>" + _HAN + r"]{1,64}@[^\s<>" + _HAN + r"]{1,255}"
    r"|[\w-]{1,63}(?:\.[\w-]{1,63}){1,9} ?\[[\w.:]{1,64}\]"
)


def one_line(text: str) -> str:
    """`text` with every run of white space as one space: servers break lines anywhere."""
    return " ".join(text.split())


def storable(text: str) -> str:
    """`text` without what no database takes: NUL and half surrogates."""
    return text.replace("\0", "").encode("utf-8", "replace").decode("utf-8")


def reason_in(text: str) -> Reason | None:
    """Why a mail wasn't taken, as `text` has it."""
    line = _without_names(one_line(text[:LONGEST]))
    return next((reason for reason, pattern in _REASONS.items() if pattern.search(line)), None)


def place_of(reason: Reason, line: str) -> int:
    """Where in `line` (as `one_line` makes it) the words for `reason`, found there, begin."""
    found = _REASONS[reason].search(_without_names(line))
    return found.start() if found else 0


def _without_names(line: str) -> str:
    return _NAMES.sub(lambda name: "·" * len(name[0]), line)
