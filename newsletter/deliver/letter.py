"""One mail as it came, however broken, made readable: fields, what it tells a person, what it tells a machine.

Pure. Nothing here raises: CR-only line ends, bytes in no charset, parts without end and no header at all are all
seen in real bounces.
"""

import html
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from email import message_from_bytes
from email.errors import HeaderParseError
from email.header import decode_header
from email.message import Message
from email.policy import Compat32
from email.utils import getaddresses
from itertools import islice

from newsletter.deliver import wording

MAX_BYTES = 4_000_000  # of the message; what lies behind is some attachment
MAX_TEXT = 60_000  # characters of what a person reads: the reason stands on its first page
# Longer fields, or more parts, nobody writes (RFC 5322 §2.1.1 asks for lines below 1,000), and the time that Python
# takes to read them grows with the square: one such mail would keep the inbound server for minutes.
MAX_FIELD, MAX_CONTENT_FIELD = 20_000, 2_000  # characters; the second of Content-Type and its like, with parameters
MAX_PARTS = 500
_RETURNED = {"message/rfc822", "message/global", "text/rfc822-headers", "message/rfc822-headers"}
_RETURNED |= {"message/partial", "message/global-headers", "text/rfc822"}
_STATUS = {"message/delivery-status", "message/global-delivery-status"}
_HAN_PAIRS = re.compile(rb"(?:[\x81-\xfe][\x80-\xfe]){2}")
# What no person sees. One that is never closed goes to the end, as in a browser.
_UNSEEN = re.compile(r"<(style|script|title)\b.*?(?:</\1>|\Z)", re.IGNORECASE | re.DOTALL)
_FIELD = re.compile(r"([A-Za-z][A-Za-z0-9-]*)[ \t]*:[ \t]*(.*)", re.DOTALL)


class _Bounded(Compat32):
    """Python's way to read mail, with an end to each field."""

    def header_source_parse(self, sourcelines: list[str]) -> tuple[str, str]:
        name, value = super().header_source_parse(sourcelines)
        return name, value[: MAX_CONTENT_FIELD if name.lower().startswith("content-") else MAX_FIELD]


_POLICY = _Bounded()


@dataclass(frozen=True)
class Letter:
    """`fields` has lower-case names and decoded values; `statuses` are RFC 3464 §2.3's groups, one a recipient."""

    fields: Mapping[str, str]
    text: str  # up to where the returned message begins
    statuses: tuple[Mapping[str, str], ...]
    feedback: Mapping[str, str] | None  # the fields of RFC 5965 §3
    returned: Mapping[str, str]  # the header of the message that came back, as far as it did
    raw: bytes  # with LF line ends

    def field(self, name: str) -> str:
        """The first field `name`, or nothing."""
        return self.fields.get(name, "")


def open_letter(message: bytes) -> Letter:
    """Read `message`; what can't be read is left out."""
    raw = _line_ends(message[:MAX_BYTES])
    try:
        parsed = message_from_bytes(raw, policy=_POLICY)
        parts = list(islice(_parts(parsed), MAX_PARTS))
    except RecursionError:  # thousands of parts inside each other: nobody's mail
        parsed = message_from_bytes(raw.partition(b"\n\n")[0], policy=_POLICY)
        parts = []
    whole = "\n".join(_text_of(part) for part in _readable(parts))[: 2 * MAX_TEXT]
    text, copy = _cut_off_copy(whole)
    told = [group for part in parts if part.get_content_type() in _STATUS for group in _blocks(part)]
    return Letter(
        fields=_fields(parsed),
        text=text[:MAX_TEXT],
        statuses=tuple(filter(_is_about_a_recipient, told or _groups(whole))),
        feedback=_feedback(parts),
        returned=_returned(parts) or block(copy.lstrip("\n")),
        raw=raw,
    )


@dataclass(frozen=True)
class Attachment:
    """A part that isn't read: what it is called, its type and its size in bytes."""

    name: str
    type: str
    size: int


def contents(message: bytes) -> tuple[str, list[Attachment]]:
    """What a person wrote, whole and as plain text, whatever they quoted; and what they attached."""
    try:
        parsed = message_from_bytes(_line_ends(message[:MAX_BYTES]), policy=_POLICY)
        parts = list(islice(_parts(parsed), MAX_PARTS))
    except RecursionError:
        return "", []
    attached = [part for part in parts if _filename(part) or part.get_content_maintype() not in ("text", "multipart")]
    written = [part for part in parts if part not in attached]
    text = "\n".join(_text_of(part) for part in _readable(written))
    return text.strip(), [_attachment(part) for part in attached]


def _attachment(part: "Message[str, str]") -> Attachment:
    try:
        content = part.get_payload(decode=True)
    except (ValueError, AssertionError):
        content = None
    size = len(content) if isinstance(content, bytes) else 0  # of a mail in the mail nobody has counted it
    name = _decoded(_filename(part))
    return Attachment("".join(c if c.isprintable() else " " for c in name), part.get_content_type(), size)


def _filename(part: "Message[str, str]") -> str:
    try:
        return part.get_filename() or ""
    except ValueError:  # RFC 2231's charset is none
        return ""


def mailboxes(*fields: str) -> list[tuple[str, str]]:
    """Names and addresses in a letter's fields; none where they can't be taken apart."""
    try:
        return getaddresses(fields)
    except RecursionError:  # a thousand brackets inside each other
        return []


