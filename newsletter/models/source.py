"""Where the news comes from: source lists, sources, articles."""

from django.conf import settings
from django.db import models
from django.utils.translation import get_language, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from newsletter.models.newsletter import Newsletter
from newsletter.models.story import Story


class SourceList(models.Model):
    """A named desk of sources, e.g. *China media*: an issue carries one report on each."""

    newsletter = models.ForeignKey(
        Newsletter, on_delete=models.CASCADE, related_name="source_lists", verbose_name=_("newsletter")
    )
    slug = models.SlugField()
    name_en = models.CharField(_("English name"), max_length=100)
    name_zh = models.CharField(_("Chinese name"), max_length=100)
    position = models.PositiveSmallIntegerField(_("position"), default=0)

    class Meta:
        verbose_name = _("source list")
        verbose_name_plural = _("source lists")
        constraints = [models.UniqueConstraint(fields=["newsletter", "slug"], name="source_list_slug_once")]
        ordering = ["position", "slug"]

    def __str__(self) -> str:
        return self.name_zh if (get_language() or "").startswith("zh") else self.name_en


class Source(models.Model):
    """A feed. `url` is an address, or `file:NAME` for one read from a folder."""

    source_list = models.ForeignKey(
        SourceList, on_delete=models.PROTECT, related_name="sources", verbose_name=_("source list")
    )
    name = models.CharField(_("name"), max_length=200)
    # How each language's readers know it (Caixin, 财新); empty: as `newsletter.outlets` has it.
    name_en = models.CharField(_("English name"), max_length=200, blank=True)
    name_zh = models.CharField(_("Chinese name"), max_length=200, blank=True)
    url = models.CharField(max_length=500, unique=True)
    language = models.CharField(_("language"), max_length=8)  # en, zh, or another BCP 47 primary tag
    region = models.CharField(_("region"), max_length=8, blank=True)  # CN, US, UK, …
    scope = models.CharField(
        _("scope"), max_length=8, default="general"
    )  # ai: all of it is on the subject; general: some
    active = models.BooleanField(_("switched on"), default=True)
    # Who switched it off, when and why; empty while it is on, and where a file or the program did it.
    off_reason = models.CharField(_("why it is switched off"), max_length=300, blank=True)
    off_at = models.DateTimeField(_("switched off at"), null=True, blank=True)
    off_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    note = models.CharField(_("note"), max_length=300, blank=True)
    # What the last visit left: conditional GET (RFC 9110 §13), and when to come again.
    etag = models.CharField(max_length=500, blank=True)
    last_modified = models.CharField(max_length=100, blank=True)
    next_visit_at = models.DateTimeField(_("next visit at"), null=True, blank=True, db_index=True)  # null: due now
    last_visit_at = models.DateTimeField(null=True, blank=True)
    last_success_at = models.DateTimeField(_("last success at"), null=True, blank=True)
    failures = models.PositiveIntegerField(_("failures"), default=0)  # in a row
    last_error = models.CharField(max_length=500, blank=True)

    class Meta:
        verbose_name = pgettext_lazy("where news comes from", "source")
        verbose_name_plural = _("sources")
        ordering = ["source_list", "name"]

    def __str__(self) -> str:
        return self.name


class SourceVisit(models.Model):
    """Visits of a source that ended alike, one row for all in a row: `times` of them from `began_at` to `last_at`."""

    class Outcome(models.TextChoices):
        NEW = "new", _("new articles")
        NOTHING = "nothing", _("nothing new")
        FAILED = "failed", _("failed")

    source = models.ForeignKey(
        Source,
        on_delete=models.CASCADE,
        related_name="visits",
        verbose_name=pgettext_lazy("where news comes from", "source"),
    )
    outcome = models.CharField(_("outcome"), max_length=8, choices=Outcome.choices)
    note = models.CharField(_("note"), max_length=500, blank=True)  # the error; the warning where it was read
    began_at = models.DateTimeField(_("first visit at"))
    last_at = models.DateTimeField(_("last visit at"))
    times = models.PositiveIntegerField(_("visits"), default=1)
    new = models.PositiveIntegerField(_("new articles"), default=0)
    changed = models.PositiveIntegerField(_("changed articles"), default=0)

    class Meta:
        verbose_name = _("visit")
        verbose_name_plural = _("visits")
        indexes = [models.Index(fields=["source", "-last_at"], name="visit_latest")]
        ordering = ["-last_at", "-pk"]

    def __str__(self) -> str:
        return f"{self.outcome} x {self.times} at {self.last_at:%Y-%m-%d %H:%M}"


class Article(models.Model):
    """One entry of one source. Plain text only: feed HTML is cleaned before it is stored."""

    source = models.ForeignKey(
        Source,
        on_delete=models.CASCADE,
        related_name="articles",
        verbose_name=pgettext_lazy("where news comes from", "source"),
    )
    guid = models.CharField(max_length=500)  # the entry's id, else its address, else a hash of its title
    url = models.CharField(max_length=2000, blank=True)
    title = models.CharField(_("title"), max_length=500)
    text = models.TextField(blank=True)  # paragraphs split by a blank line
    language = models.CharField(_("language"), max_length=8)
    published_at = models.DateTimeField(null=True, blank=True)  # as the feed says; null: undated
    first_seen_at = models.DateTimeField()
    # What the day's window looks at: published_at, or first_seen_at where that is missing or in the future.
    dated_at = models.DateTimeField(_("dated"), db_index=True)
    updated_at = models.DateTimeField(null=True, blank=True)  # when its text last changed here
    content_hash = models.CharField(max_length=64)
    # Written by rank; null until then.
    relevance = models.FloatField(_("relevance"), null=True, blank=True)  # 0 to 1
    relevant = models.BooleanField(_("relevant"), null=True, blank=True)
    topics = models.JSONField(_("topics"), default=list)  # topic slugs, most central first
    story = models.ForeignKey(
        Story, on_delete=models.SET_NULL, null=True, blank=True, related_name="articles", verbose_name=_("story")
    )

    class Meta:
        verbose_name = _("article")
        verbose_name_plural = _("articles")
        constraints = [models.UniqueConstraint(fields=["source", "guid"], name="article_guid_once")]
        indexes = [
            models.Index(fields=["dated_at", "relevant"], name="article_day_relevant"),
            # a source's newest article, and how many it had of late, from the index alone
            models.Index(fields=["source", "dated_at"], name="article_source_dated"),
        ]
        ordering = ["-dated_at", "pk"]

    def __str__(self) -> str:
        return self.title
