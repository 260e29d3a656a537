"""An address as a reader wrote it, and the key that says whether two are the same."""

import re
import unicodedata
from typing import NamedTuple

import email_validator

# The length of a path in SMTP without its brackets (RFC 5321 §4.5.3.1.3).
MAX_CHARACTERS = 254
# Of a name beyond ASCII, in UTF-8 (RFC 5321 §4.5.3.1.1, RFC 6531 §3.3). Others may be longer: many servers take them.
MAX_LOCAL_OCTETS = 64
_UNREADABLE = "\ufffd"  # stands where bytes were no text in the encoding that they were read in
# What nearly all addresses look like: read in a hundredth of the time, with the same result (a test compares them).
_PLAIN = re.compile(
    r"(?=.{1,63}@.{1,63}$)"  # parts so short are short enough in any case
    r"[a-z0-9!#$%&'*+/=?^_`{|}~-]+(?:\.[a-z0-9!#$%&'*+/=?^_`{|}~-]+)*@(?:[a-z0-9]+(?:-[a-z0-9]+)*\.)+[a-z]{2,}",
    re.ASCII | re.IGNORECASE,
)


class AddressError(ValueError):
    """Not an address that mail could reach. The message is for operators; pages say it in their own words."""


class Address(NamedTuple):
    """`email` is what mail is sent to; `key` is the identity: NFC, domain as A-label, case folded."""

    email: str
    key: str


def normalise(text: str) -> Address:
    """Read an address. Nothing is looked up. Raises AddressError for what isn't one.

    International addresses (RFC 6531) are accepted, domains in either form. The local part's case is kept in `email`,
    because a server may tell cases apart (RFC 5321 §2.4), and folded in `key`, because none in practice does. Folded
    letter by letter: full case folding would make one of straße@ and strasse@, which may be two people, and who owns
    the first could act for the second. A full-width ＠, which Chinese keyboards write, is an @.
    """
    if len(text) > MAX_CHARACTERS * 2:
        raise AddressError("far too long for an address")
    return _plain(text) or _any(text)


def _plain(text: str) -> Address | None:
    """An address of the common kind; None where more must be known to tell."""
    if not _PLAIN.fullmatch(text):
        return None
    key = text.lower()
    if key == text:
        return Address(text, text)
    return Address(text[: text.index("@")] + key[text.index("@") :], key)


def _any(text: str) -> Address:
    if _UNREADABLE in text:
        raise AddressError("part of it could not be read: is its encoding another one?")
    try:
        spelled = text if "@" in text else text.replace("＠", "@")
        found = email_validator.validate_email(spelled.strip(), check_deliverability=False, globally_deliverable=False)
    except email_validator.EmailNotValidError as error:
        raise AddressError(str(error)) from None
    domain = (found.ascii_domain or found.domain).lower()
    if "." not in domain:
        raise AddressError("the domain has no dot: no mail goes there from elsewhere")
    if not found.local_part.isascii() and len(found.local_part.encode()) > MAX_LOCAL_OCTETS:
        raise AddressError("its name is longer than mail servers take")
    local = fold(found.local_part)
    return Address(email=unicodedata.normalize("NFC", found.normalized), key=f"{local}@{domain}")


def mailbox(key: str) -> str:
    """The mailbox that a key's mail comes into, as far as one can tell: without what stands behind a plus (RFC 5233).

    For limits only: whose address it is, the whole key says.
    """
    local, _, domain = key.rpartition("@")
    return f"{local.partition('+')[0] or local}@{domain}"


def fold(text: str) -> str:
    """Part of an address as keys have it: NFC, in lower case letter by letter, as `normalise` says why."""
    return unicodedata.normalize("NFC", unicodedata.normalize("NFC", text).lower())


def fold_domain(domain: str) -> str:
    """A domain, or the beginning of one, as keys have it: each label that is no ASCII as an A-label.

    What is no label yet, because only its beginning was typed, stays as it is.
    """
    return ".".join(map(_a_label, re.split("[.。．｡]", fold(domain))))


def _a_label(label: str) -> str:
    if label.isascii():
        return label
    try:
        return normalise(f"x@{label}.example").key.partition("@")[2].removesuffix(".example")
    except AddressError:
        return label


def mask(email: str) -> str:
    """The address so that its owner knows it and nobody else learns it: `a***@e***.org`.

    The stars are always three, so that not even the length is told.
    """
    local, _, domain = email.rpartition("@")
    name, dot, ending = domain.rpartition(".")
    return f"{local[:1]}***@{name[:1]}***{dot}{ending}"