def block(text: str) -> dict[str, str]:
    """The fields at the start of `text` up to a blank line, folded lines joined; the first of a name counts."""
    fields: dict[str, str] = {}
    unfolded = re.sub(r"\n[ \t]+", " ", text.partition("\n\n")[0])
    for line in unfolded.split("\n"):
        if found := _FIELD.fullmatch(line.strip()):
            fields.setdefault(found[1].lower(), found[2].strip())
    return fields


def _line_ends(message: bytes) -> bytes:
    return message.replace(b"\r\n", b"\n").replace(b"\r", b"\n").lstrip(b"\n")


def _parts(message: "Message[str, str]") -> Iterator["Message[str, str]"]:
    """The parts that the sender wrote itself, and the returned message unopened."""
    kind = message.get_content_type()
    if message.is_multipart() and not kind.startswith("message/"):
        for part in _inner(message):
            yield from _parts(part)
    else:
        yield message


def _inner(message: "Message[str, str]") -> list["Message[str, str]"]:
    """The messages inside this one; none where it is a text, which `get_payload` would decode and may fall over."""
    payload = message.get_payload() if message.is_multipart() else []
    return [each for each in payload if isinstance(each, Message)]


def _readable(parts: list["Message[str, str]"]) -> list["Message[str, str]"]:
    """The plain texts, or the HTML where there are none. A part without a name of its own may have lost its header."""
    plain = [part for part in parts if part.get_content_type() == "text/plain"]
    return plain or [part for part in parts if part.get_content_maintype() in ("text", "multipart")]


def _text_of(part: "Message[str, str]") -> str:
    try:
        content = part.get_payload(decode=True)
        text = decode(content if isinstance(content, bytes) else b"", part.get_content_charset() or "")
    except (ValueError, AssertionError):
        text = _as_it_stands(part)
    return _without_tags(text) if part.get_content_type() == "text/html" else text


def _as_it_stands(part: "Message[str, str]") -> str:
    try:
        return wording.storable(str(part.get_payload()))
    except (ValueError, TypeError):  # its charset is none
        return ""


def decode(raw: bytes, charset: str) -> str:
    """As `charset` says if that works, else UTF-8, else what the bytes look like: GB 18030 or Latin-1.

    ISO 2022's escape sequences (RFC 1468) say what they are: Japanese servers write them where no charset is given.
    """
    named = "iso2022_jp" if b"\x1b$" in raw else "gb18030" if charset.lower() in ("gb2312", "gbk") else charset
    for name in (named, "utf-8"):
        try:
            return wording.storable(raw.decode(name))
        except (LookupError, ValueError):
            continue
    return wording.storable(raw.decode("gb18030" if _HAN_PAIRS.search(raw) else "latin-1", "replace"))


def _without_tags(text: str) -> str:
    lines = re.sub(r"(?i)<(?:br|/p|/div|/tr|/h\d|/li)\b[^<>]*>", "\n", _UNSEEN.sub(" ", text))
    # an address in angle brackets is no tag
    return html.unescape(re.sub(r"<(?![^<>\s]+@)[^<>]*>", " ", lines))


def _fields(message: "Message[str, str]") -> dict[str, str]:
    fields: dict[str, str] = {}
    for name, value in message.raw_items():
        if name.lower() not in fields:
            fields[name.lower()] = _decoded(str(value))
    return fields


def _decoded(value: str) -> str:
    """RFC 2047, and raw bytes where a server wrote its own language as it is."""
    plain = " ".join(decode(value.encode("utf-8", "surrogateescape"), "").splitlines())
    words, end, rest = plain.rpartition("?=")  # behind the last of these Python would look for more, over and over
    try:
        pieces = [
            decode(piece, charset or "") if isinstance(piece, bytes) else piece
            for piece, charset in decode_header(words + end)
        ]
    except (HeaderParseError, ValueError):
        return " ".join(plain.split())
    return " ".join("".join([*pieces, rest]).split())


def _groups(text: str) -> list[dict[str, str]]:
    return [block(each) for each in re.split(r"\n[ \t]*\n", text)]


def _blocks(part: "Message[str, str]") -> list[dict[str, str]]:
    """The groups of fields in a part for machines. The parser gives message/delivery-status as one message for each,
    and other kinds (RFC 6533, RFC 5965) as one message whose text is the further groups.
    """
    if not part.is_multipart():
        return _groups(_text_of(part))
    groups: list[dict[str, str]] = []
    for each in _inner(part):
        groups += [_fields(each), *_groups("" if each.is_multipart() else _text_of(each))]
    return groups


def _is_about_a_recipient(group: Mapping[str, str]) -> bool:
    """And not about the whole message, as a report's first group is."""
    return bool({"final-recipient", "original-recipient"} & group.keys() and {"action", "status"} & group.keys())


def _feedback(parts: list["Message[str, str]"]) -> dict[str, str] | None:
    for part in parts:
        if part.get_content_type() == "message/feedback-report":
            return next((group for group in _blocks(part) if group), {})
    return None


def _returned(parts: list["Message[str, str]"]) -> dict[str, str]:
    for part in parts:
        if part.get_content_type() in _RETURNED:
            inner = _inner(part)
            return _fields(inner[0]) if inner else block(_text_of(part).lstrip("\n"))
    return {}


def _cut_off_copy(text: str) -> tuple[str, str]:
    found = wording.COPY.search(text)
    return (text[: found.start()], text[found.end() :]) if found else (text, "")
