"""What the operator's pages call a reader's states, choices and history, in the language of the page."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from subscribers.models import Frequency, Language, Notice, State

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
    "form": _("sign-up form"),
    "mail": _("mail to subscribe@"),
    "import": _("import"),
    "demo": _("demo"),
}
# How an event came (joining.Proof.how).
WAYS: Words = SOURCES | {
    "page": _("on the reader’s own page"),
    "one_click": _("by the mail program’s unsubscribe button"),
    "admin": _("by an operator"),
    "bounce": _("by a bounced mail"),
    "complaint": _("by a report of the mail provider"),
    "clock": _("by itself, the time had come"),
}
# What happened (ConsentEvent.kind).
EVENTS: Words = {
    "asked": _("Asked to join"),
    "admitted": _("Taken in by an import"),
    "confirmed": _("Confirmed"),
    "left": _("Left"),
    "came_back": _("Took back the leaving"),
    "paused": _("Paused"),
    "resumed": _("Gets mail again"),
    "bounced": _("The address was found dead"),
    "complained": _("Called a mail spam"),
    "erased": _("All data erased"),
    "chose": _("Changed the choices"),
    "gave_reason": _("Said why"),
    "changed_address": _("Moved to another address"),
}
# Mails to one reader alone (Notice.kind, and Ticket.purpose where the mail carries a single-use link).
MAILS: Words = {
    Notice.Kind.CONFIRM: _("Mail that asks to confirm"),
    Notice.Kind.WELCOME: _("Mail of welcome"),
    Notice.Kind.ALREADY: _("Mail “you already receive it”"),
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
    "auto_reply": _("An automatic answer came in"),
    "command": _("A mail to one of our command addresses"),
    "other": _("A mail came in"),
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
