"""What becomes of an issue that nobody has approved when its hour comes: the newsletter's policy, by the rows alone.

All hours are the newsletter's, on the clock of its zone: in the night when clocks change, 08:00 is still the people's
08:00. After down-time an unapproved issue is only ever held.
"""

import datetime as dt
from dataclasses import dataclass

from django.utils.translation import gettext_noop as said

from newsletter import workflow
from newsletter.models import DeadlinePolicy, Issue, IssueState, Newsletter
from newsletter.review import checklist

# The rule acts at the hour or, after some trouble, within this time; later it could surprise everybody.
GRACE = dt.timedelta(minutes=30)

LATE = said("The rule was not there at the hour (down-time): an editor decides.")
NO_TIME = said("The draft was not ready before the hour: nobody could have looked at it.")
UNSETTLED = said("The rule releases nothing that has points to settle.")
BY_POLICY = said("Nobody had approved it by the hour.")


@dataclass(frozen=True)
class Hours:
    """The moments of one issue's morning, in UTC."""

    draft: dt.datetime
    remind: dt.datetime
    send: dt.datetime

    @classmethod
    def of(cls, newsletter: Newsletter, date: dt.date) -> "Hours":
        """The hours of `date` in the newsletter's zone. One that clocks jump over comes as much later as they jump."""
        clocks = (newsletter.draft_at, newsletter.remind_at, newsletter.send_at)
        return cls(*(newsletter.moment(date, clock).astimezone(dt.UTC) for clock in clocks))


@dataclass(frozen=True)
class Decision:
    """What the rule does, and why: one of the texts above, in English, to be translated where it is shown."""

    to: IssueState  # held, skipped or approved
    because: str


def is_due(issue: Issue, now: dt.datetime) -> bool:
    """Whether the hour of `issue` has come without an approval and without anybody having held or skipped it."""
    return issue.state == IssueState.IN_REVIEW and now >= Hours.of(issue.newsletter, issue.date).send


def decide(issue: Issue, now: dt.datetime) -> Decision:
    """What the policy does with `issue` at `now`; whatever it may not do, is a hold."""
    policy, hour = issue.newsletter.deadline_policy, Hours.of(issue.newsletter, issue.date).send
    if policy == DeadlinePolicy.HOLD:
        return Decision(IssueState.HELD, BY_POLICY)
    if now - hour > GRACE:
        return Decision(IssueState.HELD, LATE)
    if issue.checked_at is None or issue.checked_at >= hour:
        return Decision(IssueState.HELD, NO_TIME)
    if policy == DeadlinePolicy.SKIP:
        return Decision(IssueState.SKIPPED, BY_POLICY)
    if checklist.unfit(issue):
        return Decision(IssueState.HELD, UNSETTLED)
    return Decision(IssueState.APPROVED, BY_POLICY)


def apply(issue: Issue, now: dt.datetime) -> bool:
    """Do what the policy says, once; False where an editor was quicker, or it isn't due."""
    issue.refresh_from_db()
    if not is_due(issue, now):
        return False
    decision = decide(issue, now)
    try:
        if decision.to == IssueState.APPROVED:
            workflow.release_by_rule(issue)
        elif decision.to == IssueState.SKIPPED:
            workflow.skip(issue, because=decision.because)
        else:
            workflow.hold(issue, because=decision.because)
    except workflow.WorkflowError:
        return False
    return True
