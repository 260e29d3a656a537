"""What editors add to the lexicon, beside the file that comes with the program."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class LexiconEntry(models.Model):
    """One name, or more spellings of a known one. The columns are those of `data/lexicon.tsv`; `|` splits spellings.

    Judged by `newsletter.lexicon.soundness` before it is saved, and taken up by `newsletter.lexicon.refresh`.
    """

    en = models.CharField(
        _("English"),
        max_length=500,
        blank=True,
        help_text=_("The preferred spelling first, others after “|”. A known name first: adds to it."),
    )
    zh = models.CharField(
        _("Chinese"), max_length=500, blank=True, help_text=_("Empty where Chinese texts write it as English ones do.")
    )
    kind = models.CharField(_("kind"), max_length=8)
    home = models.CharField(_("home"), max_length=8, blank=True)
    field = models.CharField(
        _("field"), max_length=16, blank=True, help_text=_("What it is in: naming it says so much of a text.")
    )
    never = models.CharField(
        _("never"), max_length=500, blank=True, help_text=_("Wrong renderings, split by “|”: “bean buns” for 豆包.")
    )
    note = models.CharField(_("note"), max_length=300, blank=True)
    changed_at = models.DateTimeField(_("changed"), auto_now=True, db_index=True)

    class Meta:
        verbose_name = _("lexicon entry")
        verbose_name_plural = _("lexicon entries")
        ordering = ["en", "zh", "pk"]

    def __str__(self) -> str:
        return (self.en or self.zh).split("|")[0]
