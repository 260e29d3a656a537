"""Test mails: the issue as it stands, marked [TEST], to the editor or to a group; and what the server said of each."""

import logging
import re
from collections.abc import Callable, Sequence

from django.contrib.auth.models import User
from django.core.exceptions import ValidationError
from django.core.mail import EmailMessage, get_connection
from django.core.validators import validate_email
from django.utils import timezone
from django.utils.translation import gettext as _

from newsletter import workflow
from newsletter.models import Issue, Newsletter, TrialGroup, TrialMail
from newsletter.workflow import WorkflowError

log = logging.getLogger(__name__)

LANGUAGES = ("both", "en", "zh")
MARK = "[TEST]"  # before the subject
MOST_ADDRESSES = 25  # of one group: a test is no way around the list

Maker = Callable[[str, str], EmailMessage]


def send(
    issue: Issue, user: User, to: Sequence[str], languages: Sequence[str], make: Maker, *, group: str = ""
) -> list[TrialMail]:
    """One mail for each address and language; each leaves a row, whether or not it was taken.

    `make` makes the mail in a language to an address, as readers will get it (deliver/trial.py). Raises WorkflowError,
    in the active language, where there is nobody to send to or the mail can't be rendered.
    """
    if not to:
        raise WorkflowError(_("There is no address to send a test to."))
    digest = workflow.content_hash(issue)
    wanted = [language for language in LANGUAGES if language in languages] or ["both"]
    try:
        mails = [(language, address, make(language, address)) for language in wanted for address in to]
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


def _hand_over(mail: EmailMessage) -> str:
    """The server's words where it did not take the mail; empty where it did."""
    try:
        mail.send()
    except OSError as error:  # smtplib's errors are OSErrors too
        log.warning("test to %s not sent: %s", mail.to[0], error)
        return str(error) or type(error).__name__
    return ""
