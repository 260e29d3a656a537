"""What a browser sends, read and judged: the sign-up form and the choices. Nothing is stored here."""

import datetime as dt
import time
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django import forms
from django.core.signing import BadSignature, Signer
from django.utils.translation import gettext_lazy as _

from subscribers import addresses, zones
from subscribers.joining import LONGEST_PAUSE
from subscribers.models import Frequency, Language, Subscriber
from subscribers.offers import Offers, Option

# A form that comes back faster than a hand can, or from a page of last week, is answered with the form again.
FASTEST = dt.timedelta(seconds=2)
OLDEST = dt.timedelta(days=7)
# What the reader agrees to by signing up, kept with the consent, word for word.
WORDING = _("We send one mail to confirm. Nothing is tracked, and one click ends it.")
# Of choices that our page doesn't offer: it was open for long, and the offer has changed meanwhile.
GONE = _("This is no longer on offer. Please choose again.")
NO_DATE = _("Write the date as year-month-day, such as 2027-01-31.")
NO_ADDRESS = _(
    "This is not an address that mail can reach. It has one @ and, after it, a domain with a dot, "
    "as in name@example.com."
)
HONEYPOT = "website"  # hidden from people; who fills it in is a machine

_age = Signer(salt="chenbao.subscribers.join.age")


def join_context(language: str, *, email: str = "") -> dict[str, Any]:
    """What `subscribers/join_form.html` needs, for a page in `language` (en, zh, both)."""
    return {
        "form_language": language,
        "path_language": "zh" if language == "zh" else "en",
        "form_age": _age.sign(str(int(time.time()))),
        "form_email": email,
        "wording": WORDING,
        "honeypot": HONEYPOT,
    }


def is_hand_made(age: str) -> bool:
    """Whether `age` is the token of a form that we served, not too short and not too long ago."""
    try:
        made = int(_age.unsign(age))
    except (BadSignature, ValueError):
        return False
    return FASTEST.total_seconds() < time.time() - made <= OLDEST.total_seconds()


@dataclass(frozen=True)
class JoinRequest:
    """The sign-up as it was sent. `zone` is the browser's guess, empty where it is unknown here."""

    address: addresses.Address
    zone: str


def read_join(sent: Mapping[str, str]) -> JoinRequest:
    """What stands in the sign-up form. Raises addresses.AddressError; a form of Django's takes as long as all else."""
    zone = sent.get("zone", "")
    return JoinRequest(addresses.normalise(sent.get("email", "")), zone if zones.is_known(zone) else "")


def _choices(options: tuple[Option, ...]) -> list[tuple[str, str]]:
    return [(option.slug, option.en) for option in options if not option.fixed]


class PreferencesForm(forms.Form):
    """All choices of one reader. `choices()` gives them as `Subscriber` stores them: everything ticked is null."""

    language = forms.ChoiceField(choices=Language.choices)
    lists = forms.MultipleChoiceField(required=False)
    sections = forms.MultipleChoiceField(required=False)
    topics = forms.MultipleChoiceField(required=False)
    frequency = forms.ChoiceField(choices=Frequency.choices)
    send_at = forms.TimeField(required=False, input_formats=["%H:%M"])
    zone = forms.CharField(required=False)  # an empty one is no known zone
    plain_text = forms.TypedChoiceField(choices=[("0", "html"), ("1", "text")], coerce=lambda value: value == "1")
    paused_until = forms.DateField(required=False)

    def __init__(self, offers: Offers, today: dt.date, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.offers = offers
        self.today = today
        for name in ("lists", "sections", "topics"):
            field = self.fields[name]
            assert isinstance(field, forms.MultipleChoiceField)
            field.choices = _choices(getattr(offers, name))
        for name, each in self.fields.items():  # Django's own speak of values, which the page doesn't show
            said = NO_DATE if name == "paused_until" else GONE
            each.error_messages |= dict.fromkeys(("required", "invalid", "invalid_choice", "invalid_list"), said)

    def clean_zone(self) -> str:
        zone: str = self.cleaned_data["zone"]
        if not zones.is_known(zone):
            raise forms.ValidationError(_("Choose a time zone from the list."))
        return zone

    def clean_frequency(self) -> str:
        frequency: str = self.cleaned_data["frequency"]
        if frequency == Frequency.WEEKLY and not self.offers.weekly:
            raise forms.ValidationError(_("There is no weekly issue yet."))
        return frequency

    def clean_paused_until(self) -> dt.date | None:
        until: dt.date | None = self.cleaned_data["paused_until"]
        if until and not self.today < until <= self.today + LONGEST_PAUSE:
            raise forms.ValidationError(_("Choose a date after today and within a year."))
        return until

    def choices(self) -> dict[str, Any]:
        """The cleaned choices by `Subscriber`'s field names, without the pause."""
        chosen = {name: value for name, value in self.cleaned_data.items() if name != "paused_until"}
        for name in ("lists", "sections", "topics"):
            offered = [slug for slug, _name in _choices(getattr(self.offers, name))]
            chosen[name] = None if len(chosen[name]) == len(offered) else chosen[name]
        return chosen


def present_choices(reader: Subscriber, offers: Offers) -> dict[str, Any]:
    """The reader's choices as PreferencesForm's data: null becomes everything that is on offer."""
    data: dict[str, Any] = {
        "language": reader.language,
        "frequency": reader.frequency,
        "send_at": reader.send_at.strftime("%H:%M") if reader.send_at else "",
        "zone": reader.zone,
        "plain_text": "1" if reader.plain_text else "0",
        "paused_until": reader.paused_until.isoformat() if reader.paused_until else "",
    }
    for name in ("lists", "sections", "topics"):
        stored = getattr(reader, name)
        data[name] = [slug for slug, _name in _choices(getattr(offers, name)) if stored is None or slug in stored]
    return data
