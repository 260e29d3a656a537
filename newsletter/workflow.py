"""The only place where an issue changes state, and what binds an approval to the content.

draft -> in_review -> approved -> sending -> sent
  in_review -> held (the hour came without approval, or an editor stopped it) -> approved, or back into review
  approved -> in_review (any edit voids the approval)
  draft, in_review, held, approved -> skipped -> back to what it was
  sending -> sent (taken back: the rest was withdrawn) or held (taken back before anybody had it)
  sent -> sending (what was taken back is sent on)

Every move leaves a row in Move: who, when, why.
"""

import datetime as dt
import hashlib
import json
from enum import StrEnum
from functools import cache
from typing import Any

from django.conf import settings
from django.contrib.auth.models import User
from django.db import transaction
from django.db.models import Count, Max
from django.utils import timezone

from newsletter.models import Approval, BlockRevision, Finding, Issue, IssueState, Move, Newsletter, Pause
from newsletter.models.issue import EDITABLE, PUBLIC
from newsletter.runs import ActError
from newsletter.sentences import citations

MOVES: dict[str, frozenset[str]] = {
    IssueState.DRAFT: frozenset({IssueState.IN_REVIEW, IssueState.SKIPPED}),
    IssueState.IN_REVIEW: frozenset({IssueState.APPROVED, IssueState.HELD, IssueState.SKIPPED}),
    IssueState.HELD: frozenset({IssueState.APPROVED, IssueState.IN_REVIEW, IssueState.SKIPPED}),
    IssueState.APPROVED: frozenset({IssueState.IN_REVIEW, IssueState.HELD, IssueState.SKIPPED, IssueState.SENDING}),
    IssueState.SENDING: frozenset({IssueState.SENT, IssueState.HELD}),
    IssueState.SENT: frozenset({IssueState.SENDING}),
    IssueState.SKIPPED: frozenset({IssueState.DRAFT, IssueState.IN_REVIEW, IssueState.HELD, IssueState.APPROVED}),
}
# Shapes of doubt that an editor must settle before approving: the languages disagree, or a fact has no source.
BLOCKING = Finding.Severity.HIGH


class Act(StrEnum):
    """What a row of Move says was done."""

    REVIEW = "review"
    APPROVE = "approve"
    RELEASE = "release"  # by the newsletter's rule, read by no person
    VOID = "void"
    HOLD = "hold"
    UNHOLD = "unhold"
    SKIP = "skip"
    UNSKIP = "unskip"
    SEND_NOW = "send_now"  # asked for by an editor, before the hour or on another day
    SEND = "send"
    FINISH = "finish"
    TAKE_BACK = "take_back"
    SEND_ON = "send_on"
    PAUSE = "pause"
    RESUME = "resume"
    SEND_AGAIN = "send_again"  # mails that may have arrived
    COUNT_AS_SENT = "count_as_sent"
    TRY_AGAIN = "try_again"  # mails that were refused for a fault of ours
    ADD_LATE = "add_late"  # readers who came after it was sent


class WorkflowError(ActError):
    """A move that is not allowed now; the message says why and what to do."""


@cache
def template_version() -> str:
    """A hash of the mail's templates: a changed template is changed content."""
    digest = hashlib.sha256()
    for path in sorted((settings.BASE_DIR / "templates" / "email").glob("issue*")):
        digest.update(path.name.encode() + path.read_bytes())
    return digest.hexdigest()[:12]


def masthead_of(newsletter: Newsletter) -> list[Any]:
    """What every mail says of the newsletter itself: whose it is, from whom, in which dress."""
    names = ("name_en", "name_zh", "accent", "logo_id", "sender_name", "sender_address", "postal_address")
    # Where clicks are counted every link reads otherwise; where they aren't, hashes stay what they were.
    counted = ["count_clicks"] if newsletter.count_clicks else []
    return [*(getattr(newsletter, name) for name in names), *counted]


