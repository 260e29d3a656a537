"""Every recurring job, on one page, and the one door to the queue.

There is one schedule: a tick a minute. What it finds due in the rows, it puts on the queue; so a lost queue, a
doubled task or a dead cluster costs a minute, never a mail.
"""

import datetime as dt
from collections.abc import Iterator
from typing import Any

from django.db.models import Q
from django.utils import timezone
from django_q.models import Schedule
from django_q.tasks import async_task

from newsletter.models import Article, Issue, IssueState, Newsletter, Proposal, Source
from subscribers.audience import wanting

TICK = "newsletter.schedules.tick"

Job = tuple[Any, ...]  # the task's name in newsletter.tasks, then its arguments


def install() -> None:
    """Make the tick's schedule, once; names aren't unique to django-q2, so an older twin goes."""
    Schedule.objects.filter(name="tick").exclude(func=TICK, schedule_type=Schedule.MINUTES, minutes=1).delete()
    if not Schedule.objects.filter(name="tick").exists():
        Schedule.objects.create(name="tick", func=TICK, schedule_type=Schedule.MINUTES, minutes=1, repeats=-1)


def is_installed() -> bool:
    """Whether the tick is on the queue's schedule."""
    return bool(Schedule.objects.filter(name="tick", func=TICK).exists())


def tick() -> None:
    """Put on the queue whatever the rows say is due now."""
    now = timezone.now()
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
    yield from _issue_jobs(newsletter, today, now)
    # A correction leaves once it is approved. One that a machine kept for a day waits for a person.
    ready = Issue.objects.filter(newsletter=newsletter, kind="correction", state=IssueState.APPROVED)
    for correction in ready.filter(approved_at__gt=now - dt.timedelta(days=1)):
        yield "deliver", correction.pk
    for sending in Issue.objects.filter(newsletter=newsletter, state=IssueState.SENDING):
        yield "deliver", sending.pk
    for waiting in Proposal.objects.filter(issue__newsletter=newsletter, state=Proposal.State.WAITING):
        yield "propose", waiting.pk


def _issue_jobs(newsletter: Newsletter, today: dt.date, now: dt.datetime) -> Iterator[Job]:
    issue = Issue.objects.filter(newsletter=newsletter, kind="daily", date=today).first()
    send_hour = newsletter.moment(today, newsletter.send_at)
    if (issue is None or issue.composed_at is None) and now >= newsletter.cutoff(today):
        yield "compose", newsletter.pk, today
    if issue is None:
        return
    if issue.state == IssueState.DRAFT and issue.composed_at and not issue.checked_at:
        yield "check", issue.pk
    if issue.state == IssueState.IN_REVIEW and now >= send_hour:
        yield "hold", issue.pk
    # Approved today and the hour has come. An approved issue of another day waits for a person: a stale one must
    # not go out because a machine was down.
    # And an issue that nobody is to get waits for its first reader.
    if issue.state == IssueState.APPROVED and now >= send_hour and wanting(issue.kind, issue.date).exists():
        yield "deliver", issue.pk
