"""One day's content in both languages, and what is doubted in it."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from newsletter.models.newsletter import Newsletter
from newsletter.models.source import Article, SourceList
from newsletter.models.story import Story


class IssueState(models.TextChoices):
    """The moves between these live in `newsletter/workflow.py` only."""

    DRAFT = "draft"
    IN_REVIEW = "in_review"
    APPROVED = "approved"
    SENDING = "sending"
    SENT = "sent"
    HELD = "held"  # not approved by the hour: nothing is sent until an editor says so
    SKIPPED = "skipped"


EDITABLE = frozenset({IssueState.DRAFT, IssueState.IN_REVIEW, IssueState.APPROVED, IssueState.HELD})
PUBLIC = frozenset({IssueState.SENDING, IssueState.SENT})


class Issue(models.Model):
    """Texts live in blocks. `approved_hash` is the content that may be sent, and nothing else is."""

    newsletter = models.ForeignKey(
        Newsletter, on_delete=models.PROTECT, related_name="issues", verbose_name=_("newsletter")
    )
    kind = models.CharField(_("kind"), max_length=12, default="daily")  # daily, weekly, correction
    date = models.DateField(_("date"))
    sequence = models.PositiveSmallIntegerField(default=1)
    number = models.PositiveIntegerField(_("number"))  # "No. 128"
    state = models.CharField(_("state"), max_length=12, choices=IssueState.choices, default=IssueState.DRAFT)
    cutoff = models.DateTimeField()  # the end of the 24 hours it tells of
    title_en = models.CharField(_("English title"), max_length=300, blank=True)  # the main line
    title_zh = models.CharField(_("Chinese title"), max_length=300, blank=True)
    subject_en = models.CharField(max_length=200, blank=True)
    subject_zh = models.CharField(max_length=200, blank=True)
    composer = models.CharField(
        _("composer"), max_length=80, blank=True
    )  # offline, or the model's name, or "MODEL+offline"
    composed_at = models.DateTimeField(null=True, blank=True)
    checked_at = models.DateTimeField(null=True, blank=True)
    sentences = models.PositiveIntegerField(default=0)  # how many the check read
    approved_hash = models.CharField(max_length=64, blank=True)
    approved_at = models.DateTimeField(_("approved at"), null=True, blank=True)
    approved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, verbose_name=_("approved by")
    )
    # An editor's "send now": from when on mails leave, before the newsletter's hour; and whether the readers who chose
    # a later hour get it then too.
    send_from = models.DateTimeField(_("sent from"), null=True, blank=True)
    to_all_at_once = models.BooleanField(default=False)
    sent_at = models.DateTimeField(_("sent at"), null=True, blank=True)
    # State of a delivery -> how many had it when the last left; counting a million rows is not for every page.
    outcomes = models.JSONField(default=dict, blank=True)
    # Of kind "correction": the issue that was wrong. It has the same number, and goes to those who got the wrong text.
    corrects = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="correcting", verbose_name=_("corrects")
    )

    class Meta:
        verbose_name = _("issue")
        verbose_name_plural = _("issues")
        permissions = [("approve_issue", "Can approve, hold, skip and send an issue")]
        constraints = [
            models.UniqueConstraint(fields=["newsletter", "kind", "date", "sequence"], name="issue_once_a_day"),
            models.UniqueConstraint(
                fields=["newsletter", "number"], condition=models.Q(corrects=None), name="issue_number_once"
            ),
        ]
        ordering = ["-date", "-sequence"]

    def __str__(self) -> str:
        return f"No. {self.number}, {self.date}"


class BlockKind(models.TextChoices):
    MAIN_LINE = "main_line"
    ITEM = "item"
    OVERVIEW = "overview"
    HIGHLIGHTS = "highlights"
    INSIGHT = "insight"
    BUSINESS = "business"
    TECHNOLOGY = "technology"
    COMPARISON = "comparison"
    ANALYSIS = "analysis"
    QA = "qa"
    TAGS = "tags"
    DISCLAIMER = "disclaimer"
    NOTE = "note"  # the editor's own words, signed: cites nothing, stands wherever they put it


# Made from the day's data: no model is asked for these, and what is told in their `extra` is made with their texts.
BY_DATA = frozenset({BlockKind.OVERVIEW, BlockKind.TAGS, BlockKind.DISCLAIMER})


class Block(models.Model):
    """One section. Text is plain, paragraphs split by a blank line, citations inline as `[n]`."""

    issue = models.ForeignKey(Issue, on_delete=models.CASCADE, related_name="blocks", verbose_name=_("issue"))
    key = models.CharField(max_length=60)  # item-1, highlights-china: stable within the issue
    kind = models.CharField(_("kind"), max_length=12, choices=BlockKind.choices)
    source_list = models.ForeignKey(
        SourceList, on_delete=models.PROTECT, null=True, blank=True, verbose_name=_("source list")
    )
    story = models.ForeignKey(Story, on_delete=models.SET_NULL, null=True, blank=True, verbose_name=_("story"))
    position = models.PositiveSmallIntegerField(_("position"))  # in the whole issue
    title_en = models.CharField(_("English title"), max_length=300, blank=True)
    title_zh = models.CharField(_("Chinese title"), max_length=300, blank=True)
    text_en = models.TextField(blank=True)
    text_zh = models.TextField(blank=True)
    # translated: the two say the same and are held to it; independent: each language takes its own reports.
    parity = models.CharField(max_length=12, default="translated")
    foreign_en = models.BooleanField(default=False)  # the English text stands in the original language
    foreign_zh = models.BooleanField(default=False)
    data = models.BooleanField(default=False)  # counts made from data: needs no citation
    composer = models.CharField(
        _("composer"), max_length=60, blank=True
    )  # offline, or the model's name; "" for what data alone says
    # Snapshots for display: item {"hot": 92, "quality": 78, "impact": 95, "topics": [...], "articles": 13};
    # overview {"articles": 153, "sources": [["36氪", 23], …], "called": {"36氪": ["36Kr", "36氪"]}};
    # tags {"topics": [...]}.
    extra = models.JSONField(default=dict, blank=True)
    edited_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, verbose_name=_("edited by")
    )
    edited_at = models.DateTimeField(_("edited at"), null=True, blank=True)  # set: composing again never touches it
    dropped = models.BooleanField(
        _("dropped"), default=False
    )  # taken out by an editor; kept, so that it can come back

    class Meta:
        verbose_name = _("block")
        verbose_name_plural = _("blocks")
        constraints = [models.UniqueConstraint(fields=["issue", "key"], name="block_key_once")]
        ordering = ["position", "pk"]

    def __str__(self) -> str:
        return f"{self.key} of {self.issue_id}"


class BlockRevision(models.Model):
    """A change of a block: what stood there, and what since. Never deleted: an undo is a change of its own."""

    block = models.ForeignKey(Block, on_delete=models.CASCADE, related_name="revisions")
    at = models.DateTimeField(_("at"))
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT)
    before = models.JSONField()  # field name -> value; "moved": how many places the item was moved
    after = models.JSONField(default=dict)  # the same fields as the change left them
    # The change that this one took back: that one no longer counts, and is not undone a second time.
    undoes = models.OneToOneField("self", on_delete=models.CASCADE, null=True, blank=True, related_name="undone_by")
    # Names the act that changed several blocks at once, as a swap or replacing words: they are undone together.
    act = models.CharField(max_length=32, blank=True, db_index=True)
    # Names the open form that saved it by itself, over and over: its saves are one change, and undone as one.
    sitting = models.CharField(max_length=32, blank=True)

    class Meta:
        verbose_name = _("revision of a block")
        verbose_name_plural = _("revisions of blocks")
        ordering = ["-at", "-pk"]

    def __str__(self) -> str:
        return f"{self.block_id} at {self.at:%H:%M}"


class Citation(models.Model):
    """`[n]`: an article as it was when the issue was composed. A later update of the article changes nothing here."""

    issue = models.ForeignKey(Issue, on_delete=models.CASCADE, related_name="citations", verbose_name=_("issue"))
    number = models.PositiveSmallIntegerField(_("number"))
    article = models.ForeignKey(Article, on_delete=models.SET_NULL, null=True)
    source_list = models.ForeignKey(SourceList, on_delete=models.PROTECT, null=True, verbose_name=_("source list"))
    outlet = models.CharField(max_length=200)
    outlet_en = models.CharField(max_length=200, blank=True)  # its name in each language; empty: as `outlet` has it
    outlet_zh = models.CharField(max_length=200, blank=True)
    language = models.CharField(_("language"), max_length=8)
    title = models.CharField(_("title"), max_length=500)
    text = models.TextField(blank=True)
    url = models.CharField(max_length=2000)
    published_at = models.DateTimeField()
    dated = models.BooleanField(default=True)  # false: the feed said no time, and published_at is when we first saw it

    class Meta:
        verbose_name = _("citation")
        verbose_name_plural = _("citations")
        constraints = [models.UniqueConstraint(fields=["issue", "number"], name="citation_number_once")]
        ordering = ["number"]

    def __str__(self) -> str:
        return f"[{self.number}] {self.outlet}"


class FindingWord(models.Model):
    """An editor's word on a finding, given or taken back. It outlives the finding, which goes with its sentence."""

    issue = models.ForeignKey(Issue, on_delete=models.CASCADE, related_name="words", verbose_name=_("issue"))
    block = models.ForeignKey(Block, on_delete=models.SET_NULL, null=True, blank=True, related_name="+")
    at = models.DateTimeField(_("at"))
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(_("kind"), max_length=24)  # the finding's
    sentence = models.TextField(blank=True)
    because = models.CharField(max_length=300, blank=True)  # empty: taken back

    class Meta:
        verbose_name = _("word on a finding")
        verbose_name_plural = _("words on findings")
        ordering = ["-at", "-pk"]

    def __str__(self) -> str:
        return f"{self.kind} in {self.issue_id}"


