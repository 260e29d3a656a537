"""What an operator says about a file of readers: which file, and what its columns mean."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from subscribers.models import Import, ImportPurpose, Language
from subscribers.transfer import columns
from subscribers.transfer.columns import Role
from subscribers.transfer.jobs import NO_BASIS
from subscribers.transfer.table import TransferError

MEGABYTE = 1_000_000
LONGEST_EXAMPLE = 40  # characters of a cell that are shown
ROLES = [
    (Role.NOTHING.value, gettext_lazy("not used")),
    (Role.EMAIL.value, gettext_lazy("the address")),
    (Role.LANGUAGE.value, gettext_lazy("the language")),
    (Role.ZONE.value, gettext_lazy("the time zone")),
    (Role.FREQUENCY.value, gettext_lazy("how often (daily, weekdays, weekly)")),
    (Role.SEND_AT.value, gettext_lazy("the hour of the mail")),
    (Role.LISTS.value, gettext_lazy("the source lists, as Chenbao exports them")),
    (Role.SECTIONS.value, gettext_lazy("the sections, as Chenbao exports them")),
    (Role.TOPICS.value, gettext_lazy("the topics, as Chenbao exports them")),
    (Role.PLAIN_TEXT.value, gettext_lazy("plain text or not (true, false)")),
    (Role.STATE.value, gettext_lazy("the state, as Chenbao exports it (active, paused)")),
    (Role.PAUSED_UNTIL.value, gettext_lazy("until when they pause")),
    (Role.CONSENT.value, gettext_lazy("proof of consent: when, from which network address")),
    (Role.STILL.value, gettext_lazy("who still is a reader (subscribed, enabled, yes …)")),
    (Role.ENDED.value, gettext_lazy("who has left (empty for who is still there)")),
]
LANGUAGES = [
    (Language.BOTH.value, gettext_lazy("both side by side")),
    (Language.EN.value, gettext_lazy("English")),
    (Language.ZH.value, gettext_lazy("Chinese")),
]


class UploadForm(forms.Form):
    """One file, not too large."""

    file = forms.FileField(
        label=gettext_lazy("CSV file"),
        allow_empty_file=True,  # said in our own words, as of every other file that is none
        widget=forms.ClearableFileInput(attrs={"accept": ".csv,.txt,.tsv,text/csv"}),
    )

    gone = forms.BooleanField(
        label=gettext_lazy("These people have left, or must not be mailed: put them on the suppression list"),
        help_text=gettext_lazy(
            "For the lists of unsubscribed, bounced and complaining people that another service keeps. No later "
            "import brings them in; whoever came by an import leaves. Who confirmed here by themselves stays a reader."
        ),
        required=False,
    )

    def clean_file(self) -> UploadedFile[Any]:
        """Refuse what is too large; what else is wrong is found where the file is read."""
        file: UploadedFile[Any] = self.cleaned_data["file"]
        if (file.size or 0) > settings.IMPORT_MAX_MB * MEGABYTE:
            raise ValidationError(
                _(
                    "The file has %(size)d MB, more than the %(most)d MB that may be uploaded. Split it, or run "
                    "“manage.py import_readers FILE.csv” on the server."
                ),
                params={"size": (file.size or 0) // MEGABYTE, "most": settings.IMPORT_MAX_MB},
            )
        return file


class ColumnsForm(forms.Form):
    """What each column is, on what these people consented, and the language of rows that name none."""

    basis = forms.CharField(
        label=gettext_lazy("On what these people consented"),
        help_text=gettext_lazy(
            "In words, as “Signed up by double opt-in at old.example, 2019 to 2026”. Kept with each reader as proof."
        ),
        widget=forms.Textarea(attrs={"rows": 3, "cols": 60}),
        max_length=500,  # it is kept a million times where a million come
        error_messages={"required": gettext_lazy(NO_BASIS)},
    )
    language = forms.ChoiceField(label=gettext_lazy("Language of rows that name none"), choices=LANGUAGES)

    def __init__(self, job: Import, examples: Sequence[Sequence[str]], data: Any = None) -> None:
        super().__init__(data, initial={"basis": job.basis, "language": job.language})
        if job.purpose == ImportPurpose.GONE:
            self.fields["basis"].label = _("Where these people left")
            self.fields["basis"].help_text = _("In words, as “Unsubscribed at old.example, 2019 to 2026”.")
            self.fields["language"].widget = forms.HiddenInput()
        self._header: list[str] = job.header
        self._examples = examples
        for place, role in enumerate(job.roles):
            self.fields[f"column-{place}"] = forms.ChoiceField(
                choices=ROLES, initial=role, required=False, label=job.header[place] or _("(no name)")
            )

    @property
    def roles(self) -> list[Role]:
        """What each column is taken for, in order."""
        return [Role(self.cleaned_data[f"column-{place}"]) for place in range(len(self._header))]

    def columns(self) -> Iterator[tuple[forms.BoundField, list[str]]]:
        """Each column's field, and what stands in it in the first rows, each thing once."""
        for place in range(len(self._header)):
            cells = dict.fromkeys(row[place].strip()[:LONGEST_EXAMPLE] for row in self._examples)
            yield self[f"column-{place}"], [cell for cell in cells if cell]

    def clean(self) -> dict[str, Any]:
        """Exactly one column of addresses, at most one of each other kind that may stand once."""
        cleaned = super().clean() or {}
        try:
            columns.settle(self._header, self.roles)
        except TransferError as error:
            raise ValidationError(str(error)) from None
        except KeyError:
            return cleaned  # a choice that isn't one has its own message
        return cleaned
