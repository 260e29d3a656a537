"""Counts behind the limits: rows, so that they survive a restart and hold across workers."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Tally(models.Model):
    """How often something happened in one period. `key` is a keyed hash: no address or IP is stored here."""

    key = models.CharField(max_length=64)
    period = models.DateTimeField()  # when it began
    count = models.PositiveIntegerField(default=1)

    class Meta:
        verbose_name = _("count behind a limit")
        verbose_name_plural = _("counts behind the limits")
        constraints = [models.UniqueConstraint(fields=["period", "key"], name="tally_once_a_period")]

    def __str__(self) -> str:
        return f"{self.count} since {self.period:%Y-%m-%d %H:%M}"
