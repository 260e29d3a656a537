"""Test mails: the issue as it stands, marked [TEST], to the editor or to a group; and what the server said of each."""

import logging
import re
from collections.abc import Sequence
from email.mime.image import MIMEImage
from email.utils import formataddr

from django.conf import settings
from django.contrib.auth.models import User
from django.core.exceptions import ValidationError
from django.core.mail import EmailMultiAlternatives, get_connection
from django.core.validators import validate_email
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from newsletter import workflow
from newsletter.models import Issue, Newsletter, TrialGroup, TrialMail
from newsletter.page import Choices, lay_out, render_html
from newsletter.workflow import WorkflowError

log = logging.getLogger(__name__)

LANGUAGES = ("both", "en", "zh")
MARK = "[TEST]"
MOST_ADDRESSES = 25  # of one group: a test is no way around the list
TEXT = "email/issue.txt"


def send(issue: Issue, user: User, to: Sequence[str], languages: Sequence[str], *, group: str = "") -> list[TrialMail]:
    """One mail for each address and language; each leaves a row, whether or not it was taken.

    Raises WorkflowError, in the active language, where there is nobody to send to or the mail can't be rendered.
    """
    if not to:
        raise WorkflowError(_("There is no address to send a test to."))
    digest = workflow.content_hash(issue)
    wanted = [language for language in LANGUAGES if language in languages] or ["both"]
    try:
        mails = [(language, address, _mail(issue, language, address)) for language in wanted for address in to]
    except Exception as error:  # whatever a template or MJML doesn't like
        log.exception("the mail of %s can't be rendered", issue)
        raise WorkflowError(_("The mail can’t be rendered; the server’s log says why.")) from error
    rows = []
    connection = get_connection()
    for language, address, mail in mails:
        mail.connection = connection
        reply = _hand_over(mail)
        about = {"issue": issue, "content_hash": digest, "language": language, "address": address, "group": group}
        row = TrialMail(**about, by=user, at=timezone.now(), accepted=not reply, reply=reply[:300])
        row.save()
        rows.append(row)
    connection.close()
    return rows


def addresses(text: str) -> list[str]:
    """The addresses in `text`, one a line or split by commas. WorkflowError names the first that is none."""
    found = [part for part in re.split(r"[\s,;，；]+", text) if part]
    for address in found:
        try:
            validate_email(address)
        except ValidationError:
            raise WorkflowError(_("“%(address)s” is no address.") % {"address": address}) from None
    if len(found) > MOST_ADDRESSES:
        raise WorkflowError(_("At most %(most)d addresses fit into a group.") % {"most": MOST_ADDRESSES})
    return list(dict.fromkeys(found))


def keep_group(newsletter: Newsletter, name: str, text: str) -> TrialGroup | None:
    """Make or change the group `name`; without addresses it is taken away. WorkflowError where something is wrong."""
    name, found = " ".join(name.split()), addresses(text)
    if not name or len(name) > 60:
        raise WorkflowError(_("Give the group a name of at most 60 characters."))
    if not found:
        TrialGroup.objects.filter(newsletter=newsletter, name=name).delete()
        return None
    lines = {"addresses": "\n".join(found)}
    return TrialGroup.objects.update_or_create(newsletter=newsletter, name=name, defaults=lines)[0]


def _mail(issue: Issue, language: str, address: str) -> EmailMultiAlternatives:
    letter = issue.newsletter
    desk = settings.SITE_URL + reverse("desk:issue", args=[issue.date])
    # Nobody is unsubscribed by a test: where a reader's own addresses would stand, the desk's does.
    links = {"preferences_url": desk, "leave_url": desk}
    page = lay_out(issue, Choices(language))
    with translation.override("zh-hans" if language == "zh" else "en"):
        text, html = render_to_string(TEXT, {"page": page, **links}), render_html(page, links)
    sender = formataddr((letter.sender_name, letter.sender_address))
    mail = EmailMultiAlternatives(f"{MARK} {page.subject}", text, sender, [address])
    mail.attach_alternative(html, "text/html")
    if page.logo and letter.logo:
        mail.attach(_logo(bytes(letter.logo.png), page.logo.cid))
    return mail


def _logo(png: bytes, cid: str) -> MIMEImage:
    """The picture that the mail shows, inside it as readers get it."""
    part = MIMEImage(png, "png")
    part["Content-ID"] = f"<{cid}>"
    part["Content-Disposition"] = 'inline; filename="logo.png"'
    return part


def _hand_over(mail: EmailMultiAlternatives) -> str:
    """The server's words where it did not take the mail; empty where it did."""
    try:
        mail.send()
    except OSError as error:  # smtplib's errors are OSErrors too
        log.warning("test to %s not sent: %s", mail.to[0], error)
        return str(error) or type(error).__name__
    return ""
