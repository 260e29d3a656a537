"""Mails to one reader that are due, and the single-use links that some of them carry."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from subscribers.models.subscriber import Language, Subscriber


class Ticket(models.Model):
    """Leave to do one grave thing once, within half an hour: its link goes to a mailbox that only the reader opens."""

    class Purpose(models.TextChoices):
        COPY = "copy"  # of all data
        ERASE = "erase"
        CHANGE = "change"  # the address: opens the form for the new one
        NEW_ADDRESS = "new_address"  # mailed to the new address, which proves that the reader opens it

    reader = models.ForeignKey(Subscriber, on_delete=models.CASCADE, related_name="tickets")
    purpose = models.CharField(max_length=12, choices=Purpose.choices)
    token = models.CharField(max_length=32, unique=True)
    new_email = models.EmailField(max_length=320, blank=True)  # of NEW_ADDRESS only
    made_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = _("single-use link")
        verbose_name_plural = _("single-use links")

    def __str__(self) -> str:
        return f"{self.purpose} for reader {self.reader_id}"


class Notice(models.Model):
    """One mail that is due. The rows are the queue: what a crash or a dead server left is taken up again."""

    class Kind(models.TextChoices):
        CONFIRM = "confirm"
        WELCOME = "welcome"
        ALREADY = "already"  # asked to join, and is a reader
        PREFERENCES = "preferences"  # an operator was asked for the link
        TICKET = "ticket"
        MOVED = "moved"  # told to the old address

    reader = models.ForeignKey(Subscriber, on_delete=models.CASCADE, related_name="notices")
    kind = models.CharField(max_length=12, choices=Kind.choices)
    language = models.CharField(max_length=4, choices=Language.choices)
    ticket = models.ForeignKey(Ticket, on_delete=models.CASCADE, null=True, blank=True)
    address = models.EmailField(max_length=320, blank=True)  # where it goes, if not to the reader's present address
    # It answers a mail, so it has a null envelope sender: nothing answers it (RFC 3834 §3.3).
    answers_mail = models.BooleanField(default=False)
    made_at = models.DateTimeField()
    due_at = models.DateTimeField(null=True, db_index=True)  # null: sent, or given up (see `reply`)
    attempts = models.PositiveSmallIntegerField(default=0)
    sent_at = models.DateTimeField(null=True, blank=True)
    reply = models.CharField(max_length=300, blank=True)  # why the last attempt failed

    class Meta:
        verbose_name = _("mail to one reader")
        verbose_name_plural = _("mails to single readers")

    def __str__(self) -> str:
        return f"{self.kind} for reader {self.reader_id}"
