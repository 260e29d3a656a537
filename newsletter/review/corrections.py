"""A mistake in an issue that readers have: the archive shows it mended, with a note; and a mail can tell of it.

What was sent is never changed: the block stays as it was approved, and a correction stands beside it.
"""

import hashlib
import json
from collections.abc import Mapping
from typing import Any

from django.contrib.auth.models import User
from django.db import transaction
from django.db.models import Max
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop, override

from newsletter import sentences
from newsletter.models import Block, Citation, Correction, Issue, IssueState
from newsletter.models.issue import PUBLIC, BlockKind
from newsletter.page import dates
from newsletter.page.corrected import write
from newsletter.review import proofread, texts
from newsletter.review.editing import TEXTS, EditConflictError, EditRefusedError
from newsletter.review.record import audit
from newsletter.workflow import WorkflowError

NOTES = ("note_en", "note_zh")
SHORTEST_NOTE, LONGEST_NOTE = 4, 600  # characters
# Tags and the disclaimer tell nothing that could be wrong in a way that readers must be told of.
NOT_CORRECTED = frozenset({BlockKind.TAGS, BlockKind.DISCLAIMER})
_COPIED = ("key", "kind", "source_list_id", "story_id", "position", "parity", "foreign_en", "foreign_zh", "extra")
_SUBJECT = gettext_noop("Correction: {title}")
_LEAD = gettext_noop("A correction to our issue of {date}: {note}")


def can_be_corrected(block: Block) -> bool:
    """Whether readers have `block`, and a correction of it makes sense."""
    return block.issue.state in PUBLIC and not block.dropped and block.kind not in NOT_CORRECTED


def standing(block: Block) -> dict[str, str]:
    """The block's texts as the archive shows them now: as sent, or as last corrected."""
    shown = {name: getattr(block, name) for name in TEXTS}
    for each in block.corrections.order_by("at", "pk"):
        shown |= each.after
    return shown


def version(shown: Mapping[str, str]) -> str:
    """Names these texts: a form carries it, and a correction of other texts is refused."""
    return hashlib.sha256(json.dumps(dict(shown), sort_keys=True).encode()).hexdigest()[:16]


def correct(block: Block, user: User, wanted: Mapping[str, str], *, seen: str = "") -> Correction:
    """Keep that `block` should have said `wanted` (TEXTS and NOTES by name): the archive shows it from now on.

    Raises EditRefusedError, EditConflictError (somebody corrected it since `seen`), WorkflowError before it is sent.
    """
    with transaction.atomic():
        issue = Issue.objects.select_for_update().get(pk=block.issue_id)
        block.issue = issue
        if not can_be_corrected(block):
            raise WorkflowError(_("Only a block that readers have got can be corrected; before that, edit it."))
        before = standing(block)
        if seen and seen != version(before):
            raise EditConflictError(before)
        after = {
            name: texts.plain(wanted.get(name, before[name]), one_line=name.startswith("title")) for name in TEXTS
        }
        notes = {name: texts.plain(wanted.get(name, ""), one_line=True) for name in NOTES}
        _refuse_problems(issue, before, after, notes)
        made = Correction.objects.create(
            issue=issue, block=block, at=timezone.now(), by=user, before=before, after=after, **notes
        )
        audit(user, block, "corrected " + ", ".join(sorted(n for n in TEXTS if before[n] != after[n])))
    return made


def _refuse_problems(
    issue: Issue, before: Mapping[str, str], after: Mapping[str, str], notes: Mapping[str, str]
) -> None:
    known = set(issue.citations.values_list("number", flat=True))
    problems = {name: texts.problem(name, after[name], before[name], known) for name in TEXTS}
    for name, note in notes.items():
        if not SHORTEST_NOTE <= len(note) <= LONGEST_NOTE:
            problems[name] = _("Say what was wrong, in both languages: %(least)d to %(most)d characters.") % {
                "least": SHORTEST_NOTE,
                "most": LONGEST_NOTE,
            }
    if before == after:
        problems["text_en"] = _("Nothing differs from what stands there: write what it should have said.")
    if problems := {name: problem for name, problem in problems.items() if problem}:
        raise EditRefusedError(problems)


# ---- the mail about it -----------------------------------------------------------------------------------------


