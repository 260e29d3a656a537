"""Readers for the operator: found, understood, and moved only by the rules that hold for everybody.

Nothing is edited in place: what an operator does goes through `joining`, is recorded in the reader's history with the
operator's name, and in the admin's own log.
"""

# Django's ModelAdmin takes its model as a type argument in the stubs, but not when it runs.
# mypy: disable-error-code="type-arg"

import datetime as dt
import zoneinfo
from collections.abc import Callable
from typing import Any

from django.contrib import admin, messages
from django.contrib.admin import helpers
from django.contrib.admin.utils import unquote
from django.contrib.admin.views.main import ChangeList
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_POST

from subscribers import offers, zones
from subscribers.admin import acts, finding, history, standing, words
from subscribers.admin.acts import Act
from subscribers.admin.exports import Exporting
from subscribers.admin.filters import FILTERS
from subscribers.admin.reasons import Reasons
from subscribers.admin.segments import SegmentFilter
from subscribers.joining import Proof
from subscribers.models import State, Subscriber, Way

AT_ONCE = 1000  # readers that one action takes: it works while somebody waits
NAMED = 10  # readers who are named where many are meant


class ReadersList(ChangeList):
    """As Django's, but where the count found nobody, they aren't looked for once more among a million."""

    def get_results(self, request: HttpRequest) -> None:
        super().get_results(request)
        if not self.result_count:
            self.result_list = self.queryset.none()


