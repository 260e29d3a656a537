"""Who received an issue and who didn't, as a file."""

from django.contrib import messages
from django.http import HttpRequest, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from newsletter.deliver import report
from newsletter.models import Issue
from newsletter.review.record import audit
from newsletter.roles import EXPORT
from newsletter.views.desk.access import desk_view, editor, needs

AT_MOST = 200_000  # rows: some seconds; a web server ends what takes half a minute, and the file would be cut off


@require_safe
@desk_view
@needs(EXPORT)
def outcomes_file(request: HttpRequest, pk: int) -> HttpResponseBase:
    """One line for each reader; with `?only=open`, those alone whose mail no server has taken. Noted in the log."""
    issue = get_object_or_404(Issue.objects.select_related("newsletter"), pk=pk)
    rows = report.deliveries(issue, taken=request.GET.get("only") != "open")
    if rows.order_by()[: AT_MOST + 1].count() > AT_MOST:
        told = _("These are more than %(most)s rows, too many for one page: run “%(command)s” on the server.")
        command = f"manage.py sending --date {issue.date} --csv FILE.csv"
        messages.error(request, told % {"most": f"{AT_MOST:,}", "command": command})
        return redirect("desk:sending", pk=pk)
    audit(editor(request), issue, "exported who received it")
    response = StreamingHttpResponse(report.lines(rows), content_type="text/csv; charset=utf-8")
    name = f"{issue.newsletter.slug}-{issue.number}-outcomes.csv"
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return response
