"""Every recurring job, on one page, and the one door to the queue.

There is one schedule: a tick a minute. What it finds due in the rows, it puts on the queue; so a lost queue, a
doubled task or a dead cluster costs a minute, never a mail.
"""

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.db.models import Q
from django.utils import timezone
from django_q.models import Schedule
from django_q.tasks import async_task

from newsletter import runs
from newsletter.deliver import alarm, late
from newsletter.models import Article, Delivery, DeliveryState, Issue, IssueState, Newsletter, Proposal, Source
from newsletter.models.delivery import RETRYABLE
from newsletter.review import deadline, links, notices, sender
from newsletter.review.deadline import Hours
from subscribers.audience import wanting

TICK = "newsletter.schedules.tick"

ASKED = dt.timedelta(days=1)  # an editor's "send now" that nothing came of for so long is forgotten
MANY = 1000  # mails that are due: one task sends them within seconds, and more are worth a second one
QUIET = dt.timedelta(minutes=5)  # without a tick, and “within a minute” is said no more
LATELY = dt.timedelta(days=2)  # past a day from every reader's hour in every zone
UNDER_WAY = sorted(str(state) for state in (*RETRYABLE, DeliveryState.CLAIMED))

Job = tuple[Any, ...]  # the task's name in newsletter.tasks, then its arguments


def install() -> None:
    """Make the tick's schedule, once; names aren't unique to django-q2, so an older twin goes."""
    Schedule.objects.filter(name="tick").exclude(func=TICK, schedule_type=Schedule.MINUTES, minutes=1).delete()
    if not Schedule.objects.filter(name="tick").exists():
        Schedule.objects.create(name="tick", func=TICK, schedule_type=Schedule.MINUTES, minutes=1, repeats=-1)


def is_installed() -> bool:
    """Whether the tick is on the queue's schedule."""
    return bool(Schedule.objects.filter(name="tick", func=TICK).exists())


@dataclass(frozen=True, slots=True)
class Standstill:
    """Nothing happens by itself: the tick isn't installed, or hasn't run since `since` (None: never)."""

    is_installed: bool
    since: dt.datetime | None


def standstill(now: dt.datetime, *, quiet: dt.timedelta = QUIET) -> Standstill | None:
    """What keeps everything from happening by itself; None: the tick is installed and ran within `quiet`."""
    installed, last = is_installed(), runs.last_tick()
    if installed and last and now - last <= quiet:
        return None
    return Standstill(installed, last)


def tick() -> None:
    """Put on the queue whatever the rows say is due now."""
    now = timezone.now()
    runs.ticked(now)
    for newsletter in Newsletter.objects.all():
        for job, *arguments in due(newsletter, now):
            async_task(f"newsletter.tasks.{job}", *arguments)
    async_task("newsletter.tasks.readers")


def wake_reader_mails() -> None:
    """A mail to one reader has become due: it needn't wait for the tick. (READER_MAIL_WAKE)"""
    async_task("subscribers.mails.send_due")


def wake_imports() -> None:
    """An import has something to do: it needn't wait for the tick. (READER_IMPORT_WAKE)"""
    async_task("subscribers.transfer.running.run_due")


def wake_proposal(proposal_id: int) -> None:
    """An editor waits for a model's words: they needn't wait for the tick."""
    async_task("newsletter.tasks.propose", proposal_id)


def wake_compose(newsletter: Newsletter, date: dt.date) -> None:
    """An editor wants the draft of `date` now."""
    async_task("newsletter.tasks.compose", newsletter.pk, date)


