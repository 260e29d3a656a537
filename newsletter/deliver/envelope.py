"""One reader's mail: envelope, the few headers that are theirs, and their links spliced into the frozen edition."""

import datetime as dt
import hashlib
import re
from collections.abc import Callable
from dataclasses import dataclass
from email.utils import format_datetime
from functools import lru_cache
from typing import Protocol

from django.conf import settings

from newsletter.deliver import dkim
from newsletter.deliver.slots import Piece, compile_slots, fill, has_dots
from newsletter.models import Edition
from newsletter.runs import ActError
from subscribers import links, seals
from subscribers.links import Purpose
from subscribers.models import Subscriber

# No space, control character or mark that has a meaning in a header: what passes can be written there as it is.
_ADDRESS = re.compile(r"[^\s\x00-\x20\x7f-\x9f<>()\[\]\\,;:\"@]{1,64}@[A-Za-z0-9](?:[A-Za-z0-9.-]{0,252}[A-Za-z0-9])?")

_ONE_CLICK = "ONE_CLICK_URL"
_OWN_FIELDS = ("list-unsubscribe", "message-id", "to", "date")


class Addressee(links.Addressee, Protocol):
    """Whom a mail goes to: a reader, or what was read of one."""

    @property
    def email(self) -> str | None: ...
    @property
    def email_key(self) -> str | None: ...


class AddressError(Exception):
    """The reader's address can't be mailed as it stands."""


class AlteredError(ActError):
    """An edition isn't what was frozen, so nobody gets it."""


@dataclass(frozen=True)
class Envelope:
    """Ready to hand over. `sender` takes the bounces; `message` is complete, with CRLF line ends.

    `may_have_dots` False: surely no line of it begins with a dot. `may_be_8bit` False: surely all of it is ASCII. (To
    look through 40 KB for either takes longer than all else that a mail needs.)
    """

    sender: str
    recipient: str
    message: bytes
    may_have_dots: bool = True
    may_be_8bit: bool = True


@dataclass(frozen=True)
class ReadyEdition:
    """A frozen edition, cut at its slots once for all its readers, and prepared to be signed where a key is set."""

    issue_id: int
    pieces: list[Piece]
    makers: dict[str, Callable[[links.Addressee], str]]
    may_have_dots: bool
    may_be_8bit: bool = True
    signing: "_Signing | None" = None

    @classmethod
    def of(cls, edition: Edition) -> "ReadyEdition":
        """Cut `edition`; the row may be forgotten afterwards.

        Raises DkimError where the key can't be used, AlteredError where somebody wrote into the row.
        """
        mime = bytes(edition.mime)
        if edition.mime_hash and edition.mime_hash != hashlib.sha256(mime).hexdigest():
            raise AlteredError(f"{edition} isn't the one that was frozen: its bytes have been changed in the database")
        pieces, signer = compile_slots(mime), dkim.signer()
        makers = {
            "PREFERENCES_URL": links.maker(Purpose.PREFERENCES),
            "LEAVE_URL": links.maker(Purpose.LEAVE),
            _ONE_CLICK: links.maker(Purpose.ONE_CLICK),
        }
        frozen = [piece for piece in pieces if isinstance(piece, bytes)]
        dots, beyond = any(map(has_dots, frozen)), not all(map(bytes.isascii, frozen))
        return cls(edition.issue_id, pieces, makers, dots, beyond, _Signing.of(pieces, signer) if signer else None)

    def address_to(self, reader: Addressee, *, at: dt.datetime) -> Envelope:
        """The mail for `reader`, dated `at`. The same arguments give the same bytes.

        Raises AddressError where there is no usable address, SlotError where links no longer fit the edition.
        """
        recipient = wire_address(reader)
        values = {name: make(reader) for name, make in self.makers.items()}
        date, name = _date(int(at.timestamp())), message_id(self.issue_id, reader.pk)
        # RFC 8058 §3.1: the https address takes a POST; the second is for clients that only know mail (RFC 2369)
        one_click, by_mail = f"<{values[_ONE_CLICK]}>,", f"<mailto:{links.leave_address(reader)}>"
        own = (
            f"Date: {date}\r\nTo: {recipient}\r\nMessage-ID: {name}\r\nList-Unsubscribe: {one_click}\r\n {by_mail}\r\n"
        )
        parts = fill(self.pieces, {name: value.encode("ascii") for name, value in values.items()})
        signature = b""
        if self.signing:
            canonical = (
                f"list-unsubscribe:{one_click} {by_mail}\r\nmessage-id:{name}\r\nto:{recipient}\r\ndate:{date}\r\n"
            )
            signature = self.signing.over(canonical.encode(), parts, int(at.timestamp()))
        message = b"".join((signature, own.encode(), *parts))
        dots = self.may_have_dots or any(has_dots(part) for part in parts[1::2])  # a link's line may, by chance
        beyond = self.may_be_8bit or not own.isascii()  # the address may be (RFC 6531); links are ASCII
        sender = links.bounce_address(reader, self.issue_id)
        return Envelope(sender, recipient, message, may_have_dots=dots, may_be_8bit=beyond)


@lru_cache(8)
def _date(at: int) -> str:
    """RFC 5322 §3.3; `at` in seconds since 1970."""
    return format_datetime(dt.datetime.fromtimestamp(at, dt.UTC))


@dataclass(frozen=True)
class _Signing:
    """What of an edition's signature is the same for all its readers."""

    signer: dkim.Signer
    names: tuple[str, ...]  # the signed fields: the edition's own, then each reader's
    fields: bytes  # the edition's own, canonical
    start: "hashlib._Hash"  # has read the body up to the first slot
    pieces: list[bytes | None]  # canonical, after the first; None: as filled, for links and base64 have no blanks

    @classmethod
    def of(cls, pieces: list[Piece], signer: dkim.Signer) -> "_Signing":
        assert isinstance(pieces[0], bytes)
        head, _, body = pieces[0].partition(b"\r\n\r\n")
        names, fields = dkim.signed_fields(dkim.fields_of(head))
        names += _OWN_FIELDS
        if len(pieces) == 1:
            return cls(signer, names, fields, hashlib.sha256(dkim.canonical_body(body)), [])
        rest = [dkim.canonical_lines(piece) if isinstance(piece, bytes) else None for piece in pieces[1:]]
        # every body ends with text that isn't blank, or, in a plain one, with a slot: no empty lines to be left out
        rest[-1] = dkim.canonical_body(rest[-1]) if rest[-1] else None
        return cls(signer, names, fields, hashlib.sha256(dkim.canonical_lines(body)), rest)

    def over(self, own: bytes, parts: list[bytes], at: int) -> bytes:
        """The DKIM-Signature field of the mail of `own` canonical fields (_OWN_FIELDS) and filled `parts`."""
        filled = zip(self.pieces, parts[1:], strict=True)
        body_hash = dkim.hash_of((part if piece is None else piece for piece, part in filled), self.start)
        return self.signer.signature(self.names, self.fields + own, body_hash, at)


def wire_address(reader: Addressee) -> str:
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
