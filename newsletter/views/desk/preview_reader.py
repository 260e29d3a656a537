"""A reader, as far as the preview needs one: found by address, and what of this issue they get and when."""

from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from newsletter.models import Delivery, DeliveryState, Issue
from newsletter.roles import READERS
from newsletter.views.desk import rail
from newsletter.views.desk.preview_look import in_words
from subscribers import audience
from subscribers.admin import words
from subscribers.admin.finding import matching
from subscribers.models import State, Subscriber
from subscribers.offers import Offers

_OUTCOMES: dict[str, str | Promise] = {
    DeliveryState.QUEUED: gettext_lazy("waits to be sent"),
    DeliveryState.CLAIMED: gettext_lazy("is being sent"),
    DeliveryState.ACCEPTED: gettext_lazy("was taken by the next server"),
    DeliveryState.DEFERRED: gettext_lazy("was put off, and is tried again"),
    DeliveryState.REFUSED: gettext_lazy("was refused"),
    DeliveryState.UNCERTAIN: gettext_lazy("was handed over, and no answer came back"),
    DeliveryState.WITHDRAWN: gettext_lazy("was withdrawn"),
}
FOUND_AT_MOST = 8


@dataclass(frozen=True)
class Recipient:
    """A reader whose mail is looked at."""

    pk: int
    address: str
    choices: dict[str, Any]
    reads: str  # the choices in words
    fate: str  # whether and when this issue goes to them


def may_find(request: HttpRequest) -> bool:
    """Whether this editor may look up readers: an address is the reader's, and not every writer sees it."""
    return request.user.has_perm(READERS)


def find(text: str) -> list[Subscriber]:
    """The first readers whom `text` names, by the rules of the readers' list; nobody for an empty one."""
    if not text.strip():
        return []
    known = Subscriber.objects.exclude(state=State.ERASED).filter(matching(text))
    return list(known.order_by("email_key")[:FOUND_AT_MOST])


def recipient(issue: Issue, pk: int, offers: Offers) -> Recipient | None:
    """The reader with that number, and what `issue` is to them; None where there is none, or it is erased."""
    reader = Subscriber.objects.exclude(state=State.ERASED).filter(pk=pk).first()
    if reader is None:
        return None
    choices = reader.choices()
    return Recipient(reader.pk, reader.email or "", choices, in_words(choices, offers), _fate(issue, reader))


def _fate(issue: Issue, reader: Subscriber) -> str:
    letter = issue.newsletter
    sent = Delivery.objects.filter(issue=issue, reader=reader).first()
    if sent is not None:
        return _("Their mail %(outcome)s.") % {"outcome": _OUTCOMES[sent.state]}
    wanting = audience.wanting(issue.kind, issue.date).filter(pk=reader.pk)
    moments = audience.due_moments(
        wanting, issue.date, hour=letter.send_at, zone=letter.tz, not_before=issue.approved_at or timezone.now()
    )
    if not moments:
        return _("This issue does not go to them: %(state)s, %(frequency)s.") % {
            "state": words.say(words.STATES, reader.state),
            "frequency": words.say(words.FREQUENCIES, reader.frequency),
        }
    local = moments[0].due_at.astimezone(letter.tz)
    told = _("Once approved, it goes to them on %(date)s at %(hour)s %(place)s.")
    return told % {"date": f"{local:%Y-%m-%d}", "hour": f"{local:%H:%M}", "place": rail.place(letter.zone)}
