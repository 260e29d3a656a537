"""The filters of the readers' list. Each knows all its values beforehand: nothing is looked up to show them."""

import datetime as dt
from typing import Any, ClassVar

from django.conf import settings
from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from subscribers.admin import words
from subscribers.admin.words import Words
from subscribers.models import Subscriber


class WordFilter(admin.SimpleListFilter):
    """Readers whose field is exactly what was chosen."""

    words: ClassVar[Words]

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return list(self.words.items())

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        value = self.value()
        return queryset.filter(**{str(self.parameter_name): value}) if value is not None else queryset


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


class AgeFilter(admin.SimpleListFilter):
    """Since when somebody has been a reader."""

    title = _("reader since")
    parameter_name = "age"
    DAYS: ClassVar[dict[str, int]] = {"7": 7, "30": 30, "365": 365}
    WORDS: ClassVar[list[tuple[str, str | Promise]]] = [
        ("7", _("Within a week")),
        ("30", _("Within a month")),
        ("365", _("Within a year")),
        ("older", _("Longer than a year")),
        ("never", _("Never confirmed")),
    ]

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return list(self.WORDS)

    def queryset(self, request: HttpRequest, queryset: QuerySet[Subscriber]) -> QuerySet[Subscriber]:
        value, now = self.value(), timezone.now()
        if value == "never":
            return queryset.filter(confirmed_at=None)
        if value == "older":
            return queryset.filter(confirmed_at__lt=now - dt.timedelta(days=365))
        if value in self.DAYS:
            return queryset.filter(confirmed_at__gte=now - dt.timedelta(days=self.DAYS[value]))
        return queryset if value is None else queryset.none()


# All that the list can be filtered by, and so all that a segment can hold.
FILTERS: tuple[type[admin.SimpleListFilter], ...] = (
    StateFilter,
    LanguageFilter,
    SourceFilter,
    AgeFilter,
    FrequencyFilter,
    FormFilter,
)
