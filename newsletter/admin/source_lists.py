"""Source lists, each with what its sources come to."""

# Django's ModelAdmin takes its model as a type argument in the stubs, but not when it runs.
# mypy: disable-error-code="type-arg"

from typing import Any

from django.contrib import admin
from django.contrib.admin.views.main import ChangeList
from django.db.models import Count, Sum
from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from newsletter.admin import source_health as health
from newsletter.models import Source, SourceList


class SourceListChangeList(ChangeList):
    """The source lists, each with the sums of its sources."""

    def get_results(self, request: HttpRequest) -> None:
        super().get_results(request)
        sources = health.with_health(Source.objects.all()).order_by()
        sums: dict[int, dict[str, int]] = {}
        for row in sources.values("source_list", "standing").annotate(n=Count("pk"), recent_all=Sum("recent")):
            home = sums.setdefault(row["source_list"], {"recent": 0})
            home[f"{row['standing']}"] = row["n"]
            home["recent"] += row["recent_all"] or 0
        cited, total = health.list_shares()
        for each in self.result_list:
            each.sums = sums.get(each.pk, {"recent": 0})
            each.percent = 100 * cited.get(each.pk, 0) / total if total else 0.0


@admin.register(SourceList)
class SourceListAdmin(admin.ModelAdmin):
    list_display = ("name_en", "name_zh", "sources_on", "in_trouble", "a_day", "share", "position")
    list_select_related = ("newsletter",)

    def get_changelist(self, request: HttpRequest, **kwargs: Any) -> type[ChangeList]:
        return SourceListChangeList

    def has_delete_permission(self, request: HttpRequest, obj: SourceList | None = None) -> bool:
        """Only an empty one: its sources would lose their place, and issues their report."""
        allowed: bool = super().has_delete_permission(request, obj)
        return allowed and obj is not None and not (obj.sources.exists() or obj.block_set.exists())

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> Any:
        """The list, under its own name."""
        return super().changelist_view(request, {"title": _("Source lists"), **(extra_context or {})})

    @admin.display(description=gettext_lazy("sources switched on"))
    def sources_on(self, source_list: Any) -> SafeString:
        off = source_list.sums.get(str(health.OFF), 0)
        on = sum(n for name, n in source_list.sums.items() if name != "recent") - off
        address = f"{reverse('admin:newsletter_source_changelist')}?source_list__id__exact={source_list.pk}"
        told = _("%(on)d (and %(off)d off)") % {"on": on, "off": off} if off else str(on)
        return format_html('<a href="{}">{}</a>', address, told)

    @admin.display(description=gettext_lazy("failing, or quiet for a week"))
    def in_trouble(self, source_list: Any) -> str:
        failing, stale = (source_list.sums.get(str(each), 0) for each in (health.FAILING, health.STALE))
        return f"{failing} / {stale}" if failing or stale else "–"

    @admin.display(description=gettext_lazy("entries a day"))
    def a_day(self, source_list: Any) -> str:
        return health.a_day(source_list.sums["recent"])

    @admin.display(description=gettext_lazy("share of the issues"))
    def share(self, source_list: Any) -> str:
        return f"{source_list.percent:.0f} %"
