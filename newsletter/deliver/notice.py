"""Failures told to people only: what happened, to which addresses, and why, out of free text. Pure."""

import re
from enum import StrEnum

from newsletter.deliver import automatic, wording
from newsletter.deliver.letter import Letter
from newsletter.deliver.wording import Reason

MOST_RECIPIENTS = 20
_LONGEST_LINE = 1000  # characters
_ENHANCED = re.compile(r"(?<![\d.])([45]\.[0-7]\.\d{1,3})(?![\d.]*\d)")  # RFC 3463; no IP address, no version
_REPLY = re.compile(r"(?<![\d.:])([45][0-5]\d)(?=[ \-\].:#])(?!\.\d)")  # RFC 5321 §4.2.1
_ADDRESS = re.compile(
    r"[^\s<>()\[\]\"',;:=&?/\\|@\u3000-\u303f\u4e00-\u9fff\uff00-\uffef“”‘’]{1,64}@"  # a Chinese word may stand before
    r"[\w-]{1,63}(?:\.[\w-]{1,63}){1,20}",
    re.ASCII,
)
# Lines whose address isn't the one that failed.
_NOT_THE_RECIPIENT = re.compile(
    r"contact|assistance|support|questions|e-mail to|\bfrom ?:|mail from|return-path|originally|addressed to|sender|"
    r"generated from|expanded from|sent by|message-id|alias|reply|help|https?:|answer=|administrator|said:.{0,80}@",
    re.IGNORECASE,
)
_TO = re.compile(
    r"\s*(?:to|cc|an|à|para|收件人|抄送)\s*[:：]", re.IGNORECASE
)  # of the returned mail: perhaps a list's address
# As Postfix and qmail begin what they tell of one recipient; later addresses in the line are the server's words.
_ENTRY = re.compile(r"\s*<([^\s<>]+@[^\s<>]+)>(?: \([^()]*\))?:(?:\s|$)")
# sendmail's short word of what the other server said; its own "User unknown" further down follows from any 550.
_CAUSE = re.compile(r"^[ \t]*\(reason: ([45]\d\d[ -].+)\)[ \t]*$", re.MULTILINE)
_ALIAS = re.compile(r"addressed to|(?:generated|expanded) from", re.IGNORECASE)
_SYSTEM = re.compile(r"^(?:postmaster|mailer-daemon|support|abuse|no-?reply)@", re.IGNORECASE)

# What a reason stands for where no status is given (RFC 3463 §3).
_STATUS_FOR = {
    Reason.SLOW_DOWN: "4.7.0",
    Reason.FULL: "5.2.2",
    Reason.NO_USER: "5.1.1",
    Reason.NO_DOMAIN: "5.1.2",
    Reason.DISABLED: "5.2.1",
    Reason.POLICY: "5.7.1",
    Reason.TOO_BIG: "5.3.4",
    Reason.LOOP: "5.4.6",
    Reason.UNREACHABLE: "4.4.1",
    Reason.EXPIRED: "4.4.7",
}


class Outcome(StrEnum):
    """As in RFC 3464 §2.3.3."""

    FAILED = "failed"
    DELAYED = "delayed"


def outcome_of(letter: Letter, *, null_sender: bool) -> Outcome | None:
    """Whether `letter` says that a mail failed or is late; None where it says neither, or a person wrote it."""
    if automatic.is_away(letter) and not automatic.is_from_a_mail_server(letter):
        return None
    subject = letter.field("subject")
    text = wording.one_line(letter.text[: wording.LONGEST])
    says = [bool(pattern.search(part)) for pattern in (wording.FAILED, wording.DELAYED) for part in (subject, text)]
    failed, late = any(says[:2]), any(says[2:])
    if not (failed or late):
        # a reply code or a reason in a server's mail that finds other words
        failed = automatic.is_from_a_mail_server(letter) and bool(status_in(text) or wording.reason_in(text))
    # a person may write "delivery failed yesterday" over a question, or send on what they got
    told_twice = (says[0] and says[1]) or (says[2] and says[3]) or bool(status_in(text) or wording.reason_in(text))
    by_machine = (
        null_sender
        or automatic.is_automatic(letter)
        or (
            (says[0] or says[2])
            and told_twice
            and not wording.FORWARDED.search(subject)
            and bool(recipients_in(letter))
        )
    )
    if "x-failed-recipients" in letter.fields:
        failed = by_machine = True
    if not by_machine or not (failed or late):
        return None
    return Outcome.DELAYED if late else Outcome.FAILED


def status_in(text: str) -> str:
    """The first enhanced status code in `text`, or nothing."""
    found = _ENHANCED.search(text)
    return found[1] if found else ""


def status_for(reason: Reason | None, text: str) -> str | None:
    """The status that a reason or a bare reply code stands for; None where there is neither."""
    code = _REPLY.search(text)
    if reason:
        status = _STATUS_FOR[reason]
        # "451 mailbox full" is no final refusal
        return "4" + status[1:] if code and code[1].startswith("4") else status
    return f"{code[1][0]}.0.0" if code else None


def diagnostic_in(text: str) -> str:
    """The part of a notice that says why, in one line: from the first code or reason on; empty where there is none."""
    cause = _CAUSE.search(text[: wording.LONGEST])
    line = wording.one_line(cause[1] if cause else text[: wording.LONGEST])
    places = [found.start() for found in (_REPLY.search(line), _ENHANCED.search(line)) if found]
    reason = wording.reason_in(line)
    if reason:
        places.append(wording.place_of(reason, line))
    return line[max(0, min(places)) :][:500] if places else ""


def recipients_in(letter: Letter) -> tuple[str, ...]:
    """The addresses that failed, as far as a notice names them; else whom the returned mail was for."""
    if named := _ADDRESS.findall(letter.field("x-failed-recipients")):
        return tuple(dict.fromkeys(named))
    own = {
        address.lower() for name in ("from", "to", "return-path") for address in _ADDRESS.findall(letter.field(name))
    }
    sure: list[str] = []
    perhaps: list[str] = []
    for line in (each[:_LONGEST_LINE] for each in letter.text.splitlines()):
        alone = re.match(r"\s*<?[^\s<>]+@[^\s<>]+>?:?\s*$", line)
        if entry := _ENTRY.match(line):
            sure.extend(_ADDRESS.findall(entry[1]))
        elif alone or not _NOT_THE_RECIPIENT.search(line):
            (perhaps if _TO.match(line) else sure).extend(_ADDRESS.findall(line))
        elif _ALIAS.search(line):
            perhaps.extend(_ADDRESS.findall(line))

    def fits(address: str) -> bool:
        # two dots: cut short to hide it
        return address.lower() not in own and not _SYSTEM.match(address) and ".." not in address

    returned_to = _ADDRESS.findall(letter.returned.get("to", ""))
    found = list(filter(fits, sure or perhaps)) or list(filter(fits, returned_to))
    return tuple({each.lower(): each for each in reversed(found)}.values())[::-1][:MOST_RECIPIENTS]
