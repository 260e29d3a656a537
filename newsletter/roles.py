"""What writers, approvers and administrators may do: three groups of Django's own, made by a migration.

A writer edits; an approver also approves, holds, skips, sends and corrects; an administrator also keeps the masthead,
the sources and the readers. A superuser may do everything.
"""

from enum import StrEnum
from typing import Any

from django.contrib.auth.models import User
from django.db.models import QuerySet

EDIT = "newsletter.change_issue"
APPROVE = "newsletter.approve_issue"
MASTHEAD = "newsletter.change_newsletter"
SOURCES = "newsletter.change_source"
READERS = "subscribers.view_subscriber"
EXPORT = "subscribers.export_subscriber"

_ACTS = ("view", "add", "change", "delete")
_SEEN: tuple[str, ...] = (
    *("issue", "block", "blockrevision", "citation", "finding", "edition", "delivery", "deliveryevent", "run"),
    *("modelcall", "modelbatch", "story", "ranking", "article", "source", "sourcelist", "newsletter", "keyword"),
)


class Role(StrEnum):
    """The groups' names."""

    WRITER = "writer"
    APPROVER = "approver"
    ADMINISTRATOR = "administrator"


def _of(*models: str) -> frozenset[str]:
    return frozenset(f"{act}_{model}" for model in models for act in _ACTS)


_WRITER = frozenset(f"view_{model}" for model in _SEEN) | {"change_issue", "change_block", "change_finding"}
_WRITER |= _of("lexiconentry")
_APPROVER = _WRITER | {"approve_issue", *_of("trialgroup")}
_ADMINISTRATOR = _APPROVER | _of("source", "sourcelist", "keyword") | {"change_newsletter"}
# Codenames in the app newsletter. An administrator has all of the app subscribers beside them.
CODENAMES = {Role.WRITER: _WRITER, Role.APPROVER: _APPROVER, Role.ADMINISTRATOR: _ADMINISTRATOR}


def make_groups(groups: Any, permissions: Any) -> None:
    """Make the three groups with all they may do; what somebody has added to a group stays. Safe to repeat.

    `groups` and `permissions` are the managers of Django's models, or a migration's.
    """
    for role, codenames in CODENAMES.items():
        group, _created = groups.get_or_create(name=str(role))
        group.permissions.add(*permissions.filter(content_type__app_label="newsletter", codename__in=codenames))
        if role is Role.ADMINISTRATOR:
            group.permissions.add(*permissions.filter(content_type__app_label="subscribers"))


def mailable(permission: str) -> QuerySet[User]:
    """Whoever at the desk has `permission` and an address."""
    backend = "django.contrib.auth.backends.ModelBackend"
    able = User.objects.with_perm(permission, is_active=True, include_superusers=True, backend=backend)
    return able.filter(is_staff=True).exclude(email="").order_by("pk")
