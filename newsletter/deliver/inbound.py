"""Mail that comes in: one function decides what it is, stores what it tells, and applies it, once.

    read (bounces) -> find whom it is about -> store under its own id -> apply -> commit; only then is it taken

What a provider posts (events) comes in at `take`: the same store, the same policy. Nobody can be removed by a forged
bounce: a report is believed only if it came to the sealed address that the mail was sent from, or quotes something
that only we can make. The latter may have been forwarded to anybody, so such a bounce is counted and never removes a
reader at one blow. What isn't believed or understood is kept for a person (keeping).
"""

import datetime as dt
import logging
import traceback
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import transaction

from newsletter.deliver import bounces, finding, keeping, pace, replies, softness
from newsletter.deliver.bounces import Kind, Measure, Report
from newsletter.deliver.finding import Found
from newsletter.models import Delivery, DeliveryEvent, Newsletter
from subscribers import joining, limits, mailbox
from subscribers.joining import Proof
from subscribers.limits import Limit

log = logging.getLogger(__name__)

_IN, _SESSION = "in:", "smtp:"
REFUSED_IN_SESSION = f"{_IN}{_SESSION}"  # how the id of an event begins that tells of a mail that was never taken
_OFFERED_WITHIN = dt.timedelta(days=10)  # twice what RFC 5321 §4.5.4.1 asks for
# For each domain: one wrong signature makes a thousand bounces.
_ALERTS = Limit("alert", 1, dt.timedelta(hours=1))


@dataclass(frozen=True)
class Decision:
    """What a mail was and what became of it. `ours`: it was meant for an address of ours, or told us something."""

    report: Report
    words: str
    ours: bool = True

    def as_json(self) -> dict[str, Any]:
        """As `receive --explain` prints it."""
        report = self.report
        return {
            "kind": Kind.COMPLAINT if report.kind is Kind.OPT_OUT else report.kind,  # one of the six of the command
            "action": report.action,
            "status": report.status,
            "recipients": list(report.recipients),
            "diagnostic": report.diagnostic,
            "decision": self.words,
        }


def receive(
    message: bytes, *, envelope_sender: str | None, envelope_recipient: str | None, now: dt.datetime
) -> Decision:
    """Decide and apply, in one transaction: when this returns, it is committed, and the mail may be answered for.

    The envelope is what the server said (the sender "" for a bounce), None where it didn't. Raises DatabaseError;
    nothing is changed then, and the mail can be offered again. The same mail twice is applied once.
    """
    report = _read(message, envelope_sender, envelope_recipient)
    with transaction.atomic():
        found = finding.find(report, now)
        to_editors = _newsletter(report, message, envelope_recipient)
        if to_editors is not None:
            decision = Decision(
                report, replies.take(to_editors, message, report, now, envelope_sender=envelope_sender)
            )
        else:
            decision = take(report, found, now, message)
    log.info("mail in: %s: %s", report.gist, decision.words)
    return decision


def take(report: Report, found: Found, now: dt.datetime, message: bytes = b"") -> Decision:
    """Store what a report tells and apply it, once; inside the caller's transaction.

    What names nobody we can be sure of changes nothing and is kept for a person, `message` in part.
    """
    if report.kind is Kind.COMMAND or found.reader is not None:
        return _store_and_apply(report, found, now)
    unheeded = _unheeded(report, found)
    if not _is_kept(report):
        return unheeded
    return replace(unheeded, words=f"{unheeded.words}; {keeping.keep(_id(report), report, found.why, message, now)}")


def explain(
    message: bytes, *, envelope_sender: str | None, envelope_recipient: str | None, now: dt.datetime
) -> Decision:
    """What `receive` would decide. Nothing is changed."""
    report = _read(message, envelope_sender, envelope_recipient)
    found = finding.find(report, now)
    if _newsletter(report, message, envelope_recipient) is not None:
        return Decision(report, "an answer for the editors: kept at the desk")
    if report.kind is not Kind.COMMAND and found.reader is None:
        return _unheeded(report, found)
    if DeliveryEvent.objects.filter(external_id=_id(report)).exists():
        return Decision(report, "it came before: nothing is changed")
    if report.kind is Kind.COMMAND:
        return Decision(report, _command_in_words(report))
    assert found.reader is not None
    tempered = replace(report, measure=_tempered(report, found))
    return Decision(report, f"reader {found.reader.pk}: {tempered.decision}{_counted(found, tempered.measure, now)}")


def forget_old(now: dt.datetime) -> int:
    """Commands are kept for as long as a server may offer the same mail again; how many events were forgotten."""
    commands = DeliveryEvent.objects.filter(delivery=None, kind=Kind.COMMAND, occurred_at__lt=now - _OFFERED_WITHIN)
    return commands.delete()[0] + keeping.forget_old(now)


def refused(delivery: Delivery, reply: str, now: dt.datetime) -> str:
    """A server refused the mail for good while it was being handed over: the same rules as for a bounce.

    `reply` is its last words. Once for each delivery; what became of it, in words.
    """
    report = bounces.of_reply(reply, f"{_SESSION}{delivery.pk}")
    with transaction.atomic():
        return _store_and_apply(report, Found(delivery.reader, delivery, proven=True), now).words


def trouble(error: BaseException) -> str:
    """An error for the log: what and where, but not its words, which may have an address in them."""
    frame = traceback.extract_tb(error.__traceback__)[-1]
    return f"{type(error).__name__} in {Path(frame.filename).name}, line {frame.lineno}"


