"""What one incoming mail is, and what it asks for: bytes in, a frozen report out. Pure.

What a machine wrote for machines is believed first (RFC 3464, RFC 5965, RFC 3834); only then what it wrote for
people, by the patterns of data/bounces.tsv.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum

from newsletter.deliver import automatic, notice, second_reader, wording
from newsletter.deliver.letter import Letter, mailboxes, open_letter
from newsletter.deliver.traces import Traces, traces_in
from newsletter.deliver.wording import Reason
from subscribers.mailbox import Command, Destination, destination

STATUS = re.compile(r"\s*([245]\.\d{1,3}\.\d{1,3})(?!\S)")
MAX_DIAGNOSTIC = 500  # characters
_NULL_SENDERS = {"", "mailer-daemon"}  # the second is what Postfix's pipe writes for the first
_SHORTEST_DIAGNOSTIC = 4  # "255" is a program's exit code


class Kind(StrEnum):
    """What a mail is. An "other" is a person's, or a machine's that tells nothing about a delivery."""

    COMMAND = "command"
    BOUNCE = "bounce"
    DELAY = "delay"
    COMPLAINT = "complaint"
    OPT_OUT = "opt_out"  # asked the provider, not us, to be left out: no complaint, and in no rate
    AUTO_REPLY = "auto_reply"
    OTHER = "other"


class Measure(StrEnum):
    """What a mail leads to. The value says it in words."""

    OBEY = "obey: the command is carried out"
    SUPPRESS = "suppress: the address is dead, its reader is moved to bounced"
    COUNT = "count: the failure may pass, so it is counted and the reader stays"
    SLOW_DOWN = "slow down: the provider wants fewer mails at once; no reader is touched, its domain rests for a while"
    OUR_FAULT = "our fault: refused for what we are or send; no reader is touched, the operator is alerted"
    COMPLAIN = "complaint: called spam, its reader is moved to complained at once"
    LEAVE = "leave: the reader asked to be left out and is moved to left at once"
    NOTHING = "nothing"


@dataclass(frozen=True)
class Report:
    """One mail. `action` is RFC 3464's (failed, delayed, …), RFC 5965's feedback type, or the command's name."""

    kind: Kind
    measure: Measure
    action: str | None = None
    status: str | None = None  # RFC 3463, as the message says it or as its words do
    recipients: tuple[str, ...] = ()
    diagnostic: str | None = None
    reason: Reason | None = None
    destination: Destination | None = None
    traces: Traces = field(default_factory=Traces)
    sender: str = ""  # the address in From
    fingerprint: str = ""  # the same for the same mail come twice

    @property
    def decision(self) -> str:
        """What it leads to, in words, if it is about a mail of ours."""
        return f"nothing: {_NOTHING_BECAUSE[self.kind]}" if self.measure is Measure.NOTHING else str(self.measure)

    @property
    def is_about_a_mail(self) -> bool:
        """Whether it tells what became of one mail of ours, so that it must name it."""
        return (
            self.kind in (Kind.BOUNCE, Kind.DELAY, Kind.COMPLAINT, Kind.OPT_OUT) or self.measure is Measure.OUR_FAULT
        )

    @property
    def gist(self) -> str:
        """Kind, action, status and reason in one line for a log, without an address."""
        return " ".join(filter(None, (self.kind, self.action, self.status, self.reason)))


_NOTHING_BECAUSE = {
    Kind.DELAY: "the mail is only late and still being tried",
    Kind.AUTO_REPLY: "an automatic answer says nothing about the address",
    Kind.OTHER: "neither a command nor a report of a failure or complaint",
}


def read(
    message: bytes, *, domain: str, envelope_recipient: str | None = None, envelope_sender: str | None = None
) -> Report:
    """Read one mail. `domain` is where our own addresses live; without an envelope its header stands in for it."""
    letter = open_letter(message)
    sender = envelope_sender if envelope_sender is not None else letter.fields.get("return-path")
    null_sender = sender is not None and sender.strip().strip("<>").lower() in _NULL_SENDERS
    may_be_answered = not null_sender and not automatic.is_automatic(letter)
    aim = _destination(letter, domain, envelope_recipient)
    return replace(
        _commanded(aim, may_be_answered) or _told(letter, null_sender=null_sender),
        destination=aim,
        traces=traces_in(letter, domain),
        sender=_from(letter),
        fingerprint=automatic.fingerprint(letter, envelope_recipient),
    )


