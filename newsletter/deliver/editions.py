"""Freezing: each distinct set of choices is rendered once, into complete MIME bytes with slots for links."""

import base64
import datetime as dt
import hashlib
import logging
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.template.loader import render_to_string
from django.utils import timezone, translation
from django.utils.crypto import salted_hmac

from newsletter import workflow
from newsletter.deliver import recipients
from newsletter.deliver.envelope import slot_widths
from newsletter.deliver.headers import CRLF, shared_headers
from newsletter.deliver.slots import Slot, best_encoding, filled_size, freeze_text
from newsletter.models import Edition, Issue, Logo
from newsletter.models.issue import PUBLIC
from newsletter.page import BUDGET_BYTES, Choices, Mark, Page, fitting, lay_out, masthead
from newsletter.runs import IdleError
from subscribers import audience
from subscribers.audience import ChoicesInUse

log = logging.getLogger(__name__)

TEXT = "email/issue.txt"
AT_ONCE = 20  # editions held in memory before they are written, at about 150 KB
_NOBODY = "%(issue)s has no reader to go to: let somebody sign up, or run `manage.py import_readers FILE.csv`"


class NobodyError(IdleError):
    """No reader is to get the issue. It stays approved: once marked as sent it could never go to anyone."""


@dataclass(frozen=True)
class Frozen:
    """An edition before it is a row."""

    subject: str
    mime: bytes
    size: int  # bytes of the HTML; 0 in a plain-text edition
    page: Page  # as it was printed: it says what is shortened


def freeze(issue: Issue, progress: Callable[[str, int, int], None], now: dt.datetime | None = None) -> None:
    """Begin to send: afterwards editions and recipients stand in rows, and the issue is `sending`. Safe to call again.

    All or nothing: recipients are written in one transaction with the move, so a crash before its end leaves the issue
    approved; the editions that were printed by then stand as rows that nobody gets, and a second run goes on with
    them. That nobody changed the issue meanwhile is shown by the hash and the time of its approval, for any edit voids
    both.

    `now`: it is being released, which counts where its own day is over. Raises WorkflowError where the issue isn't
    approved or isn't what was approved, NobodyError where nobody wants it.
    """
    if _is_frozen(issue):
        return
    approval = prepare(issue, progress)
    if approval is None:
        return
    with transaction.atomic():
        if not _still_stands(issue, approval):
            return
        workflow.start_sending(issue)
        if not recipients.enlist(issue, progress, _released_at(issue, now)):
            raise NobodyError(_NOBODY % {"issue": issue})
    recipients.analyse()


def _released_at(issue: Issue, now: dt.datetime | None) -> dt.datetime:
    """By its approval, or by an editor's “send now”; of another day's issue, by whoever has it sent by hand."""
    assert issue.approved_at is not None
    released_at = max(issue.approved_at, issue.send_from or issue.approved_at)
    if now is not None and now.astimezone(issue.newsletter.tz).date() > issue.date:
        return max(released_at, now)
    return released_at


Approved = tuple[str, dt.datetime | None]  # which content, and when


def prepare(issue: Issue, progress: Callable[[str, int, int], None]) -> Approved | None:
    """Print every edition that somebody chose and that isn't there yet; for which approval. Some at a time: all of
    them would take gigabytes. None: a run beside this one has frozen the issue meanwhile.

    Raises WorkflowError where the issue isn't approved or isn't what was approved, NobodyError where nobody wants it.
    """
    workflow.require_approval(issue)
    approval = issue.approved_hash, issue.approved_at
    wanted = audience.choices_in_use(recipients.wanting(issue))
    if not wanted:
        raise NobodyError(_NOBODY % {"issue": issue})
    if not _forget_older(issue, approval):
        return None
    there = set(issue.editions.values_list("choices_hash", flat=True))
    missing = [each for each in wanted if each.choices_hash not in there]
    for start in range(0, len(missing), AT_ONCE):
        rows = []
        for each in missing[start : start + AT_ONCE]:
            rows.append(_row(issue, each, render(issue, each.choices)))
            progress("editions", len(there) + start + len(rows), len(wanted))
        with transaction.atomic():
            if not _still_stands(issue, approval):
                return None
            _store(rows)
    return approval


def _forget_older(issue: Issue, approval: Approved) -> bool:
    """Leave only the editions that a run before this one printed for the same approval. False: it is frozen."""
    with transaction.atomic():
        if not _still_stands(issue, approval):
            return False
        of_this = issue.editions.filter(content_hash=approval[0], frozen_at__gte=approval[1])
        issue.editions.exclude(pk__in=of_this.values("pk")).delete()
    return True


def _still_stands(issue: Issue, approval: Approved) -> bool:
    """Locks the issue; False where a run beside this one has frozen it. Raises WorkflowError where it was edited."""
    Issue.objects.select_for_update().get(pk=issue.pk)
    if _is_frozen(issue):
        return False
    if (issue.approved_hash, issue.approved_at) != approval:
        raise workflow.WorkflowError(f"{issue} was approved anew while it was being prepared: run it again")
    workflow.require_approval(issue)
    return True


