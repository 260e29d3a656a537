"""What a provider tells of our mails by its webhook, in the words of bounces, and applied by inbound's one policy.

The post itself is authenticated (views.hooks), so whom it names by one of our seals is believed at once. A seal comes
back as what we gave the provider with the mail, or in our Message-ID where it keeps that. Without one the event
is kept for a person: a provider's account may send other mail than ours.
"""

import datetime as dt
import hashlib
import json
import logging
import re
from dataclasses import replace
from typing import Any

from anymail.signals import AnymailTrackingEvent, EventType, RejectReason
from django.conf import settings
from django.db import transaction
from django.utils import timezone

from newsletter.deliver import bounces, finding, inbound, wording
from newsletter.deliver.bounces import Kind, Measure, Report
from newsletter.deliver.inbound import Decision
from newsletter.deliver.traces import Traces
from subscribers.mailbox import Destination, destination

log = logging.getLogger(__name__)

SEAL = "chenbao"  # the name under which the provider is given a mail's seal, and gives it back
_LONGEST = 500  # characters
_SEALED = re.compile(r"[a-z2-7]{32}")
_MESSAGE_ID = re.compile(r"<?([a-z2-7]{32})@([a-z0-9.-]+)>?", re.IGNORECASE)

# That a mail is on its way or has come is no news to the ledger; who opened or clicked isn't followed; a program's
# answer is nothing, as by mail.
_NOTHING = {
    *(EventType.QUEUED, EventType.SENT, EventType.DELIVERED),
    *(EventType.OPENED, EventType.CLICKED, EventType.AUTORESPONDED),
}
_KINDS = {
    EventType.BOUNCED: Kind.BOUNCE,
    EventType.REJECTED: Kind.BOUNCE,
    EventType.FAILED: Kind.BOUNCE,
    EventType.DEFERRED: Kind.DELAY,
    EventType.COMPLAINED: Kind.COMPLAINT,
    EventType.UNSUBSCRIBED: Kind.OPT_OUT,
}
_MEASURES = {Kind.DELAY: Measure.NOTHING, Kind.COMPLAINT: Measure.COMPLAIN, Kind.OPT_OUT: Measure.LEAVE}
# Where the words of the receiving server say nothing; "bounced" alone may pass, and is counted.
_BOUNCED_FOR = {
    RejectReason.INVALID: Measure.SUPPRESS,
    RejectReason.SPAM: Measure.OUR_FAULT,
    RejectReason.BLOCKED: Measure.OUR_FAULT,
}
# The provider never tried: it remembers what this address told it before.
_REMEMBERED = {RejectReason.SPAM: Kind.COMPLAINT, RejectReason.UNSUBSCRIBED: Kind.OPT_OUT}


def seal_of(envelope_sender: str) -> str:
    """What a provider is to give back with whatever it tells of a mail with this sender; empty: nothing."""
    aim = destination(envelope_sender, settings.MAIL_DOMAIN)
    return aim.detail if aim is not None and aim.name == "bounce" else ""


def on_tracking(sender: object, event: AnymailTrackingEvent, esp_name: str, **kwargs: Any) -> None:
    """anymail's signal: one event of an authenticated post. Raises DatabaseError; the provider then posts it again."""
    take(event, esp_name, timezone.now())


def take(event: AnymailTrackingEvent, provider: str, now: dt.datetime) -> Decision | None:
    """Store and apply one event in one transaction, the same one once; None where it tells nothing."""
    if event.event_type in _NOTHING:
        return None
    report = read(event, provider)
    with transaction.atomic():
        found = replace(finding.find(report, now), proven=True)
        decision = inbound.take(report, found, now)
    log.info("%s tells: %s: %s", provider, report.gist, decision.words)
    return decision


def read(event: AnymailTrackingEvent, provider: str) -> Report:
    """One event in the project's own words. Pure; whatever types the provider's fields have."""
    seal = _text(event.metadata.get(SEAL) if isinstance(event.metadata, dict) else None).lower()
    named = _MESSAGE_ID.fullmatch(_text(event.message_id))
    is_ours = named is not None and named[2].lower() == settings.MAIL_DOMAIN
    recipient = _text(event.recipient)
    return replace(
        _told(event),
        recipients=(recipient,) if recipient else (),
        destination=Destination("bounce", seal if _SEALED.fullmatch(seal) else ""),
        traces=Traces(message_seals=(named[1].lower(),) if named and is_ours else ()),
        fingerprint=f"{provider[:40]}:{_fingerprint(event, seal)}",
    )


def _told(event: AnymailTrackingEvent) -> Report:
    kind = _KINDS.get(event.event_type, Kind.OTHER)
    if event.event_type == EventType.REJECTED:
        kind = _REMEMBERED.get(event.reject_reason, kind)
    words = _text(event.mta_response) or _text(event.description)
    action = _text(event.event_type)
    if kind is not Kind.BOUNCE:
        measure = _MEASURES.get(kind, Measure.NOTHING)
        return Report(kind, measure, action=action, diagnostic=words or None)
    report = replace(bounces.of_reply(words, ""), action=action)
    if event.event_type == EventType.FAILED:  # it couldn't make or send the mail: that is nobody's address
        return replace(report, measure=Measure.OUR_FAULT)
    if report.status is None and report.reason is None:
        return replace(report, measure=_BOUNCED_FOR.get(event.reject_reason, Measure.COUNT))
    return report


def _fingerprint(event: AnymailTrackingEvent, seal: str) -> str:
    """The same for the same event posted again: a provider that tries again may sign, and number, it anew."""
    when = event.timestamp.isoformat() if isinstance(event.timestamp, dt.datetime) else _text(event.event_id)
    about = [seal, *map(_text, (event.event_type, event.message_id, event.recipient, event.description)), when]
    return hashlib.sha256(json.dumps(about).encode()).hexdigest()[:40]


def _text(value: object) -> str:
    """One line that every database takes; nothing where the provider's field is no text."""
    if not isinstance(value, str):
        return str(value) if isinstance(value, int) else ""
    return wording.one_line(wording.storable(value))[:_LONGEST]
