"""Segments: filters of the readers' list under a name, to be found in the list's sidebar and kept in order here."""

# Django's ModelAdmin takes its model as a type argument in the stubs, but not when it runs.
# mypy: disable-error-code="type-arg"

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.contrib import admin, messages
from django.contrib.admin.utils import unquote
from django.contrib.admin.views.main import ALL_VAR, ERROR_FLAG, IGNORED_PARAMS, PAGE_VAR, SEARCH_VAR
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format, number_format
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from subscribers.admin import finding
from subscribers.admin.filters import FILTERS, ReadersFilter
from subscribers.models import Segment, Subscriber

# Of the list's parameters, what says how it is shown and not who is in it.
_SHOWING = frozenset(IGNORED_PARAMS) - {SEARCH_VAR} | {ALL_VAR, ERROR_FLAG, PAGE_VAR, "_changelist_filters"}

# One segment at a time: the next one begins at the list.
_ALONE = {"show_save_and_add_another": False, "show_save_and_continue": False}


@dataclass(frozen=True)
class Reading:
    """What a segment's filters say, as (filter, value) in words, and what they say that the list can't understand."""

    words: tuple[tuple[str, str], ...]
    doubts: tuple[str, ...]


def filters_in(request: HttpRequest) -> dict[str, str]:
    """The list's filters among the request's parameters, whether or not they are understood."""
    asked = request.GET.dict()
    return {name: str(value).strip() for name, value in asked.items() if name not in _SHOWING and str(value).strip()}


def read(filters: dict[str, str]) -> Reading:
    """Filters in words. A doubt is a filter or value that the list doesn't have (any more), or a person's address."""
    known = {str(each.parameter_name): each for each in _filters(filters)}
    said, doubts = [], []
    for name, value in filters.items():
        if name == SEARCH_VAR:
            said.append((_("search"), value))
            if not finding.is_domain(value):
                doubts.append(
                    _(
                        "“%(text)s”: a segment searches for a domain only, as @qq.com; anything else would keep a "
                        "reader’s address after it is erased."
                    )
                    % {"text": value}
                )
        elif name not in known:
            doubts.append(_("The list has no filter “%(name)s”.") % {"name": name})
        else:
            offered = known[name].offered()
            said.append((str(known[name].title), offered.get(value, value)))
            if value not in offered:
                text = _("The filter “%(name)s” has no “%(value)s”.")
                doubts.append(text % {"name": known[name].title, "value": value})
    return Reading(tuple(said), tuple(doubts))


def readers_of(filters: dict[str, str]) -> QuerySet[Subscriber]:
    """Who is in it now: the list's own filters, one after the other, and its search."""
    readers = finding.narrow(Subscriber.objects.all(), filters.get(SEARCH_VAR, ""))
    for each in _filters(filters):
        readers = each.queryset(each.request, readers)
    return readers


def _filters(filters: dict[str, str]) -> list[ReadersFilter]:
    """The list's own, set to `filters`. They look at nothing else of a request."""
    owner, request = admin.site.get_model_admin(Subscriber), HttpRequest()
    return [each(request, {name: [value] for name, value in filters.items()}, Subscriber, owner) for each in FILTERS]


def list_url(filters: dict[str, str]) -> str:
    """The readers' list, filtered so."""
    return f"{reverse('admin:subscribers_subscriber_changelist')}?{urlencode(sorted(filters.items()))}"


class SegmentFilter(admin.ListFilter):
    """In the list's sidebar: each segment leads to the list with its filters set, so that they are seen and can be
    changed. One that the list doesn't understand any more leads to its own page, which says why."""

    title = gettext_lazy("segment")

    def __init__(self, request: HttpRequest, params: dict[str, list[str]], model: Any, model_admin: Any) -> None:
        super().__init__(request, params, model, model_admin)
        self.request = request
        self.segments = list(Segment.objects.all())

    def has_output(self) -> bool:
        return bool(self.segments)

    def expected_parameters(self) -> list[str | None]:
        return []

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        return queryset

    def choices(self, changelist: Any) -> Iterator[Any]:
        present = filters_in(self.request)
        for segment in self.segments:
            stale = read(segment.filters).doubts
            count = f" ({number_format(segment.readers, force_grouping=True)})" if segment.readers is not None else ""
            yield {
                "selected": segment.filters == present,
                "query_string": page_of(segment) if stale else list_url(segment.filters),
                "display": _("%(name)s (out of date)") % {"name": segment.name} if stale else segment.name + count,
            }


