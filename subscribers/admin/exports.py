"""The readers' list as a CSV file: whoever it shows, streamed."""

from typing import Any

from django.contrib import messages
from django.contrib.admin.models import CHANGE, LogEntry
from django.contrib.contenttypes.models import ContentType
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponseRedirect, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.urls import URLPattern, path
from django.utils import timezone
from django.utils.translation import gettext as _

from subscribers.models import Subscriber
from subscribers.transfer import exporting

PERMISSION = "subscribers.export_subscriber"
AT_MOST = (
    200_000  # readers: some ten seconds; a web server ends what takes half a minute, and the file would be cut off
)


class Exporting:
    """Mixed into the readers' admin: `export/` gives the list as it is filtered, to who may export."""

    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view(self.export_view)  # type: ignore[attr-defined]
        own: list[URLPattern] = super().get_urls()  # type: ignore[misc]
        return [path("export/", view, name="subscribers_subscriber_export"), *own]

    def export_view(self, request: HttpRequest) -> HttpResponseBase:
        """The filtered list; too long a one goes by command. The log has no search: it may be somebody's address."""
        if not request.user.has_perm(PERMISSION):
            raise PermissionDenied
        readers = self.get_changelist_instance(request).get_queryset(request)  # type: ignore[attr-defined]
        if readers.order_by()[: AT_MOST + 1].count() > AT_MOST:
            told = _(
                "These are more than %(most)d readers, too many for one page: choose fewer, or run "
                "“manage.py export_readers FILE.csv” on the server."
            )
            messages.error(request, told % {"most": AT_MOST})
            return HttpResponseRedirect(f"../?{request.GET.urlencode()}")
        filters = {name: value if name != "q" else "…" for name, value in request.GET.items()}
        said = " · ".join(f"{name}={value}" for name, value in filters.items()) or _("all")
        _log(request.user.pk, _("Exported readers: %(filters)s.") % {"filters": said})
        response = StreamingHttpResponse(exporting.stream(readers), content_type="text/csv; charset=utf-8")
        response["Content-Disposition"] = f'attachment; filename="readers-{timezone.now():%Y-%m-%d}.csv"'
        response["Cache-Control"] = "no-store"
        return response


def _log(user_id: Any, message: str) -> None:
    LogEntry.objects.create(
        user_id=user_id,
        content_type=ContentType.objects.get_for_model(Subscriber),
        object_repr=_("readers"),
        action_flag=CHANGE,
        change_message=message,
    )