@admin.register(Subscriber)
class SubscriberAdmin(Exporting, Reasons, admin.ModelAdmin):
    """The list, one reader's page with the whole history, and the moves that an operator may make."""

    list_display = ("address", "state_in_words", "language_in_words", "frequency_in_words", "way", "since")
    # A million rows can be put in the order of an index only.
    sortable_by = ("address",)
    list_filter = (SegmentFilter, *FILTERS)
    search_fields = ("email_key",)  # shows the field; what it finds is said in `finding`
    search_help_text = gettext_lazy(
        "The beginning of an address, @domain, or #number. With a star, “*wang” is found anywhere; that takes longer."
    )
    ordering = ("-pk",)
    list_per_page = 50
    show_full_result_count = False  # a second count over a million rows says nothing new

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Readers come by their own double opt-in, or by an import with a consent basis."""
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Subscriber | None = None) -> bool:
        """Readers are erased, which keeps the row that deliveries stand on."""
        return False

    # ---- the list -------------------------------------------------------------------------------------------

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Subscriber], search_term: str
    ) -> tuple[QuerySet[Subscriber], bool]:
        """By index; a search never finds anybody twice."""
        return finding.narrow(queryset, search_term), False

    def get_changelist(self, request: HttpRequest, **kwargs: Any) -> type[ChangeList]:
        return ReadersList

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> Any:
        """The list, under its own name."""
        return super().changelist_view(request, {"title": _("Readers"), **(extra_context or {})})

    @admin.display(description=gettext_lazy("address"), ordering="email_key")
    def address(self, reader: Subscriber) -> str:
        return _called(reader)

    @admin.display(description=gettext_lazy("state"))
    def state_in_words(self, reader: Subscriber) -> str:
        return words.say(words.STATES, reader.state)

    @admin.display(description=gettext_lazy("language"))
    def language_in_words(self, reader: Subscriber) -> str:
        return words.say(words.LANGUAGES, reader.language)

    @admin.display(description=gettext_lazy("frequency"))
    def frequency_in_words(self, reader: Subscriber) -> str:
        return words.say(words.FREQUENCIES, reader.frequency)

    @admin.display(description=gettext_lazy("source"))
    def way(self, reader: Subscriber) -> str:
        return words.say(words.SOURCES, reader.source)

    @admin.display(description=gettext_lazy("reader since (UTC)"))
    def since(self, reader: Subscriber) -> dt.date | None:
        """The day alone: the list is read at a glance, and the reader's page has the minute."""
        return reader.confirmed_at and reader.confirmed_at.date()

    # ---- one reader -----------------------------------------------------------------------------------------

    def get_urls(self) -> list[URLPattern]:
        """One address more: an act about one reader."""
        act = require_POST(self.admin_site.admin_view(self.act_view))
        return [path("<int:reader_id>/do/<slug:name>/", act, name="subscribers_subscriber_do"), *super().get_urls()]

    def change_view(
        self,
        request: HttpRequest,
        object_id: str,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        """Where the reader stands, what may be done, and the whole history, by the reader's own clock."""
        reader = self._reader(request, unquote(object_id))
        now, present = timezone.now(), offers.current()
        clock = reader.zone if zones.is_known(reader.zone) and reader.state != State.ERASED else present.zone.key
        with timezone.override(zoneinfo.ZoneInfo(clock)):
            moments = history.of(reader)
            context = {
                **self.admin_site.each_context(request),
                "title": _called(reader),
                "opts": self.opts,
                "original": reader,
                "reader": reader,
                "erased": reader.state == State.ERASED,
                "state": words.say(words.STATES, reader.state),
                "standing": standing.sentences(reader, present, now),
                "choices": standing.choices(reader, present),
                "acts": acts.possible(reader, now) if self.has_change_permission(request, reader) else [],
                "history": moments,
                "said": history.why_dead(moments) if reader.state == State.BOUNCED else "",
                "clock": clock,
                **(extra_context or {}),
            }
            return TemplateResponse(request, "subscribers/admin_reader.html", context).render()

    def act_view(self, request: HttpRequest, reader_id: int, name: str) -> HttpResponse:
        """Do one thing about one reader; what can't be undone is asked about first."""
        reader = self._reader(request, str(reader_id))
        if name not in acts.BY_NAME:
            raise Http404
        if not self.has_change_permission(request, reader):
            raise PermissionDenied
        act = acts.BY_NAME[name]
        if not act.why_not(reader, timezone.now()) and act.sure and not request.POST.get("sure"):
            return self._ask(request, act, [reader], 1, _page_of(reader))
        self._do(request, act, [reader])
        return HttpResponseRedirect(_page_of(reader))

    def _reader(self, request: HttpRequest, object_id: str) -> Subscriber:
        reader = self.get_object(request, object_id)
        if reader is None:
            raise Http404
        if not self.has_view_or_change_permission(request, reader):
            raise PermissionDenied
        assert isinstance(reader, Subscriber)
        return reader

    # ---- acts about many ------------------------------------------------------------------------------------

    def get_actions(self, request: HttpRequest) -> dict[str, Any]:
        """The acts that make sense for several readers at once."""
        found: dict[str, Any] = dict(super().get_actions(request))
        if self.has_change_permission(request):
            found |= {act.name: (_action(act), act.name, str(act.label)) for act in acts.ACTS if act.many}
        return found

    def act_on_many(self, act: Act, request: HttpRequest, queryset: QuerySet[Subscriber]) -> HttpResponse | None:
        """As `act_view`, for the readers that are ticked in the list."""
        count = queryset.count()
        if count > AT_ONCE:
            text = _("%(count)d readers are too many at once: tick at most %(most)d.")
            self.message_user(request, text % {"count": count, "most": AT_ONCE}, messages.ERROR)
            return None
        if act.sure and not request.POST.get("sure"):
            back = reverse("admin:subscribers_subscriber_changelist")
            return self._ask(request, act, list(queryset), count, f"{back}?{request.GET.urlencode()}")
        self._do(request, act, list(queryset))
        return None

    def _ask(self, request: HttpRequest, act: Act, readers: list[Subscriber], count: int, back: str) -> HttpResponse:
        now = timezone.now()
        context = {
            **self.admin_site.each_context(request),
            "title": act.label,
            "opts": self.opts,
            "act": act,
            "readers": [(_called(reader), act.why_not(reader, now)) for reader in readers[:NAMED]],
            "more": max(0, count - NAMED),
            "picked": [reader.pk for reader in readers],
            "checkbox": helpers.ACTION_CHECKBOX_NAME,
            "back": back,
        }
        return TemplateResponse(request, "subscribers/admin_sure.html", context)

    def _do(self, request: HttpRequest, act: Act, readers: list[Subscriber]) -> None:
        """Each reader and its line in the admin's log in one transaction; who may not is named, with the reason."""
        done, refused = 0, []
        for reader in readers:
            proof = Proof(how=Way.ADMIN, note=str(request.user))
            with transaction.atomic():
                reason = act.why_not(reader, proof.at)
                if not reason and act.do(reader, proof):
                    self.log_change(request, reader, _logged(act, reader))
                    done += 1
                else:
                    refused.append(f"{_called(reader)} ({reason or act.refused})")
        if done:
            text = ngettext("%(act)s: done for %(count)d reader.", "%(act)s: done for %(count)d readers.", done)
            self.message_user(request, text % {"act": act.label, "count": done}, messages.SUCCESS)
        if refused:
            named = ", ".join(refused[:NAMED]) + (" …" if len(refused) > NAMED else "")
            text = _("%(act)s: refused for %(count)d: %(named)s")
            values = {"act": act.label, "count": len(refused), "named": named}
            self.message_user(request, text % values, messages.WARNING)


def _action(act: Act) -> Callable[..., HttpResponse | None]:
    """As Django calls actions: with the admin itself first."""

    def action(
        readers_admin: SubscriberAdmin, request: HttpRequest, queryset: QuerySet[Subscriber]
    ) -> HttpResponse | None:
        return readers_admin.act_on_many(act, request, queryset)

    return action


def _called(reader: Subscriber) -> str:
    """The address; of who was erased, the number."""
    return reader.email or _("reader #%(number)d") % {"number": reader.pk}


def _logged(act: Act, reader: Subscriber) -> str:
    """One sentence for the admin's log, in the language of whoever acted; no address, which erasing would miss."""
    values = {"act": act.label, "state": words.say(words.STATES, reader.state)}
    return _("%(act)s. The reader’s state is now “%(state)s”.") % values


def _page_of(reader: Subscriber) -> str:
    return reverse("admin:subscribers_subscriber_change", args=[reader.pk])
