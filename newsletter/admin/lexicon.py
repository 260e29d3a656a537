"""What editors add to the lexicon: the same fields as its file, and the same judgement."""

# Django's ModelAdmin takes its model as a type argument in the stubs, but not when it runs.
# mypy: disable-error-code="type-arg"

from typing import Any

from django import forms
from django.contrib import admin
from django.core.exceptions import ValidationError
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from newsletter.lexicon import HIDES, HOMES, KINDS, clashes, entries_of_files, entry_of, faults, fields, load
from newsletter.models import LexiconEntry
from newsletter.subject import taken

_KINDS = {
    "company": _("company"),
    "model": _("model of AI"),
    "product": _("product"),
    "person": _("person"),
    "agency": _("agency, institution or law"),
    "place": _("place"),
    HIDES: _("no name: a word that hides one it contains"),
}
_HOMES = {"": _("nowhere"), "CN": _("China"), "US": _("United States"), "EU": _("Europe"), "OTHER": _("elsewhere")}
_FIELDS = {
    "": _("none"),
    "lab": _("AI laboratory or start-up"),
    "model": _("model of AI"),
    "app": _("application of AI"),
    "agent": _("agents"),
    "robot": _("robots"),
    "driving": _("autonomous driving"),
    "chip": _("chips of any kind"),
    "aichip": _("AI chips"),
    "cloud": _("computing for AI"),
    "tool": _("tools of AI developers"),
    "bench": _("benchmarks and conferences"),
    "ai-person": _("person known for AI"),
    "research": _("research"),
    "rule": _("politics and regulation"),
}


class LexiconEntryForm(forms.ModelForm):
    """Refuses what contradicts the lexicon, or is an ordinary word, naming the other entry or the word's line."""

    kind = forms.ChoiceField(
        label=capfirst(_("kind")),
        choices=[(kind, _KINDS[kind]) for kind in _KINDS if kind in KINDS | {HIDES}],
        help_text=_(
            "“No name” hides names within the word; with a spelling that comes with the program it switches that "
            "spelling off: its other spellings stay."
        ),
    )
    home = forms.ChoiceField(
        label=capfirst(_("home")), required=False, choices=[(home, _HOMES[home]) for home in _HOMES if home in HOMES]
    )

    class Meta:
        model = LexiconEntry
        fields = ("en", "zh", "kind", "home", "field", "never", "note")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = [("", _FIELDS[""]), *((name, _FIELDS.get(name, name)) for name in sorted(fields()))]
        self.fields["field"] = forms.ChoiceField(
            label=capfirst(_("field")), required=False, choices=choices, help_text=self.fields["field"].help_text
        )

    def clean(self) -> dict[str, Any]:
        cells = {**(super().clean() or {}), **self.cleaned_data}
        entry = entry_of(LexiconEntry(**cells))
        wrong = list(faults(entry, fields()))
        if not wrong and entry.kind != HIDES:
            wrong = list(taken(entry, load()))
            others = map(entry_of, LexiconEntry.objects.exclude(pk=self.instance.pk).order_by("pk"))
            wrong += [clash for clash in clashes([*entries_of_files(), *others, entry]) if entry.where in clash]
        if wrong:
            raise ValidationError(wrong)
        return cells


@admin.register(LexiconEntry)
class LexiconEntryAdmin(admin.ModelAdmin):
    form = LexiconEntryForm
    list_display = ("en", "zh", "kind", "home", "field", "never", "changed_at")
    list_filter = ("kind", "home", "field")
    search_fields = ("en", "zh", "never", "note")
