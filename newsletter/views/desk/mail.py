"""The mail as it would go out now: measured, and sent to the editor alone."""

import datetime as dt
import logging

from django.conf import settings
from django.contrib import messages
from django.core.mail import EmailMultiAlternatives
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from newsletter.deliver.editions import TEXT
from newsletter.models import Issue
from newsletter.page import Choices, lay_out
from newsletter.views.desk import preview_mail
from newsletter.views.desk.access import desk_view, editor
from newsletter.views.desk.find import issue_or_404

log = logging.getLogger(__name__)


def html(issue: Issue, language: str) -> str | None:
    """The HTML part in `language` (both, en or zh); None where it can't be rendered: the log says why."""
    edition = preview_mail.whole(issue, language)
    return edition.html if edition else None


def size(issue: Issue) -> int | None:
    """Bytes of the longest edition, the one in both languages; None where it can't be rendered."""
    edition = preview_mail.whole(issue, "both")
    return edition.size if edition else None


def known_size(issue: Issue) -> int | None:
    """`size`, where the mail has been made of this content already; None where it has not."""
    edition = preview_mail.kept(issue, "both")
    return edition.size if edition else None


@require_POST
@desk_view
def send_test(request: HttpRequest, date: dt.date) -> HttpResponse:
    """Send the issue, as it stands and in both languages, to the editor's own address and to nobody else."""
    issue, address = issue_or_404(date), editor(request).email
    if not address:
        messages.error(request, _("Your account has no address to send a test to: add one at /admin/."))
    elif (rendered := html(issue, "both")) is None:
        messages.error(request, _("The mail can’t be rendered; the server’s log says why."))
    else:
        try:
            _test_mail(issue, address, rendered).send()
        except OSError as error:  # smtplib's errors are OSErrors too
            log.warning("test of %s not sent: %s", issue, error)
            messages.error(request, _("The test could not be sent: %(error)s") % {"error": error})
        else:
            messages.success(request, _("A test is on its way to %(address)s.") % {"address": address})
    return redirect("desk:issue", date=date)


def _test_mail(issue: Issue, address: str, rendered: str) -> EmailMultiAlternatives:
    page = lay_out(issue, Choices("both"))
    subject = _("[Test] %(subject)s") % {"subject": page.subject}
    text = render_to_string(TEXT, {"page": page, **_no_reader(issue)})
    mail = EmailMultiAlternatives(subject, text, to=[address])
    mail.attach_alternative(rendered, "text/html")
    return mail


def _no_reader(issue: Issue) -> dict[str, str]:
    """Nobody is unsubscribed by a preview or a test: where a reader's own addresses would stand, the desk's does."""
    desk = settings.SITE_URL + reverse("desk:issue", args=[issue.date])
    return {"preferences_url": desk, "leave_url": desk}
