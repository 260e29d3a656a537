"""What was wrong in an issue that readers have, and what they answered to it."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from newsletter.models.issue import Block, Issue
from subscribers.models import Subscriber


class Correction(models.Model):
    """A block of a sent issue as it should have been. The block itself stays what readers got; the archive shows this.

    A later correction of the same block stands in for the earlier one; neither is ever changed or deleted.
    """

    issue = models.ForeignKey(Issue, on_delete=models.PROTECT, related_name="corrections", verbose_name=_("issue"))
    block = models.ForeignKey(Block, on_delete=models.PROTECT, related_name="corrections", verbose_name=_("block"))
    at = models.DateTimeField(_("at"))
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name=_("by"))
    note_en = models.CharField(_("what was wrong"), max_length=600)
    note_zh = models.CharField(max_length=600)
    before = models.JSONField()  # title_en, title_zh, text_en, text_zh as the archive showed them until then
    after = models.JSONField()  # the same fields as they should have been
    # The mail about it, an issue of its own with kind "correction"; null: only the archive says so.
    mail = models.OneToOneField(
        Issue, on_delete=models.SET_NULL, null=True, blank=True, related_name="correction", verbose_name=_("mail")
    )

    class Meta:
        verbose_name = _("correction")
        verbose_name_plural = _("corrections")
        ordering = ["-at", "-pk"]

    def __str__(self) -> str:
        return f"correction of {self.block_id} in {self.issue_id}"


class Reply(models.Model):
    """A person's answer to one of our mails. Personal data: it goes with the reader, and after REPLIES_KEPT."""

    received_at = models.DateTimeField(_("received at"))
    fingerprint = models.CharField(max_length=64, unique=True)  # the same mail offered twice is one row
    sender = models.CharField(_("from"), max_length=320)  # the address; what a mail says of itself proves nothing
    sender_key = models.CharField(max_length=320, db_index=True)  # normalised as readers' are
    sender_name = models.CharField(max_length=200, blank=True)
    subject = models.CharField(_("subject"), max_length=300, blank=True)
    text = models.TextField(_("text"), blank=True)
    attachments = models.JSONField(default=list)  # [{"name": …, "type": …, "size": bytes}]; their content isn't kept
    shortened = models.BooleanField(default=False)
    # Whom and what it answers, by the sealed Message-ID of our mail; else the reader who has the sender's address.
    reader = models.ForeignKey(
        Subscriber, on_delete=models.CASCADE, null=True, blank=True, related_name="replies", verbose_name=_("reader")
    )
    issue = models.ForeignKey(
        Issue, on_delete=models.SET_NULL, null=True, blank=True, related_name="replies", verbose_name=_("issue")
    )
    done_at = models.DateTimeField(_("done at"), null=True, blank=True)
    done_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    forward_at = models.DateTimeField(null=True, blank=True)  # when to try next; null: nothing to forward, or done
    forward_attempts = models.PositiveSmallIntegerField(default=0)
    forwarded_at = models.DateTimeField(_("forwarded at"), null=True, blank=True)
    forward_note = models.CharField(max_length=300, blank=True)  # why it wasn't, or the server's words

    class Meta:
        verbose_name = _("reader’s reply")
        verbose_name_plural = _("readers’ replies")
        ordering = ["-received_at", "-pk"]
        indexes = [models.Index(fields=["done_at", "-received_at"], name="reply_open")]

    def __str__(self) -> str:
        return f"reply {self.pk}"