def _commanded(aim: Destination | None, by_a_person: bool) -> Report | None:
    """Asking to be let go is obeyed whoever, or whatever program, writes it: Apple Mail's own sets
    "Auto-Submitted: auto-replied". What else is asked for must come from a person.
    """
    if aim is None or aim.command is None or not (by_a_person or aim.command is Command.LEAVE):
        return None
    return Report(Kind.COMMAND, Measure.OBEY, action=str(aim.command))


def _told(letter: Letter, *, null_sender: bool) -> Report:
    away = Kind.AUTO_REPLY if automatic.is_away(letter) else Kind.OTHER
    return (
        _report_for_machines(letter)
        or _feedback(letter)
        or _report_for_people(letter, null_sender=null_sender)
        or Report(away, Measure.NOTHING)
    )


def judge(status: str | None, reason: Reason | None) -> Measure:
    """What a final failure leads to, by its status (RFC 3463 §3) and the reason that its words give.

    In doubt a reader is kept: who is dead will bounce again, who is removed by mistake never comes back.
    """
    if reason is Reason.SLOW_DOWN:
        return Measure.SLOW_DOWN
    if status in ("5.1.7", "5.1.8"):  # the sender's address is what is wrong
        return Measure.OUR_FAULT
    if status and status.startswith("5.1."):
        return {Reason.POLICY: Measure.OUR_FAULT, Reason.FULL: Measure.COUNT}.get(
            reason or Reason.NO_USER, Measure.SUPPRESS
        )
    if status and status.startswith(("5.6.", "5.7.")):  # the message's content, and policy or security
        # "550 5.7.1 No such user": one of the two is wrong, and five mails will tell which
        return Measure.COUNT if reason in (Reason.NO_USER, Reason.NO_DOMAIN) else Measure.OUR_FAULT
    if status and status.startswith("4.7."):  # days of distrust: it would hit every reader there alike
        return Measure.SLOW_DOWN
    if status == "4.0.0" and reason is Reason.NO_DOMAIN:  # as Gmail ends its tries where there is no such domain
        return Measure.SUPPRESS
    if status and status.startswith("4."):
        return Measure.OUR_FAULT if reason is Reason.POLICY else Measure.COUNT
    if reason in (Reason.NO_USER, Reason.NO_DOMAIN) and not _says_another_thing(status):
        return Measure.SUPPRESS
    return Measure.OUR_FAULT if reason is Reason.POLICY and not _says_another_thing(status) else Measure.COUNT


def _is_vague(status: str) -> bool:
    return not status or status in ("4.0.0", "5.0.0", "5.5.0")


def _says_another_thing(status: str | None) -> bool:
    """A status of class 5 that isn't merely "other": 5.2.2 is a full mailbox, whatever is written beside it."""
    return status is not None and re.fullmatch(r"5\.(?:\d+\.0|5\.\d+|4\.[14]|3\.\d+)", status) is None


def _report_for_machines(letter: Letter) -> Report | None:
    """RFC 3464. Of several recipients the first that failed counts, then the first that is late."""
    groups = [(group, _action(group)) for group in letter.statuses]
    if not groups:
        return None
    final = [each for each in groups if each[1] not in _NOT_FAILED and not _code(each[0]).startswith("2")]
    late = [each for each in groups if each[1] == "delayed"]
    told = final or late or groups
    group, action = told[0]
    told_why = _diagnostic(group)
    diagnostic = told_why if len(told_why) > _SHORTEST_DIAGNOSTIC else notice.diagnostic_in(letter.text)
    status, within = _code(group), notice.status_in(diagnostic)
    # Many servers write a bare "5.0.0" beside a diagnosis that knows more, and boilerplate beside a good status.
    clearer = within if within and _is_vague(status) else status
    reason = wording.reason_in(diagnostic if told_why or _is_vague(clearer) else "")
    return Report(
        Kind.BOUNCE if final else Kind.DELAY if late else Kind.OTHER,
        judge(clearer or None, reason) if final else Measure.NOTHING,
        action=action or "failed",
        status=status or within or notice.status_for(reason, diagnostic),
        recipients=tuple(dict.fromkeys(filter(None, (_recipient(each) for each, _ in told))))
        or notice.recipients_in(letter),
        diagnostic=diagnostic or None,
        reason=reason,
    )


_NOT_FAILED = {"delayed", "delivered", "relayed", "expanded", "deliverable"}


