"""What editors did with an issue on its way to the readers: who approved, waived, tried, held and sent it."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from newsletter.models.issue import Issue, IssueState
from newsletter.models.newsletter import Newsletter


class Move(models.Model):
    """One move of an issue from a state to another. Written by `newsletter/workflow.py` only, with the move itself."""

    issue = models.ForeignKey(Issue, on_delete=models.CASCADE, related_name="moves", verbose_name=_("issue"))
    act = models.CharField(_("what was done"), max_length=16)  # the names in workflow.Act
    was = models.CharField(_("before"), max_length=12, choices=IssueState.choices)
    became = models.CharField(_("after"), max_length=12, choices=IssueState.choices)
    at = models.DateTimeField(_("at"))
    # null: the clock or a rule did it
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("by"),
    )
    because = models.CharField(_("why"), max_length=300, blank=True)

    class Meta:
        verbose_name = _("move of an issue")
        verbose_name_plural = _("moves of issues")
        ordering = ["-at", "-pk"]

    def __str__(self) -> str:
        return f"{self.issue_id}: {self.act}"


class Approval(models.Model):
    """One person's, or the rule's, word that this content may be sent. An edit voids it; the row stays."""

    issue = models.ForeignKey(Issue, on_delete=models.CASCADE, related_name="approvals", verbose_name=_("issue"))
    content_hash = models.CharField(_("content"), max_length=64)
    # null: released by the newsletter's rule at the deadline, and read by no person
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("by"),
    )
    at = models.DateTimeField(_("at"))
    voided_at = models.DateTimeField(_("void since"), null=True, blank=True)

    class Meta:
        verbose_name = _("approval")
        verbose_name_plural = _("approvals")
        constraints = [
            models.UniqueConstraint(
                fields=["issue", "content_hash", "by"],
                condition=models.Q(voided_at=None),
                name="approval_once_a_person",
            )
        ]
        ordering = ["at", "pk"]

    def __str__(self) -> str:
        return f"{self.issue_id} as {self.content_hash[:8]}"


class Waiver(models.Model):
    """A point of the checklist that an editor lets pass, with a reason. It holds for `state` and no other."""

    issue = models.ForeignKey(Issue, on_delete=models.CASCADE, related_name="waivers", verbose_name=_("issue"))
    point = models.CharField(_("point"), max_length=16)  # the slug of a checklist's point
    state = models.CharField(max_length=64)  # a hash of what was waived: two broken links are not one
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name=_("by"))
    because = models.CharField(_("why"), max_length=300)
    at = models.DateTimeField(_("at"))

    class Meta:
        verbose_name = _("waiver")
        verbose_name_plural = _("waivers")
        constraints = [models.UniqueConstraint(fields=["issue", "point", "state"], name="waiver_once")]

    def __str__(self) -> str:
        return f"{self.point} of {self.issue_id}"


class LinkCheck(models.Model):
    """Whether an address in the issue leads somewhere, as it was when it was last asked."""

    class Outcome(models.TextChoices):
        WAITING = "waiting", _("not asked yet")
        OK = "ok", _("opens")
        BROKEN = "broken", _("broken")
        UNKNOWN = "unknown", _("can’t be told")  # refused to us, too slow, or in trouble: a reader may get through

    issue = models.ForeignKey(Issue, on_delete=models.CASCADE, related_name="link_checks", verbose_name=_("issue"))
    url = models.CharField(max_length=2000)
    url_hash = models.CharField(max_length=64)  # of the address: too long for an index itself
    outcome = models.CharField(_("outcome"), max_length=8, choices=Outcome.choices, default=Outcome.WAITING)
    status = models.PositiveSmallIntegerField(_("HTTP status"), null=True, blank=True)
    reason = models.CharField(_("why"), max_length=300, blank=True)
    claimed_at = models.DateTimeField(null=True, blank=True)  # a worker asks now
    checked_at = models.DateTimeField(_("asked at"), null=True, blank=True)

    class Meta:
        verbose_name = _("checked link")
        verbose_name_plural = _("checked links")
        constraints = [models.UniqueConstraint(fields=["issue", "url_hash"], name="link_once_an_issue")]

    def __str__(self) -> str:
        return f"{self.url}: {self.outcome}"


class TrialGroup(models.Model):
    """People who get a test of the mail before it goes out: colleagues, or mailboxes at the large providers."""

    newsletter = models.ForeignKey(
        Newsletter, on_delete=models.CASCADE, related_name="trial_groups", verbose_name=_("newsletter")
    )
    name = models.CharField(_("name"), max_length=60)
    addresses = models.TextField(_("addresses"))  # one a line

    class Meta:
        verbose_name = _("group for test mails")
        verbose_name_plural = _("groups for test mails")
        constraints = [models.UniqueConstraint(fields=["newsletter", "name"], name="trial_group_once")]
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name


class TrialMail(models.Model):
    """One test mail, and what the next server said of it."""

    issue = models.ForeignKey(Issue, on_delete=models.CASCADE, related_name="trial_mails", verbose_name=_("issue"))
    content_hash = models.CharField(max_length=64)  # of the content that it showed
    language = models.CharField(_("language"), max_length=4)  # en, zh, both
    address = models.CharField(_("address"), max_length=320)
    group = models.CharField(_("group"), max_length=60, blank=True)  # its name; empty: the editor's own address
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name=_("by"))
    at = models.DateTimeField(_("at"))
    accepted = models.BooleanField(_("accepted"))
    reply = models.CharField(_("the server’s words"), max_length=300, blank=True)  # where it was not accepted

    class Meta:
        verbose_name = _("test mail")
        verbose_name_plural = _("test mails")
        ordering = ["-at", "-pk"]

    def __str__(self) -> str:
        return f"{self.issue_id} to {self.address}"


class EditorMail(models.Model):
    """A mail to one editor about one day: its row is made before it leaves, so that it leaves once."""

    newsletter = models.ForeignKey(
        Newsletter, on_delete=models.CASCADE, related_name="editor_mails", verbose_name=_("newsletter")
    )
    date = models.DateField(_("date"))  # the issue's
    kind = models.CharField(_("kind"), max_length=16)  # the names in review.notices.Kind
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+", verbose_name=_("editor")
    )
    claimed_at = models.DateTimeField()
    attempts = models.PositiveSmallIntegerField(_("attempts"), default=1)
    sent_at = models.DateTimeField(_("sent at"), null=True, blank=True)
    reply = models.CharField(_("the server’s words"), max_length=300, blank=True)  # where it was not taken

    class Meta:
        verbose_name = _("mail to an editor")
        verbose_name_plural = _("mails to editors")
        constraints = [models.UniqueConstraint(fields=["newsletter", "date", "kind", "user"], name="editor_mail_once")]

    def __str__(self) -> str:
        return f"{self.kind} {self.date} to {self.user_id}"
