"""How an issue stands, in words: what happens next, what the editor can do about it, and to how many it goes when."""

import datetime as dt
from collections import Counter
from dataclasses import dataclass

from django.contrib.auth.models import User
from django.db.models import Count
from django.db.models.functions import TruncHour
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, pgettext_lazy

from newsletter import schedules, workflow
from newsletter.deliver import pausing, progress
from newsletter.deliver.withdrawal import taken_back
from newsletter.models import DeadlinePolicy, DeliveryState, Issue, IssueState, Move, Newsletter, Pause
from newsletter.models.delivery import RETRYABLE
from newsletter.review import checklist, links
from newsletter.review.deadline import Hours
from newsletter.roles import APPROVE
from newsletter.templatetags.desk import moment
from newsletter.workflow import Act
from subscribers import audience
from subscribers.audience import Crowd

SENDABLE_AGAIN = dt.timedelta(days=2)  # what was taken back longer ago is no news any more
LEFT = frozenset({*RETRYABLE, DeliveryState.CLAIMED})


@dataclass(frozen=True, slots=True)
class Way:
    """Something that can be done with the issue as a whole. `act` is its place in the address."""

    act: str
    label: Promise
    grave: bool = False  # readers get something, or don't


HOLD = Way("hold", gettext_lazy("Hold"))
UNHOLD = Way("unhold", gettext_lazy("Let it go on"))
SKIP = Way("skip", gettext_lazy("Skip this day"))
UNSKIP = Way("unskip", gettext_lazy("Bring it back"))
SEND_NOW = Way("send-now", gettext_lazy("Send now"), grave=True)
PAUSE = Way("pause", gettext_lazy("Pause"))
RESUME = Way("resume", gettext_lazy("Resume"))
TAKE_BACK = Way("take-back", pgettext_lazy("an issue", "Take back"), grave=True)
SEND_ON = Way("send-on", gettext_lazy("Send on"), grave=True)
WAYS = {way.act: way for way in (HOLD, UNHOLD, SKIP, UNSKIP, SEND_NOW, PAUSE, RESUME, TAKE_BACK, SEND_ON)}
_IN_STATE: dict[str, tuple[Way, ...]] = {
    IssueState.DRAFT: (SKIP,),
    IssueState.IN_REVIEW: (HOLD, SKIP),
    IssueState.APPROVED: (SEND_NOW, HOLD, SKIP),
    IssueState.HELD: (UNHOLD, SKIP),
    IssueState.SENDING: (PAUSE, RESUME, TAKE_BACK),
    IssueState.SENT: (SEND_ON,),
    IssueState.SKIPPED: (UNSKIP,),
}


def ways(issue: Issue, user: User, now: dt.datetime) -> list[Way]:
    """What `user` may do with `issue` now: what would be refused is not offered."""
    if not user.has_perm(APPROVE):
        return []
    return [way for way in _IN_STATE[issue.state] if _is_open(way, issue, now)]


def _is_open(way: Way, issue: Issue, now: dt.datetime) -> bool:
    if way is UNHOLD:  # after the hour only an approval lets it go on
        return workflow.is_covered(issue) or now < Hours.of(issue.newsletter, issue.date).send
    if way is SEND_NOW:
        return issue.send_from is None
    if way in (PAUSE, RESUME):
        return pausing.is_paused(issue) == (way is RESUME)
    if way is SEND_ON:
        fresh = issue.sent_at is not None and now - issue.sent_at < SENDABLE_AGAIN
        return fresh and taken_back(issue).exists()
    return True


@dataclass(frozen=True, slots=True)
class Next:
    """What to do next, in one line, and where."""

    text: str
    url: str
    urgent: bool = False  # an editor has to act, or nothing goes out


def next_step(
    issue: Issue, now: dt.datetime, *, digest: str = "", points: list[checklist.Check] | None = None
) -> Next:
    """The one line of the page: read it, settle it, approve it, or watch it.

    `digest` is the issue's content hash and `points` what `checklist.missing` says of it, where they are known.
    """
    desk, going = (reverse(f"desk:{name}", args=[issue.date]) for name in ("issue", "approve"))
    if issue.state in (IssueState.DRAFT, IssueState.APPROVED) and (still := standstill(issue.newsletter, now)):
        return Next(still, going, urgent=True)
    if issue.state == IssueState.DRAFT:
        return Next(_("It is being checked; it will be yours in a minute."), desk)
    if issue.state in (IssueState.IN_REVIEW, IssueState.HELD):
        digest = digest or workflow.content_hash(issue)
        return _to_approve(issue, digest, checklist.missing(issue, digest) if points is None else points, desk, going)
    if issue.state == IssueState.APPROVED:
        return Next(_when_it_leaves(issue, now), going)
    if issue.state == IssueState.SENDING:
        return _while_it_leaves(issue, now)
    if issue.state == IssueState.SKIPPED:
        return Next(_("This day is skipped: nobody gets anything. It can be brought back."), going)
    return Next(_("It is out. If something in it is wrong, correct it there."), desk)


def _to_approve(issue: Issue, digest: str, points: list[checklist.Check], desk: str, going: str) -> Next:
    waiting = workflow.open_findings(issue)
    if waiting:
        said = ngettext("Settle %(n)d finding, then approve.", "Settle %(n)d findings, then approve.", waiting)
        return Next(said % {"n": waiting}, desk, urgent=True)
    if points:  # those first that don't settle themselves
        point = min(points, key=lambda each: each.waives == links.UNASKED)
        return Next(_("Before approving: %(what)s.") % {"what": point.label}, going, urgent=True)
    first = workflow.standing(issue, digest)
    if first and first[0].by:
        said = _("%(who)s has approved it: a second person has to, as well.")
        return Next(said % {"who": first[0].by.get_username()}, going, urgent=True)
    return Next(_("Nothing is open: read it once more, and approve."), going, urgent=True)


