"""Whom an incoming report is about: the reader and the delivery that its seals name, and how sure that is."""

import datetime as dt
from dataclasses import dataclass

from newsletter.deliver.bounces import Kind, Report
from newsletter.models import Delivery
from subscribers import seals
from subscribers.models import State, Subscriber

# Servers give up within 5 days (RFC 5321 §4.5.4.1); what comes much later is a stale report or a played-back one.
TOLD_WITHIN = dt.timedelta(days=30)


@dataclass(frozen=True)
class Found:
    """`proven`: it came to the sealed address itself. `why` says in words why nobody was found."""

    reader: Subscriber | None = None
    delivery: Delivery | None = None
    proven: bool = False
    why: str = "it names no mail of ours"


def find(report: Report, now: dt.datetime) -> Found:
    """The reader and delivery that a report is about. Read only.

    In this order: the address it came to (VERP), one quoted in it, the Message-ID of the mail that came back. What
    has none of these is for a person.
    """
    if not report.is_about_a_mail:
        return Found()
    aim = report.destination
    if aim is not None and aim.name == "bounce" and (found := _sealed("bounce", aim.detail)):
        return _still_true(report, found[0], found[1], now, proven=True)
    for purpose, texts in (("bounce", report.traces.bounce_seals), ("message", report.traces.message_seals)):
        for text in texts:
            if found := _sealed(purpose, text):
                return _still_true(report, found[0], found[1], now, proven=False)
    return Found()


def _sealed(purpose: str, text: str) -> tuple[Subscriber, int] | None:
    try:
        issue_id, reader_id = seals.unseal(purpose, text)
    except seals.SealError:
        return None
    reader = Subscriber.objects.filter(pk=reader_id).first()
    return (reader, issue_id) if reader is not None else None


def _still_true(report: Report, reader: Subscriber, issue_id: int, now: dt.datetime, *, proven: bool) -> Found:
    """A bounce of an old mail tells nothing about the address that the reader has now."""
    delivery = Delivery.objects.filter(issue_id=issue_id, reader=reader).first()
    sent_at = delivery.handed_over_at if delivery else _single_mail_sent(reader, now)
    if sent_at is None:
        return Found(why="the mail it names was never sent")
    if report.kind in (Kind.BOUNCE, Kind.DELAY):
        if sent_at < now - TOLD_WITHIN:
            return Found(why=f"the mail it names was sent more than {TOLD_WITHIN.days} days ago")
        if reader.consents.filter(kind__in=("changed_address", "confirmed"), at__gt=sent_at).exists():
            return Found(why="the reader has proved an address since")
    return _unless_erased(Found(reader, delivery, proven))


def _unless_erased(found: Found) -> Found:
    erased = found.reader is not None and found.reader.state == State.ERASED
    return Found(why="the reader is erased") if erased else found


def _single_mail_sent(reader: Subscriber, now: dt.datetime) -> dt.datetime | None:
    last = reader.notices.filter(sent_at__gt=now - TOLD_WITHIN).order_by("-sent_at").first()
    return last.sent_at if last else None
