"""What came in by the sign-up form and nobody has looked at yet."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from subscribers.models.subscriber import Language


class Wish(models.Model):
    """Somebody typed this address, and a mail will ask its owner. Deleted when it is taken up, within seconds.

    The form only writes such a row: whether the address is known is looked up later, where nobody can time it.
    """

    email = models.EmailField(max_length=320)
    language = models.CharField(max_length=4, choices=Language.choices)
    zone = models.CharField(max_length=64, blank=True)
    ip = models.GenericIPAddressField(null=True, blank=True)
    wording = models.TextField()  # what stood beside the button
    made_at = models.DateTimeField()

    class Meta:
        verbose_name = _("wish to join")
        verbose_name_plural = _("wishes to join")

    def __str__(self) -> str:
        return f"wish {self.pk}"
