"""The forms about sources."""

# Django's ModelForm takes its model as a type argument in the stubs, but not when it runs.
# mypy: disable-error-code="type-arg"

import re
from typing import Any, ClassVar

from django import forms
from django.core.exceptions import ValidationError
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from newsletter.gather.discovery import typed_address
from newsletter.gather.feed_key import feed_key, known_feeds
from newsletter.models import Source, SourceList

SCOPES = [
    ("general", gettext_lazy("general: some of it is on our subject")),
    ("ai", gettext_lazy("on our subject: all of it is")),
]


class SourceForm(forms.ModelForm):
    """What an editor says of a source. Whether it is switched on is said elsewhere, with a reason."""

    scope = forms.ChoiceField(label=capfirst(gettext_lazy("scope")), choices=SCOPES)

    class Meta:
        model = Source
        fields = ("name", "source_list", "url", "language", "region", "scope", "name_en", "name_zh", "note")
        widgets: ClassVar[dict[str, forms.Widget]] = {
            name: forms.TextInput(attrs={"size": 60, "spellcheck": "false"}) for name in ("name", "url", "note")
        }
        labels = {"url": gettext_lazy("Address of the feed")}
        help_texts = {
            "language": gettext_lazy("en, zh or another two-letter code"),
            "region": gettext_lazy("CN, US or another code of a country; may stay empty"),
        }

    def clean_url(self) -> str:
        """Usable, and nobody else's in another spelling. A source that is read from files keeps its name of them."""
        given = str(self.cleaned_data["url"])
        if given == self.instance.url and given.startswith("file:"):
            return given
        url = typed_address(given)
        if not url:
            raise ValidationError(_("This is no address that can be visited: write https://…"))
        others = Source.objects.exclude(pk=self.instance.pk).only("url", "name")
        if other := known_feeds(others).get(feed_key(url)):
            raise ValidationError(_("This feed is a source already: “%(name)s”.") % {"name": other.name})
        return url

    def clean_language(self) -> str:
        """A primary tag."""
        language = str(self.cleaned_data["language"]).strip().lower()
        if not re.fullmatch(r"[a-z]{2,3}", language):
            raise ValidationError(_("Write en, zh or another two-letter code."))
        return language


class AddressForm(forms.Form):
    """The address of a site or of a feed, as it was copied."""

    address = forms.CharField(
        label=gettext_lazy("Address of a site or a feed"),
        max_length=500,
        widget=forms.TextInput(
            attrs={"size": 60, "autofocus": True, "spellcheck": "false", "placeholder": "example.com"}
        ),
    )


class OffForm(forms.Form):
    """Why a source is switched off."""

    reason = forms.CharField(
        label=gettext_lazy("Why?"),
        max_length=300,
        widget=forms.TextInput(attrs={"size": 60, "autofocus": True}),
        help_text=gettext_lazy("Others read it in the list: “only advertisements since March”, “a copy of …”."),
    )


class OpmlForm(forms.Form):
    """A file of feeds."""

    file = forms.FileField(label=gettext_lazy("OPML file"), widget=forms.FileInput(attrs={"accept": ".opml,.xml"}))


class HomesForm(forms.Form):
    """Where the feeds of each folder of an OPML file go. `homes` is the plan's, by path."""

    def __init__(self, homes: dict[str, str], titles: dict[str, str], lists: list[SourceList], *args: Any) -> None:
        super().__init__(*args)
        self.paths = list(homes)
        known = [(str(each.pk), str(each)) for each in lists]
        for n, path in enumerate(self.paths):
            new = [("new", _("a new list: %(name)s") % {"name": titles[path]})] if titles[path] else []
            self.fields[f"home{n}"] = forms.ChoiceField(
                label=path or _("in no folder"),
                choices=[*known, *new, ("none", _("leave these out"))],
                initial=homes[path],
                required=False,
            )

    @property
    def chosen(self) -> dict[str, str]:
        """By path, as the plan takes it; only of a valid form."""
        return {path: self.cleaned_data[f"home{n}"] for n, path in enumerate(self.paths)}
