"""What is done to sources from their page and list: switched off with a reason, on again, visited now."""

from typing import Any, ClassVar

from django.contrib import admin, messages
from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_POST

from newsletter.admin.source_forms import OffForm
from newsletter.admin.source_reasons import in_words
from newsletter.gather.ingest import gather_one
from newsletter.models import Source, SourceVisit

PATIENCE = 10.0  # seconds that "visit now" waits for the network


class SourceActs:
    """Mixed into the sources' admin."""

    actions: ClassVar[Any] = ("switch_off", "switch_on")

    def get_urls(self) -> list[URLPattern]:
        wrap = self.admin_site.admin_view  # type: ignore[attr-defined]
        own: list[URLPattern] = super().get_urls()  # type: ignore[misc]
        return [
            path("off/", wrap(self.off_view), name="newsletter_source_off"),
            path("<int:pk>/on/", require_POST(wrap(self.on_view)), name="newsletter_source_on"),
            path("<int:pk>/visit/", require_POST(wrap(self.visit_view)), name="newsletter_source_visit"),
            *own,
        ]

    def off_view(self, request: HttpRequest) -> HttpResponse:
        """Ask why, then switch off. The sources are named by `id`, several at once from the list."""
        self._need_change(request)
        given = request.POST.getlist("id") if request.method == "POST" else request.GET.getlist("id")
        sources = list(Source.objects.filter(pk__in=[pk for pk in given if pk.isdecimal()], active=True))
        if not sources:
            messages.info(request, _("Nothing was done: no source that is switched on was chosen."))
            return HttpResponseRedirect(_list_url())
        form = OffForm(request.POST if request.method == "POST" else None)
        if form.is_valid():
            self._off(request, sources, form.cleaned_data["reason"])
            one = reverse("admin:newsletter_source_change", args=[sources[0].pk])
            return HttpResponseRedirect(one if len(sources) == 1 else _list_url())
        title = ngettext("Switch off a source", "Switch off %(n)d sources", len(sources)) % {"n": len(sources)}
        context = {"sources": sources, "form": form, "title": title, "opts": Source._meta}
        base = self.admin_site.each_context(request)  # type: ignore[attr-defined]
        return TemplateResponse(request, "admin/newsletter/source/off.html", {**base, **context})

    def on_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """One click: it is visited at the next turn."""
        self._need_change(request)
        source = get_object_or_404(Source, pk=pk)
        self._on(request, [source])
        return HttpResponseRedirect(_back(request, pk))

    def visit_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Visit now, and say what came of it. Waits for the network no longer than PATIENCE."""
        self._need_change(request)
        source = get_object_or_404(Source, pk=pk)
        if not source.url.startswith(("http://", "https://")):
            messages.info(request, _("“%(name)s” is read from a folder: it can’t be visited.") % {"name": source.name})
            return HttpResponseRedirect(_back(request, pk))
        came = gather_one(source, deadline=PATIENCE)
        told = visit_in_words(came)
        self.log_change(request, source, _("Visited by hand: %(result)s") % {"result": told})  # type: ignore[attr-defined]
        failed = came.outcome == SourceVisit.Outcome.FAILED
        text = _("“%(name)s” was visited: %(result)s.") % {"name": source.name, "result": told}
        messages.add_message(request, messages.WARNING if failed else messages.SUCCESS, text)
        return HttpResponseRedirect(_back(request, pk))

    @admin.action(description=gettext_lazy("Switch off, with a reason"), permissions=["change"])
    def switch_off(self, request: HttpRequest, chosen: QuerySet[Source]) -> HttpResponse:
        """From the list: first the reason is asked for."""
        numbers = "&".join(f"id={pk}" for pk in chosen.order_by("pk").values_list("pk", flat=True))
        return HttpResponseRedirect(f"{reverse('admin:newsletter_source_off')}?{numbers}")

    @admin.action(description=gettext_lazy("Switch on"), permissions=["change"])
    def switch_on(self, request: HttpRequest, chosen: QuerySet[Source]) -> None:
        """From the list."""
        self._on(request, list(chosen))

    def _off(self, request: HttpRequest, sources: list[Source], reason: str) -> None:
        by = request.user if isinstance(request.user, User) else None
        for source in sources:
            source.active, source.off_reason, source.off_at, source.off_by = False, reason, timezone.now(), by
            source.save(update_fields=["active", "off_reason", "off_at", "off_by"])
            self.log_change(request, source, _("Switched off: %(why)s") % {"why": reason})  # type: ignore[attr-defined]
        told = ngettext(
            "Switched off: “%(name)s”. Its articles stay.",
            "Switched off: %(n)d sources. Their articles stay.",
            len(sources),
        )
        messages.success(request, told % {"name": sources[0].name, "n": len(sources)})

    def _on(self, request: HttpRequest, sources: list[Source]) -> None:
        off = [source for source in sources if not source.active]
        for source in off:
            source.active, source.off_reason, source.off_at, source.off_by = True, "", None, None
            source.next_visit_at, source.failures = None, 0  # a new beginning: due now
            source.save(update_fields=["active", "off_reason", "off_at", "off_by", "next_visit_at", "failures"])
            self.log_change(request, source, _("Switched on."))  # type: ignore[attr-defined]
        told = ngettext(
            "%(n)d source is switched on, and due now.", "%(n)d sources are switched on, and due now.", len(off)
        )
        messages.success(request, told % {"n": len(off)})

    def _need_change(self, request: HttpRequest) -> None:
        if not self.has_change_permission(request):  # type: ignore[attr-defined]
            raise PermissionDenied


def visit_in_words(visit: SourceVisit) -> str:
    """`3 new articles`, `nothing new`, or why it failed."""
    if visit.outcome == SourceVisit.Outcome.FAILED:
        return in_words(visit.note)
    said = []
    if visit.new:
        said.append(ngettext("%(n)d new article", "%(n)d new articles", visit.new) % {"n": visit.new})
    if visit.changed:
        said.append(ngettext("%(n)d changed article", "%(n)d changed articles", visit.changed) % {"n": visit.changed})
    if visit.note:
        said.append(in_words(visit.note))
    return _(", ").join(said) or _("nothing new")


def _list_url() -> str:
    return reverse("admin:newsletter_source_changelist")


def _back(request: HttpRequest, pk: int) -> str:
    """To the list where the button stood there, else to the source's page."""
    from_list = request.POST.get("back") == "list" or "back=list" in request.META.get("QUERY_STRING", "")
    return _list_url() if from_list else reverse("admin:newsletter_source_change", args=[pk])