def why_no_mail(correction: Correction) -> str:
    """Why a mail about it can't be written yet, in the active language; empty where it can."""
    if correction.mail_id:
        return _("The mail is written already.")
    if correction.issue.state != IssueState.SENT:
        return _("The issue is still going out: the mail can be written once every reader’s hour has passed.")
    return ""


def write_mail(correction: Correction, user: User) -> Issue:
    """Compose and check the mail about `correction`: an issue of its own, to be approved like any other.

    It has what was wrong as its main line, and the block as it should have been. Raises WorkflowError.
    """
    with transaction.atomic():
        locked = (
            Correction.objects.select_for_update(of=("self",)).select_related("issue", "block").get(pk=correction.pk)
        )
        if reason := why_no_mail(locked):
            raise WorkflowError(reason)
        mail = _issue(locked)
        _blocks(locked, mail)
        _citations(locked, mail)
        Correction.objects.filter(pk=locked.pk).update(mail=mail)
        audit(user, mail, "wrote the correction")
    correction.refresh_from_db()
    proofread.check_issue(mail)
    return mail


def _said(template: str, language: str, **values: str) -> str:
    with override("zh-hans" if language == "zh" else "en"):
        return _(template).format(**values)


def _issue(correction: Correction) -> Issue:
    original = correction.issue
    today = original.newsletter.today()
    others = Issue.objects.filter(newsletter=original.newsletter, kind="correction", date=today)
    titles = {f"title_{language}": _headline(correction, language) for language in ("en", "zh")}
    subjects = {
        f"subject_{language}": _said(_SUBJECT, language, title=titles[f"title_{language}"])[
            : texts.LENGTHS["subject_en"]
        ]
        for language in ("en", "zh")
    }
    return Issue.objects.create(
        newsletter=original.newsletter,
        kind="correction",
        date=today,
        sequence=(others.aggregate(last=Max("sequence"))["last"] or 0) + 1,
        number=original.number,
        corrects=original,
        cutoff=original.cutoff,
        composer="editor",
        composed_at=timezone.now(),
        **titles,
        **subjects,
    )


def _headline(correction: Correction, language: str) -> str:
    """What the mail is about: the block's own headline, else the issue's."""
    own: str = correction.after[f"title_{language}"]
    return own or getattr(correction.issue, f"title_{language}")


def _blocks(correction: Correction, mail: Issue) -> None:
    block, original = correction.block, correction.issue
    lead = {
        f"text_{language}": _said(
            *(_LEAD, language),
            date=dates.full_date(original.date, language),
            note=getattr(correction, f"note_{language}"),
        )
        for language in ("en", "zh")
    }
    titles = {f"title_{language}": getattr(mail, f"title_{language}") for language in ("en", "zh")}
    # What we say of ourselves cites nothing.
    Block.objects.create(
        issue=mail, key="main-line", kind=BlockKind.MAIN_LINE, position=0, data=True, **titles, **lead
    )
    copy = Block(issue=mail, **{name: getattr(block, name) for name in _COPIED})
    write(copy, correction.after)
    if block.kind == BlockKind.MAIN_LINE:  # the mail has a main line of its own
        copy.key, copy.kind = "item-1", BlockKind.ITEM
    copy.position = 1
    copy.save()
    foot = original.blocks.filter(kind=BlockKind.DISCLAIMER, dropped=False).first()
    if foot:
        fields: dict[str, Any] = {name: getattr(foot, name) for name in (*_COPIED, *TEXTS)}
        Block.objects.create(issue=mail, **{**fields, "position": 2})


def _citations(correction: Correction, mail: Issue) -> None:
    """The articles that the corrected text cites, under the numbers that they have in the issue."""
    cited = set(sentences.citations(f"{correction.after['text_en']}\n{correction.after['text_zh']}"))
    rows = correction.issue.citations.filter(number__in=cited)
    Citation.objects.bulk_create(
        Citation(issue=mail, number=row.number, **{name: getattr(row, name) for name in _snapshot()}) for row in rows
    )


def _snapshot() -> list[str]:
    """Everything that a citation keeps of its article."""
    own = {"id", "issue", "number"}
    return [field.attname for field in Citation._meta.concrete_fields if field.name not in own]
