"""The demo's morning: the sample feeds over HTTP, yesterday's issue sent, today's left at the desk.

Every step calls the same public function as the act's command; running it again duplicates nothing.
"""

import datetime as dt
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from django.contrib.auth.models import User
from django.utils import timezone

from newsletter.compose.assemble import WriterName, compose_issue
from newsletter.deliver.ledger import deliver_issue, run_name
from newsletter.demo.feeds import sample_feeds
from newsletter.demo.readers import make_readers
from newsletter.gather.ingest import gather
from newsletter.models import Issue, IssueState, Newsletter, Source
from newsletter.rank.day import rank_day
from newsletter.review import checklist
from newsletter.review.approval import approve
from newsletter.review.proofread import check_issue
from newsletter.runs import recorded

EDITOR, PASSWORD = "editor", "good-morning"

# Past this state an issue is no longer written anew: the desk or the mail has it.
REMINDED = dt.timedelta(minutes=30)  # before the send hour
SETTLED = frozenset({IssueState.APPROVED, IssueState.SENDING, IssueState.SENT, IssueState.SKIPPED})


@dataclass
class Morning:
    """One run of the demo: what to do it with, and the counts so far."""

    newsletter: Newsletter
    writer: WriterName
    say: Callable[[str], None]
    progress: Callable[[str, int, int], None]
    summary: dict[str, Any] = field(default_factory=dict)

    def step(self, name: str, act: str, date: dt.date, work: Callable[[], dict[str, Any]]) -> dict[str, Any]:
        """Do one act, recorded as its command would; its counts and seconds go into the summary under `name`."""
        started = time.monotonic()
        with recorded(self.newsletter, act, date) as counts:
            counts |= work()
        counts = {**counts, "seconds": round(time.monotonic() - started, 2)}
        self.summary[name] = counts
        self.say(f"  {name:<18} " + ", ".join(f"{k.replace('_', ' ')} {v}" for k, v in counts.items() if _plain(v)))
        return counts


def _plain(value: object) -> bool:
    return isinstance(value, int | float | str)


def make_editor() -> User:
    """The demo's editor, with the password that the demo shows."""
    editor, made = User.objects.get_or_create(
        username=EDITOR, defaults={"is_staff": True, "is_superuser": True, "email": "editor@chenbao.example"}
    )
    if made:
        editor.set_password(PASSWORD)
        editor.save()
    return editor


def use_sample_sources(newsletter: Newsletter, base: str) -> None:
    """The sample day's feeds, at the address where they are served this time; every other source rests."""
    lists = {each.slug: each for each in newsletter.source_lists.all()}
    names = []
    for feed in sample_feeds():
        fields = {"url": f"{base}/{feed.file}", "language": feed.language, "region": feed.region, "scope": feed.scope}
        Source.objects.update_or_create(
            name=feed.name,
            source_list=lists[feed.source_list],
            defaults={**fields, "name_en": feed.name_en, "active": True, "next_visit_at": None, "note": "sample day"},
        )
        names.append(feed.name)
    Source.objects.filter(source_list__newsletter=newsletter).exclude(name__in=names).update(active=False)


def rest_sample_sources(newsletter: Newsletter) -> None:
    """The imagined outlets are left out of a live morning."""
    Source.objects.filter(source_list__newsletter=newsletter, note="sample day").update(active=False)


def gather_step(morning: Morning, today: dt.date) -> None:
    """Visit every active source, as at this morning's cutoff."""
    letter = morning.newsletter
    seen_at = letter.cutoff(today)

    def complain(line: str) -> None:
        morning.say(f"    {line}")

    morning.step(
        "gather",
        "gather",
        today,
        lambda: gather(letter, seen_at=seen_at, progress=morning.progress, everything=True, complain=complain),
    )


def write_issue(morning: Morning, date: dt.date, label: str) -> Issue:
    """Rank, compose and check the issue of `date`, unless it is settled already."""
    letter, cutoff = morning.newsletter, morning.newsletter.cutoff(date)
    issue = Issue.objects.filter(newsletter=letter, kind="daily", date=date).first()
    if issue is not None and issue.state in SETTLED:
        morning.say(f"  {label:<18} No. {issue.number} is {issue.get_state_display().lower()} already")
        return issue
    progress = morning.progress
    morning.step(f"{label} rank", "rank", date, lambda: rank_day(letter, date, cutoff, progress))
    morning.step(
        f"{label} compose",
        "compose",
        date,
        lambda: compose_issue(letter, date, cutoff, writer_name=morning.writer, progress=progress),
    )
    issue = Issue.objects.get(newsletter=letter, kind="daily", date=date)
    morning.step(f"{label} check", "check_issue", date, lambda: check_issue(issue, progress))
    issue.refresh_from_db()
    return issue


def send_issue(morning: Morning, issue: Issue, editor: User) -> None:
    """Approve and deliver; what is sent already stays sent."""
    make_readers()
    if issue.state not in SETTLED:
        for point in checklist.missing(issue):
            if point.waives:
                checklist.waive(issue, point.slug, editor, "The demo’s own yesterday")
        approve(issue, editor)
    morning.step(
        "yesterday deliver",
        run_name(issue),
        issue.date,
        lambda: deliver_issue(issue, now=timezone.now(), progress=morning.progress),
    )
    issue.refresh_from_db()


def standing(newsletter: Newsletter, date: dt.date) -> dict[str, Any]:
    """The daily issue of `date` in three figures; state `none` where there is none."""
    issue = Issue.objects.filter(newsletter=newsletter, kind="daily", date=date).first()
    if issue is None:
        return {"state": "none"}
    findings = issue.findings.filter(kept_by=None).count()
    return {"number": issue.number, "state": str(issue.state), "findings": findings}


def give_time_to_review(newsletter: Newsletter, now: dt.datetime) -> None:
    """Where the send hour is past or near, move it on: a demo started in the afternoon has a desk to look at too."""
    local = now.astimezone(newsletter.tz)
    earliest = local + dt.timedelta(hours=1)
    if newsletter.moment(local.date(), newsletter.send_at) >= earliest:
        return
    later = (local + dt.timedelta(hours=2)).replace(minute=0, second=0, microsecond=0)
    last = dt.time(23, 45)
    newsletter.send_at = later.time() if later.date() == local.date() else last
    newsletter.remind_at = (dt.datetime.combine(local.date(), newsletter.send_at) - REMINDED).time()
    newsletter.save(update_fields=["send_at", "remind_at"])
