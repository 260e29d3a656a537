"""Where one reader stands, in sentences that answer "why do I get this?" and "why do I get nothing?"."""

import datetime as dt
from collections.abc import Callable

from django.conf import settings
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from subscribers import joining, upcoming
from subscribers.admin import words
from subscribers.models import ConsentEvent, Language, State, Subscriber
from subscribers.offers import Offers, Option

Choice = tuple[str, str]


def sentences(reader: Subscriber, offers: Offers, now: dt.datetime) -> list[str]:
    """What holds now, why, and what would change it. By the clock that is active (django.utils.timezone)."""
    last = reader.consents.filter(to_state=reader.state).exclude(from_state=reader.state).order_by("at", "pk").last()
    told = _STANDING[State(reader.state)](reader, offers, now, last)
    if reader.state != State.PENDING and joining.may_confirm(reader, now):
        told.append(_("They have asked to join again: %(until)s") % {"until": _link_until(reader)})
    return told


def choices(reader: Subscriber, offers: Offers) -> list[Choice]:
    """The reader's choices with their names; "all" includes what is added later."""
    hour = f"{reader.send_at or offers.hour:%H:%M}"
    usual = "" if reader.send_at else " " + _("(the usual hour)")
    return [
        (str(words.CHOICES["language"]), words.say(words.LANGUAGES, reader.language)),
        (str(words.CHOICES["frequency"]), words.say(words.FREQUENCIES, reader.frequency)),
        (str(words.CHOICES["send_at"]), f"{hour}{usual}, {reader.zone}"),
        (str(words.CHOICES["lists"]), _names(reader.lists, offers.lists)),
        (str(words.CHOICES["sections"]), _names(reader.sections, offers.sections)),
        (str(words.CHOICES["topics"]), _names(reader.topics, offers.topics)),
        (_("form of the mail"), _("plain text") if reader.plain_text else _("HTML")),
    ]


def _names(slugs: list[str] | None, options: tuple[Option, ...]) -> str:
    if slugs is None:
        return _("all")
    english = (translation.get_language() or "en").startswith("en")
    known = {option.slug: option.en if english else option.zh for option in options}
    return ", ".join(known.get(slug, slug) for slug in slugs) or _("none: the main line alone")


def _pending(reader: Subscriber, offers: Offers, now: dt.datetime, last: ConsentEvent | None) -> list[str]:
    text = _("Nothing is sent but the mail that asks to confirm, until the reader presses the button it leads to.")
    if joining.may_confirm(reader, now):
        return [text, _link_until(reader)]
    return [text, _("The link in that mail has run out. %(way)s") % {"way": _way_back(offers)}]


def _active(reader: Subscriber, offers: Offers, now: dt.datetime, last: ConsentEvent | None) -> list[str]:
    since = reader.confirmed_at
    told = []
    if since:
        told.append(_("A reader since %(time)s: %(how)s.") % {"time": clock(since), "how": _how_came(reader)})
    if moment := upcoming.next_mail(reader, offers, now):
        told.append(_("The next issue is sent to them at %(time)s.") % {"time": clock(moment)})
    else:
        told.append(_("No issue that they have chosen comes within the next days."))
    return told


def _paused(reader: Subscriber, offers: Offers, now: dt.datetime, last: ConsentEvent | None) -> list[str]:
    text = _("Nothing is sent before %(date)s; then mail comes again by itself. Only the reader can end it earlier.")
    return [text % {"date": date_format(reader.paused_until, "DATE_FORMAT") if reader.paused_until else "–"}]


def _left(reader: Subscriber, offers: Offers, now: dt.datetime, last: ConsentEvent | None) -> list[str]:
    told = [_since(last, _("Left at %(time)s, %(how)s. Nothing is sent.")), _way_back(offers)]
    if joining.may_undo(reader, now) and last:
        until = clock(last.at + joining.UNDO_WITHIN)
        told.append(_("Until %(time)s the reader can also take it back, by the link in any mail.") % {"time": until})
    return told


def _bounced(reader: Subscriber, offers: Offers, now: dt.datetime, last: ConsentEvent | None) -> list[str]:
    return [
        _since(last, _("The address was found dead at %(time)s, %(how)s. Nothing is sent.")),
        _way_back(offers),
        _("With another address they simply sign up there."),
    ]


def _complained(reader: Subscriber, offers: Offers, now: dt.datetime, last: ConsentEvent | None) -> list[str]:
    text = _("A mail of ours was called spam at %(time)s, %(how)s. Nothing is sent.")
    return [_since(last, text), _way_back(offers)]


def _erased(reader: Subscriber, offers: Offers, now: dt.datetime, last: ConsentEvent | None) -> list[str]:
    return [
        _since(last, _("All data was erased at %(time)s, %(how)s.")),
        _("What stays: that mails were sent, and a keyed fingerprint that keeps the address out of imports."),
        _("The same person can sign up again, as a stranger."),
    ]


_STANDING: dict[State, Callable[[Subscriber, Offers, dt.datetime, ConsentEvent | None], list[str]]] = {
    State.PENDING: _pending,
    State.ACTIVE: _active,
    State.PAUSED: _paused,
    State.LEFT: _left,
    State.BOUNCED: _bounced,
    State.COMPLAINED: _complained,
    State.ERASED: _erased,
}


def _way_back(offers: Offers) -> str:
    """Nobody is brought back by anybody else: what an operator can answer is where to sign up."""
    language = "en" if (translation.get_language() or "en").startswith("en") else "zh"
    path = reverse("readers:join", kwargs={"language": Language(language).value})
    text = _("To get mail again, the reader signs up at %(url)s and answers the mail; nobody can do it for them.")
    return text % {"url": settings.SITE_URL + path}


def _link_until(reader: Subscriber) -> str:
    assert reader.asked_at is not None
    until = clock(reader.asked_at + joining.ANSWER_WITHIN)
    return _("The link in the mail that asks to confirm works until %(time)s.") % {"time": until}


def _how_came(reader: Subscriber) -> str:
    return words.say(words.WAYS, reader.source)


def _since(last: ConsentEvent | None, text: str) -> str:
    if last is None:
        return text % {"time": "–", "how": "–"}
    return text % {"time": clock(last.at), "how": words.say(words.WAYS, last.how)}


def clock(moment: dt.datetime) -> str:
    """A moment in words, by the active clock."""
    return date_format(timezone.localtime(moment), "DATETIME_FORMAT")
