"""People's answers to our mails: kept for the editors to read at the desk, and passed on to where they read mail.

An answer comes to the newsletter's sender or reply address. What a program wrote (RFC 3834) is kept and
neither counts as unread nor is passed on; what is passed on has the null sender, so that nothing ever answers it.
"""

import datetime as dt
import logging
import smtplib
from email.utils import formataddr

from django.conf import settings
from django.core.mail import get_connection
from django.core.mail.backends.base import BaseEmailBackend
from django.db.models import F
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import override

from newsletter.deliver import automatic
from newsletter.deliver.bounces import Report
from newsletter.deliver.letter import Letter, contents, mailboxes, open_letter
from newsletter.models import Issue, Newsletter, Reply
from subscribers import addresses, limits, mailbox, seals
from subscribers.limits import Limit
from subscribers.mails import Letter as Mail
from subscribers.models import State, Subscriber

log = logging.getLogger(__name__)

REPLIES_KEPT = dt.timedelta(days=180)
LONGEST = 20_000  # characters of an answer that are kept: the desk says where more was cut
MOST_ATTACHMENTS = 20  # that are named
# Minutes after which passing an answer on is tried again; after the last it stays at the desk alone.
AGAIN_AFTER = tuple(dt.timedelta(minutes=minutes) for minutes in (2, 15, 60, 360))
_DAY = dt.timedelta(days=1)
PER_SENDER = Limit("reply", 20, _DAY)  # answers of one address that are kept
FORWARDED_PER_SENDER = Limit("reply forwarded", 5, _DAY)
FORWARDED = Limit("replies forwarded", 300, _DAY)


def is_for_editors(address: str) -> bool:
    """Whether mail to `address` is an answer: it is a newsletter's sender or reply address."""
    return _newsletter_of(address) is not None


def addressee(message: bytes, envelope_recipient: str | None) -> Newsletter | None:
    """The newsletter that a mail is written to; without an envelope its header says so."""
    if envelope_recipient is not None:
        return _newsletter_of(envelope_recipient)
    letter = open_letter(message)
    fields = [letter.field(name) for name in ("x-original-to", "envelope-to", "delivered-to", "to", "cc")]
    found = (_newsletter_of(address) for _name, address in mailboxes(*fields))
    return next((newsletter for newsletter in found if newsletter), None)


def take(
    newsletter: Newsletter, message: bytes, report: Report, now: dt.datetime, *, envelope_sender: str | None
) -> str:
    """Keep the answer; what became of it, in words without an address. The same mail twice is kept once."""
    letter = open_letter(message)
    key = _key(report.sender)
    if Reply.objects.filter(fingerprint=report.fingerprint).exists():
        return "it came before: nothing is changed"
    if not limits.allow([(PER_SENDER, key)], now):
        return "its sender has written too often today: it is not kept"
    reply = _row(letter, message, report, now)
    reply.sender_key = key
    reply.reader, reply.issue = _about(letter, report, key)
    why_not = BY_A_PROGRAM if envelope_sender == "" else _why_not_forwarded(newsletter, letter, key, now)
    reply.forward_note = why_not
    if why_not == BY_A_PROGRAM:
        reply.done_at = now
    elif not why_not:
        reply.forward_at = now
    reply.save()
    return f"an answer for the editors{f': {why_not}' if why_not else ''}"


def forward_due(now: dt.datetime) -> int:
    """Pass on to the editors' own mailbox what is due; how many were. Two at once never send the same one."""
    due = (
        Reply.objects.filter(forward_at__lte=now).select_related("issue__newsletter", "reader").order_by("forward_at")
    )
    waiting = list(due[:50])
    newsletter = Newsletter.objects.order_by("pk").first()
    if not waiting or newsletter is None:
        return 0
    with get_connection() as connection:
        return sum(_forward(reply, newsletter, connection, now) for reply in waiting)


def forget_old(now: dt.datetime) -> int:
    """Delete what has been kept for REPLIES_KEPT; how many that were."""
    return Reply.objects.filter(received_at__lt=now - REPLIES_KEPT).delete()[0]


# ---- taking it in ----------------------------------------------------------------------------------------------

BY_A_PROGRAM = "a program wrote it"
NO_MAILBOX = "no mailbox to pass it on to"
TOO_MANY = "too many to pass on today"
OWN = "it comes from the editors’ own mailbox"


def _newsletter_of(address: str) -> Newsletter | None:
    key = _key(address)
    if not key:
        return None
    rows = Newsletter.objects.order_by("pk")
    return next((each for each in rows if key in (_key(each.sender_address), _key(each.reply_address))), None)


def _key(address: str) -> str:
    """`address` as readers' are kept, to compare; empty for what is none."""
    try:
        return addresses.normalise(address.strip().strip("<>")).key
    except addresses.AddressError:
        return ""


