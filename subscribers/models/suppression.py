"""Addresses that must not be mailed, known by a keyed hash only."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Suppression(models.Model):
    """One address never to import or mail again, unless its owner confirms a sign-up anew."""

    address_hash = models.CharField(max_length=64, unique=True)  # HMAC-SHA256 under the suppression key
    reason = models.CharField(max_length=24)  # left, bounced, complained, erased, moved
    at = models.DateTimeField()

    class Meta:
        verbose_name = _("suppressed address")
        verbose_name_plural = _("suppression list")

    def __str__(self) -> str:
        return f"{self.reason} {self.address_hash[:8]}"
