"""An issue as rendered for one set of choices, and one row for each reader who is to get it."""

import datetime as dt

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from newsletter.models.issue import Issue
from subscribers.models import Subscriber


class Edition(models.Model):
    """Frozen: complete MIME bytes with fixed-width slots for what differs from reader to reader."""

    issue = models.ForeignKey(Issue, on_delete=models.PROTECT, related_name="editions", verbose_name=_("issue"))
    choices_hash = models.CharField(_("choices"), max_length=16)
    choices = models.JSONField()
    content_hash = models.CharField(max_length=64)  # the issue's approved hash it was made from
    subject = models.CharField(_("subject"), max_length=300)
    mime = models.BinaryField()
    mime_hash = models.CharField(max_length=64, blank=True)  # SHA-256 of `mime`; empty where it was frozen without
    size = models.PositiveIntegerField(_("bytes"))  # bytes of the HTML part; Gmail clips near 102 KB
    frozen_at = models.DateTimeField(_("frozen at"))

    class Meta:
        verbose_name = _("edition")
        verbose_name_plural = _("editions")
        constraints = [models.UniqueConstraint(fields=["issue", "choices_hash"], name="edition_choices_once")]

    def __str__(self) -> str:
        return f"edition {self.choices_hash} of {self.issue_id}"


class DeliveryState(models.TextChoices):
    QUEUED = "queued"
    CLAIMED = "claimed"  # a run has it in its batch, and its own record knows what has left
    ACCEPTED = "accepted"  # the next server took it (250): not the same as delivered
    DEFERRED = "deferred"  # 4xx: to be tried again
    REFUSED = "refused"  # 5xx
    UNCERTAIN = "uncertain"  # the worker died or the line fell after DATA: may or may not have been sent
    WITHDRAWN = "withdrawn"  # the reader left, or the issue was stopped, before it was sent


RETRYABLE = frozenset({DeliveryState.QUEUED, DeliveryState.DEFERRED})
FINAL = frozenset({DeliveryState.ACCEPTED, DeliveryState.REFUSED, DeliveryState.UNCERTAIN, DeliveryState.WITHDRAWN})


LIFE = dt.timedelta(hours=24)  # of a delivery, from when it was first due: nobody wants a paper of the day before


def in_a_day() -> dt.datetime:
    """When a delivery that is due now expires."""
    return timezone.now() + LIFE


class Delivery(models.Model):
    """One edition for one reader, one row, one outcome."""

    # Without an index of its own: the unique one begins with it.
    issue = models.ForeignKey(
        Issue, on_delete=models.PROTECT, related_name="deliveries", db_index=False, verbose_name=_("issue")
    )
    reader = models.ForeignKey(
        Subscriber, on_delete=models.PROTECT, related_name="deliveries", verbose_name=_("reader")
    )
    edition = models.ForeignKey(Edition, on_delete=models.PROTECT, related_name="deliveries")
    state = models.CharField(_("state"), max_length=12, choices=DeliveryState.choices, default=DeliveryState.QUEUED)
    due_at = models.DateTimeField(_("due at"))  # the reader's hour; later where it is put off
    expires_at = models.DateTimeField(default=in_a_day)  # LIFE after it was first due, however often it is put off
    claimed_at = models.DateTimeField(null=True, blank=True)
    claimed_by = models.CharField(max_length=64, blank=True)  # the run: host:pid:letters, the name of its record
    # From then on it may have left. Set with the claim, and taken away where it surely did not.
    handed_over_at = models.DateTimeField(null=True, blank=True)
    attempts = models.PositiveSmallIntegerField(_("attempts"), default=0)
    finished_at = models.DateTimeField(_("finished at"), null=True, blank=True)
    reply = models.CharField(_("the server’s words"), max_length=300, blank=True)  # the server's last words

    class Meta:
        verbose_name = _("delivery")
        verbose_name_plural = _("deliveries")
        constraints = [models.UniqueConstraint(fields=["issue", "reader"], name="delivery_once")]
        # Of those due at one moment, each edition's one after the other: a worker keeps only some of them cut up.
        indexes = [models.Index(fields=["state", "due_at", "edition"], name="delivery_due")]

    def __str__(self) -> str:
        return f"{self.issue_id} to reader {self.reader_id}: {self.state}"


class PauseReason(models.TextChoices):
    """Why an issue is paused: a person says so, or one of the things that stop the sending by themselves."""

    PERSON = "person"
    COMPLAINTS = "complaints"  # too many of its readers call it spam
    NOT_TAKEN = "not_taken"  # 5.7.x: our mail isn't taken for what we are
    LINE_FELL = "line_fell"  # again and again, on mails that may have arrived


class Pause(models.Model):
    """An issue whose mails stay where they are until a person lets them go on. No row: they may go."""

    issue = models.OneToOneField(Issue, on_delete=models.CASCADE, related_name="pause", verbose_name=_("issue"))
    since = models.DateTimeField(_("since"))
    reason = models.CharField(
        _("kind of reason"), max_length=16, choices=PauseReason.choices, default=PauseReason.PERSON
    )
    because = models.CharField(_("why"), max_length=400, blank=True)  # the person's words, the server's, or figures
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, verbose_name=_("who")
    )  # null: the program itself, or somebody at a terminal
    telling_at = models.DateTimeField(null=True, blank=True)  # a worker writes to the operators now
    told_at = models.DateTimeField(_("operators told at"), null=True, blank=True)

    class Meta:
        verbose_name = _("pause")
        verbose_name_plural = _("pauses")

    def __str__(self) -> str:
        return f"{self.issue_id}: {self.because}"


class DeliveryEvent(models.Model):
    """Something told from outside: a bounce, a complaint, a command. Stored under its own id, then applied."""

    delivery = models.ForeignKey(
        Delivery, on_delete=models.CASCADE, null=True, blank=True, related_name="events", verbose_name=_("delivery")
    )
    # Whom it is about, also where it is about a single mail, which has no delivery.
    reader = models.ForeignKey(
        Subscriber,
        on_delete=models.CASCADE,
        null=True,
        blank=True,
        related_name="outside_events",
        verbose_name=_("reader"),
    )
    kind = models.CharField(_("kind"), max_length=24)
    external_id = models.CharField(max_length=200, unique=True)
    occurred_at = models.DateTimeField(_("happened at"))
    detail = models.JSONField(default=dict)
    applied_at = models.DateTimeField(_("applied at"), null=True, blank=True)

    class Meta:
        verbose_name = _("delivery event")
        verbose_name_plural = _("delivery events")

    def __str__(self) -> str:
        return f"{self.kind} {self.external_id}"
