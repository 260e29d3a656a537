"""The desk's forms: what a browser may send, and nothing more."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from newsletter.models import Block
from newsletter.review import editing, keeping

LABELS = {
    **{"title_en": _("Headline"), "title_zh": _("Headline"), "text_en": _("Body text"), "text_zh": _("Body text")},
    **{"subject_en": _("Subject of the mail"), "subject_zh": _("Subject of the mail")},
    **{"foreign_en": _("Stands in its original language"), "foreign_zh": _("Stands in its original language")},
}


class SideBySide(forms.Form):
    """Fields of both languages, told apart by the end of their names."""

    def leaf(self, language: str) -> list[forms.BoundField]:
        """The fields of one language, in the order to be filled in."""
        return [self[name] for name in self.fields if name.endswith(f"_{language}")]

    @property
    def en(self) -> list[forms.BoundField]:
        return self.leaf("en")

    @property
    def zh(self) -> list[forms.BoundField]:
        return self.leaf("zh")


class BlockForm(SideBySide):
    """The editable fields of one block. Fields that a block of its kind doesn't use are left out."""

    version = forms.CharField(widget=forms.HiddenInput, required=False)

    def __init__(self, block: Block, data: Mapping[str, Any] | None = None) -> None:
        now = editing.values(block)
        super().__init__(data, initial={**now, "version": editing.version(block)})
        for name in editing.editable_fields(block):
            if _used(name, now):
                self.fields[name] = _field(name, now[name])

    def add_problems(self, problems: dict[str, str]) -> None:
        """Show what `editing` refused beside the fields it is about."""
        for name, message in problems.items():
            self.add_error(name if name in self.fields else None, message)


def _used(name: str, now: dict[str, Any]) -> bool:
    """A title or text is asked for where either language has one; an original language only where it is marked."""
    if name in editing.FLAGS:
        return bool(now[name])
    stem = name[:-3]
    return stem in ("text", "subject") or bool(now[f"{stem}_en"] or now[f"{stem}_zh"])


def _field(name: str, value: Any) -> forms.Field:
    if name in editing.FLAGS:
        return forms.BooleanField(required=False, label=LABELS[name])
    wide = 34 if name.endswith("_zh") else 56  # characters in a line of the widget
    rows = max(2, sum(len(line) // wide + 1 for line in str(value).split("\n")) + 1)
    lang = "zh-Hans" if name.endswith("_zh") else "en"
    attrs = {"rows": str(min(rows, 26)), "lang": lang, "spellcheck": "true" if lang == "en" else "false"}
    attrs["class"] = "line" if name in editing.ONE_LINE else "text"
    # Lengths are judged by `editing`, whose message names them; no `maxlength` that cuts a paste in silence.
    return forms.CharField(required=False, strip=False, label=LABELS[name], widget=forms.Textarea(attrs=attrs))


class KeepForm(forms.Form):
    """Why a doubted sentence may stand."""

    because = forms.CharField(
        required=False,
        label=_("Why may it stand?"),
        widget=forms.Textarea(attrs={"rows": "3", "maxlength": str(keeping.LONGEST_REASON)}),
    )
    vouched = forms.BooleanField(required=False, label=_("I have read the cited articles, and they say this."))
