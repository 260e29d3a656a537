"""The contents page: one short function an act. Ids and plain values in, safe to run twice.

A task is only a wake-up call: what is due stands in rows, and the next tick takes up what a lost task left.
"""

import datetime as dt
import logging
from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.utils import timezone

from newsletter import workflow
from newsletter.compose import batches
from newsletter.compose.assemble import compose_issue
from newsletter.compose.one_block import write_proposal
from newsletter.deliver import alarm, inbound, replies, withdrawal
from newsletter.deliver.ledger import deliver_issue, run_name
from newsletter.gather.ingest import gather as gather_due
from newsletter.models import Issue, IssueState, Newsletter
from newsletter.rank.day import rank_day
from newsletter.review import links, notices, sender
from newsletter.review.deadline import apply as apply_policy
from newsletter.review.proofread import check_issue
from newsletter.runs import LEASE, ActError, IdleError, is_running, recorded
from subscribers import mails
from subscribers.tidying import tidy
from subscribers.transfer import running

LINKS_SECONDS = 45.0
SENDING_SECONDS = 480.0  # a task is ended with force after Q_CLUSTER's timeout, and the next tick goes on
STRAGGLERS_SECONDS = 60.0  # of an issue beside a newer one: two of them shall not take both workers for long
# Just above that timeout. Two may send beside each other (see ledger), so one lost with its machine isn't waited for.
SENDING_LEASE = dt.timedelta(minutes=11)

log = logging.getLogger(__name__)


def gather(newsletter_id: int) -> None:
    """Visit the sources whose turn it is."""
    newsletter = Newsletter.objects.get(pk=newsletter_id)
    _run(
        newsletter,
        "gather",
        newsletter.today(),
        lambda: gather_due(newsletter, seen_at=timezone.now(), progress=_quiet),
    )


def rank(newsletter_id: int, date: dt.date) -> None:
    """Turn the articles of the window that ends on `date` into stories."""
    newsletter = Newsletter.objects.get(pk=newsletter_id)
    _run(newsletter, "rank", date, lambda: rank_day(newsletter, date, newsletter.cutoff(date), _quiet))


def compose(newsletter_id: int, date: dt.date) -> None:
    """Write the draft of `date`, with a last look at what came in before the cutoff.

    Where a batch of the model's is under way, look whether it has ended; until then, or its hour, nothing is written.
    """
    newsletter = Newsletter.objects.get(pk=newsletter_id)
    cutoff = newsletter.cutoff(date)
    if is_running(newsletter, "compose") or batches.waiting(newsletter, date, timezone.now()):
        return  # a model writes for minutes: meanwhile nothing is ranked anew under its feet
    if not batches.was_sent(newsletter, date):
        _run(newsletter, "rank", date, lambda: rank_day(newsletter, date, cutoff, _quiet))
    _run(
        newsletter,
        "compose",
        date,
        lambda: compose_issue(newsletter, date, cutoff, writer_name=settings.COMPOSER, progress=_quiet, may_wait=True),
    )


def check(issue_id: int) -> None:
    """Read the draft for doubts; it is in review afterwards."""
    issue = Issue.objects.select_related("newsletter").get(pk=issue_id)
    _run(issue.newsletter, "check_issue", issue.date, lambda: check_issue(issue, _quiet))


def propose(proposal_id: int) -> None:
    """Write what an editor asked for, for them to take or leave."""
    write_proposal(proposal_id)


def check_links(issue_id: int) -> None:
    """Ask the addresses in the issue that nobody has asked yet, for a minute; the next tick goes on."""
    links.check(Issue.objects.get(pk=issue_id), LINKS_SECONDS)


def look_up_sender(newsletter_id: int) -> None:
    """Ask the name servers about the newsletter's sender."""
    sender.look_up(Newsletter.objects.get(pk=newsletter_id))


def tell_editors(newsletter_id: int) -> None:
    """Mail the editors what they are to know of the morning's issue by now."""
    notices.send_due(Newsletter.objects.get(pk=newsletter_id), timezone.now())


def tell_of_stops(newsletter_id: int) -> None:
    """Mail the operators that an issue stopped going out by itself."""
    alarm.send_due(Newsletter.objects.get(pk=newsletter_id), timezone.now())


def deadline(issue_id: int) -> None:
    """The send hour came without an approval: what the newsletter's policy says; then the editors are told."""
    issue, now = Issue.objects.select_related("newsletter").get(pk=issue_id), timezone.now()
    if apply_policy(issue, now):
        log.info("%s: nobody approved it by the hour: it is %s", issue, issue.state)
        notices.send_due(issue.newsletter, now)


def deliver(issue_id: int, place: int = 1) -> None:
    """Send what is due of an approved issue; `place` above 1: beside the task that has sent the first mails."""
    issue = Issue.objects.select_related("newsletter").get(pk=issue_id)
    if issue.kind == "daily" and workflow.void_outdated(issue):
        log.error("%s isn't what was approved any more, as after an upgrade: it is in review again", issue)
        return
    newer = Issue.objects.filter(newsletter=issue.newsletter_id, state=IssueState.SENDING, pk__gt=issue.pk)
    seconds = STRAGGLERS_SECONDS if newer.exists() else SENDING_SECONDS
    _run(
        issue.newsletter,
        run_name(issue, place),
        issue.date,
        lambda: deliver_issue(issue, now=timezone.now(), progress=_quiet, at_most=seconds),
        lease=SENDING_LEASE,
    )


def settle_rest(issue_id: int) -> None:
    """Of an issue that was taken back: settle what was in workers' hands just then, also in those of dead ones."""
    deliver(issue_id)
    withdrawal.sweep(Issue.objects.get(pk=issue_id))


def readers() -> None:
    """What falls due at the readers' side: single mails, pauses that end, sign-ups never confirmed, imports."""
    now = timezone.now()
    tidy(now)
    inbound.forget_old(now)
    replies.forget_old(now)
    replies.forward_due(now)
    mails.send_due(now)
    running.run_due()


def _run(
    newsletter: Newsletter,
    act: str,
    date: dt.date,
    work: Callable[[], dict[str, Any]],
    lease: dt.timedelta = LEASE,
) -> None:
    """One line in the log for what an act foresees, and its error in the run's row; a traceback for all else."""
    try:
        with recorded(newsletter, act, date, lease=lease) as counts:
            counts |= work()
    except IdleError as reason:
        log.info("%s: %s", act, reason)
    except ActError as reason:
        log.error("%s: %s", act, reason)


def _quiet(what: str, done: int, total: int) -> None:
    """Nobody watches a worker's terminal: the run's counts are its report."""
