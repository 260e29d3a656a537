"""Sources: how each does, trouble first; the page of one; what is added, switched off, deleted."""

# Django's ModelAdmin takes its model as a type argument in the stubs, but not when it runs.
# mypy: disable-error-code="type-arg"

from typing import Any, ClassVar

from django.contrib import admin
from django.contrib.admin.views.main import ChangeList
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from newsletter.admin import source_health as health
from newsletter.admin.source_acts import SourceActs, visit_in_words
from newsletter.admin.source_finding import SourceFinding
from newsletter.admin.source_forms import SourceForm
from newsletter.admin.source_opml import SourceOpml
from newsletter.admin.source_reasons import in_words
from newsletter.models import Source

VISITS = 20  # on a source's page
ARTICLES = 8


class HealthFilter(admin.SimpleListFilter):
    """Sources by how they do."""

    title = gettext_lazy("health")
    parameter_name = "health"
    STANDINGS: ClassVar[dict[str, int]] = {
        "failing": health.FAILING,
        "stale": health.STALE,
        "never": health.NEVER,
        "well": health.WELL,
        "off": health.OFF,
    }

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        words = (_("failing"), _("quiet for a week"), _("never visited"), _("well"), _("switched off"))
        return list(zip(self.STANDINGS, words, strict=True))

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        standing = self.STANDINGS.get(self.value() or "")
        return queryset if standing is None else queryset.filter(standing=standing)


class SourceChangeList(ChangeList):
    """A page of sources, each with its share of the last issues."""

    def get_results(self, request: HttpRequest) -> None:
        super().get_results(request)
        shares = health.shares(self.result_list)
        for source in self.result_list:
            source.share = shares[source.pk]


@admin.register(Source)
class SourceAdmin(SourceActs, SourceOpml, SourceFinding, admin.ModelAdmin):
    form = SourceForm
    change_list_template = "admin/newsletter/source/change_list.html"
    change_form_template = "admin/newsletter/source/change_form.html"
    list_display = ("source", "standing", "succeeded", "quiet", "a_day", "share", "switch")
    list_filter = (HealthFilter, "source_list", "language", "scope")
    search_fields = ("name", "name_en", "name_zh", "url", "note", "last_error", "off_reason")
    list_per_page = 100

    def get_queryset(self, request: HttpRequest) -> QuerySet[Source]:
        return health.with_health(Source.objects.select_related("source_list", "off_by"))

    def get_ordering(self, request: HttpRequest) -> Any:
        return health.BY_TROUBLE

    def get_changelist(self, request: HttpRequest, **kwargs: Any) -> type[ChangeList]:
        return SourceChangeList

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> Any:
        """The list, under its own name."""
        return super().changelist_view(request, {"title": _("Sources"), **(extra_context or {})})

    def get_actions(self, request: HttpRequest) -> dict[str, Any]:
        """Without "delete": a source with articles stays, one without is deleted on its page."""
        found: dict[str, Any] = super().get_actions(request)
        found.pop("delete_selected", None)
        return found

    @admin.display(description=pgettext_lazy("where news comes from", "source"), ordering="name")
    def source(self, source: Source) -> SafeString:
        return format_html("{}<br><small>{}</small>", source.name, source.source_list)

    @admin.display(description=gettext_lazy("health"), ordering="standing")
    def standing(self, source: Any) -> SafeString:
        names = {number: name for name, number in HealthFilter.STANDINGS.items()}
        name = names.get(source.standing, "files")
        return format_html('<span class="standing {}">{}</span>', name, health.standing_in_words(source))

    @admin.display(description=gettext_lazy("since the last success"), ordering="last_success_at")
    def succeeded(self, source: Source) -> str:
        return health.ago(source.last_success_at)

    @admin.display(description=gettext_lazy("since the newest entry"), ordering="newest")
    def quiet(self, source: Any) -> str:
        return health.ago(source.newest)

    @admin.display(description=gettext_lazy("entries a day"), ordering="recent")
    def a_day(self, source: Any) -> str:
        return health.a_day(source.recent)

    @admin.display(description=gettext_lazy("share of the issues"))
    def share(self, source: Any) -> str:
        return _share(source.share)

    @admin.display(description=gettext_lazy("on or off"))
    def switch(self, source: Source) -> SafeString:
        """One click switches on; off asks for a reason. The button posts the list's own form, with its token."""
        if source.active:
            address = reverse("admin:newsletter_source_off")
            return format_html('<a href="{}?id={}">{}</a>', address, source.pk, _("Switch off"))
        address = reverse("admin:newsletter_source_on", args=[source.pk])
        words = _("Switch on")
        return format_html(
            '<button class="button" formaction="{}?back=list" aria-label="{}: {}">{}</button>',
            *(address, words, source.name, words),
        )

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """The form, below how the source does."""
        source = self.get_object(request, object_id)
        shown = _page(source) if source else {}
        answer: HttpResponse = super().change_view(request, object_id, form_url, {**shown, **(extra_context or {})})
        return answer

    def save_model(self, request: HttpRequest, obj: Source, form: Any, change: bool) -> None:
        """Another address is a new beginning, due now: neither pause nor validators of the old one hold."""
        if change and "url" in form.changed_data:
            obj.etag = obj.last_modified = obj.last_error = ""
            obj.next_visit_at, obj.failures = None, 0
        super().save_model(request, obj, form, change)

    def has_delete_permission(self, request: HttpRequest, obj: Source | None = None) -> bool:
        """A source's articles would go with it: it is switched off. One that never brought any may go."""
        allowed: bool = super().has_delete_permission(request, obj)
        return allowed and obj is not None and not obj.articles.exists()


def _page(source: Any) -> dict[str, Any]:
    """What stands above the form of one source."""
    visits = [{"visit": each, "told": visit_in_words(each)} for each in source.visits.all()[:VISITS]]
    return {
        "standing": health.standing_in_words(source),
        "troubled": source.standing in (health.FAILING, health.STALE, health.NEVER),
        "facts": [
            (_("Last visit"), _when(source.last_visit_at)),
            (_("Last success"), _when(source.last_success_at)),
            (_("Last error or warning"), in_words(source.last_error) or "–"),
            (_("Next visit"), _("at the next turn") if source.next_visit_at is None else _stamp(source.next_visit_at)),
            (_("Newest entry"), _when(source.newest)),
            (_("Entries a day, of %(n)d days") % {"n": health.DAYS}, health.a_day(source.recent)),
            (_("Share of the last issues"), _share(health.shares([source])[source.pk])),
        ],
        "visits": visits,
        "newest_articles": source.articles.order_by("-dated_at", "pk")[:ARTICLES],
        "visitable": source.url.startswith(("http://", "https://")),
        "has_articles": source.articles.exists(),
    }


def _when(moment: Any) -> str:
    told = _("%(stamp)s UTC, %(time)s ago")
    return told % {"stamp": f"{moment:%Y-%m-%d %H:%M}", "time": health.ago(moment)} if moment else "–"


def _stamp(moment: Any) -> str:
    return f"{moment:%Y-%m-%d %H:%M} UTC"


def _share(share: health.Share) -> str:
    if not share.citations:
        return "–"
    told = _("%(percent)s %%, in %(issues)d of %(all)d")
    return told % {"percent": f"{share.percent:.1f}", "issues": share.issues, "all": share.of_issues}
