"""What the mails to single readers say: values in, text out, in the reader's language or in both.

Nothing that a reader typed stands in them, so that nobody can use our sign-up form to write to a stranger.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import NamedTuple

from django.utils import translation
from django.utils.translation import gettext as _

from subscribers import consents
from subscribers.offers import Offers
from subscribers.tongues import HTML_LANG, tongues_of


@dataclass(frozen=True)
class Half:
    """A whole letter in one language. `button` leads to `url`; both are empty where there is nothing to press."""

    lang: str  # en or zh-Hans
    subject: str
    paragraphs: tuple[str, ...]
    button: str = ""
    url: str = ""
    after: tuple[str, ...] = ()
    issue_title: str = ""  # the latest issue, to read at once
    issue_url: str = ""
    headlines: tuple[str, ...] = ()  # what that issue tells of


@dataclass(frozen=True)
class Facts:
    """What the letters are written from, in the language of the half."""

    name: str  # of the newsletter
    title: str  # of the latest issue; empty: none yet
    by_mail: str = ""  # the address that does what the button does
    answered: bool = False  # whether a person reads answers to the mail


class Text(NamedTuple):
    """What a letter says, before and after its button."""

    subject: str
    paragraphs: tuple[str, ...]
    button: str = ""
    after: tuple[str, ...] = ()


Writer = Callable[[Facts], Text]


def write(kind: str, language: str, offers: Offers, url: str, by_mail: str = "") -> list[Half]:
    """The letter `kind` (a Notice's kind, or a Ticket's purpose) for a reader of `language`. `url` is its one link.

    `by_mail` is the address to which a mail does the same, where there is one: answers to the letter go there.
    """
    return [_half(kind, tongue, language, offers, url, by_mail) for tongue in tongues_of(language)]


def _half(kind: str, tongue: str, language: str, offers: Offers, url: str, by_mail: str) -> Half:
    english = tongue == "en"
    name = offers.name_en if english else offers.name_zh
    latest = offers.latest if kind == "welcome" else None
    title = (latest.title_en if english else latest.title_zh) if latest else ""
    with translation.override(tongue):
        text = LETTERS[kind](Facts(name, title, by_mail, bool(offers.reply_address)))
    return Half(
        lang=HTML_LANG[tongue],
        subject=text.subject,
        paragraphs=text.paragraphs,
        button=text.button,
        url=url,
        after=text.after,
        issue_title=title,
        issue_url=latest.urls[language] if latest else "",
        headlines=(latest.headlines_en if english else latest.headlines_zh) if latest else (),
    )


def _confirm(facts: Facts) -> Text:
    return Text(
        _("Please confirm: %(name)s") % {"name": facts.name},
        (
            _("This address was entered to receive %(name)s, a newsletter that comes each morning.")
            % {"name": facts.name},
            _("If that was you, open the page below and press its button. Until then nothing is sent."),
            str(consents.CONFIRM) % {"name": facts.name},
        ),
        str(consents.YES),
        (
            _("Or just answer this mail, even without a word: the answer goes to %(address)s and means the same.")
            % {"address": facts.by_mail},
            _("If it wasn’t you, do nothing. Nobody can subscribe you without this mail; we forget it in 7 days."),
        ),
    )


def _welcome(facts: Facts) -> Text:
    return Text(
        _("Welcome to %(name)s") % {"name": facts.name},
        (
            _("You are on the list. The next issue comes to this address by itself."),
            _("What you get, when, and in which language is yours to choose, without a password. So is leaving."),
        ),
        _("Your preferences"),
        (_("The latest issue, to read now:"),) if facts.title else (),
    )


def _already(facts: Facts) -> Text:
    return Text(
        _("You already receive %(name)s") % {"name": facts.name},
        (
            _("This address was entered to receive %(name)s. It is on the list already, so nothing has changed.")
            % {"name": facts.name},
            _("If no mail reaches you, look in the spam folder, and see below whether you have paused it."),
        ),
        _("Your preferences"),
    )


def _preferences(facts: Facts) -> Text:
    return Text(
        _("Your preferences at %(name)s") % {"name": facts.name},
        (
            _("You asked us for the link to your preferences."),
            _("What you get, when, and in which language is yours to choose, without a password. So is leaving."),
        ),
        _("Your preferences"),
    )


def _copy(facts: Facts) -> Text:
    return Text(
        _("A copy of your data"),
        (
            _("You asked for a copy of everything that %(name)s holds about you.") % {"name": facts.name},
            _("The link works once, for 30 minutes."),
        ),
        _("Get the copy"),
        (_("If it wasn’t you, do nothing."),),
    )


def _erase(facts: Facts) -> Text:
    return Text(
        _("Erase your data"),
        (
            _("You asked %(name)s to erase everything it holds about you. That also ends the mail.")
            % {"name": facts.name},
            _("The link works once, for 30 minutes. Nothing is erased before you press the button there."),
        ),
        _("See what is erased"),
        (_("If it wasn’t you, do nothing."),),
    )


def _change(facts: Facts) -> Text:
    return Text(
        _("Change your address"),
        (
            _("You asked to have %(name)s sent to another address.") % {"name": facts.name},
            _("The link works once, for 30 minutes, and opens a page that asks for the new address."),
        ),
        _("Enter the new address"),
        (_("If it wasn’t you, do nothing: mail goes on coming here."),),
    )


def _new_address(facts: Facts) -> Text:
    return Text(
        _("Confirm your new address"),
        (
            _("A reader of %(name)s asked to have it sent to this address instead of another.") % {"name": facts.name},
            _("If that was you, open the page below and press its button. The link works once, for 30 minutes."),
        ),
        _("Use this address"),
        (_("If it wasn’t you, do nothing: nothing changes."),),
    )


def _moved(facts: Facts) -> Text:
    return Text(
        _("Your address has been changed"),
        (
            _("%(name)s now goes to another address, as you asked, and no longer to this one.") % {"name": facts.name},
            _("Links in older mails have stopped working."),
            _("If it wasn’t you, answer this mail: a person reads it.")
            if facts.answered
            else _("If it wasn’t you, write to the postal address below."),
        ),
    )


LETTERS: dict[str, Writer] = {
    "confirm": _confirm,
    "welcome": _welcome,
    "already": _already,
    "preferences": _preferences,
    "copy": _copy,
    "erase": _erase,
    "change": _change,
    "new_address": _new_address,
    "moved": _moved,
}
