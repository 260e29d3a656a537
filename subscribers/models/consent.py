"""What a reader agreed to, when and how: the proof, kept for as long as the reader is."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from subscribers.models.subscriber import Subscriber


class Happening(models.TextChoices):
    """What can happen between a reader and us. Those that move the state are the keys of `joining.MOVES`."""

    ASKED = "asked"
    ADMITTED = "admitted"  # by an import
    CONFIRMED = "confirmed"
    LEFT = "left"
    CAME_BACK = "came_back"
    PAUSED = "paused"
    RESUMED = "resumed"
    BOUNCED = "bounced"
    COMPLAINED = "complained"
    ERASED = "erased"
    CHOSE = "chose"
    GAVE_REASON = "gave_reason"
    CHANGED_ADDRESS = "changed_address"


class Way(models.TextChoices):
    """How it came. The first four are also how somebody became a reader (Subscriber.source)."""

    FORM = "form"
    MAIL = "mail"
    IMPORT = "import"
    DEMO = "demo"
    PAGE = "page"
    ONE_CLICK = "one_click"
    ADMIN = "admin"
    BOUNCE = "bounce"
    COMPLAINT = "complaint"
    CLOCK = "clock"


class ConsentEvent(models.Model):
    """One thing that happened between a reader and us. Rows are added, never changed; erased with the reader."""

    # Without an index of its own: the one below begins with it.
    subscriber = models.ForeignKey(Subscriber, on_delete=models.CASCADE, related_name="consents", db_index=False)
    kind = models.CharField(max_length=24, choices=Happening.choices)
    from_state = models.CharField(max_length=12, blank=True)
    to_state = models.CharField(max_length=12)
    at = models.DateTimeField()
    how = models.CharField(max_length=24, choices=Way.choices)
    wording = models.TextField(blank=True)  # the text the reader agreed to, word for word
    ip = models.GenericIPAddressField(null=True, blank=True)
    note = models.TextField(blank=True)

    class Meta:
        verbose_name = _("event of consent")
        verbose_name_plural = _("events of consent")
        indexes = [
            models.Index(fields=["subscriber", "at"], name="consent_reader_at"),
            models.Index(fields=["kind", "at"], name="consent_kind_at"),  # who left since, of a million events
        ]
        ordering = ["at", "pk"]

    def __str__(self) -> str:
        return f"{self.kind} by reader {self.subscriber_id}"