def due(newsletter: Newsletter, now: dt.datetime) -> Iterator[Job]:
    """What `newsletter` has to do at `now`, in the order of the day."""
    today = now.astimezone(newsletter.tz).date()
    sources = Source.objects.filter(source_list__newsletter=newsletter, active=True, url__startswith="http")
    if sources.filter(Q(next_visit_at=None) | Q(next_visit_at__lte=now)).exists():
        yield "gather", newsletter.pk
    draft_hour = newsletter.cutoff(today)
    coming = today if now <= draft_hour else today + dt.timedelta(days=1)
    end = newsletter.cutoff(coming)
    # An article in a third language is read by nobody: it stays unjudged, and isn't due.
    fresh = Article.objects.filter(source__in=sources, language__in=("en", "zh"), relevant=None, dated_at__lte=end)
    if fresh.filter(dated_at__gt=end - dt.timedelta(days=1)).exists():
        yield "rank", newsletter.pk, coming
    if notices.waiting(newsletter, now):
        yield "tell_editors", newsletter.pk
    if alarm.waiting(newsletter, now).exists():
        yield "tell_of_stops", newsletter.pk
    if sender.is_due(newsletter, now):
        yield "look_up_sender", newsletter.pk
    yield from dict.fromkeys([*_issue_jobs(newsletter, today, now), *_sending_jobs(newsletter, today, now)])
    # A correction leaves once it is approved. One that a machine kept for a day waits for a person.
    ready = Issue.objects.filter(newsletter=newsletter, kind="correction", state=IssueState.APPROVED)
    for correction in ready.filter(approved_at__gt=now - dt.timedelta(days=1)):
        yield "deliver", correction.pk
    for waiting in Proposal.objects.filter(issue__newsletter=newsletter, state=Proposal.State.WAITING):
        yield "propose", waiting.pk


def _issue_jobs(newsletter: Newsletter, today: dt.date, now: dt.datetime) -> Iterator[Job]:
    issue = Issue.objects.filter(newsletter=newsletter, kind="daily", date=today).first()
    send_hour = Hours.of(newsletter, today).send
    if (issue is None or issue.composed_at is None) and now >= newsletter.cutoff(today):
        yield "compose", newsletter.pk, today
    if issue is None:
        return
    if issue.state == IssueState.DRAFT and issue.composed_at and not issue.checked_at:
        yield "check", issue.pk
    if links.is_waiting(issue):
        yield "check_links", issue.pk
    if deadline.is_due(issue, now):
        yield "deadline", issue.pk
    # Approved today and the hour has come. An approved issue of another day waits for a person: a stale one must
    # not go out because a machine was down.
    # And an issue that nobody is to get waits for its first reader.
    if issue.state == IssueState.APPROVED and now >= send_hour and wanting(issue.kind, issue.date).exists():
        yield "deliver", issue.pk


def _sending_jobs(newsletter: Newsletter, today: dt.date, now: dt.datetime) -> Iterator[Job]:
    """What an editor sends now, of whatever day; what is being sent; of what is out lately, readers who came late, and
    what was under way when it was taken back.

    However long an issue was stuck it is taken up: what of it has expired is withdrawn, so that it ends.
    """
    issues = Issue.objects.filter(newsletter=newsletter)
    asked = issues.filter(state=IssueState.APPROVED, send_from__gt=now - ASKED, send_from__lte=now)
    for found in (asked, issues.filter(state=IssueState.SENDING)):
        for pk in found.order_by("-pk").values_list("pk", flat=True):  # today's before yesterday's stragglers
            yield "deliver", pk
            due = Delivery.objects.filter(issue=pk, state__in=RETRYABLE, due_at__lte=now).values("pk")[: MANY + 1]
            for place in range(2, settings.SENDERS + 1 if len(due) > MANY else 2):
                yield "deliver", pk, place
    out = issues.filter(state=IssueState.SENT)
    for issue in out.filter(date__gte=today - LATELY).select_related("newsletter"):
        if late.is_wanted(issue, now):
            yield "deliver", issue.pk
    # taken back while workers had mails in their hands; of any day, for an editor may send one of any day
    for pk in out.filter(outcomes__has_any_keys=UNDER_WAY).values_list("pk", flat=True):
        yield "settle_rest", pk
