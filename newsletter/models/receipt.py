"""What a model was asked, answered and cost: a re-run pays nothing twice."""

from django.db import models

from newsletter.models.newsletter import Newsletter


class ModelCall(models.Model):
    """One answered call, found again by the hash of what was asked."""

    newsletter = models.ForeignKey(Newsletter, on_delete=models.CASCADE, related_name="model_calls")
    date = models.DateField(db_index=True)  # the issue date: what the day's budget is counted on
    purpose = models.CharField(max_length=40)
    model = models.CharField(max_length=60)
    prompt_hash = models.CharField(max_length=64, unique=True)  # SHA-256 over model, prompt and schema
    answer = models.TextField()
    input_tokens = models.PositiveIntegerField()
    output_tokens = models.PositiveIntegerField()
    cost_usd = models.DecimalField(max_digits=9, decimal_places=6)
    at = models.DateTimeField(auto_now_add=True)

    def __str__(self) -> str:
        return f"{self.purpose} {self.date}"