class Finding(models.Model):
    """A doubt about a sentence. Checking again keeps an editor's word on a finding that is still the same."""

    class Severity(models.TextChoices):
        HIGH = "high"
        MEDIUM = "medium"
        LOW = "low"

    issue = models.ForeignKey(Issue, on_delete=models.CASCADE, related_name="findings", verbose_name=_("issue"))
    block = models.ForeignKey(Block, on_delete=models.CASCADE, null=True, blank=True, related_name="findings")
    fingerprint = models.CharField(max_length=32)  # of block key, language, kind and sentence
    language = models.CharField(_("language"), max_length=4)  # en, zh, both
    sentence = models.TextField(blank=True)
    kind = models.CharField(_("kind"), max_length=24)
    severity = models.CharField(max_length=6, choices=Severity.choices)
    message = models.TextField()  # English; message_zh beside it
    message_zh = models.TextField(blank=True)
    evidence = models.TextField(blank=True)
    kept_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True)
    kept_because = models.CharField(max_length=300, blank=True)

    class Meta:
        verbose_name = _("finding")
        verbose_name_plural = _("findings")
        constraints = [models.UniqueConstraint(fields=["issue", "fingerprint"], name="finding_once")]

    def __str__(self) -> str:
        return f"{self.kind} in {self.block_id}"