def _while_it_leaves(issue: Issue, now: dt.datetime) -> Next:
    sending = reverse("desk:sending", args=[issue.pk])
    if pause := Pause.objects.filter(issue=issue).first():
        told = pausing.told(pause.reason, pause.because)
        said = _("It is paused: %(why)s") % {"why": told.what} if told.what else _("It is paused.")
        return Next(said, sending, urgent=True)
    if still := standstill(issue.newsletter, now):
        return Next(still, sending, urgent=True)
    if trouble := progress.trouble(issue, now):
        said = _("Nothing leaves since %(time)s; it is tried every minute")
        return Next(said % {"time": moment(trouble.since, issue.newsletter)}, sending, urgent=True)
    return Next(_("It is going out. While it does, it can be paused or taken back."), sending)


def _when_it_leaves(issue: Issue, now: dt.datetime) -> str:
    hour = Hours.of(issue.newsletter, issue.date).send
    if issue.send_from or now >= hour:
        if is_stale(issue, now):
            return _("Approved too late for its day: it leaves only with “Send now”.")
        return _("Approved: it leaves within a minute.")
    return _("Approved: it leaves at %(hour)s. Nothing is left to do.") % {"hour": f"{issue.newsletter.send_at:%H:%M}"}


def standstill(newsletter: Newsletter, now: dt.datetime) -> str:
    """Why nothing will happen by itself, and what the operator runs; empty: the tick runs."""
    still = schedules.standstill(now)
    if still is None:
        return ""
    if not still.is_installed:
        return _(
            "Nothing happens by itself: the tick is not installed. The operator runs manage.py install_schedule, and "
            "keeps manage.py work running."
        )
    if still.since is None:
        return _("Nothing happens by itself yet: the queue has never run. The operator starts it: manage.py work.")
    return _("Nothing has begun by itself since %(time)s: the operator sees to it that manage.py work is running.") % {
        "time": moment(still.since, newsletter)
    }


def is_stale(issue: Issue, now: dt.datetime) -> bool:
    """Whether the day of `issue` is over, so that only an editor's “Send now” lets it leave (schedules.due)."""
    return not issue.send_from and issue.date < now.astimezone(issue.newsletter.tz).date()


def fate(issue: Issue) -> str:
    """What the newsletter's policy does at the hour with an issue that nobody has approved."""
    policy = issue.newsletter.deadline_policy
    if policy == DeadlinePolicy.SKIP:
        return _("Unapproved by then, this day is skipped.")
    if policy == DeadlinePolicy.SEND_IF_NO_HIGH:
        return _("Unapproved by then, it is sent if the checks doubt nothing serious, and says that nobody read it.")
    return _("Unapproved by then, it is held, not sent.")


def why_it_stands(issue: Issue) -> Move | None:
    """The last hold, skip or taking back, where that is why the issue stands as it does."""
    last = issue.moves.select_related("by").first()
    return last if last and last.act in (Act.HOLD, Act.SKIP, Act.TAKE_BACK) else None


def is_counted(issue: Issue) -> bool:
    """Whether the outcomes that are kept with `issue` are the last word: it is out, and nothing was under way."""
    under_way = {str(state) for state in LEFT} & issue.outcomes.keys()
    return issue.state == IssueState.SENT and bool(issue.outcomes) and not under_way


def crowds(issue: Issue, *, released_at: dt.datetime | None = None) -> list[Crowd]:
    """Who gets it when: from the deliveries once they stand, else from the readers as they are now, and as if it were
    let go at `released_at` where that is given."""
    if issue.state in (IssueState.SENDING, IssueState.SENT):
        rows = issue.deliveries.filter(state__in=LEFT).order_by().annotate(hour=TruncHour("due_at"))
        counted = rows.values_list("hour", "reader__language").annotate(n=Count("pk"))
        return [Crowd(*row) for row in sorted(counted)]
    letter, now = issue.newsletter, timezone.now()
    if is_sent_now(issue):
        released_at = released_at or now
    soonest = released_at or earliest(letter, issue.date, now)
    found = audience.crowds(issue.kind, issue.date, hour=letter.send_at, zone=letter.tz, not_before=soonest)
    return _together(found, now) if is_to_all_at_once(issue) else found


def earliest(newsletter: Newsletter, date: dt.date, now: dt.datetime) -> dt.datetime:
    """Before which nothing of `date` leaves by itself, whatever hour a reader chose."""
    return max(Hours.of(newsletter, date).send, now)


def _together(crowds: list[Crowd], at: dt.datetime) -> list[Crowd]:
    readers: Counter[str] = Counter()
    for crowd in crowds:
        readers[crowd.language] += crowd.readers
    return [Crowd(at, language, count) for language, count in sorted(readers.items())]


def is_sent_now(issue: Issue) -> bool:
    """Whether an editor has said “Send now” of it, and it hasn't begun to leave."""
    return issue.state == IssueState.APPROVED and issue.send_from is not None


def is_to_all_at_once(issue: Issue) -> bool:
    """Whether it is about to leave to everyone at once, whatever hour they chose."""
    return is_sent_now(issue) and issue.to_all_at_once
