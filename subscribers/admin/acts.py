"""What an operator may do about a reader: no more than the state machine allows, each with its reason why not.

There is no change of address, and no bringing back of who left: both are the mailbox owner's own.
"""

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from subscribers import addresses, joining, limits, notices, tickets
from subscribers.admin import words
from subscribers.joining import MOVES, Proof
from subscribers.models import Happening, Notice, State, Subscriber, Ticket, Way

Text = str | Promise


_TOO_OFTEN = gettext_lazy("too often, or changed meanwhile")


@dataclass(frozen=True)
class Act:
    """One thing to do. `why_not` gives the reason against, or nothing; `sure` is what must be confirmed first."""

    name: str
    label: Text
    hint: Text  # when it is the answer to a reader's mail
    why_not: Callable[[Subscriber, dt.datetime], str]
    do: Callable[[Subscriber, Proof], bool]
    sure: Text = ""
    many: bool = True  # also for several readers of the list at once
    refused: Text = _TOO_OFTEN  # where `do` did nothing


def _moves(kind: Happening) -> Callable[[Subscriber, dt.datetime], str]:
    def why_not(reader: Subscriber, now: dt.datetime) -> str:
        return "" if reader.state in MOVES[kind].sources else words.say(words.STATES, reader.state)

    return why_not


def _nothing_to_confirm(reader: Subscriber, now: dt.datetime) -> str:
    if not joining.may_confirm(reader, now):
        return _("has not asked to join within a week")
    waiting = reader.notices.filter(kind=Notice.Kind.CONFIRM).exclude(due_at=None)
    return _("such a mail is on its way") if waiting.exists() else ""


def _mail_notice(kind: Notice.Kind) -> Callable[[Subscriber, Proof], bool]:
    """No more mails a day to one address than strangers can make us send there by the form."""

    def mail(reader: Subscriber, proof: Proof) -> bool:
        if not limits.allow([(limits.PER_ADDRESS, addresses.mailbox(reader.email_key or ""))], proof.at):
            return False
        notices.put(reader, kind, reader.language, proof.at)
        return True

    return mail


def _no_preferences(reader: Subscriber, now: dt.datetime) -> str:
    return "" if reader.state in (State.ACTIVE, State.PAUSED) else words.say(words.STATES, reader.state)


def _unreachable(reader: Subscriber, now: dt.datetime) -> str:
    return words.say(words.STATES, reader.state) if reader.state in (State.BOUNCED, State.ERASED) else ""


def _mail_ticket(purpose: Ticket.Purpose) -> Callable[[Subscriber, Proof], bool]:
    def mail(reader: Subscriber, proof: Proof) -> bool:
        return tickets.send(reader, purpose, proof.at) is not None

    return mail


def _not_ended_here(reader: Subscriber, now: dt.datetime) -> str:
    """Only an operator's own slip may be taken back by an operator: who left by themselves stays away."""
    if not joining.may_undo(reader, now):
        return words.say(words.STATES, reader.state) if reader.state != State.LEFT else _("left more than a day ago")
    last = reader.consents.filter(kind=Happening.LEFT).order_by("-at", "-pk").first()
    return "" if last and last.how == Way.ADMIN else _("left by themselves")


_ENOUGH = gettext_lazy("three mails of this kind went to this address today: again tomorrow")

ACTS: tuple[Act, ...] = (
    Act(
        "ask_again",
        gettext_lazy("Send the confirmation mail again"),
        gettext_lazy("“I signed up and got nothing”: for who asked to join within a week; at most three times a day."),
        _nothing_to_confirm,
        _mail_notice(Notice.Kind.CONFIRM),
        refused=_ENOUGH,
    ),
    Act(
        "mail_preferences",
        gettext_lazy("Mail the reader the link to their preferences"),
        gettext_lazy(
            "“How do I change this?”: it goes to their own mailbox, at most three times a day. Nobody else gets it."
        ),
        _no_preferences,
        _mail_notice(Notice.Kind.PREFERENCES),
        many=False,
        refused=_ENOUGH,
    ),
    Act(
        "mail_copy",
        gettext_lazy("Mail the reader a link to a copy of the data"),
        gettext_lazy("“What do you know about me?”: it goes to their own mailbox, works once, for 30 minutes."),
        _unreachable,
        _mail_ticket(Ticket.Purpose.COPY),
        many=False,
    ),
    Act(
        "mail_erase",
        gettext_lazy("Mail the reader a link to erase the data"),
        gettext_lazy("“Delete all you have about me”: a mail’s sender is easily forged, their own mailbox is not."),
        _unreachable,
        _mail_ticket(Ticket.Purpose.ERASE),
        many=False,
    ),
    Act(
        "end_subscriptions",
        gettext_lazy("End the subscription"),
        gettext_lazy("“Please remove me”: no more mail from now on."),
        _moves(Happening.LEFT),
        joining.leave,
        sure=gettext_lazy(
            "No mail is sent from now on. You can take this back within a day; afterwards only the reader can come "
            "back, by signing up and answering the mail."
        ),
    ),
    Act(
        "take_back",
        gettext_lazy("Take back the ending"),
        gettext_lazy("The subscription was ended by an operator within the last day, by mistake."),
        _not_ended_here,
        joining.undo_leave,
    ),
    Act(
        "mark_bounced",
        gettext_lazy("Mark the address as dead"),
        gettext_lazy("You know that the mailbox is gone, and no bounce has told us."),
        _moves(Happening.BOUNCED),
        joining.bounce,
        sure=gettext_lazy(
            "No mail is sent from now on, and no operator can take it back: only the reader can come back, by signing "
            "up and answering the mail."
        ),
    ),
    Act(
        "erase_readers",
        gettext_lazy("Erase"),
        gettext_lazy("You are sure that the reader wants it. Nothing brings the data back."),
        _moves(Happening.ERASED),
        joining.erase,
        sure=gettext_lazy(
            "Address, choices and history go, and can’t be brought back. A keyed fingerprint stays, so that no "
            "import brings the address in again."
        ),
    ),
)
BY_NAME = {act.name: act for act in ACTS}


def possible(reader: Subscriber, now: dt.datetime) -> list[Act]:
    """What may be done about this reader now."""
    return [act for act in ACTS if not act.why_not(reader, now)]