def _is_frozen(issue: Issue) -> bool:
    """Read anew, for a run beside this one may have frozen it at any moment."""
    issue.refresh_from_db()
    return issue.state in PUBLIC


def add(issue: Issue, choices_hash: str, choices: dict[str, Any]) -> int | None:
    """The key of a new edition of `issue`, for choices that a reader made after it was frozen.

    None where what would be rendered now isn't what was approved, as after an upgrade of the templates.
    """
    if workflow.content_hash(issue) != issue.approved_hash:
        return None
    _store([_row(issue, ChoicesInUse(choices_hash, choices, 1), render(issue, choices))])
    return Edition.objects.get(issue=issue, choices_hash=choices_hash).pk


def _row(issue: Issue, wanted: ChoicesInUse, frozen: Frozen) -> Edition:
    if frozen.size > BUDGET_BYTES:
        size = frozen.size // 1000
        log.warning("%s, edition %s: %d KB of HTML; Gmail clips near 102", issue, wanted.choices_hash, size)
    return Edition(
        issue=issue,
        choices_hash=wanted.choices_hash,
        choices=wanted.choices,
        content_hash=issue.approved_hash,
        subject=frozen.subject[:300],
        mime=frozen.mime,
        mime_hash=hashlib.sha256(frozen.mime).hexdigest(),
        size=frozen.size,
        frozen_at=timezone.now(),
    )


def _store(rows: list[Edition]) -> None:
    Edition.objects.bulk_create(rows, batch_size=AT_ONCE, ignore_conflicts=True)


def render(issue: Issue, choices: dict[str, Any]) -> Frozen:
    """The edition of `issue` for one set of choices. The same content and choices give the same bytes."""
    chosen = Choices.from_dict(choices)
    if issue.corrects_id is not None:  # who gets it had the text, whatever they chose since
        chosen = Choices(chosen.language, plain_text=chosen.plain_text)
    page = lay_out(issue, chosen)
    slots = _slots(issue)
    markers = {slot.name.lower(): slot.marker for slot in slots}
    with translation.override("zh-hans" if chosen.language == "zh" else "en"):
        text = render_to_string(TEXT, {"page": page, **markers})
        page, html = (page, "") if chosen.plain_text else fitting(page, markers)
    headers = shared_headers(issue, chosen.language, page.subject).encode("ascii")
    body = _part("plain", text, slots) if chosen.plain_text else _alternatives(text, html, slots, issue)
    return Frozen(page.subject, headers + body, filled_size(html, slots), page)


def _slots(issue: Issue) -> list[Slot]:
    # A marker that can't be guessed: a feed that writes one into its text or addresses would be given readers' links.
    secret = salted_hmac("newsletter.deliver.slots", f"{issue.pk}:{issue.approved_hash}").hexdigest()[:20]
    return [Slot(name, f"https://slot.invalid/{name}/{secret}", width) for name, width in slot_widths().items()]


def _alternatives(text: str, html: str, slots: list[Slot], issue: Issue) -> bytes:
    """RFC 2046 §5.1.4: the plainest first. Neither encoding can contain a line that begins with `--=_`."""
    boundary = f"=_chenbao_{issue.approved_hash[:24]}"
    mark = f"--{boundary}"
    head = f'Content-Type: multipart/alternative;{CRLF} boundary="{boundary}"{CRLF}{CRLF}{mark}{CRLF}'
    shown = _part("html", html, slots)
    if issue.newsletter.logo is not None:
        shown = _related(shown, issue.newsletter.logo, masthead.mark(issue.newsletter), boundary)
    parts = _part("plain", text, slots) + f"{mark}{CRLF}".encode() + shown
    return head.encode() + parts + f"{mark}--{CRLF}".encode()


def _related(html: bytes, logo: Logo, shown: Mark | None, outer: str) -> bytes:
    """RFC 2387: the HTML with the logo that it shows, so that nothing is fetched when the mail is opened."""
    assert shown is not None
    boundary = f"{outer}_r"
    mark = f"--{boundary}{CRLF}".encode()
    head = f'Content-Type: multipart/related; type="text/html";{CRLF} boundary="{boundary}"{CRLF}{CRLF}'
    fields = [
        *("Content-Type: image/png", "Content-Transfer-Encoding: base64", f"Content-ID: <{shown.cid}>"),
        *('Content-Disposition: inline; filename="logo.png"', "", ""),
    ]
    picture = base64.encodebytes(bytes(logo.png)).replace(b"\n", CRLF.encode())
    return head.encode() + mark + html + mark + CRLF.join(fields).encode() + picture + f"--{boundary}--{CRLF}".encode()


def _part(subtype: str, content: str, slots: list[Slot]) -> bytes:
    encoding = best_encoding(content)
    head = [f'Content-Type: text/{subtype}; charset="utf-8"', f"Content-Transfer-Encoding: {encoding}", "", ""]
    return CRLF.join(head).encode() + freeze_text(content, encoding, slots)
