"""How often the links of an issue's mails were followed: by issue, link and day, and by nobody."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from newsletter.models.issue import Issue


class LinkClicks(models.Model):
    """One link of one issue on one day, on the newsletter's clock. Counted only where the newsletter says so."""

    issue = models.ForeignKey(Issue, on_delete=models.CASCADE, related_name="link_clicks", verbose_name=_("issue"))
    number = models.PositiveSmallIntegerField(_("number"))  # the citation's: the link of [n]
    day = models.DateField(_("day"))
    clicks = models.PositiveIntegerField(_("clicks"), default=0)

    class Meta:
        verbose_name = _("clicks of a link")
        verbose_name_plural = _("clicks of links")
        constraints = [models.UniqueConstraint(fields=["issue", "number", "day"], name="link_clicks_once")]

    def __str__(self) -> str:
        return f"{self.issue_id} [{self.number}] on {self.day}: {self.clicks}"