def content_of(issue: Issue) -> dict[str, Any]:
    """Everything an approval covers: text, order, subjects, citation snapshots, masthead, template version.

    Order is that of the list, and a citation counts where a block cites it: what no reader sees, a number in a row or
    what a dropped block rests on, may differ. So taking a swap back gives the very content that was approved.
    """
    block_fields = (
        *("key", "kind", "title_en", "title_zh", "text_en", "text_zh"),
        *("parity", "foreign_en", "foreign_zh", "extra", "source_list__slug"),
    )
    citation_fields = (
        "number",
        "outlet",
        "outlet_en",
        "outlet_zh",
        "language",
        "title",
        "url",
        "published_at",
        "dated",
    )
    blocks = list(issue.blocks.filter(dropped=False).order_by("position", "pk").values(*block_fields))
    texts = (str(block[name]) for block in blocks for name in ("title_en", "title_zh", "text_en", "text_zh"))
    used = {number for text in texts for number in citations(text)}
    return {
        "titles": [issue.title_en, issue.title_zh, issue.subject_en, issue.subject_zh],
        "blocks": blocks,
        "citations": [
            {**row, "published_at": row["published_at"].isoformat()}
            for row in issue.citations.filter(number__in=used).order_by("number").values(*citation_fields)
        ],
        "masthead": masthead_of(issue.newsletter),
        "template": template_version(),
    }


