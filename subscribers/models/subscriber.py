"""One reader: address, state, choices."""

import hashlib
import json
from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _

from subscribers.models.domain import Domain


class State(models.TextChoices):
    """Where a reader stands. The moves between these live in `subscribers/joining.py` only."""

    PENDING = "pending"  # asked to join, has not confirmed
    ACTIVE = "active"
    PAUSED = "paused"  # until `paused_until`
    LEFT = "left"
    BOUNCED = "bounced"
    COMPLAINED = "complained"
    ERASED = "erased"


MAILABLE = frozenset({State.ACTIVE})


class Language(models.TextChoices):
    """What a reader reads: one language, or both side by side."""

    EN = "en"
    ZH = "zh"
    BOTH = "both"


class Frequency(models.TextChoices):
    DAILY = "daily"
    WEEKDAYS = "weekdays"
    WEEKLY = "weekly"


class Subscriber(models.Model):
    """A reader. `lists`, `sections` and `topics` hold slugs; null means all, also those made later."""

    email = models.EmailField(max_length=320, null=True)  # as the reader wrote it; null once erased
    # The normalised address (NFC, domain as A-label, case folded): the reader's identity. Null once erased.
    email_key = models.CharField(max_length=320, null=True)
    state = models.CharField(max_length=12, choices=State.choices, default=State.PENDING)
    language = models.CharField(max_length=4, choices=Language.choices, default=Language.BOTH)
    lists = models.JSONField(null=True, blank=True)
    sections = models.JSONField(null=True, blank=True)
    topics = models.JSONField(null=True, blank=True)
    plain_text = models.BooleanField(default=False)
    # The hash of the choices that decide an edition's content; written with them, never alone.
    choices_hash = models.CharField(max_length=16)
    frequency = models.CharField(max_length=8, choices=Frequency.choices, default=Frequency.DAILY)
    send_at = models.TimeField(null=True, blank=True)  # on the clock of `zone`; null: the newsletter's hour
    zone = models.CharField(max_length=64, default="Asia/Shanghai")
    paused_until = models.DateField(null=True, blank=True)
    # Names the reader in links and VERP addresses; a new one makes every older link useless.
    token = models.CharField(max_length=32)
    source = models.CharField(max_length=24, blank=True)  # how the reader came: form, mail, import, demo
    created_at = models.DateTimeField(auto_now_add=True)
    # When joining was last asked for and is not yet answered: what makes a confirmation link work, for a week.
    asked_at = models.DateTimeField(null=True, blank=True)
    confirmed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = _("reader")
        verbose_name_plural = _("readers")
        permissions = [("export_subscriber", "Can export readers")]
        # Here and not at the fields, because PostgreSQL would get a second index for each, for LIKE.
        constraints = [
            models.UniqueConstraint(fields=["email_key"], name="reader_once"),
            models.UniqueConstraint(fields=["token"], name="reader_token_once"),
            models.CheckConstraint(
                condition=models.Q(state=State.ERASED) | (models.Q(email__isnull=False) & ~models.Q(email="")),
                name="reader_has_address",
            ),
        ]
        indexes = [
            # Whoever is due at an hour, from the index alone; and whoever is in a state.
            # Who is due when, and how many of which language: both from the index alone.
            models.Index(
                fields=["state", "zone", "send_at", "language", "frequency", "paused_until", "id"], name="reader_due"
            ),
            models.Index(fields=["choices_hash"], name="reader_choices"),
            # What the operator's list filters by, in its order: counted from the index alone.
            models.Index(
                fields=["state", "id", "language", "source", "frequency", "plain_text", "confirmed_at"],
                name="reader_list",
            ),
            models.Index(Domain("email_key"), name="reader_domain"),
        ]

    def __str__(self) -> str:
        return f"reader {self.pk} ({self.state})"

    def choices(self) -> dict[str, Any]:
        """What decides the content of this reader's edition, as plain values."""
        return {
            "language": str(self.language),
            "lists": self.lists,
            "sections": self.sections,
            "topics": self.topics,
            "plain_text": self.plain_text,
        }


def hash_choices(choices: dict[str, Any]) -> str:
    """The canonical 16-hex hash of a reader's choices: order and repeats in lists don't count, null is all."""
    canonical = {k: sorted(set(v)) if isinstance(v, list) else v for k, v in choices.items()}
    text = json.dumps(canonical, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()[:16]