def _action(group: Mapping[str, str]) -> str:
    return re.split(r"[;( ]", group.get("action", "").strip())[0].lower()


def _code(group: Mapping[str, str]) -> str:
    found = STATUS.match(group.get("status", ""))
    return found[1] if found else ""


def _recipient(group: Mapping[str, str]) -> str:
    """`rfc822; ana@a.example` as an address; Final-Recipient is always there, but may be an alias of no use."""
    for name in ("final-recipient", "original-recipient"):
        address = group.get(name, "").rpartition(";")[2].strip().strip("<>")
        if "@" in address:
            return address
    return ""


def _diagnostic(group: Mapping[str, str]) -> str:
    text = re.sub(r"^\s*[\w-]+\s*;\s*", "", group.get("diagnostic-code", ""))
    return wording.one_line(text)[:MAX_DIAGNOSTIC]


def _feedback(letter: Letter) -> Report | None:
    """RFC 5965, and Hotmail's older form. What it leads to follows from its type; one nobody registered is a complaint
    (§3.1: to be taken for "other"), since somebody went to the trouble of reporting it.
    """
    fields = letter.feedback
    if fields is None:
        if not automatic.is_old_complaint(letter):
            return None
        fields = {}
    action = fields.get("feedback-type", "abuse").strip().lower()
    to = fields.get("original-rcpt-to", "").strip("<> ")
    kind, measure = _FEEDBACK.get(action, (Kind.COMPLAINT, Measure.COMPLAIN))
    return Report(kind, measure, action=action, recipients=(to,) if "@" in to else ())


# IANA's list (abuse, auth-failure, fraud, not-spam, other, virus) and what the drafts before it named and some still
# send. A virus or a broken signature (RFC 6591) is ours to look after, and says nothing about a reader's wish.
_FEEDBACK = {
    **dict.fromkeys(("abuse", "fraud", "other"), (Kind.COMPLAINT, Measure.COMPLAIN)),
    **dict.fromkeys(("opt-out", "opt-out-list", "unsubscribe"), (Kind.OPT_OUT, Measure.LEAVE)),
    **dict.fromkeys(("auth-failure", "dkim", "virus"), (Kind.OTHER, Measure.OUR_FAULT)),
    **dict.fromkeys(("not-spam", "miscategorized"), (Kind.OTHER, Measure.NOTHING)),
}


def _report_for_people(letter: Letter, *, null_sender: bool) -> Report | None:
    """A failure told in words only. It is one if a machine wrote it and it says that it failed."""
    outcome = notice.outcome_of(letter, null_sender=null_sender)
    if outcome is None:
        return None
    diagnostic = notice.diagnostic_in(letter.text)
    reason = wording.reason_in(diagnostic) or wording.reason_in(letter.field("subject"))
    status = notice.status_in(diagnostic) or notice.status_for(reason, diagnostic)
    late = outcome is notice.Outcome.DELAYED
    return Report(
        Kind.DELAY if late else Kind.BOUNCE,
        Measure.NOTHING if late else judge(status, reason),
        action=str(outcome),
        status=status,
        recipients=second_reader.agreed(notice.recipients_in(letter), letter.raw),
        diagnostic=diagnostic or None,
        reason=reason,
    )


def of_reply(reply: str, fingerprint: str) -> Report:
    """What a server's final refusal in the SMTP session itself says, as if it had come back by mail."""
    status, reason = notice.status_in(reply), wording.reason_in(reply)
    return Report(
        Kind.BOUNCE,
        judge(status or None, reason),
        action="failed",
        status=status or None,
        diagnostic=reply[:MAX_DIAGNOSTIC],
        reason=reason,
        fingerprint=fingerprint,
    )


def _destination(letter: Letter, domain: str, envelope_recipient: str | None) -> Destination | None:
    if envelope_recipient is not None:
        return destination(envelope_recipient, domain)
    for name in ("x-original-to", "envelope-to", "delivered-to", "to"):
        for _, address in mailboxes(letter.field(name)):
            if found := destination(address, domain):
                return found
    return None


def _from(letter: Letter) -> str:
    """The one address in From; nothing where there are several. A decoded name may have commas and quotes."""
    value = letter.field("from")
    addresses = re.findall(r"<([^<>\s]+@[^<>\s]+)>", value) or [each for _, each in mailboxes(value) if "@" in each]
    return str(addresses[0]) if len(addresses) == 1 else ""
