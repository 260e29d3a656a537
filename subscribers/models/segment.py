"""A set of filters of the readers' list, kept under a name."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Segment(models.Model):
    """Some of the readers, by what the operator's list can filter. Who is in it is asked anew each time.

    `filters` are the list's own query parameters, by name. `readers` is how many there were at `counted_at`: counting
    may read every row, so it is done when somebody opens the segment and not for each look at the list.
    """

    name = models.CharField(_("name"), max_length=80, unique=True)
    filters = models.JSONField(default=dict)
    made_at = models.DateTimeField(auto_now_add=True)
    readers = models.PositiveIntegerField(null=True, blank=True)
    counted_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["name"]
        verbose_name = _("segment")
        verbose_name_plural = _("segments")

    def __str__(self) -> str:
        return self.name
