"""What a writer proposes for an issue at an editor's wish; nothing in the issue changes before an editor takes it."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from newsletter.models.issue import Block, Issue
from newsletter.models.story import Story

# A source that is no article of ours is cited as [aN] too: N is its place among the sources, beyond every id.
TYPED = 2_000_000_000


class Proposal(models.Model):
    """One block as it might be. Asked for by review, written by compose, taken or left by review."""

    class Purpose(models.TextChoices):
        AGAIN = "again", _("a block written again")
        SWAP = "swap", _("a candidate in an item’s place")
        OWN = "own", _("an item of the editor’s own")

    class State(models.TextChoices):
        WAITING = "waiting", _("waiting for the writer")
        WRITING = "writing", _("being written")
        READY = "ready", _("ready")
        FAILED = "failed", _("not written")
        TAKEN = "taken", _("taken")
        LEFT = "left", _("left")

    issue = models.ForeignKey(Issue, on_delete=models.CASCADE, related_name="proposals", verbose_name=_("issue"))
    purpose = models.CharField(_("what for"), max_length=8, choices=Purpose.choices)
    # again: the block to be written; swap: the item that gives way; own: none
    block = models.ForeignKey(
        Block, on_delete=models.CASCADE, null=True, blank=True, related_name="proposals", verbose_name=_("block")
    )
    story = models.ForeignKey(Story, on_delete=models.SET_NULL, null=True, blank=True, verbose_name=_("story"))
    # What an own item may cite, in order: {"article": 17}, {"citation": 3} of the issue, or an address typed in:
    # {"outlet": …, "title": …, "url": …, "text": …, "language": …, "published": ISO 8601}
    sources = models.JSONField(default=list, blank=True)
    writer = models.CharField(_("writer"), max_length=8)  # offline or claude
    instruction = models.CharField(_("instruction"), max_length=500, blank=True)
    seen = models.CharField(max_length=16, blank=True)  # the version of the block's texts that it was asked for
    state = models.CharField(_("state"), max_length=8, choices=State.choices, default=State.WAITING)
    worker = models.CharField(_("worker"), max_length=80, blank=True)  # host:pid
    started_at = models.DateTimeField(null=True, blank=True)
    finished_at = models.DateTimeField(null=True, blank=True)
    # {"title": {en, zh}, "text": {en, zh}, "foreign": […], "parity": …, "data": …, "composer": …, "extra": {…}};
    # citations are ids of articles still, [a17], or of what else stands in `sources` (TYPED)
    draft = models.JSONField(default=dict, blank=True)
    notes = models.JSONField(default=list, blank=True)  # why it was not written, and what the model was told twice
    calls = models.PositiveSmallIntegerField(default=0)
    cost_usd = models.DecimalField(_("cost in US$"), max_digits=9, decimal_places=6, default=0)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name=_("by"))
    at = models.DateTimeField(_("at"), auto_now_add=True)

    class Meta:
        verbose_name = _("proposal")
        verbose_name_plural = _("proposals")
        ordering = ["-at", "-pk"]

    def __str__(self) -> str:
        return f"{self.purpose} for {self.issue_id}"

    @property
    def key(self) -> str:
        """The key that its block has, or would have: the next free item of the issue, dropped ones counted too."""
        if self.purpose == self.Purpose.AGAIN and self.block:
            return self.block.key
        keys = self.issue.blocks.filter(key__startswith="item-").values_list("key", flat=True)
        return f"item-{max([0, *(int(key.removeprefix('item-')) for key in keys)]) + 1}"
