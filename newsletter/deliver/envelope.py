"""One reader's mail: envelope, the few headers that are theirs, and their links spliced into the frozen edition."""

import datetime as dt
import hashlib
import re
from dataclasses import dataclass
from email.utils import format_datetime

from django.conf import settings

from newsletter.deliver import dkim
from newsletter.deliver.slots import Piece, compile_slots, fill
from newsletter.models import Edition
from subscribers import links, seals
from subscribers.models import Subscriber

# No space, control character or mark that has a meaning in a header: what passes can be written there as it is.
_ADDRESS = re.compile(r"[^\s\x00-\x20\x7f-\x9f<>()\[\]\\,;:\"@]{1,64}@[A-Za-z0-9](?:[A-Za-z0-9.-]{0,252}[A-Za-z0-9])?")


class AddressError(Exception):
    """The reader's address can't be mailed as it stands."""


@dataclass(frozen=True)
class Envelope:
    """Ready to hand over. `sender` takes the bounces; `message` is complete, with CRLF line ends."""

    sender: str
    recipient: str
    message: bytes


@dataclass(frozen=True)
class ReadyEdition:
    """A frozen edition, cut at its slots once for all its readers, and prepared to be signed where a key is set."""

    issue_id: int
    pieces: list[Piece]
    signing: "_Signing | None" = None

    @classmethod
    def of(cls, edition: Edition) -> "ReadyEdition":
        """Cut `edition`; the row may be forgotten afterwards. Raises DkimError where the key can't be used."""
        pieces, signer = compile_slots(bytes(edition.mime)), dkim.signer()
        return cls(edition.issue_id, pieces, _Signing.of(pieces, signer) if signer else None)

    def address_to(self, reader: Subscriber, *, at: dt.datetime) -> Envelope:
        """The mail for `reader`, dated `at`. The same arguments give the same bytes.

        Raises AddressError where there is no usable address, SlotError where links no longer fit the edition.
        """
        recipient = wire_address(reader)
        values = {
            "PREFERENCES_URL": links.preferences_url(reader).encode("ascii"),
            "LEAVE_URL": links.leave_url(reader).encode("ascii"),
        }
        own = (
            f"Date: {format_datetime(at.astimezone(dt.UTC))}\r\n"
            f"To: {recipient}\r\n"
            f"Message-ID: {message_id(self.issue_id, reader.pk)}\r\n"
            # RFC 8058 §3.1: the https address takes a POST; the second is for clients that only know mail (RFC 2369)
            f"List-Unsubscribe: <{links.one_click_url(reader)}>,\r\n <mailto:{links.leave_address(reader)}>\r\n"
        ).encode()
        parts = fill(self.pieces, values)
        signature = self.signing.over(own, parts, at) if self.signing else b""
        return Envelope(links.bounce_address(reader, self.issue_id), recipient, b"".join((signature, own, *parts)))


@dataclass(frozen=True)
class _Signing:
    """What of an edition's signature is the same for all its readers."""

    signer: dkim.Signer
    fields: list[dkim.Field]  # the edition's own
    start: "hashlib._Hash"  # has read the body up to the first slot
    pieces: list[bytes | None]  # canonical, after the first; None: as filled, for links and base64 have no blanks

    @classmethod
    def of(cls, pieces: list[Piece], signer: dkim.Signer) -> "_Signing":
        assert isinstance(pieces[0], bytes)
        head, _, body = pieces[0].partition(b"\r\n\r\n")
        if len(pieces) == 1:
            return cls(signer, dkim.fields_of(head), hashlib.sha256(dkim.canonical_body(body)), [])
        rest = [dkim.canonical_lines(piece) if isinstance(piece, bytes) else None for piece in pieces[1:]]
        # every body ends with text that isn't blank, or, in a plain one, with a slot: no empty lines to be left out
        rest[-1] = dkim.canonical_body(rest[-1]) if rest[-1] else None
        return cls(signer, dkim.fields_of(head), hashlib.sha256(dkim.canonical_lines(body)), rest)

    def over(self, own: bytes, parts: list[bytes], at: dt.datetime) -> bytes:
        """The DKIM-Signature field of the mail of `own` fields and filled `parts`."""
        filled = zip(self.pieces, parts[1:], strict=True)
        body_hash = dkim.hash_of((part if piece is None else piece for piece, part in filled), self.start)
        return self.signer.signature(dkim.fields_of(own) + self.fields, body_hash, int(at.timestamp()))


def wire_address(reader: Subscriber) -> str:
    """The address as it goes over the wire: the local part as the reader wrote it, the domain as A-labels.

    A local part beyond ASCII stays as it is and needs SMTPUTF8 (RFC 6531). Raises AddressError.
    """
    local = (reader.email or "").rpartition("@")[0]
    domain = (reader.email_key or "").rpartition("@")[2]
    address = f"{local}@{domain}"
    if not _ADDRESS.fullmatch(address):
        raise AddressError(f"reader {reader.pk} has no address that a mail can be sent to")
    return address


def message_id(issue_id: int, reader_id: int) -> str:
    """A function of issue and reader alone (under one SECRET_KEY), so that a second copy is recognisable.

    Names neither to anybody else, and nobody else can make one.
    """
    return f"<{seals.seal('message', issue_id, reader_id)}@{settings.MAIL_DOMAIN}>"


def slot_widths() -> dict[str, int]:
    """The widths in bytes of the slots' values: the same for every reader."""
    anyone = Subscriber(token="0" * 32)
    return {"PREFERENCES_URL": len(links.preferences_url(anyone)), "LEAVE_URL": len(links.leave_url(anyone))}
