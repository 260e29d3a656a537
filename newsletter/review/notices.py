"""Mails to the editors about the morning's issue: the draft is ready, the hour comes near, the rule has acted.

What is due follows from the rows; each mail's own row is made before it leaves, so that it leaves once however often
the tick runs. One that could not be handed over is tried again, a few times.
"""

import datetime as dt
import logging
from enum import StrEnum
from typing import Any

from django.conf import settings
from django.contrib.auth.models import User
from django.core.mail import EmailMessage
from django.db import IntegrityError, transaction
from django.db.models import F
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import translation

from newsletter.models import EditorMail, Finding, Issue, IssueState, Move, Newsletter
from newsletter.review.deadline import Hours
from newsletter.roles import EDIT, mailable
from newsletter.workflow import Act, open_findings

log = logging.getLogger(__name__)

FRESH = dt.timedelta(hours=6)  # what the rule did longer ago is no news
AGAIN = dt.timedelta(minutes=10)  # a mail whose worker died is taken up by another after this
MOST_ATTEMPTS = 5
LANGUAGES = ("en", "zh-hans")


class Kind(StrEnum):
    """What a mail is about."""

    DRAFT = "draft"  # it is ready to be read
    REMINDER = "reminder"
    NO_DRAFT = "no_draft"  # at the reminder's hour there is none
    HELD = "held"
    SKIPPED = "skipped"
    RELEASED = "released"


_OF_ACT = {Act.HOLD: Kind.HELD, Act.SKIP: Kind.SKIPPED, Act.RELEASE: Kind.RELEASED}


def kinds_due(newsletter: Newsletter, now: dt.datetime) -> list[Kind]:
    """What the editors are to be told at `now`, whether or not they have been."""
    date = now.astimezone(newsletter.tz).date()
    hours, issue = Hours.of(newsletter, date), issue_of(newsletter, date)
    due: list[Kind] = []
    if now < hours.send:
        if issue is None or issue.state == IssueState.DRAFT:
            due += [Kind.NO_DRAFT] if now >= hours.remind else []
        elif issue.state == IssueState.IN_REVIEW and issue.checked_at:
            due += [Kind.REMINDER if now >= hours.remind else Kind.DRAFT]
    ruled = Move.objects.filter(issue=issue, by=None, act__in=_OF_ACT, at__gt=now - FRESH) if issue else None
    return due + ([_OF_ACT[Act(move.act)] for move in ruled] if ruled is not None else [])


def issue_of(newsletter: Newsletter, date: dt.date) -> Issue | None:
    """The daily issue of `date`."""
    return newsletter.issues.filter(kind="daily", date=date).order_by("-sequence").first()


def waiting(newsletter: Newsletter, now: dt.datetime) -> list[tuple[Kind, User]]:
    """The mails that are due and have neither left nor been given up."""
    date = now.astimezone(newsletter.tz).date()
    found: list[tuple[Kind, User]] = []
    for kind in kinds_due(newsletter, now):
        rows = EditorMail.objects.filter(newsletter=newsletter, date=date, kind=kind)
        over = (
            rows.exclude(sent_at=None)
            | rows.filter(attempts__gte=MOST_ATTEMPTS)
            | rows.filter(claimed_at__gt=now - AGAIN)
        )
        found += [(kind, user) for user in mailable(EDIT).exclude(pk__in=over.values("user"))]
    return found


def send_due(newsletter: Newsletter, now: dt.datetime) -> int:
    """Send them, and return how many were handed over. Safe to run twice, and beside itself."""
    date = now.astimezone(newsletter.tz).date()
    issue = issue_of(newsletter, date)
    sent = 0
    for kind, user in waiting(newsletter, now):
        if row := _claim(newsletter, date, kind, user, now):
            sent += _send(row, write(kind, newsletter, date, issue, now, to=user), now)
    return sent


def _claim(newsletter: Newsletter, date: dt.date, kind: Kind, user: User, now: dt.datetime) -> EditorMail | None:
    """The mail's row, now ours; None where another has it or it has left."""
    names = {"newsletter": newsletter, "date": date, "kind": kind, "user": user}
    try:
        with transaction.atomic():
            return EditorMail.objects.create(**names, claimed_at=now)
    except IntegrityError:
        free = EditorMail.objects.filter(
            **names, sent_at=None, attempts__lt=MOST_ATTEMPTS, claimed_at__lte=now - AGAIN
        )
        ours = free.update(claimed_at=now, attempts=F("attempts") + 1)
        return EditorMail.objects.get(**names) if ours else None


def _send(row: EditorMail, mail: EmailMessage, now: dt.datetime) -> bool:
    rows = EditorMail.objects.filter(pk=row.pk)
    try:
        mail.send()
    except OSError as error:  # smtplib's errors are OSErrors too
        log.warning("%s: %s", row, error)
        rows.update(reply=str(error)[:300])
        return False
    rows.update(sent_at=now, reply="")
    return True


def write(
    kind: Kind, newsletter: Newsletter, date: dt.date, issue: Issue | None, now: dt.datetime, *, to: User
) -> EmailMessage:
    """The mail, in English and Chinese: how the issue stands, what is to be done, and the way there."""
    context = _context(kind, newsletter, date, issue, now)
    subjects, bodies = [], []
    for language in LANGUAGES:
        with translation.override(language):
            words = render_to_string("desk/mail_editors.txt", {**context, "chinese": language != "en"})
        subject, _newline, body = words.strip().partition("\n")
        subjects.append(subject.strip())
        bodies.append(body.strip())
    mail = EmailMessage(f"[{newsletter.name_en}] {' / '.join(subjects)}", "\n\n-- \n\n".join(bodies), to=[to.email])
    mail.extra_headers = {"Auto-Submitted": "auto-generated"}  # RFC 3834: no vacation notice answers it
    return mail


def _context(
    kind: Kind, newsletter: Newsletter, date: dt.date, issue: Issue | None, now: dt.datetime
) -> dict[str, Any]:
    hours = Hours.of(newsletter, date)
    doubts = issue.findings.filter(kept_by=None).exclude(block__dropped=True) if issue else Finding.objects.none()
    path = reverse("desk:issue", args=[date]) if issue else reverse("desk:today")
    to_settle = open_findings(issue) if issue else 0
    return {
        **{"kind": str(kind), "newsletter": newsletter, "issue": issue, "date": date},
        "minutes": max(0, int((hours.send - now).total_seconds()) // 60),
        "to_settle": to_settle,
        "others": doubts.count() - to_settle,
        "worst": list(doubts.filter(severity=Finding.Severity.HIGH).order_by("pk")[:5]),
        "link": settings.SITE_URL + path,
        "because": _because(issue),
    }


def _because(issue: Issue | None) -> str:
    move = issue.moves.filter(by=None).first() if issue else None
    return move.because if move else ""
