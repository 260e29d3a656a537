"""The mail as it would go out now: shown in a frame, measured, and sent to the editor alone."""

import datetime as dt
import logging

from django.conf import settings
from django.contrib import messages
from django.core.cache import cache
from django.core.mail import EmailMultiAlternatives
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from newsletter import workflow
from newsletter.deliver.editions import TEXT
from newsletter.models import Issue
from newsletter.page import Choices, lay_out
from newsletter.page.mail import render_html
from newsletter.views.desk.access import desk_view, editor
from newsletter.views.desk.find import issue_or_404

log = logging.getLogger(__name__)

LANGUAGES = ("both", "en", "zh")
# The mail brings its own styles and no script; its links open beside the desk, not in the frame.
MAIL_POLICY = (
    "default-src 'none'; style-src 'unsafe-inline'; img-src 'self' data:; frame-ancestors 'self'; "
    "sandbox allow-popups allow-popups-to-escape-sandbox"
)


def html(issue: Issue, language: str) -> str | None:
    """The HTML part in `language` (both, en or zh); None where it can't be rendered: the log says why.

    The desk stays open then: a mail that fails on a text is mended by editing that text.
    """
    key = f"desk-mail-{workflow.content_hash(issue)}-{issue.state}-{language}"
    found: str | None = cache.get(key)
    if found is None:
        try:
            found = _html(issue, language)
        except Exception:
            log.exception("the mail of %s can't be rendered", issue)
            return None
        cache.set(key, found, 3600)  # seconds; the key names the content, so it can only be this mail
    return found


def size(issue: Issue) -> int | None:
    """Bytes of the longest edition, the one in both languages; None where it can't be rendered."""
    rendered = html(issue, "both")
    return len(rendered.encode()) if rendered is not None else None


@require_safe
@desk_view
def preview(request: HttpRequest, date: dt.date, language: str) -> HttpResponse:
    """The mail in a frame."""
    if language not in LANGUAGES:
        raise Http404
    rendered = html(issue_or_404(date), language)
    if rendered is None:
        missing = _("The mail can’t be rendered; the server’s log says why.")
        return HttpResponse(missing, status=503, content_type="text/plain; charset=utf-8")
    response = HttpResponse(rendered)
    response.headers["Content-Security-Policy"] = MAIL_POLICY
    return response


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


def _html(issue: Issue, language: str) -> str:
    with translation.override("zh-hans" if language == "zh" else "en"):
        return render_html(lay_out(issue, Choices(language)), _no_reader(issue))


def _no_reader(issue: Issue) -> dict[str, str]:
    """Nobody is unsubscribed by a preview or a test: where a reader's own addresses would stand, the desk's does."""
    desk = settings.SITE_URL + reverse("desk:issue", args=[issue.date])
    return {"preferences_url": desk, "leave_url": desk}
