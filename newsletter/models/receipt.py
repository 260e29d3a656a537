"""What a model was asked, answered and cost: a re-run pays nothing twice, and a day has a budget."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from newsletter.models.newsletter import Newsletter


class ModelCall(models.Model):
    """One call's receipt, found again by the hash of what was asked."""

    class Outcome(models.TextChoices):
        ANSWERED = "answered"
        CUT = "cut"  # at max_tokens, or at the end of the model's window
        REFUSED = "refused"
        LOST = "lost"  # no answer came in time; it may have been billed, so it counts as if it had been

    newsletter = models.ForeignKey(
        Newsletter, on_delete=models.CASCADE, related_name="model_calls", verbose_name=_("newsletter")
    )
    date = models.DateField(_("date"), db_index=True)  # the issue date: what the day's budget is counted on
    purpose = models.CharField(_("what for"), max_length=40)
    prompt_version = models.CharField(max_length=40, blank=True)  # of the prompt's file: "3 (a1b2c3)"
    model = models.CharField(_("model"), max_length=60)
    prompt_hash = models.CharField(max_length=64, db_index=True)  # SHA-256 over all that shapes the answer
    outcome = models.CharField(_("outcome"), max_length=8, choices=Outcome.choices, default=Outcome.ANSWERED)
    answer = models.TextField(blank=True)  # as it came; what was not usable too
    input_tokens = models.PositiveIntegerField()  # neither written to the cache nor read from it
    cache_write_tokens = models.PositiveIntegerField(default=0)
    cache_read_tokens = models.PositiveIntegerField(default=0)
    output_tokens = models.PositiveIntegerField()
    cost_usd = models.DecimalField(_("cost in US$"), max_digits=9, decimal_places=6)
    seconds = models.FloatField(_("seconds"), default=0)  # from asking to the whole answer; 0 in a batch
    batched = models.BooleanField(_("batched"), default=False)  # through the Message Batches API, at half the price
    at = models.DateTimeField(_("at"), auto_now_add=True)

    class Meta:
        verbose_name = _("model’s receipt")
        verbose_name_plural = _("models’ receipts")
        constraints = [
            models.UniqueConstraint(
                fields=["prompt_hash"], condition=~models.Q(outcome="lost"), name="model_call_answered_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.purpose} {self.date}"


class ModelBatch(models.Model):
    """Requests of one morning that were handed to the Message Batches API; the draft waits for them, for a while."""

    class State(models.TextChoices):
        SENT = "sent"
        ENDED = "ended"  # its answers have become receipts
        GIVEN_UP = "given_up"  # not ready in time, or lost

    newsletter = models.ForeignKey(
        Newsletter, on_delete=models.CASCADE, related_name="model_batches", verbose_name=_("newsletter")
    )
    date = models.DateField(_("date"))
    batch_id = models.CharField(max_length=100)  # the service's
    requests = (
        models.JSONField()
    )  # custom id -> what its receipt will say: purpose, prompt_version, model, prompt_hash
    state = models.CharField(_("state"), max_length=8, choices=State.choices, default=State.SENT)
    sent_at = models.DateTimeField(_("sent at"))
    wait_until = models.DateTimeField(_("waits until"))
    note = models.CharField(_("note"), max_length=300, blank=True)  # how it ended, in a line

    class Meta:
        verbose_name = _("batch of requests to a model")
        verbose_name_plural = _("batches of requests to a model")
        constraints = [models.UniqueConstraint(fields=["newsletter", "date"], name="model_batch_once_a_day")]

    def __str__(self) -> str:
        return f"{self.batch_id} {self.date}"
