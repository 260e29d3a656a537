"""The header fields that every copy of an edition shares."""

from email.header import Header
from email.utils import formataddr

from django.conf import settings

from newsletter.models import Issue

CRLF = "\r\n"
_LANGUAGE_TAGS = {"en": "en", "zh": "zh-Hans", "both": "en, zh-Hans"}


def shared_headers(issue: Issue, language: str, subject: str) -> str:
    """From, Subject and the list's own fields, folded, 7-bit, with CRLF; `language` is en, zh or both.

    Date, To, Message-ID and List-Unsubscribe are each reader's own and not here.
    """
    letter = issue.newsletter
    web = f"{settings.SITE_URL}/{'zh' if language == 'zh' else 'en'}/"
    fields = [
        ("From", mailbox(letter.sender_name, letter.sender_address)),
        ("Subject", text("Subject", subject)),
        ("MIME-Version", "1.0"),
        ("Content-Language", _LANGUAGE_TAGS[language]),
        # RFC 2919: the list's name for good, whatever the sender or the site are called later
        ("List-Id", mailbox(letter.name_en, f"{letter.slug}.{settings.MAIL_DOMAIN}")),
        # RFC 2369
        ("List-Help", f"<{web}>"),
        ("List-Subscribe", f"<{web}>,{CRLF} <mailto:subscribe@{settings.MAIL_DOMAIN}>"),
        ("List-Archive", f"<{web}issues/>"),
        ("List-Post", "NO"),
        ("List-Unsubscribe-Post", "List-Unsubscribe=One-Click"),  # RFC 8058 §3.1
        # RFC 3834 §5: made periodically by a process and answering nobody, so no vacation notice may answer it
        ("Auto-Submitted", "auto-generated"),
        ("Precedence", "bulk"),
        # Exchange: no automatic answers; bounces (NDR) are wanted
        ("X-Auto-Response-Suppress", "DR, RN, NRN, OOF, AutoReply"),
        # Gmail's feedback loop: three names to count complaints by, then the sender's own
        ("Feedback-ID", f"{issue.number}:{language}:{issue.kind}:{letter.slug}"),
    ]
    return "".join(f"{name}: {value}{CRLF}" for name, value in fields)


def _one_line(value: str) -> str:
    """Line breaks and control characters can't be written in a header; a text that has them loses them."""
    return " ".join("".join(c if c.isprintable() else " " for c in value).split())


def text(name: str, value: str) -> str:
    """`value` as the body of the field `name`: RFC 2047, folded at 76 characters.

    Header leaves the blank after the colon uncounted, hence 75.
    """
    clean = _one_line(value)
    charset = "us-ascii" if clean.isascii() else "utf-8"
    return Header(clean, charset, maxlinelen=75, header_name=name).encode(linesep=CRLF)


def mailbox(name: str, address: str) -> str:
    """`"Name" <address>`, the name quoted or encoded as it needs; RFC 5322 §3.4, RFC 2047 §5.

    The address stays as it is, beyond ASCII too: then the whole mail needs SMTPUTF8 (RFC 6532).
    """
    clean = _one_line(name)
    if not clean:
        return address
    if clean.isascii() and address.isascii():
        return formataddr((clean, address))
    # a line of its own: an encoded word is at most 75 characters and may need several
    return f"{Header(clean, 'utf-8', maxlinelen=75, header_name='From').encode(linesep=CRLF)}{CRLF} <{address}>"