def _row(letter: Letter, message: bytes, report: Report, now: dt.datetime) -> Reply:
    text, attachments = contents(message)
    names = [name for name, address in mailboxes(letter.field("from")) if address == report.sender]
    return Reply(
        received_at=now,
        fingerprint=report.fingerprint,
        sender=report.sender[:320],
        sender_name=(names[0] if names else "")[:200],
        subject=letter.field("subject")[:300],
        text=text[:LONGEST],
        shortened=len(text) > LONGEST,
        attachments=[
            {"name": each.name[:200], "type": each.type[:100], "size": each.size}
            for each in attachments[:MOST_ATTACHMENTS]
        ],
    )


def _about(letter: Letter, report: Report, key: str) -> tuple[Subscriber | None, Issue | None]:
    """Whose answer it is and to which issue: only we can make the Message-ID that a reply names."""
    named = f"{letter.field('in-reply-to')} {letter.field('references')}".lower()
    traces = sorted(report.traces.message_seals, key=lambda seal: seal.lower() not in named)
    issue_id = reader_id = 0
    for seal in traces:
        try:
            issue_id, reader_id = seals.unseal("message", seal)
        except seals.SealError:
            continue
        break
    readers = Subscriber.objects.exclude(state=State.ERASED)
    own = readers.filter(email_key=key).first() if key else None
    return own or readers.filter(pk=reader_id).first(), Issue.objects.filter(pk=issue_id).first()


def _why_not_forwarded(newsletter: Newsletter, letter: Letter, key: str, now: dt.datetime) -> str:
    to = _key(newsletter.reply_address)
    if automatic.is_automatic(letter):
        return BY_A_PROGRAM
    if not to or to == _key(newsletter.sender_address) or mailbox.destination(to, settings.MAIL_DOMAIN):
        return NO_MAILBOX
    if not key or key in (to, _key(newsletter.sender_address)):
        return OWN
    if not limits.allow([(FORWARDED_PER_SENDER, key), (FORWARDED, newsletter.slug)], now):
        return TOO_MANY
    return ""


# ---- passing it on -----------------------------------------------------------------------------------------------


def _forward(reply: Reply, newsletter: Newsletter, connection: BaseEmailBackend, now: dt.datetime) -> bool:
    attempt = reply.forward_attempts
    again = now + AGAIN_AFTER[attempt] if attempt < len(AGAIN_AFTER) else None
    mine = Reply.objects.filter(pk=reply.pk, forward_at=reply.forward_at)
    if not mine.update(forward_at=again, forward_attempts=F("forward_attempts") + 1):
        return False
    mail = _mail(reply, newsletter)
    mail.connection = connection
    try:
        mail.send()
    except (OSError, smtplib.SMTPException) as error:
        log.warning("reply %s not passed on, attempt %s: %s", reply.pk, attempt + 1, type(error).__name__)
        Reply.objects.filter(pk=reply.pk).update(forward_note=type(error).__name__)
        return False
    Reply.objects.filter(pk=reply.pk).update(forwarded_at=now, forward_at=None, forward_note="")
    return True


def _mail(reply: Reply, newsletter: Newsletter) -> Mail:
    """The answer as plain text, under our own From (the reader's would fail DMARC), to be answered to the reader."""
    who = reply.sender_name or reply.sender
    with override("en"):
        via = _("%(who)s via %(name)s") % {"who": who, "name": newsletter.name_en}
        lines = [_("From: %(name)s <%(address)s>") % {"name": reply.sender_name, "address": reply.sender}]
        if reply.issue:
            lines.append(_("Answers %(issue)s") % {"issue": reply.issue})
        lines += [
            _("Attached, and not kept: %(name)s (%(type)s, %(kb)d KB)")
            % {"name": each["name"], "type": each["type"], "kb": max(1, each["size"] // 1000)}
            for each in reply.attachments
        ]
        lines.append(settings.SITE_URL + reverse("desk:reply", args=[reply.pk]))
    mail = Mail(
        subject=" ".join(reply.subject.split()) or "(no subject)",
        body="\n".join([*lines, "", reply.text]),
        from_email=formataddr((" ".join(via.split()), newsletter.sender_address)),
        to=[newsletter.reply_address],
        reply_to=[reply.sender],
        headers={
            "Auto-Submitted": "auto-generated",
            # An out-of-office would go to Reply-To, the reader. "All" would keep back bounces, too: where this mailbox
            # is a group, they go to its owner, whom a dead member concerns ([MS-OXCMAIL] 2.1.3.2.20).
            "X-Auto-Response-Suppress": "DR, RN, NRN, OOF, AutoReply",
            "X-Loop": newsletter.sender_address,
        },
    )
    mail.envelope_sender = ""  # a bounce of it tells nobody anything, and must not come back to us
    return mail
