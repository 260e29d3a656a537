"""A note of the editor's own: titled, in both languages, signed, anywhere in the issue."""

from collections.abc import Mapping

from django.contrib.auth.models import User
from django.db import transaction
from django.utils.translation import gettext as _

from newsletter.models import Block, Issue
from newsletter.models.issue import BlockKind
from newsletter.review import texts
from newsletter.review.adding import add
from newsletter.review.changing import lock_issue, read_again
from newsletter.review.editing import ONE_LINE, TEXTS, EditRefusedError


def add_note(issue: Issue, user: User, said: Mapping[str, str], after: Block | None) -> Block:
    """Put a note with the texts `said` (title_en, title_zh, text_en, text_zh) right after `after`; None: first of all.

    Raises EditRefusedError where a title or a text is missing in a language or can't stand, WorkflowError.
    """
    plain = {name: texts.plain(said.get(name, ""), one_line=name in ONE_LINE) for name in TEXTS}
    with transaction.atomic():
        locked = lock_issue(issue)
        known = set(locked.citations.values_list("number", flat=True))
        problems = {name: texts.problem(name, value, "", known) for name, value in plain.items()}
        problems |= {name: _missing(name) for name, value in plain.items() if not value}
        if found := {name: problem for name, problem in problems.items() if problem}:
            raise EditRefusedError(found)
        fields = {"key": _free_key(locked), "kind": BlockKind.NOTE, "composer": "", **plain}
        block = add(locked, user, fields, after=after, what="added note")
    read_again(locked)
    return block


def _missing(name: str) -> str:
    return _("A note has a title.") if name.startswith("title") else _("A note stands in both languages.")


def _free_key(issue: Issue) -> str:
    keys = issue.blocks.filter(key__startswith="note-").values_list("key", flat=True)
    return f"note-{max([0, *(int(key.removeprefix('note-')) for key in keys)]) + 1}"
