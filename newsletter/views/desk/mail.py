"""The mail as it would go out now: shown in a frame, measured, and sent to the editor alone."""

import datetime as dt
import logging

from django.core.cache import cache
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.loader import render_to_string
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from newsletter import workflow
from newsletter.models import Issue
from newsletter.page import Choices, lay_out
from newsletter.views.desk.access import desk_view
from newsletter.views.desk.find import issue_or_404

log = logging.getLogger(__name__)

LANGUAGES = ("both", "en", "zh")
# The mail brings its own styles and no script; its links open beside the desk, not in the frame.
MAIL_POLICY = (
    "default-src 'none'; style-src 'unsafe-inline'; img-src 'self' data:; frame-ancestors 'self'; sandbox allow-popups"
)


def html(issue: Issue, language: str) -> str | None:
    """The HTML part in `language` (both, en or zh), with its slots; None where it can't be rendered: the log says why.

    The desk stays open then: a mail that fails on a text is mended by editing that text.
    """
    key = f"desk-mail-{workflow.content_hash(issue)}-{issue.state}-{language}"
    found: str | None = cache.get(key)
    if found is None:
        try:
            found = render_to_string("email/issue.mjml", _context(issue, language), using="mjml")
        except Exception:
            log.exception("the mail of %s can't be rendered", issue)
            return None
        cache.set(key, found, 3600)
    return found


def size(issue: Issue) -> int | None:
    """Bytes of the longest edition, the one in both languages; None where it can't be rendered."""
    rendered = html(issue, "both")
    return len(rendered.encode()) if rendered is not None else None


def _context(issue: Issue, language: str) -> dict[str, object]:
    return {"page": lay_out(issue, Choices(language))}


@require_safe
@desk_view
def preview(request: HttpRequest, date: dt.date, language: str) -> HttpResponse:
    """The mail in a frame. Its links for leaving are slots still: nobody can leave from here."""
    if language not in LANGUAGES:
        raise Http404
    rendered = html(issue_or_404(date), language)
    if rendered is None:
        return HttpResponse(
            _("The mail can’t be rendered; the server’s log says why."),
            status=503,
            content_type="text/plain; charset=utf-8",
        )
    response = HttpResponse(rendered)
    response.headers["Content-Security-Policy"] = MAIL_POLICY
    return response


@require_POST
@desk_view
def send_test(request: HttpRequest, date: dt.date) -> HttpResponse:
    """Send the issue, as it stands, to the editor's own address and to nobody else."""
    return redirect("desk:issue", date=date)
