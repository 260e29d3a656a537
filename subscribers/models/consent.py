"""What a reader agreed to, when and how: the proof, kept for as long as the reader is."""

from django.db import models

from subscribers.models.subscriber import Subscriber


class ConsentEvent(models.Model):
    """One move of a reader's state. Rows are added, never changed; erased with the reader."""

    # Without an index of its own: the one below begins with it.
    subscriber = models.ForeignKey(Subscriber, on_delete=models.CASCADE, related_name="consents", db_index=False)
    kind = models.CharField(max_length=24)  # joined, confirmed, left, paused, resumed, changed_address, …
    from_state = models.CharField(max_length=12, blank=True)
    to_state = models.CharField(max_length=12)
    at = models.DateTimeField()
    how = models.CharField(max_length=24)  # form, mail, one_click, admin, import, bounce, complaint, clock
    wording = models.TextField(blank=True)  # the text the reader agreed to, word for word
    ip = models.GenericIPAddressField(null=True, blank=True)
    note = models.TextField(blank=True)

    class Meta:
        indexes = [models.Index(fields=["subscriber", "at"], name="consent_reader_at")]
        ordering = ["at", "pk"]

    def __str__(self) -> str:
        return f"{self.kind} by reader {self.subscriber_id}"
