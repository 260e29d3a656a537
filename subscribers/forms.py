"""What a browser sends, read and judged: the sign-up form and the choices. Nothing is stored here."""

import datetime as dt
import time
from collections.abc import Mapping
from enum import StrEnum
from typing import Any

from django import forms
from django.core.signing import BadSignature, Signer
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from subscribers import consents, zones
from subscribers.joining import LONGEST_PAUSE
from subscribers.models import Frequency, Language, State, Subscriber
from subscribers.offers import Offers, Option

# A form that comes back faster than a hand can, or from a page of last week, is answered with the form again.
FASTEST = dt.timedelta(seconds=2)
# With the form that is served as an answer nothing is left to do but press: the address stands there already.
FASTEST_AGAIN = dt.timedelta(milliseconds=400)
OLDEST = dt.timedelta(days=7)
# Of choices that our page doesn't offer: it was open for long, and the offer has changed meanwhile.
GONE = _("This is no longer on offer. Please choose again.")
NO_DATE = _("Write the date as year-month-day, such as 2027-01-31.")
HONEYPOT = "website"  # hidden from people; who fills it in is a machine

_age = Signer(salt="chenbao.subscribers.join.age")
_age_again = Signer(salt="chenbao.subscribers.join.age.again")


class Age(StrEnum):
    """What the age of a form says about who sent it."""

    HAND = "hand"  # a form of ours, filled in at a human pace
    QUICK = "quick"  # a form of ours that came back faster than a hand can
    FOREIGN = "foreign"  # none of ours, or one that lay open for longer than OLDEST


def join_context(language: str, *, email: str = "", again: bool = False) -> dict[str, Any]:
    """What `subscribers/join_form.html` needs, for a page in `language` (en, zh, both).

    `again`: it answers a form that came from elsewhere or too quickly, and only wants one more press.
    """
    return {
        "form_language": language,
        "path_language": "zh" if language == "zh" else "en",
        "form_age": (_age_again if again else _age).sign(f"{time.time():.1f}"),
        "form_email": email,
        "wording": consents.SIGN_UP,
        "honeypot": HONEYPOT,
    }


def judge_age(age: str) -> Age:
    """Who sent the form that carries `age`: not too short and not too long ago, a hand."""
    for signer, fastest in ((_age, FASTEST), (_age_again, FASTEST_AGAIN)):
        try:
            passed = time.time() - float(signer.unsign(age))
        except (BadSignature, ValueError):
            continue
        if passed <= fastest.total_seconds():
            return Age.QUICK
        return Age.HAND if passed <= OLDEST.total_seconds() else Age.FOREIGN
    return Age.FOREIGN


def read_zone(sent: Mapping[str, str]) -> str:
    """The browser's guess of the zone in the sign-up form; empty where it is unknown here."""
    zone = sent.get("zone", "")
    return zones.canonical(zone) if zones.is_known(zone) else ""


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

    def __init__(self, offers: Offers, today: dt.date, *args: Any, may_pause: bool = True, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.offers = offers
        self.today = today
        self.may_pause = may_pause  # who gets no mail has nothing to pause
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
        return zones.canonical(zone)

    def clean_frequency(self) -> str:
        frequency: str = self.cleaned_data["frequency"]
        if frequency == Frequency.WEEKLY and not self.offers.weekly:
            raise forms.ValidationError(_("There is no weekly issue yet."))
        return frequency

    def clean_paused_until(self) -> dt.date | None:
        until: dt.date | None = self.cleaned_data["paused_until"]
        if until and not self.may_pause:
            raise forms.ValidationError(_("There is no mail to pause: this address is not on the list."))
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
    # its day stays in the row once a pause is over, and may not be chosen again
    pause = reader.paused_until if reader.state == State.PAUSED else None
    data: dict[str, Any] = {
        "language": reader.language,
        "frequency": reader.frequency,
        "send_at": reader.send_at.strftime("%H:%M") if reader.send_at else "",
        "zone": zones.canonical(reader.zone),
        "plain_text": "1" if reader.plain_text else "0",
        "paused_until": pause.isoformat() if pause and pause > timezone.now().date() else "",
    }
    for name in ("lists", "sections", "topics"):
        stored = getattr(reader, name)
        data[name] = [slug for slug, _name in _choices(getattr(offers, name)) if stored is None or slug in stored]
    return data
