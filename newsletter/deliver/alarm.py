"""Tells the operators, once, that an issue stopped by itself: what happened, what to do, and the way there.

The pause is a row, so is that it was told: a mail that finds no server, which may be why it stopped, is tried again.
"""

import datetime as dt
import logging

from django.conf import settings
from django.core.mail import EmailMessage
from django.db.models import Q, QuerySet
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import translation

from newsletter import roles
from newsletter.deliver import pausing
from newsletter.models import Newsletter, Pause, PauseReason

log = logging.getLogger(__name__)

AGAIN = dt.timedelta(minutes=10)  # between two tries
LANGUAGES = ("en", "zh-hans")


def waiting(newsletter: Newsletter, now: dt.datetime) -> QuerySet[Pause]:
    """Stops that nobody was told of, and nobody is telling of just now."""
    idle = Q(telling_at=None) | Q(telling_at__lte=now - AGAIN)
    by_itself = Pause.objects.exclude(reason=PauseReason.PERSON)
    return by_itself.filter(idle, told_at=None, issue__newsletter=newsletter)


def send_due(newsletter: Newsletter, now: dt.datetime) -> int:
    """Tell of each of them whoever may let it go on, and ADMINS; how many mails were taken. Safe beside itself."""
    taken = 0
    for stop in waiting(newsletter, now).select_related("issue__newsletter"):
        if waiting(newsletter, now).filter(pk=stop.pk).update(telling_at=now):
            reached = sum(_send(write(stop, to)) for to in recipients())
            if reached:
                Pause.objects.filter(pk=stop.pk).update(told_at=now)
            taken += reached
    return taken


def recipients() -> list[str]:
    """Approvers and administrators with an address, then ADMINS; each once."""
    operators = [user.email for user in roles.mailable(roles.APPROVE)]
    return list(dict.fromkeys([*operators, *(address for _name, address in settings.ADMINS)]))


def write(stop: Pause, to: str) -> EmailMessage:
    """The mail, in English and Chinese."""
    subjects, bodies = [], []
    for language in LANGUAGES:
        with translation.override(language):
            told = pausing.told(stop.reason, stop.because)
            link = settings.SITE_URL + reverse("desk:sending", args=[stop.issue_id])
            context = {"issue": stop.issue, "told": told, "since": stop.since, "link": link}
            words = render_to_string("desk/mail_stopped.txt", {**context, "newsletter": stop.issue.newsletter})
        subject, _newline, body = words.strip().partition("\n")
        subjects.append(subject.strip())
        bodies.append(body.strip())
    subject = f"[{stop.issue.newsletter.name_en}] {' / '.join(subjects)}"
    mail = EmailMessage(subject, "\n\n-- \n\n".join(bodies), to=[to])
    mail.extra_headers = {"Auto-Submitted": "auto-generated"}  # RFC 3834: no vacation notice answers it
    return mail


def _send(mail: EmailMessage) -> bool:
    try:
        return bool(mail.send())
    except OSError as error:  # smtplib's errors are OSErrors too
        log.warning("the mail about a stop could not leave: %s", error)
        return False
