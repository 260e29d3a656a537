"""Readers for the operator: found, understood, and moved only by the rules that hold for everybody.

Nothing is edited in place: what an operator does goes through `joining`, is recorded in the reader's history with the
operator's name, and in the admin's own log.
"""

# Django's ModelAdmin takes its model as a type argument in the stubs, but not when it runs.
# mypy: disable-error-code="type-arg"

import datetime as dt
from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.contrib import admin, messages
from django.contrib.admin import helpers
from django.contrib.auth.models import AnonymousUser, User
from django.db.models import Model, QuerySet
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.utils import timezone
from django.utils.html import format_html, format_html_join
from django.utils.module_loading import import_string
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from subscribers import joining, links, notices
from subscribers.admin.exports import Exporting
from subscribers.joining import Proof
from subscribers.models import ConsentEvent, Notice, State, Subscriber

Move = Callable[[Subscriber, Proof], bool]
AGES = {"7": gettext_lazy("Within a week"), "30": gettext_lazy("Within a month"), "365": gettext_lazy("Within a year")}


class AgeFilter(admin.SimpleListFilter):
    """Since when somebody has been a reader."""

    title = gettext_lazy("reader since")
    parameter_name = "age"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [*AGES.items(), ("never", gettext_lazy("Never confirmed"))]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        if self.value() == "never":
            return queryset.filter(confirmed_at=None)
        if self.value() in AGES:
            return queryset.filter(confirmed_at__gte=timezone.now() - dt.timedelta(days=int(self.value() or 0)))
        return queryset


class _ReadOnly(admin.TabularInline):
    """Rows to be read: what happened can't be changed afterwards."""

    extra = 0
    can_delete = False

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


class ConsentInline(_ReadOnly):
    model = ConsentEvent
    fields = ("at", "kind", "from_state", "to_state", "how", "note", "wording", "ip")
    ordering = ("-at", "-pk")


class NoticeInline(_ReadOnly):
    model = Notice
    fields = ("made_at", "kind", "sent_at", "attempts", "reply")
    ordering = ("-made_at",)
    verbose_name_plural = gettext_lazy("mails to this reader alone")


@admin.register(Subscriber)
class SubscriberAdmin(Exporting, admin.ModelAdmin):
    """The list, one reader's page with the whole history, and the moves that an operator may make."""

    list_display = ("email", "state", "language", "frequency", "source", "confirmed_at")
    list_filter = ("state", "language", "source", AgeFilter, "frequency", "plain_text")
    search_fields = ("email", "email_key")
    date_hierarchy = "created_at"
    ordering = ("-pk",)
    list_per_page = 50
    show_full_result_count = False  # a second count over a million rows says nothing new
    inlines = (ConsentInline, NoticeInline)
    actions = ("end_subscriptions", "mark_bounced", "ask_again", "erase_readers")
    fields = (
        *("email", "email_key", "state", "source", "created_at", "asked_at", "confirmed_at", "paused_until"),
        *("language", "lists", "sections", "topics", "plain_text", "frequency", "send_at", "zone"),
        *("preferences_page", "elsewhere"),
    )
    readonly_fields = fields

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Readers come by their own double opt-in, or by an import with a consent basis."""
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Subscriber | None = None) -> bool:
        """Readers are erased, which keeps the row that deliveries stand on."""
        return False

    @admin.display(description=gettext_lazy("preferences page"))
    def preferences_page(self, reader: Subscriber) -> str:
        """What the reader sees, for when they ask for help."""
        if reader.state == State.ERASED:
            return "–"
        return format_html('<a href="{}" rel="noreferrer">{}</a>', links.preferences_url(reader), _("Open"))

    @admin.display(description=gettext_lazy("deliveries"))
    def elsewhere(self, reader: Subscriber) -> SafeString | str:
        """What the rest of the service keeps of this reader (READER_TELLERS), newest first."""
        tables = [_table(rows) for tell in settings.READER_TELLERS for rows in import_string(tell)(reader.pk).values()]
        return format_html_join("", "{}", ((table,) for table in tables)) or "–"

    @admin.action(description=gettext_lazy("End the subscription"), permissions=["change"])
    def end_subscriptions(self, request: HttpRequest, queryset: QuerySet[Subscriber]) -> None:
        self._move(request, queryset, joining.leave)

    @admin.action(description=gettext_lazy("Mark the address as dead"), permissions=["change"])
    def mark_bounced(self, request: HttpRequest, queryset: QuerySet[Subscriber]) -> None:
        self._move(request, queryset, joining.bounce)

    @admin.action(description=gettext_lazy("Send the confirmation mail again"), permissions=["change"])
    def ask_again(self, request: HttpRequest, queryset: QuerySet[Subscriber]) -> None:
        self._move(request, queryset, _ask_again)

    @admin.action(description=gettext_lazy("Erase"), permissions=["change"])
    def erase_readers(self, request: HttpRequest, queryset: QuerySet[Subscriber]) -> HttpResponse | None:
        """Asks once more, because nothing brings an erased reader back."""
        if request.POST.get("sure"):
            self._move(request, queryset, joining.erase)
            return None
        context = {
            **self.admin_site.each_context(request),
            "title": _("Erase these readers?"),
            "readers": queryset,
            "opts": self.model._meta,
            "checkbox": helpers.ACTION_CHECKBOX_NAME,
        }
        return TemplateResponse(request, "subscribers/admin_erase.html", context)

    def _move(self, request: HttpRequest, queryset: QuerySet[Subscriber], move: Move) -> None:
        """Make one move for each; those whose state doesn't allow it are counted and said."""
        moved = 0
        for reader in queryset:
            if move(reader, Proof(how="admin", note=_name(request.user))):
                self.log_change(request, reader, f"{move.__name__.strip('_')}: {reader.state}")
                moved += 1
        stayed = len(queryset) - moved
        if moved:
            done = ngettext("%(count)d reader moved.", "%(count)d readers moved.", moved) % {"count": moved}
            self.message_user(request, done, messages.SUCCESS)
        if stayed:
            text = _("%(count)d stayed as they were: their state doesn’t allow it.") % {"count": stayed}
            self.message_user(request, text, messages.WARNING)


def _ask_again(reader: Subscriber, proof: Proof) -> bool:
    if not joining.may_confirm(reader, proof.at):
        return False
    notices.put(reader, Notice.Kind.CONFIRM, reader.language, proof.at)
    return True


def _name(user: User | AnonymousUser | Model) -> str:
    return str(user)


def _table(rows: list[dict[str, Any]]) -> SafeString | str:
    if not rows:
        return ""
    head = format_html_join("", "<th>{}</th>", ((name,) for name in rows[0]))
    body = format_html_join(
        "",
        "<tr>{}</tr>",
        ((format_html_join("", "<td>{}</td>", ((value,) for value in row.values())),) for row in reversed(rows)),
    )
    return format_html("<table><thead><tr>{}</tr></thead><tbody>{}</tbody></table>", head, body)
