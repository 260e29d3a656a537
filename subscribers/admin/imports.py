"""Bringing readers in: the file, its columns, a dry run, the run. The worker does the rows, and never the page."""

# Django's ModelAdmin takes its model as a type argument in the stubs, but not when it runs.
# mypy: disable-error-code="type-arg"

import datetime as dt
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from django.conf import settings
from django.contrib import admin, messages
from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect, StreamingHttpResponse
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from subscribers.admin.import_forms import LANGUAGES, ROLES, ColumnsForm, UploadForm
from subscribers.admin.import_words import ENCODINGS, progress_of, result_of
from subscribers.models import AT_WORK, OPEN, Import, ImportPurpose, ImportState
from subscribers.transfer import jobs
from subscribers.transfer.table import TransferError

REFRESHED = 3  # seconds
AT_ONCE = 1 << 16  # bytes
# Which buttons an import has, by its state, and what each does.
ACTS: dict[str, tuple[frozenset[ImportState], Callable[[Import], bool], Any]] = {
    "start": (frozenset({ImportState.CHECKED}), jobs.start, gettext_lazy("The import has begun.")),
    "resume": (frozenset({ImportState.FAILED}), jobs.resume, gettext_lazy("The import goes on.")),
    "cancel": (OPEN, jobs.cancel, gettext_lazy("The import is cancelled, and its file deleted.")),
}


