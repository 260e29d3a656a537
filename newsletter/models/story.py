"""The articles, in either language, about one event."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from newsletter.models.newsletter import Newsletter


class Story(models.Model):
    """Its id is stable: ranking again finds the story by its articles; a merge leaves a redirect."""

    newsletter = models.ForeignKey(
        Newsletter, on_delete=models.CASCADE, related_name="stories", verbose_name=_("newsletter")
    )
    title_en = models.CharField(
        _("English title"), max_length=500, blank=True
    )  # its best headline in that language; blank: none yet
    title_zh = models.CharField(_("Chinese title"), max_length=500, blank=True)
    topics = models.JSONField(_("topics"), default=list)  # topic slugs, most central first
    region = models.CharField(_("region"), max_length=8, blank=True)  # home of the main actor: CN, US, EU, OTHER
    merged_into = models.ForeignKey(
        "self", on_delete=models.SET_NULL, null=True, blank=True, related_name="merged", verbose_name=_("merged into")
    )
    first_seen_at = models.DateTimeField()
    last_seen_at = models.DateTimeField(_("last seen at"))

    class Meta:
        verbose_name = _("story")
        verbose_name_plural = _("stories")
        indexes = [models.Index(fields=["newsletter", "-last_seen_at"], name="story_recent")]

    def __str__(self) -> str:
        return self.title_en or self.title_zh


class News(models.TextChoices):
    """What a story is to those who read the issues of the days before."""

    NEW = "new"
    UPDATE = "update"  # it goes on, and something new is told: an item says so
    UNCHANGED = "unchanged"  # it goes on, and nothing is: it is no item


class Ranking(models.Model):
    """A story's place in one day: what rank hands to compose. Ranking the day again replaces the day's rows."""

    story = models.ForeignKey(Story, on_delete=models.CASCADE, related_name="rankings", verbose_name=_("story"))
    date = models.DateField(_("date"), db_index=True)  # the issue date
    position = models.PositiveSmallIntegerField(_("position"))  # 1 is the day's first; all stories of the day have one
    chosen = models.BooleanField(default=False)  # one of the day's items; `position` is their order too
    score = models.FloatField()  # 0 to 100: what `position` follows before the mix is balanced
    hot = models.PositiveSmallIntegerField()  # 0 to 100, each with its reason in `reasons`
    quality = models.PositiveSmallIntegerField()
    impact = models.PositiveSmallIntegerField()
    news = models.CharField(max_length=10, choices=News.choices, default=News.NEW)
    # {"hot": {"en": "…", "zh": "…"}, "quality": …, "impact": …, "score": …, and "news" of a story that goes on}
    reasons = models.JSONField(default=dict)

    class Meta:
        verbose_name = _("ranking")
        verbose_name_plural = _("rankings")
        constraints = [models.UniqueConstraint(fields=["date", "story"], name="ranking_once_a_day")]
        ordering = ["date", "position"]

    def __str__(self) -> str:
        return f"{self.position}. of {self.date}"


class Keyword(models.Model):
    """What a source list speaks of on one day more than usual. Ranking the day again replaces the day's rows."""

    source_list = models.ForeignKey(
        "newsletter.SourceList", on_delete=models.CASCADE, related_name="keywords", verbose_name=_("source list")
    )
    date = models.DateField(_("date"))  # the issue date
    position = models.PositiveSmallIntegerField(_("position"))  # 1 is the most telling
    en = models.CharField(max_length=100)
    zh = models.CharField(max_length=100)
    articles = models.PositiveIntegerField()  # of the day, that have it in their headline
    usual = models.FloatField()  # how many a day of that size has, by the weeks before

    class Meta:
        verbose_name = _("keyword")
        verbose_name_plural = _("keywords")
        constraints = [models.UniqueConstraint(fields=["source_list", "date", "position"], name="keyword_place_once")]
        ordering = ["source_list", "date", "position"]

    def __str__(self) -> str:
        return f"{self.en} / {self.zh}"
