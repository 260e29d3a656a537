"""The operator's view of the rows. What has a workflow is read-only here: it moves at the desk and by command."""

# Django's ModelAdmin takes its model as a type argument in the stubs, but not when it runs.
# mypy: disable-error-code="type-arg"

from typing import Any, ClassVar

from django.contrib import admin
from django.db.models import Model, QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from newsletter.models import (
    Article,
    Block,
    Delivery,
    DeliveryEvent,
    Edition,
    Issue,
    ModelBatch,
    ModelCall,
    Newsletter,
    Run,
    Story,
)
from newsletter.views.desk.entrance import AdminForm

admin.site.login_form = AdminForm


class ReadOnly:
    """Mixed into an admin or inline: everything is shown, nothing can be added, changed or deleted."""

    def has_add_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False


@admin.register(Newsletter)
class NewsletterAdmin(ReadOnly, admin.ModelAdmin):
    """To be looked at: it is changed at the desk's masthead, where a change is judged and ends what it voids."""

    list_display = ("name_en", "name_zh", "sender_address", "zone", "draft_at", "send_at")


@admin.register(Article)
class ArticleAdmin(ReadOnly, admin.ModelAdmin):
    list_display = ("title", "source", "language", "dated_at", "relevant", "relevance", "story")
    list_filter = ("relevant", "language", "source__source_list", "dated_at")
    list_select_related = ("source", "story")
    search_fields = ("title", "url", "source__name")
    date_hierarchy = "dated_at"


@admin.register(Story)
class StoryAdmin(ReadOnly, admin.ModelAdmin):
    list_display = ("title_en", "title_zh", "region", "topics", "last_seen_at", "merged_into")
    list_filter = ("region", "last_seen_at")
    list_select_related = ("merged_into",)
    search_fields = ("title_en", "title_zh")


class BlockInline(ReadOnly, admin.TabularInline):
    model = Block
    fields = ("position", "key", "title_en", "title_zh", "dropped", "edited_by", "edited_at")
    extra = 0


@admin.register(Issue)
class IssueAdmin(ReadOnly, admin.ModelAdmin):
    list_display = (
        "number",
        "date",
        "state",
        "title_en",
        "title_zh",
        "composer",
        "approved_by",
        "approved_at",
        "sent_at",
    )
    list_filter = ("state", "kind", "composer", "date")
    list_select_related = ("approved_by",)
    search_fields = ("title_en", "title_zh", "number")
    date_hierarchy = "date"
    inlines: ClassVar = [BlockInline]


@admin.register(Edition)
class EditionAdmin(ReadOnly, admin.ModelAdmin):
    list_display = ("issue", "choices_hash", "subject", "size", "frozen_at")
    list_filter = ("issue__date",)
    list_select_related = ("issue",)
    exclude = ("mime",)  # tens of kilobytes of bytes: /inbox/ and the desk's preview show what it looks like


@admin.register(Delivery)
class DeliveryAdmin(ReadOnly, admin.ModelAdmin):
    list_display = ("issue", "reader", "state", "due_at", "attempts", "finished_at", "reply")
    list_filter = ("state", "issue__date")
    list_select_related = ("issue", "reader")
    search_fields = ("reader__email_key", "reply")
    show_full_result_count = False  # one row for each reader and issue: counting them all takes long


class ForAPerson(admin.SimpleListFilter):
    """What was told from outside and not believed, or not understood."""

    title = _("where it stands")
    parameter_name = "stands"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [("kept", _("kept for a person, not applied")), ("applied", _("applied"))]

    def queryset(self, request: HttpRequest, queryset: QuerySet[DeliveryEvent]) -> QuerySet[DeliveryEvent]:
        return queryset if self.value() is None else queryset.filter(applied_at__isnull=self.value() == "kept")


@admin.register(DeliveryEvent)
class DeliveryEventAdmin(ReadOnly, admin.ModelAdmin):
    list_display = ("kind", "reader", "delivery", "told", "occurred_at", "applied_at")
    list_filter = (ForAPerson, "kind", "occurred_at")

    @admin.display(description=_("in its words"))
    def told(self, event: DeliveryEvent) -> str:
        """Status and diagnosis, or the beginning of what was written; and why nothing was applied."""
        words = [event.detail.get(name) for name in ("status", "diagnostic", "subject", "why")]
        return " · ".join(filter(None, words))

    list_select_related = ("delivery", "reader")
    search_fields = ("external_id", "reader__email_key")


@admin.register(ModelCall)
class ModelCallAdmin(ReadOnly, admin.ModelAdmin):
    list_display = (
        *("date", "purpose", "prompt_version", "model", "outcome", "input_tokens", "cache_write_tokens"),
        *("cache_read_tokens", "output_tokens", "cost_usd", "seconds", "batched", "at"),
    )
    list_filter = ("model", "outcome", "batched", "date")


@admin.register(ModelBatch)
class ModelBatchAdmin(ReadOnly, admin.ModelAdmin):
    list_display = ("date", "batch_id", "state", "sent_at", "wait_until", "note")


@admin.register(Run)
class RunAdmin(ReadOnly, admin.ModelAdmin):
    list_display = ("act", "date", "started_at", "finished_at", "worker", "error")
    list_filter = ("act", "date")
    search_fields = ("error", "worker")
