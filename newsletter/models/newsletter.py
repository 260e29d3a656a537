"""The newsletter itself: one row to begin with."""

import datetime as dt
from zoneinfo import ZoneInfo

from django.db import models
from django.utils.translation import gettext_lazy as _

EXAMPLE_STREET = "Example Street"


class DeadlinePolicy(models.TextChoices):
    """What happens at the hour of sending to an issue that nobody has approved."""

    HOLD = "hold", _("hold it until an editor approves it")
    SKIP = "skip", _("skip the day")
    SEND_IF_NO_HIGH = "send_if_no_high", _("send it if the checks doubt nothing serious")


class Logo(models.Model):
    """A picture in the masthead: a PNG that `page/picture.py` has looked through. A new one is a new row."""

    png = models.BinaryField()
    width = models.PositiveSmallIntegerField()  # pixels of the picture, which is shown smaller
    height = models.PositiveSmallIntegerField()
    added_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name = _("logo")
        verbose_name_plural = _("logos")

    def __str__(self) -> str:
        return f"{self.width} x {self.height}"


class Newsletter(models.Model):
    """Names, sender and hours. Hours are on the clock of `zone`."""

    slug = models.SlugField(unique=True)
    name_en = models.CharField(_("English name"), max_length=100)
    name_zh = models.CharField(_("Chinese name"), max_length=100)
    tagline_en = models.CharField(max_length=200, blank=True)
    tagline_zh = models.CharField(max_length=200, blank=True)
    accent = models.CharField(max_length=7, default="#b02e19")  # the one colour, on light ground
    logo = models.ForeignKey(Logo, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    sender_name = models.CharField(max_length=100)
    sender_address = models.EmailField(_("sender’s address"))
    postal_address = models.CharField(max_length=300)  # CAN-SPAM §7704(a)(5): a physical address in every mail
    reply_address = models.EmailField(
        blank=True, help_text=_("Where answers to our mails go, if somebody reads them there.")
    )
    privacy_en = models.TextField(
        blank=True,
        help_text=_("Who is responsible and whom to ask, in English: stands at the head of the privacy page."),
    )
    privacy_zh = models.TextField(blank=True, help_text=_("The same in Chinese."))
    zone = models.CharField(_("time zone"), max_length=64, default="Asia/Shanghai")
    draft_at = models.TimeField(_("draft at"), default=dt.time(6, 0))
    send_at = models.TimeField(_("sent from"), default=dt.time(8, 0))
    remind_at = models.TimeField(
        _("editors are reminded at"),
        default=dt.time(7, 30),
        help_text=_("By mail, where the issue isn’t approved by then."),
    )
    deadline_policy = models.CharField(
        _("where nobody has approved the issue by then"),
        max_length=16,
        choices=DeadlinePolicy.choices,
        default=DeadlinePolicy.HOLD,
    )
    second_approver = models.BooleanField(
        _("two people approve"), default=False, help_text=_("A second person approves the same text before it leaves.")
    )
    count_clicks = models.BooleanField(
        _("count clicks"),
        default=False,
        help_text=_("How often each link of a mail is followed, and never by whom."),
    )
    dkim_selector = models.CharField(
        _("DKIM selector"),
        max_length=63,
        blank=True,
        help_text=_("The name under ._domainkey where the sender’s key stands; the desk looks whether it does."),
    )
    # What review.sender found in the DNS, and when:
    # {"domain", "selector", "records": [{"name", "place", "state", "text"}]}
    sender_dns = models.JSONField(default=dict, blank=True, editable=False)
    sender_dns_at = models.DateTimeField(null=True, blank=True, editable=False)

    class Meta:
        verbose_name = _("newsletter")
        verbose_name_plural = _("newsletters")

    def __str__(self) -> str:
        return self.name_en

    @property
    def tz(self) -> ZoneInfo:
        return ZoneInfo(self.zone)

    @property
    def lacks_postal_address(self) -> bool:
        """Whether the one that mails would carry is none, or still the example that the first row is made with."""
        return not self.postal_address.strip() or EXAMPLE_STREET in self.postal_address

    def moment(self, date: dt.date, clock: dt.time) -> dt.datetime:
        """`clock` on `date` in the newsletter's zone, as an aware time."""
        return dt.datetime.combine(date, clock, tzinfo=self.tz)

    def cutoff(self, date: dt.date) -> dt.datetime:
        """The end of the day's window of 24 hours: the draft hour of `date`."""
        return self.moment(date, self.draft_at)

    def today(self) -> dt.date:
        """The date it is now in the newsletter's zone."""
        return dt.datetime.now(self.tz).date()
