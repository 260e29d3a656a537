"""When each act ran and what came of it: the operator's record, and the lock on an act that is running."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from newsletter.models.newsletter import Newsletter


class Run(models.Model):
    """One run of one act. Open while `finished_at` is null; the constraint allows one open run an act."""

    newsletter = models.ForeignKey(
        Newsletter, on_delete=models.CASCADE, related_name="runs", verbose_name=_("newsletter")
    )
    act = models.CharField(_("act"), max_length=16)  # gather, rank, …; "deliver 7", of an issue
    date = models.DateField(_("date"))  # the issue's
    worker = models.CharField(_("worker"), max_length=80)  # host:pid
    started_at = models.DateTimeField(_("started at"))
    finished_at = models.DateTimeField(_("finished at"), null=True, blank=True)
    counts = models.JSONField(default=dict)
    error = models.CharField(_("error"), max_length=500, blank=True)

    class Meta:
        verbose_name = _("run")
        verbose_name_plural = _("runs")
        constraints = [
            models.UniqueConstraint(
                fields=["newsletter", "act"], condition=Q(finished_at=None), name="run_one_open_an_act"
            )
        ]
        indexes = [models.Index(fields=["newsletter", "date", "act"], name="run_of_the_day")]
        ordering = ["-started_at"]

    def __str__(self) -> str:
        return f"{self.act} for {self.date}"


class Heartbeat(models.Model):
    """When the tick last ran, on whichever worker: the sign of life that newsletter.watch looks for."""

    name = models.CharField(max_length=16, primary_key=True)
    at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.name} at {self.at:%Y-%m-%d %H:%M:%S}"