def content_hash(issue: Issue) -> str:
    """SHA-256 of what would be sent now, as 64 hex digits. Equal hashes: the same issue, to the letter."""
    text = json.dumps(content_of(issue), sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def open_findings(issue: Issue) -> int:
    """How many findings still have to be settled before the issue can be approved."""
    return issue.findings.filter(severity=BLOCKING, kept_by=None).exclude(block__dropped=True).count()


def _move(issue: Issue, act: Act, to: IssueState, *, by: User | None = None, because: str = "", **fields: Any) -> None:
    """One conditional UPDATE, so that of two that move at once one wins and the other is told; and its row."""
    with transaction.atomic():
        was = Issue.objects.select_for_update().get(pk=issue.pk).state
        moved = to in MOVES[was] and Issue.objects.filter(pk=issue.pk, state=was).update(state=to, **fields)
        issue.refresh_from_db()
        if not moved:
            raise WorkflowError(f"{issue} is {issue.state}: it can't become {to}")
        if was == IssueState.SENDING:  # what isn't being sent isn't paused either
            Pause.objects.filter(issue=issue).delete()
        Move.objects.create(
            issue=issue, act=act, was=was, became=to, at=timezone.now(), by=by, because=because.strip()[:300]
        )


def start_review(issue: Issue) -> None:
    """A composed and checked draft goes to the desk; an issue already past that stays where it is."""
    if issue.state == IssueState.DRAFT:
        _move(issue, Act.REVIEW, IssueState.IN_REVIEW)


def last_change(issue: Issue) -> dt.datetime | None:
    """When an editor last changed a block of `issue`, or took a change back; None: never."""
    newest: dt.datetime | None = BlockRevision.objects.filter(block__issue=issue).aggregate(at=Max("at"))["at"]
    return newest


def is_read(issue: Issue) -> bool:
    """Whether the checks have read `issue` since it was last changed."""
    changed = last_change(issue)
    return issue.checked_at is not None and (changed is None or changed <= issue.checked_at)


# ---- approving ------------------------------------------------------------------------------------------


def standing(issue: Issue, digest: str = "") -> list[Approval]:
    """The approvals of the content `digest` (empty: of any) that nothing has voided, the first given first."""
    rows = issue.approvals.filter(voided_at=None).select_related("by")
    return list(rows.filter(content_hash=digest) if digest else rows)


def approvers_needed(issue: Issue) -> int:
    """How many people have to approve the same content before it may leave."""
    return 2 if issue.newsletter.second_approver else 1


def approve(issue: Issue, user: User) -> str:
    """Record `user`'s approval of the present content and return its hash; with the last person that the newsletter
    asks for, the issue is approved. One person counts once.

    Raises WorkflowError where findings are open, the check has not read the text, or the state forbids it.
    """
    with transaction.atomic():
        locked = _settled(issue)
        digest = content_hash(locked)
        if locked.state == IssueState.APPROVED and locked.approved_hash == digest:
            issue.refresh_from_db()
            return digest
        _void(locked, keep=digest)  # of other content, as when a template changed since: this one replaces it
        Approval.objects.get_or_create(
            issue=locked, content_hash=digest, by=user, voided_at=None, defaults={"at": timezone.now()}
        )
        if len(standing(locked, digest)) >= approvers_needed(locked):
            stamp: dict[str, Any] = {"approved_hash": digest, "approved_at": timezone.now(), "approved_by": user}
            _move(issue, Act.APPROVE, IssueState.APPROVED, by=user, **stamp)
        issue.refresh_from_db()
    return digest


def release_by_rule(issue: Issue) -> str:
    """Approve the present content by the newsletter's rule, in nobody's name, and return its hash.

    Raises WorkflowError as `approve` does, so that nothing a person could not approve is released.
    """
    with transaction.atomic():
        locked = _settled(issue)
        digest, now = content_hash(locked), timezone.now()
        _void(locked)
        Approval.objects.create(issue=locked, content_hash=digest, by=None, at=now)
        stamp: dict[str, Any] = {"approved_hash": digest, "approved_at": now, "approved_by": None}
        _move(issue, Act.RELEASE, IssueState.APPROVED, because="deadline policy", **stamp)
    return digest


def _settled(issue: Issue) -> Issue:
    """The issue, locked, with nothing open that approval waits for."""
    locked = Issue.objects.select_for_update().select_related("newsletter").get(pk=issue.pk)
    if locked.state not in EDITABLE - {IssueState.DRAFT}:
        issue.refresh_from_db()
        raise WorkflowError(f"{issue} is {issue.state}: it can't become {IssueState.APPROVED}")
    if not is_read(locked):
        raise WorkflowError(f"{issue} has not been checked: run `manage.py check_issue --date {issue.date}`")
    if waiting := open_findings(locked):
        raise WorkflowError(f"{issue} has {waiting} findings to settle first: keep, mend or drop each at the desk")
    return locked


def void_approval(issue: Issue) -> None:
    """Something in the issue changed, so what was approved no longer stands there. The old hash stays, to compare.

    Raises WorkflowError once mails have begun to leave.
    """
    if issue.state not in EDITABLE:
        raise WorkflowError(f"{issue} is {issue.state}: what readers have got can't be edited")
    _void(issue)


def void_outdated(issue: Issue) -> bool:
    """End the approval of an issue that isn't what was approved any more, though nobody edited it: an upgrade changed
    the mail's templates. Whether it was so; it is in review then, and its people are told at the hour."""
    with transaction.atomic():
        locked = Issue.objects.select_for_update().get(pk=issue.pk)
        if locked.state != IssueState.APPROVED or content_hash(locked) == locked.approved_hash:
            return False
        _void(locked)
    issue.refresh_from_db()
    return True


def _void(issue: Issue, *, keep: str = "") -> None:
    """End every approval but those of the content `keep`; an approved issue is in review again."""
    issue.approvals.filter(voided_at=None).exclude(content_hash=keep).update(voided_at=timezone.now())
    if issue.state == IssueState.APPROVED:
        _move(issue, Act.VOID, IssueState.IN_REVIEW, **_NO_HURRY)


def require_approval(issue: Issue) -> None:
    """Raise WorkflowError unless `issue` is approved, and to the letter what was approved."""
    if issue.state != IssueState.APPROVED:
        raise WorkflowError(f"{issue} is {issue.state}, not approved: an editor approves it at the desk first")
    if content_hash(issue) != issue.approved_hash:
        raise WorkflowError(f"{issue} is not what was approved (hash {issue.approved_hash[:8]}): approve it again")


# ---- sending --------------------------------------------------------------------------------------------


_NO_HURRY: dict[str, Any] = {"send_from": None, "to_all_at_once": False}  # what takes back `send_now`


def send_now(issue: Issue, user: User, *, everyone: bool) -> None:
    """Let approved mails leave from now on, whatever the hour and the issue's day: each reader at their own hour, or
    `everyone` at once. Raises WorkflowError where the issue isn't approved, to the letter."""
    with transaction.atomic():
        locked = Issue.objects.select_for_update().get(pk=issue.pk)
        require_approval(locked)
        Issue.objects.filter(pk=issue.pk).update(send_from=timezone.now(), to_all_at_once=everyone)
        note(locked, Act.SEND_NOW, by=user, because="everyone at once" if everyone else "")
    issue.refresh_from_db()


def start_sending(issue: Issue) -> None:
    """Approved content, and only that, may begin to leave. Safe to call again while sending."""
    if issue.state == IssueState.SENDING:
        return
    require_approval(issue)
    _move(issue, Act.SEND, IssueState.SENDING)


def finish_sending(issue: Issue) -> None:
    """Every delivery has its outcome; how many had which is kept with the issue."""
    _move(issue, Act.FINISH, IssueState.SENT, sent_at=timezone.now(), outcomes=outcomes(issue))


def outcomes(issue: Issue) -> dict[str, int]:
    """How many deliveries of `issue` are in which state, counted now: as long as the issue has readers."""
    return dict(issue.deliveries.order_by().values_list("state").annotate(n=Count("pk")))


def count_again(issue: Issue) -> None:
    """Keep how the deliveries of an issue that is out stand now: some were under way when it was taken back."""
    Issue.objects.filter(pk=issue.pk, state=IssueState.SENT).update(outcomes=outcomes(issue))


def take_back(issue: Issue, user: User, *, had_it: bool, because: str = "") -> None:
    """What had not left was withdrawn. `had_it`: some readers have it, so it is out; else it is held, and editable."""
    if had_it:
        now = timezone.now()
        stamp: dict[str, Any] = {"sent_at": now, "outcomes": outcomes(issue)}
        _move(issue, Act.TAKE_BACK, IssueState.SENT, by=user, because=because, **stamp)
        return
    _move(issue, Act.TAKE_BACK, IssueState.HELD, by=user, because=because, **_NO_HURRY)
    _void(issue)


def send_on(issue: Issue, user: User) -> None:
    """What was taken back leaves after all."""
    _move(issue, Act.SEND_ON, IssueState.SENDING, by=user, sent_at=None)


def note(issue: Issue, act: Act, *, by: User | None, because: str = "") -> None:
    """Record what was done to an issue that stays in its state."""
    now, state = timezone.now(), issue.state
    Move.objects.create(issue=issue, act=act, was=state, became=state, at=now, by=by, because=because.strip()[:300])


def send_more(issue: Issue, act: Act, *, by: User | None, because: str) -> None:
    """Some of its mails leave once more: one that was out is being sent again."""
    if issue.state == IssueState.SENT:
        _move(issue, act, IssueState.SENDING, by=by, because=because, sent_at=None)
    else:
        note(issue, act, by=by, because=because)


def takes_late_readers(issue: Issue) -> bool:
    """Whether a reader who comes now may still be added to `issue`: it is going out or is out as it was approved,
    isn't held up, wasn't taken back, and nothing in it has been corrected since, for a mail never has corrections."""
    if issue.state not in PUBLIC or issue.approved_at is None or issue.corrects_id is not None:
        return False
    last = issue.moves.filter(act__in=(Act.SEND, Act.SEND_ON, Act.FINISH, Act.TAKE_BACK, Act.ADD_LATE)).first()
    if last and last.act == Act.TAKE_BACK:
        return False
    return not Pause.objects.filter(issue=issue).exists() and not issue.corrections.exists()


# ---- stopping -------------------------------------------------------------------------------------------


def hold(issue: Issue, user: User | None = None, because: str = "") -> None:
    """Nothing is sent until an editor says so. Without `user`: the hour has come without approval."""
    _move(issue, Act.HOLD, IssueState.HELD, by=user, because=because, **_NO_HURRY)


def unhold(issue: Issue, user: User) -> None:
    """Go on where it was stopped: approved where an approval still covers the text, else in review.

    Raises WorkflowError after the hour where no approval stands: then it is approving that sends it.
    """
    if is_covered(issue):
        _move(issue, Act.UNHOLD, IssueState.APPROVED, by=user)
    elif _hour_has_come(issue):
        raise WorkflowError(f"{issue}: its hour has passed, and no approval stands: approve it, and it leaves at once")
    else:
        _move(issue, Act.UNHOLD, IssueState.IN_REVIEW, by=user)


def skip(issue: Issue, user: User | None = None, because: str = "") -> None:
    """No issue for this day; said by an editor, or (without `user`) by the newsletter's rule at the hour."""
    _move(issue, Act.SKIP, IssueState.SKIPPED, by=user, because=because, **_NO_HURRY)


def unskip(issue: Issue, user: User) -> None:
    """There is an issue for this day after all, as it was. What was unapproved is held once the hour has come."""
    last = issue.moves.filter(act=Act.SKIP).first()
    was = IssueState(last.was) if last else IssueState.IN_REVIEW
    if was == IssueState.APPROVED and not is_covered(issue):
        was = IssueState.IN_REVIEW
    if was == IssueState.IN_REVIEW and _hour_has_come(issue):
        was = IssueState.HELD
    _move(issue, Act.UNSKIP, was, by=user)


def is_covered(issue: Issue) -> bool:
    """Whether the approval that was given is of the present text, and nothing has voided it."""
    digest = issue.approved_hash
    return bool(digest) and bool(standing(issue, digest)) and content_hash(issue) == digest


def _hour_has_come(issue: Issue) -> bool:
    return timezone.now() >= issue.newsletter.moment(issue.date, issue.newsletter.send_at)