@admin.register(Segment)
class SegmentAdmin(admin.ModelAdmin):
    """Named at the readers' list, renamed and deleted here. What a segment filters is never edited by hand: filter the
    list anew and save that."""

    list_display = ("name", "filtered", "counted", "opened")
    search_fields = ("name",)
    fields = ("name", "filtered", "counted", "opened")
    readonly_fields = ("filtered", "counted", "opened")
    actions = ("count_anew",)
    add_form_template = "subscribers/admin_segment_add.html"

    def add_view(
        self, request: HttpRequest, form_url: str = "", extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """“Save as segment”: the list's filters come in the address, and only a name is asked for."""
        filters = filters_in(request)
        doubts = read(filters).doubts if filters else (_("Filter this list first, then press “Save as segment”."),)
        for doubt in doubts:
            self.message_user(request, doubt, messages.WARNING)
        if doubts:
            understood = {name: value for name, value in filters.items() if not read({name: value}).doubts}
            return HttpResponseRedirect(list_url(understood))
        context = {"title": _("Save as segment"), "reading": read(filters), "readers": readers_of(filters).count()}
        return super().add_view(request, form_url, _ALONE | context | (extra_context or {}))

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """A segment is counted when it is opened."""
        segment = self.get_object(request, unquote(object_id))
        if segment is not None and request.method == "GET":
            count(segment)
        return super().change_view(request, object_id, form_url, _ALONE | (extra_context or {}))

    def get_fields(self, request: HttpRequest, obj: Segment | None = None) -> Any:
        return self.fields if obj else ("name",)

    def save_model(self, request: HttpRequest, obj: Segment, form: Any, change: bool) -> None:
        """A new one holds the filters of the address that its name was asked at."""
        if not change:
            obj.filters = filters_in(request)
        super().save_model(request, obj, form, change)
        count(obj)

    def response_post_save_add(self, request: HttpRequest, obj: Segment) -> HttpResponseRedirect:
        """Back to the list, which has the segment in its sidebar now."""
        return HttpResponseRedirect(list_url(obj.filters))

    @admin.action(description=gettext_lazy("Count the readers anew"))
    def count_anew(self, request: HttpRequest, queryset: QuerySet[Segment]) -> None:
        for segment in queryset:
            count(segment)

    @admin.display(description=gettext_lazy("filters"))
    def filtered(self, segment: Segment) -> SafeString:
        """In words, and what in them is out of date."""
        reading = read(segment.filters)
        said = format_html_join(" · ", "{}: {}", reading.words)
        doubts = format_html_join("", '<p class="error">{}</p>', ((doubt,) for doubt in reading.doubts))
        return format_html("{}{}", said, doubts)

    @admin.display(description=gettext_lazy("readers"))
    def counted(self, segment: Segment) -> str:
        if segment.readers is None or segment.counted_at is None:
            return "–"
        values = {
            "count": number_format(segment.readers, force_grouping=True),
            "time": date_format(timezone.localtime(segment.counted_at), "DATETIME_FORMAT"),
        }
        return _("%(count)s, counted at %(time)s") % values

    @admin.display(description=gettext_lazy("in the list"))
    def opened(self, segment: Segment) -> SafeString | str:
        """There they can be exported, too."""
        if read(segment.filters).doubts:
            return _("Out of date: filter the list anew and save that.")
        return format_html('<a href="{}">{}</a>', list_url(segment.filters), _("Show these readers"))


def count(segment: Segment) -> None:
    """Note how many readers are in it now; one that is out of date has no number."""
    stale = read(segment.filters).doubts
    segment.readers = None if stale else readers_of(segment.filters).count()
    segment.counted_at = timezone.now()
    segment.save(update_fields=["readers", "counted_at"])


def page_of(segment: Segment) -> str:
    """The segment's own page."""
    return reverse("admin:subscribers_segment_change", args=[segment.pk])
