"""One reader's mail: envelope, the few headers that are theirs, and their links spliced into the frozen edition."""

import datetime as dt
import re
from dataclasses import dataclass
from email.utils import format_datetime

from django.conf import settings

from newsletter.deliver.slots import Piece, compile_slots, splice
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
    """A frozen edition, cut at its slots once for all its readers."""

    issue_id: int
    pieces: list[Piece]

    @classmethod
    def of(cls, edition: Edition) -> "ReadyEdition":
        """Cut `edition`; the row may be forgotten afterwards."""
        return cls(edition.issue_id, compile_slots(bytes(edition.mime)))

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
        )
        return Envelope(
            links.bounce_address(reader, self.issue_id), recipient, own.encode() + splice(self.pieces, values)
        )


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
