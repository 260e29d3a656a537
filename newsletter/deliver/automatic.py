"""Who wrote a mail: a person, a mail server, an away notice, a list. Pure."""

import hashlib
import re

from newsletter.deliver import wording
from newsletter.deliver.letter import Letter

_SERVER = re.compile(
    r"mailer[-_. ]?daemon|post_?master|mail[-_. ]?delivery|delivery (?:sub)?system|mdaemon|smtp_mail_service|"
    r"system administrator|microsoftexchange[0-9a-f]{8}|mail ?server|antivirus|virus_?wall|^ndr@|imss@|"
    r"daemon@|bounces?@",
    re.IGNORECASE,
)
_BULK = {"bulk", "junk", "list", "auto_reply", "auto-reply"}
_LIST_FIELDS = ("list-id", "list-unsubscribe", "list-post", "list-help", "mailing-list")
_REPLY_FIELDS = ("x-autoreply", "x-autorespond", "x-autoresponder", "x-autoreply-from", "x-mail-autoreply")
_AWAY_TEXT_WITHIN = 600  # characters: an away notice says so at once


def is_automatic(letter: Letter) -> bool:
    """Whether no person wrote this mail to us: such mail is never answered (RFC 3834 §2, and what is in use)."""
    submitted = letter.field("auto-submitted").split(";")[0].split("(")[0].strip().lower()
    suppress = letter.field("x-auto-response-suppress").lower()
    return bool(
        submitted not in ("", "no")
        or _precedence(letter) in _BULK
        or "all" in suppress
        or "autoreply" in suppress
        or any(name in letter.fields for name in (*_LIST_FIELDS, *_REPLY_FIELDS, "x-failed-recipients", "x-loop"))
        or letter.statuses
        or letter.feedback is not None
        or is_from_a_mail_server(letter)
        or wording.AWAY.search(letter.field("subject"))
    )


def is_from_a_mail_server(letter: Letter) -> bool:
    """Whether a server speaks in its own name: by its address, the null sender, or no sender at all."""
    sender = letter.fields.get("from")
    return bool(
        (sender is not None and (_SERVER.search(sender) or "<>" in sender or not sender))
        or ("@" not in (sender or "") and letter.field("return-path") == "<>")
        or letter.field("content-type").lower().startswith("multipart/report")
    )


def is_away(letter: Letter) -> bool:
    """Whether this is an away notice or another automatic answer, which says nothing about the address."""
    submitted = letter.field("auto-submitted").lower()
    if letter.statuses or "x-failed-recipients" in letter.fields:
        return False
    if wording.AWAY.search(letter.field("subject")) or _precedence(letter) in ("auto_reply", "auto-reply"):
        return True
    if any(name in letter.fields for name in _REPLY_FIELDS):
        return True
    if submitted.startswith(("auto-replied", "auto-notified")):
        return True
    return is_automatic(letter) and bool(wording.AWAY_TEXT.search(wording.one_line(letter.text[:_AWAY_TEXT_WITHIN])))


def is_old_complaint(letter: Letter) -> bool:
    """Hotmail's junk mail report: no feedback-report part, but a subject and a field of its own."""
    return "x-hmxmroriginalrecipient" in letter.returned and "complaint" in letter.field("subject").lower()


def fingerprint(letter: Letter, envelope_recipient: str | None) -> str:
    """The same for one mail come twice, whatever the servers on its way wrote before it; 64 hex digits."""
    name = letter.field("message-id")
    content = name.encode() if name else letter.raw.partition(b"\n\n")[2] + letter.field("date").encode()
    return hashlib.sha256((envelope_recipient or "").lower().encode() + b"\0" + content).hexdigest()


def _precedence(letter: Letter) -> str:
    return (letter.field("precedence") or letter.field("x-precedence")).lower()
