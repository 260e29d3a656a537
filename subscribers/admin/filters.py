"""The filters of the readers' list. Each knows all its values beforehand: nothing is looked up to show them."""

import datetime as dt
from abc import abstractmethod
from typing import Any, ClassVar

from django.conf import settings
from django.contrib import admin
from django.db.models import Count, Exists, OuterRef, Q, QuerySet
from django.http import HttpRequest
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from subscribers.admin import words
from subscribers.admin.words import Words
from subscribers.models import ConsentEvent, Happening, State
from subscribers.views.leave import REASONS


class ReadersFilter(admin.SimpleListFilter):
    """One of several conditions, which are counted together where counts are asked for."""

    @abstractmethod
    def condition(self, value: str) -> Q:
        """What holds for the readers of `value`."""

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        """Nobody, for a value that isn't offered."""
        value = self.value()
        if value is None:
            return queryset
        return queryset.filter(self.condition(value)) if value in self.offered() else queryset.none()

    def offered(self) -> dict[str, str]:
        """The values to choose from, each with its word."""
        return {str(value): str(word) for value, word in self.lookup_choices}

    def get_facet_counts(self, pk_attname: str, filtered_qs: QuerySet[Any]) -> dict[str, Count]:
        """One pass over the rows, where Django would make a list of ids for each value."""
        return {f"{n}__c": Count(pk_attname, filter=self.condition(value)) for n, value in enumerate(self.offered())}


class WordFilter(ReadersFilter):
    """Readers whose field is exactly what was chosen."""

    words: ClassVar[Words]

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return list(self.words.items())

    def condition(self, value: str) -> Q:
        return Q(**{str(self.parameter_name): value})


class StateFilter(WordFilter):
    title = _("state")
    parameter_name = "state__exact"
    words = words.STATES


class LanguageFilter(WordFilter):
    title = _("language")
    parameter_name = "language__exact"
    words = words.LANGUAGES


class SourceFilter(WordFilter):
    """How somebody came. The demo's readers are nowhere but on a development machine."""

    title = _("source")
    parameter_name = "source"
    words = words.SOURCES

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [(value, word) for value, word in self.words.items() if settings.DEBUG or value != "demo"]


class FrequencyFilter(WordFilter):
    title = _("frequency")
    parameter_name = "frequency__exact"
    words = words.FREQUENCIES


class FormFilter(WordFilter):
    title = _("form of the mail")
    parameter_name = "plain_text__exact"
    words: ClassVar[Words] = {"0": _("HTML"), "1": _("plain text")}


class AgeFilter(ReadersFilter):
    """Since when somebody has been a reader."""

    title = _("reader since")
    parameter_name = "age"
    WORDS: ClassVar[list[tuple[str, str | Promise]]] = [
        ("7", _("Within a week")),
        ("30", _("Within a month")),
        ("365", _("Within a year")),
        ("older", _("Longer than a year")),
        ("never", _("Never confirmed")),
    ]

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return list(self.WORDS)

    def condition(self, value: str) -> Q:
        now = timezone.now()
        if value == "never":
            return Q(confirmed_at=None)
        if value == "older":
            return Q(confirmed_at__lt=now - dt.timedelta(days=365))
        return Q(confirmed_at__gte=now - dt.timedelta(days=int(value)))


class ReasonFilter(ReadersFilter):
    """Why somebody left, of who cared to say."""

    title = _("reason for leaving")
    parameter_name = "reason"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return list(REASONS.items())

    def condition(self, value: str) -> Q:
        """Asked for each who left, by the index of consents."""
        said = ConsentEvent.objects.filter(subscriber=OuterRef("pk"), kind=Happening.GAVE_REASON, note=value)
        return Q(Exists(said), state=State.LEFT)


# All that the list can be filtered by, and so all that a segment can hold.
FILTERS: tuple[type[ReadersFilter], ...] = (
    StateFilter,
    LanguageFilter,
    SourceFilter,
    AgeFilter,
    FrequencyFilter,
    FormFilter,
    ReasonFilter,
)