def _read(message: bytes, envelope_sender: str | None, envelope_recipient: str | None) -> Report:
    return bounces.read(
        message,
        domain=settings.MAIL_DOMAIN,
        envelope_sender=envelope_sender,
        envelope_recipient=envelope_recipient,
    )


def _newsletter(report: Report, message: bytes, envelope_recipient: str | None) -> Newsletter | None:
    """Whose editors a person's mail is for; None where it tells of a delivery, or is for nobody here."""
    if report.kind is not Kind.OTHER or report.is_about_a_mail or report.destination is not None:
        return None
    return replies.addressee(message, envelope_recipient)


def _unheeded(report: Report, found: Found) -> Decision:
    """The decision on what changes nothing: it tells nothing, or about nobody we can be sure of."""
    if not report.is_about_a_mail:
        return Decision(report, report.decision, ours=report.destination is not None or report.kind != Kind.OTHER)
    return Decision(report, f"{report.decision}; but nothing is changed here: {found.why}")


def _is_kept(report: Report) -> bool:
    """A report, or what came where only reports are sent to; away notices are nothing, others' mail isn't ours."""
    if report.kind is Kind.OTHER and not report.is_about_a_mail:
        return report.destination is not None and report.destination.command is None
    return report.kind is not Kind.AUTO_REPLY


def _store_and_apply(report: Report, found: Found, now: dt.datetime) -> Decision:
    reader = found.reader
    _event, is_new = DeliveryEvent.objects.get_or_create(
        external_id=_id(report),
        defaults={
            "kind": report.kind,
            "delivery": found.delivery,
            "reader": reader or (mailbox.reader_of(report.destination) if report.destination else None),
            "occurred_at": now,
            "applied_at": now,
            "detail": {} if report.kind is Kind.COMMAND else _detail(report, found),
        },
    )
    if not is_new:
        return Decision(report, "it came before: nothing is changed")
    if report.kind is Kind.COMMAND:
        return Decision(report, _obey(report, now))
    return Decision(report, _apply(report, found, now))


def _id(report: Report) -> str:
    return f"{_IN}{report.fingerprint}"


_TOLD = ("action", "status", "diagnostic", "reason")


def _detail(report: Report, found: Found) -> dict[str, Any]:
    """What the operator sees of it. Addresses stand in it, so it goes when the reader is erased."""
    told = {name: value for name, value in asdict(report).items() if name in _TOLD}
    return told | {"recipients": list(report.recipients), "measure": _tempered(report, found).name.lower()}


def _obey(report: Report, now: dt.datetime) -> str:
    assert report.destination is not None
    aim = report.destination
    wording = f"a mail to {aim.name}{f'+{aim.detail}' if aim.name == 'subscribe' and aim.detail else ''}@"
    return mailbox.obey(aim, report.sender, Proof(how="mail", at=now, wording=wording))


def _apply(report: Report, found: Found, now: dt.datetime) -> str:
    assert found.reader is not None
    reader, measure = found.reader, _tempered(report, found)
    note = f"{report.action or ''} {report.status or ''}".strip()
    given_up = softness.given_up(reader, now) if measure is Measure.COUNT else ""
    if measure is Measure.SUPPRESS or given_up:
        moved = joining.bounce(reader, Proof(how="bounce", at=now, note="; ".join(filter(None, (note, given_up)))))
    elif measure is Measure.COMPLAIN:
        moved = joining.complain(reader, Proof(how="complaint", at=now))
    elif measure is Measure.LEAVE:
        moved = joining.leave(reader, Proof(how="complaint", at=now, note=note))
    else:
        domain = (reader.email_key or "").rpartition("@")[2]
        if measure is Measure.OUR_FAULT:
            _alert(report, domain, now)
        elif measure is Measure.SLOW_DOWN:
            pace.slow_down(domain, now)
        return f"reader {reader.pk}: {replace(report, measure=measure).decision}{_counted(found, measure, now)}"
    return f"reader {reader.pk}: {'now' if moved else 'already'} {reader.state}"


def _tempered(report: Report, found: Found) -> Measure:
    """A bounce that came to another address than the one it was sent from may be anybody's: it only counts."""
    weak = report.kind is Kind.BOUNCE and not found.proven
    return Measure.COUNT if weak and report.measure is Measure.SUPPRESS else report.measure


def _counted(found: Found, measure: Measure, now: dt.datetime) -> str:
    return f" ({softness.of_reader(found.reader, now)})" if measure is Measure.COUNT and found.reader else ""


def _alert(report: Report, domain: str, now: dt.datetime) -> None:
    """Tell the operator, once an hour for each domain."""
    if limits.allow([(_ALERTS, domain)], now):
        log.error(
            "%s %s our mail for what we are (%s): check SPF, DKIM, DMARC and the address's reputation; "
            "the events in the admin have its words",
            domain,
            "refuses" if report.kind is Kind.BOUNCE else "reports",
            report.status or report.action,
        )


def _command_in_words(report: Report) -> str:
    aim = report.destination
    assert aim is not None
    if aim.command is mailbox.Command.SUBSCRIBE:
        why = mailbox.refusal_of(report.sender)
        return f"{why}: nothing is changed" if why else "the sender is asked to confirm, within the limits"
    if mailbox.reader_of(aim) is None:
        return "nobody is named by this address: nothing is changed"
    return "the reader leaves" if aim.command is mailbox.Command.LEAVE else "the reader confirms the sign-up"
