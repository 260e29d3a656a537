"""Send the mails to single readers that are due: one by one, recorded, tried again when a server is down."""

import datetime as dt
import logging
import smtplib
import time
from typing import Any

from django.conf import settings
from django.core.mail import EmailMultiAlternatives, get_connection
from django.db.models import F
from django.template.loader import render_to_string
from django.utils import timezone

from subscribers import letters, links, offers, signup
from subscribers.models import Notice, State
from subscribers.redaction import without_addresses
from subscribers.tongues import HTML_LANG, tongues_of

log = logging.getLogger(__name__)

# How long after each attempt the next one comes; after the last the mail is given up.
AGAIN_AFTER = tuple(dt.timedelta(minutes=minutes) for minutes in (2, 10, 60, 360))
AT_ONCE = 200  # on one connection
AT_MOST = 300  # seconds in one call, well below what a task may take: the next tick takes up the rest


def send_due(now: dt.datetime | None = None) -> int:
    """Take up what was wished for, and send what is due, until nothing is; how many were sent.

    Two at once never send the same mail. The row says "later" before the mail leaves and "sent" after: a crash in
    between costs a second copy of a confirmation, never its loss.
    """
    sent, ends = 0, time.monotonic() + AT_MOST
    while time.monotonic() < ends:
        signup.take_up()
        due = Notice.objects.filter(due_at__lte=now or timezone.now()).select_related("reader", "ticket")
        waiting = list(due.order_by("due_at", "pk")[:AT_ONCE])
        if not waiting:
            break
        present = offers.current()
        with get_connection() as connection:
            sent += sum(_send(notice, present, connection, now or timezone.now()) for notice in waiting)
    return sent


def _send(notice: Notice, present: offers.Offers, connection: Any, now: dt.datetime) -> bool:
    last = notice.attempts >= len(AGAIN_AFTER)
    again = None if last else now + AGAIN_AFTER[notice.attempts]
    mine = Notice.objects.filter(pk=notice.pk, due_at=notice.due_at)
    if not mine.update(due_at=again, attempts=F("attempts") + 1):
        return False
    try:
        message(notice, present, connection).send()
    except Exception as error:  # one that can't even be written must not keep the others waiting
        if not isinstance(error, OSError | smtplib.SMTPException):
            log.exception("notice %s can't be written", notice.pk)
        replies = error.recipients.values() if isinstance(error, smtplib.SMTPRecipientsRefused) else ()
        final = bool(replies) and all(code >= 500 for code, _ in replies)
        reply = "; ".join(f"{code} {text.decode(errors='replace')}" for code, text in replies) or type(error).__name__
        reply = without_addresses(reply)[:300]
        log.warning("notice %s not sent, attempt %s: %s", notice.pk, notice.attempts + 1, reply)
        Notice.objects.filter(pk=notice.pk).update(reply=reply, due_at=None if final else again)
        return False
    # The address of someone else's mailbox isn't kept longer than it is needed.
    Notice.objects.filter(pk=notice.pk).update(sent_at=now, due_at=None, reply="", address="")
    return True


class Letter(EmailMultiAlternatives):
    """A mail whose envelope sender isn't its From; "" is the null sender. (The backend looks for the attribute.)"""

    envelope_sender = ""


def message(notice: Notice, present: offers.Offers, connection: Any = None) -> Letter:
    """The mail for one notice: plain text and HTML, in the notice's language or in both."""
    kind = notice.ticket.purpose if notice.ticket else notice.kind
    confirming = notice.kind == Notice.Kind.CONFIRM
    by_mail = links.confirm_address(notice.reader) if confirming else ""
    halves = letters.write(kind, notice.language, present, _url(notice), by_mail)
    # What goes to another mailbox than the reader's carries none of the reader's links.
    at_home = not notice.ticket and notice.kind != Notice.Kind.MOVED
    subscribed = at_home and notice.reader.state in (State.ACTIVE, State.PAUSED)
    context = {
        "halves": halves,
        "offers": present,
        "lang": halves[0].lang,
        "tongues": tongues_of(notice.language),
        "privacy_url": links.privacy_url(notice.language),
        "leave_url": links.leave_url(notice.reader) if subscribed else "",
    }
    mail = Letter(
        subject=" · ".join(half.subject for half in halves),
        body=render_to_string("subscribers/mail.txt", context),
        to=[notice.address or notice.reader.email or ""],
        headers=_headers(notice, subscribed),
        # answering the first mail is a command; answering any other is for a person, where one reads it
        reply_to=[address for address in (by_mail or present.reply_address,) if address],
        connection=connection,
    )
    # A bounce of what went to another address than the reader's says nothing about theirs.
    bounces_count = not notice.answers_mail and not notice.address
    mail.envelope_sender = links.bounce_address(notice.reader) if bounces_count else ""
    mail.attach_alternative(render_to_string("subscribers/mail.mjml", context, using="mjml"), "text/html")
    return mail


def _url(notice: Notice) -> str:
    if notice.ticket:
        return links.ticket_url(notice.ticket)
    if notice.kind == Notice.Kind.CONFIRM:
        return links.confirm_url(notice.reader, notice.language)
    return "" if notice.kind == Notice.Kind.MOVED else links.preferences_url(notice.reader)


def _headers(notice: Notice, subscribed: bool) -> dict[str, str]:
    """RFC 3834 §5: these are sent by a machine, and no machine should answer, but for a bounce."""
    headers = {
        "Message-ID": f"<notice-{notice.pk}.{notice.made_at:%Y%m%d%H%M%S}@{settings.MAIL_DOMAIN}>",
        "Auto-Submitted": "auto-generated",
        "Content-Language": ", ".join(HTML_LANG[tongue] for tongue in tongues_of(notice.language)),
        "X-Auto-Response-Suppress": "DR, RN, NRN, OOF, AutoReply",  # "All" would keep back Exchange's bounces, too
    }
    if subscribed:
        mailto = links.leave_address(notice.reader)
        headers["List-Unsubscribe"] = f"<{links.one_click_url(notice.reader)}>, <mailto:{mailto}>"
        headers["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
    return headers
