"""OPML at the operator's pages: a file is shown as what it would change, then taken in; the list is given out."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_safe

from newsletter.admin.source_forms import HomesForm, OpmlForm
from newsletter.gather import opml, opml_plan
from newsletter.gather.opml_plan import Fate, Plan
from newsletter.models import Newsletter, Source

_FATES = {
    Fate.NEW: gettext_lazy("new"),
    Fate.KNOWN: gettext_lazy("a source already"),
    Fate.TWICE: gettext_lazy("twice in the file"),
    Fate.BROKEN: gettext_lazy("no usable address"),
    Fate.LEFT_OUT: gettext_lazy("left out"),
}


class SourceOpml:
    """Mixed into the sources' admin."""

    def get_urls(self) -> list[URLPattern]:
        wrap = self.admin_site.admin_view  # type: ignore[attr-defined]
        own: list[URLPattern] = super().get_urls()  # type: ignore[misc]
        return [
            path("opml/", wrap(self.opml_view), name="newsletter_source_opml"),
            path("sources.opml", require_safe(wrap(self.export_view)), name="newsletter_source_export"),
            *own,
        ]

    def opml_view(self, request: HttpRequest) -> HttpResponse:
        """A file; then what it would change (nothing is written, `text` carries it on); then, by `step` save, that."""
        if not self.has_add_permission(request):  # type: ignore[attr-defined]
            raise PermissionDenied
        letter = Newsletter.objects.order_by("pk")[:1].get()
        if request.method == "POST" and "text" in request.POST:
            return self._planned(request, letter, request.POST["text"])
        form = OpmlForm(request.POST or None, request.FILES or None)
        if form.is_valid():
            try:
                body = form.cleaned_data["file"].read(opml.LARGEST + 1)
                return self._dry_run(request, letter, opml.decoded(body), {})
            except opml.OpmlError as error:
                form.add_error("file", _("This file can’t be read: %(why)s.") % {"why": error})
        return self._page(request, {"form": form, "title": _("Sources from an OPML file")})

    def export_view(self, request: HttpRequest) -> HttpResponse:
        """All sources with an address, in their lists."""
        if not self.has_view_permission(request):  # type: ignore[attr-defined]
            raise PermissionDenied
        letter = Newsletter.objects.order_by("pk")[:1].get()
        lists = [(each, list(each.sources.all())) for each in letter.source_lists.prefetch_related("sources")]
        response = HttpResponse(opml.write(letter.name_en, lists), content_type="text/x-opml; charset=utf-8")
        response["Content-Disposition"] = f'attachment; filename="sources-{timezone.now():%Y-%m-%d}.opml"'
        return response

    def _planned(self, request: HttpRequest, letter: Newsletter, text: str) -> HttpResponse:
        """Carry out the plan that the page showed, or show it again with other homes for the folders."""
        try:
            found = opml.read(text.encode())
        except opml.OpmlError as error:
            messages.error(request, str(error))
            return HttpResponseRedirect(reverse("admin:newsletter_source_opml"))
        first = opml_plan.plan(letter, found)
        homes = _homes(first, letter, request.POST)
        chosen = homes.chosen if homes.is_valid() else {}
        if request.POST.get("step") != "save":
            return self._dry_run(request, letter, text, chosen)
        made = opml_plan.carry_out(letter, opml_plan.plan(letter, found, chosen))
        for source in made:
            self.log_addition(request, source, _("Added from an OPML file."))  # type: ignore[attr-defined]
        told = ngettext("%(n)d source was added.", "%(n)d sources were added.", len(made)) % {"n": len(made)}
        messages.success(request, told)
        return HttpResponseRedirect(reverse("admin:newsletter_source_changelist"))

    def _dry_run(self, request: HttpRequest, letter: Newsletter, text: str, chosen: dict[str, str]) -> HttpResponse:
        planned = opml_plan.plan(letter, opml.read(text.encode()), chosen)
        context = {
            **{"plan": planned, "text": text, "homes": _homes(planned, letter)},
            "rows": [{"row": row, "fate": _FATES[row.fate], "new": row.fate == Fate.NEW} for row in _sorted(planned)],
            "counts": [(_FATES[fate], planned.count(fate)) for fate in Fate if planned.count(fate)],
            "new": planned.count(Fate.NEW),
            "title": _("What this file would change"),
        }
        return self._page(request, context)

    def _page(self, request: HttpRequest, context: dict[str, Any]) -> TemplateResponse:
        base = {**self.admin_site.each_context(request), "opts": Source._meta}  # type: ignore[attr-defined]
        return TemplateResponse(request, "admin/newsletter/source/opml.html", {**base, **context})


def _homes(planned: Plan, letter: Newsletter, *given: Any) -> HomesForm:
    titles = {path: folder.title for path, folder in planned.folders.items()}
    return HomesForm(planned.homes, titles, list(letter.source_lists.all()), *given)


def _sorted(planned: Plan) -> list[opml_plan.Row]:
    """What is new first, then what is wrong, what is known last; within these as the file has it."""
    order = (Fate.NEW, Fate.BROKEN, Fate.TWICE, Fate.LEFT_OUT, Fate.KNOWN)
    return sorted(planned.rows, key=lambda row: order.index(row.fate))
