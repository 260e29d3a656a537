"""What the operator's pages call a reader's states, choices and history, in the language of the page."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from subscribers.models import Frequency, Happening, Language, Notice, State, Way

Words = dict[str, str | Promise]

STATES: Words = {
    State.PENDING: pgettext_lazy("state of a reader", "to be confirmed"),
    State.ACTIVE: pgettext_lazy("state of a reader", "active"),
    State.PAUSED: pgettext_lazy("state of a reader", "paused"),
    State.LEFT: pgettext_lazy("state of a reader", "left"),
    State.BOUNCED: pgettext_lazy("state of a reader", "address is dead"),
    State.COMPLAINED: pgettext_lazy("state of a reader", "complained of spam"),
    State.ERASED: pgettext_lazy("state of a reader", "erased"),
}
LANGUAGES: Words = {Language.EN: "English", Language.ZH: "中文", Language.BOTH: _("both side by side")}
FREQUENCIES: Words = {
    Frequency.DAILY: _("daily"),
    Frequency.WEEKDAYS: _("weekdays"),
    Frequency.WEEKLY: _("weekly"),
}
SOURCES: Words = {
    Way.FORM: _("sign-up form"),
    Way.MAIL: _("mail to subscribe@"),
    Way.IMPORT: _("import"),
    Way.DEMO: _("demo"),
}
# How an event came (joining.Proof.how).
WAYS: Words = SOURCES | {
    Way.PAGE: _("on the reader’s own page"),
    Way.ONE_CLICK: _("by the mail program’s unsubscribe button"),
    Way.ADMIN: _("by an operator"),
    Way.BOUNCE: _("by a bounced mail"),
    Way.COMPLAINT: _("by a report of the mail provider"),
    Way.CLOCK: _("by itself, the time had come"),
}
# What happened (ConsentEvent.kind).
EVENTS: Words = {
    Happening.ASKED: _("Asked to join"),
    Happening.ADMITTED: _("Taken in by an import"),
    Happening.CONFIRMED: _("Confirmed"),
    Happening.LEFT: _("Left"),
    Happening.CAME_BACK: _("Took back the leaving"),
    Happening.PAUSED: _("Paused"),
    Happening.RESUMED: _("Gets mail again"),
    Happening.BOUNCED: _("The address was found dead"),
    Happening.COMPLAINED: _("Called a mail spam"),
    Happening.ERASED: _("All data erased"),
    Happening.CHOSE: _("Changed the choices"),
    Happening.GAVE_REASON: _("Said why"),
    Happening.CHANGED_ADDRESS: _("Moved to another address"),
}
# Mails to one reader alone (Notice.kind, and Ticket.purpose where the mail carries a single-use link).
MAILS: Words = {
    Notice.Kind.CONFIRM: _("Mail that asks to confirm"),
    Notice.Kind.WELCOME: _("Mail of welcome"),
    Notice.Kind.ALREADY: _("Mail “you already receive it”"),
    Notice.Kind.PREFERENCES: _("Mail with the link to the preferences"),
    Notice.Kind.MOVED: _("Mail to the old address about the move"),
    "copy": _("Mail with the link to a copy of the data"),
    "erase": _("Mail with the link to erase the data"),
    "change": _("Mail with the link to change the address"),
    "new_address": _("Mail to prove a new address"),
}
# What became of an issue for one reader.
DELIVERIES: Words = {
    "queued": _("waits for its hour"),
    "claimed": _("is being sent"),
    "accepted": _("taken by the reader’s mail server"),
    "deferred": _("put off by the reader’s mail server, to be tried again"),
    "refused": _("refused by the reader’s mail server"),
    "uncertain": _("uncertain: handed over, and no answer came back"),
    "withdrawn": _("not sent: the reader was gone, or the issue was stopped"),
}
# What came in about a mail of ours.
REPORTS: Words = {
    "bounce": _("A mail came back"),
    "delay": _("A mail is late"),
    "complaint": _("A complaint came in"),
    "command": _("A mail to one of our command addresses"),
}
# What a report led to (newsletter.deliver.bounces.Measure).
MEASURES: Words = {
    "suppress": _("the address is dead: no more mail"),
    "count": _("may pass: counted, mail goes on"),
    "slow_down": _("the provider wants fewer mails at once: its readers get theirs later"),
    "our_fault": _("refused for what we sent, not for the address: mail goes on"),
    "complain": _("called spam: no more mail"),
    "leave": _("asked to be left out: no more mail"),
    "nothing": _("nothing followed from it"),
}
# The names of what a reader can choose, as the history notes them.
CHOICES: Words = {
    "language": _("language"),
    "lists": _("source lists"),
    "sections": _("sections"),
    "topics": _("topics"),
    "plain_text": _("plain text"),
    "frequency": _("frequency"),
    "send_at": _("hour of the mail"),
    "zone": _("time zone"),
}


def say(words: Words, key: str) -> str:
    """The word for `key`; the key itself where it has none yet."""
    return str(words.get(key, key))