@admin.register(Import)
class ImportAdmin(admin.ModelAdmin):
    """The imports so far, and the way of a new one."""

    list_display = ("file", "purpose_in_words", "stands", "added", "by", "at")
    list_select_related = ("uploaded_by",)
    search_fields = ("name", "basis")

    @admin.display(description=gettext_lazy("file"))
    def file(self, job: Import) -> str:
        return job.name

    @admin.display(description=gettext_lazy("state"))
    def stands(self, job: Import) -> str:
        return job.get_state_display()

    @admin.display(description=gettext_lazy("what for"))
    def purpose_in_words(self, job: Import) -> str:
        return job.get_purpose_display()

    @admin.display(description=gettext_lazy("people taken in"))
    def added(self, job: Import) -> str:
        """Nothing, where only a dry run was made."""
        return str(job.report.get("added", 0)) if job.started_at else "–"

    @admin.display(description=gettext_lazy("by"))
    def by(self, job: Import) -> str:
        return str(job.uploaded_by or _("by command"))

    @admin.display(description=gettext_lazy("uploaded at (UTC)"))
    def at(self, job: Import) -> dt.datetime:
        return job.uploaded_at

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> Any:
        """The list, under its own name."""
        return super().changelist_view(request, {"title": _("Imports"), **(extra_context or {})})

    def has_view_permission(self, request: HttpRequest, obj: Import | None = None) -> bool:
        """Whoever may import sees the imports."""
        return super().has_view_permission(request, obj) or self.has_add_permission(request)

    def has_change_permission(self, request: HttpRequest, obj: Import | None = None) -> bool:
        """Nothing is edited: an import is moved by its own buttons."""
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Import | None = None) -> bool:
        """It is the record of where readers came from."""
        return False

    def get_urls(self) -> list[URLPattern]:
        wrap = self.admin_site.admin_view
        return [
            path("<int:pk>/columns/", wrap(self.columns_view), name="subscribers_import_columns"),
            path("<int:pk>/errors.csv", wrap(self.errors_view), name="subscribers_import_errors"),
            path("<int:pk>/do/<slug:act>/", require_POST(wrap(self.act_view)), name="subscribers_import_do"),
            *super().get_urls(),
        ]

    def add_view(
        self, request: HttpRequest, form_url: str = "", extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """The first step: a file."""
        self._need_permission(request)
        form = UploadForm(request.POST or None, request.FILES or None)
        if request.method == "POST" and form.is_valid():
            upload = form.cleaned_data["file"]
            purpose = ImportPurpose.GONE if form.cleaned_data["gone"] else ImportPurpose.READERS
            try:
                job = jobs.receive(upload.file, upload.name, _user(request), purpose)
            except TransferError as error:
                form.add_error("file", _("“%(name)s” can’t be read: %(why)s.") % {"name": upload.name, "why": error})
            else:
                told = _("Uploaded “%(name)s”, %(size)d bytes; of the people in it: %(purpose)s.")
                values = {"name": job.name, "size": job.size, "purpose": job.get_purpose_display()}
                self.log_addition(request, job, told % values)
                return HttpResponseRedirect(_url("columns", job.pk))
        context = {"form": form, "most": settings.IMPORT_MAX_MB, "title": _("Import readers"), "step": 1}
        return self._page(request, "upload", context)

    def columns_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """The second step: what the columns mean, shown with the first rows."""
        self._need_permission(request)
        job = get_object_or_404(Import, pk=pk)
        if job.state not in OPEN - AT_WORK:
            return HttpResponseRedirect(_url("change", pk))
        try:
            form = ColumnsForm(job, jobs.examples(job), request.POST or None)
            if form.is_valid():
                said = form.cleaned_data
                if jobs.settle(job, form.roles, said["basis"], said["language"]) and jobs.check(job):
                    told = _("Asked for a dry run. On what these people consented, or where they left: %(basis)s")
                    self.log_change(request, job, told % {"basis": job.basis})
                return HttpResponseRedirect(_url("change", pk))
        except TransferError as error:
            self.message_user(request, str(error), messages.ERROR)
            return HttpResponseRedirect(_url("add"))
        encoding = ENCODINGS.get(job.encoding, job.encoding.upper())
        gone = job.purpose == ImportPurpose.GONE
        context = {
            "form": form,
            "job": job,
            "gone": gone,
            "encoding": encoding,
            "title": _("What the columns mean"),
            "step": 2,
        }
        return self._page(request, "columns", context)

    def change_view(
        self,
        request: HttpRequest,
        object_id: str,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        """Where the import stands; while somebody works on it, the page comes again by itself."""
        job = get_object_or_404(Import, pk=int(object_id) if object_id.isdecimal() else 0)
        if not self.has_view_permission(request, job):
            raise PermissionDenied
        may = self.has_add_permission(request)
        if may and job.state == ImportState.UPLOADED:
            return HttpResponseRedirect(_url("columns", job.pk))
        context = {
            "job": job,
            "title": job.name,
            "progress": progress_of(job),
            "result": result_of(job),
            "refresh": REFRESHED if job.state in AT_WORK else 0,
            "acts": [name for name, (states, _act, _told) in ACTS.items() if may and job.state in states],
            "columns": _columns(job),
            "language": dict(LANGUAGES)[job.language],
            "gone": job.purpose == ImportPurpose.GONE,
            "failure": _(job.failure) if job.failure else "",
            "may": may,
            "may_map": may and job.state in OPEN - AT_WORK,
            "step": 4 if job.started_at else 3,
        }
        return self._page(request, "state", context)

    def act_view(self, request: HttpRequest, pk: int, act: str) -> HttpResponse:
        """Start, resume or cancel; nothing, where its state has become another in the meantime."""
        self._need_permission(request)
        job = get_object_or_404(Import, pk=pk)
        if act not in ACTS:
            raise Http404
        states, move, told = ACTS[act]
        try:
            if job.state in states and move(job):
                self.log_change(request, job, str(told))
                self.message_user(request, told, messages.SUCCESS)
            else:
                text = _("Nothing was done: in the meantime the import is %(state)s.")
                self.message_user(request, text % {"state": job.get_state_display()}, messages.WARNING)
        except TransferError as error:
            self.message_user(request, str(error), messages.ERROR)
        return HttpResponseRedirect(_url("change", pk))

    def errors_view(self, request: HttpRequest, pk: int) -> StreamingHttpResponse:
        """The rows that weren't taken, as far as they are committed."""
        self._need_permission(request)
        job = get_object_or_404(Import, pk=pk)
        if not job.errors_size or not job.errors_path.exists():
            raise Http404
        self.log_change(request, job, _("Downloaded the list of refused rows."))
        lines = _beginning(job.errors_path, job.errors_size)
        response = StreamingHttpResponse(lines, content_type="text/csv; charset=utf-8")
        response["Content-Disposition"] = f'attachment; filename="refused-{job.pk}.csv"'
        response["Cache-Control"] = "no-store"
        return response

    def _need_permission(self, request: HttpRequest) -> None:
        if not self.has_add_permission(request):
            raise PermissionDenied

    def _page(self, request: HttpRequest, name: str, context: dict[str, Any]) -> TemplateResponse:
        base = {**self.admin_site.each_context(request), "opts": self.opts}
        return TemplateResponse(request, f"subscribers/admin_import_{name}.html", {**base, **context})


def _beginning(file: Path, size: int) -> Iterator[bytes]:
    """The first `size` bytes, a part at a time."""
    with file.open("rb") as opened:
        while size > 0 and (part := opened.read(min(size, AT_ONCE))):
            size -= len(part)
            yield part


def _columns(job: Import) -> list[tuple[str, str]]:
    """The columns that are used, and what for."""
    words = dict(ROLES)
    return [(name, str(words[role])) for name, role in zip(job.header, job.roles, strict=True) if role]


def _url(view: str, *arguments: int) -> str:
    return reverse(f"admin:subscribers_import_{view}", args=arguments)


def _user(request: HttpRequest) -> User | None:
    return request.user if isinstance(request.user, User) else None
