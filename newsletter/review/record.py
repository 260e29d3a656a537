"""What every act at the desk does beside its own work: leave a line in the log, refuse what comes too late."""

from django.contrib.admin.models import CHANGE, LogEntry
from django.contrib.auth.models import User
from django.db import models
from django.utils.translation import gettext as _

from newsletter.models import Issue
from newsletter.review.words import STATES
from newsletter.workflow import WorkflowError


def audit(user: User, row: models.Model, what: str) -> None:
    """Who did what to which row, in the admin's log."""
    LogEntry.objects.log_actions(user.pk, [row], CHANGE, what, single_object=True)


def too_late(issue: Issue) -> WorkflowError:
    """The issue is past changing: mails have begun to leave, or it was skipped."""
    about = {"number": issue.number, "state": STATES[issue.state]}
    return WorkflowError(_("No. %(number)d can’t be changed any more: it is “%(state)s”.") % about)
