"""What a person decides about mails that the program may not decide about: uncertain ones, and refusals.

Each decision is one conditional UPDATE, so that of two people, or of a person and a worker that comes back with its
record, one wins and the other changes nothing. It stands in the issue's history.
"""

import datetime as dt
import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import NamedTuple

from django.contrib.auth.models import User
from django.db import transaction
from django.db.models import F, QuerySet, Value
from django.db.models.functions import Concat, Left
from django.utils import timezone

from newsletter import workflow
from newsletter.deliver import bounces
from newsletter.deliver.pausing import TERMINAL
from newsletter.models import Delivery, DeliveryState, Issue, IssueState
from newsletter.workflow import Act, WorkflowError

COUNTED = "counted as sent; "  # how the reply of such a mail begins
_ROOM = 300 - len(COUNTED)
_READ = 2000  # refusals that are looked at
_STATUS = re.compile(r"^(?:given up after [^:]*: )?(\d{3})?[ -]?(?:(\d\.\d{1,3}\.\d{1,3}))?")


@dataclass(frozen=True, slots=True)
class Refusal:
    """Readers at one domain whose mails were refused alike. `words`: the newest answer; `fresh`: not expired."""

    domain: str
    code: str  # 550 5.1.1; empty: no server said it
    mails: int
    words: str
    fresh: int = 0

    @property
    def is_dead(self) -> bool:
        """Whether nobody is there: those readers are `bounced`, and another try finds nobody either."""
        return bounces.of_reply(self.words, "").measure is bounces.Measure.SUPPRESS

    @property
    def may_try(self) -> bool:
        return bool(self.fresh) and not self.is_dead


def uncertain(issue: Issue, until: dt.datetime | None = None) -> QuerySet[Delivery]:
    """Mails that may or may not have arrived, the newest first; those since `until` aren't among them."""
    rows = issue.deliveries.filter(state=DeliveryState.UNCERTAIN)
    return (rows.filter(finished_at__lte=until) if until else rows).order_by("-finished_at", "-pk")


def fresh(rows: QuerySet[Delivery], now: dt.datetime) -> QuerySet[Delivery]:
    """Those of `rows` that haven't expired: the others' day is over, and nothing sends them again."""
    return rows.filter(expires_at__gt=now)


def send_again(issue: Issue, rows: QuerySet[Delivery], by: User | None) -> int:
    """Queue those of `rows` that are uncertain and fresh anew, under the same Message-ID; how many that were.

    A reader whose first one did arrive gets two. WorkflowError where the issue is neither being sent nor out.
    """
    now = timezone.now()
    sought = fresh(rows.filter(state=DeliveryState.UNCERTAIN), now)
    return _decided(issue, Act.SEND_AGAIN, lambda: _queue(issue, sought, now), by)


def count_as_sent(issue: Issue, rows: QuerySet[Delivery], by: User | None) -> int:
    """Take those of `rows` that are uncertain as accepted; how many that were. Why they were in doubt stays in words.

    WorkflowError where the issue is neither being sent nor out.
    """
    sought = _of(issue, rows.filter(state=DeliveryState.UNCERTAIN))
    reply = Concat(Value(COUNTED), Left(F("reply"), _ROOM))
    return _decided(issue, Act.COUNT_AS_SENT, lambda: sought.update(state=DeliveryState.ACCEPTED, reply=reply), by)


def refusals(issue: Issue, now: dt.datetime) -> list[Refusal]:
    """Who refused and how, the most first; of the last _READ mails that were refused."""
    found: dict[tuple[str, str], list[tuple[str, bool]]] = {}
    for row in _refused(issue):
        found.setdefault((row.domain, row.code), []).append((row.reply, row.expires_at > now))
    groups = [
        Refusal(*key, mails=len(rows), words=rows[0][0], fresh=sum(is_fresh for _, is_fresh in rows))
        for key, rows in found.items()
    ]
    return sorted(groups, key=lambda group: (-group.mails, group.domain, group.code))


def try_again(issue: Issue, domain: str, code: str, by: User | None) -> int:
    """Queue anew what `domain` refused with `code` and is fresh, once the fault is mended; how many that were.

    Nobody has those mails, so nobody gets two; who has left or bounced meanwhile gets none. WorkflowError as above.
    """
    now = timezone.now()
    meant = [row.pk for row in _refused(issue) if (row.domain, row.code) == (domain, code)]
    sought = fresh(issue.deliveries.filter(pk__in=meant, state=DeliveryState.REFUSED), now)
    return _decided(issue, Act.TRY_AGAIN, lambda: _queue(issue, sought, now), by)


class _Refused(NamedTuple):
    pk: int
    domain: str
    code: str
    reply: str
    expires_at: dt.datetime


def _refused(issue: Issue) -> list[_Refused]:
    rows = issue.deliveries.filter(state=DeliveryState.REFUSED).order_by("-finished_at", "-pk")
    told = rows.values_list("pk", "reader__email_key", "reply", "expires_at")[:_READ]
    return [_Refused(pk, (key or "").rpartition("@")[2], code_of(reply), reply, at) for pk, key, reply, at in told]


def code_of(reply: str) -> str:
    """`550 5.1.1` of "550 5.1.1 no such user"; empty where no server has said anything."""
    found = _STATUS.match(reply)
    return " ".join(filter(None, found.groups())) if found else ""


def _of(issue: Issue, rows: QuerySet[Delivery]) -> QuerySet[Delivery]:
    return rows.filter(issue=issue).order_by()


def _queue(issue: Issue, rows: QuerySet[Delivery], now: dt.datetime) -> int:
    """As if it had never been claimed. A worker that comes back with its record finds that it isn't its own any more.

    When it was handed over stays: a bounce of the first one may still come.
    """
    free = {"claimed_at": None, "claimed_by": "", "finished_at": None, "reply": ""}
    return _of(issue, rows).update(state=DeliveryState.QUEUED, due_at=now, **free)


def _decided(issue: Issue, act: Act, change: Callable[[], int], by: User | None) -> int:
    """Make the change and note it, in one commit. An issue that was out is being sent again where mails are queued."""
    with transaction.atomic():
        locked = Issue.objects.select_for_update().get(pk=issue.pk)
        if locked.state not in (IssueState.SENDING, IssueState.SENT):
            raise WorkflowError(f"{locked} is {locked.state}: nothing of it has left")
        count = change()
        if count:
            because = str(count) if by else f"{count} ({TERMINAL})"
            if act is Act.COUNT_AS_SENT:
                workflow.note(locked, act, by=by, because=because)
                workflow.count_again(locked)
            else:
                workflow.send_more(locked, act, by=by, because=because)
    issue.refresh_from_db()
    return count
