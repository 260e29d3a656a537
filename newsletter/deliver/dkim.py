"""DKIM signatures (RFC 6376): rsa-sha256, relaxed/relaxed. Pure functions over bytes, and the key that settings name.

Nothing is parsed twice: an edition's own fields and body are brought into their canonical form once, and for each
reader only what differs is hashed. What costs then is the RSA signature itself, 0.3 ms.
"""

import base64
import hashlib
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey, generate_private_key
from django.conf import settings

from newsletter.runs import ActError

KEY_BITS = 2048  # RFC 8301 §3.2; a longer key's record is too long for some name servers
# What a reader sees or a mail program acts on. RFC 6376 §5.4.1, RFC 8058 §4 (the pair), Gmail's feedback loop.
SIGNED = (
    *("from", "to", "cc", "reply-to", "subject", "date", "message-id", "in-reply-to", "references"),
    *("mime-version", "content-type", "content-transfer-encoding", "content-language"),
    *("list-id", "list-help", "list-subscribe", "list-unsubscribe", "list-unsubscribe-post", "list-archive"),
    *("list-post", "auto-submitted", "precedence", "feedback-id"),
)
# Named once more than they stand there, so that nobody on the way can add another one (§5.4.2, §8.15).
ONCE_ONLY = (
    *("from", "to", "cc", "reply-to", "subject", "date", "message-id", "content-type", "mime-version"),
    *("list-unsubscribe", "list-unsubscribe-post"),
)
_PADDING, _HASH = PKCS1v15(), hashes.SHA256()
_B64_LINE = 72  # characters of the signature in one line


class DkimError(ActError):
    """The key that the settings name can't be used. Says why, and what to do."""


@dataclass(frozen=True)
class Field:
    """A header field in its canonical form: name in lower case, one line, single blanks. RFC 6376 §3.4.2."""

    name: str
    canonical: bytes  # `name:value`, with CRLF


@dataclass(frozen=True)
class Signer:
    """Signs for `domain` with the key that its `selector` names in the DNS."""

    domain: str
    selector: str
    key: RSAPrivateKey

    def signature(self, names: tuple[str, ...], fields: bytes, body_hash: bytes, at: int) -> bytes:
        """The DKIM-Signature field, with CRLF, for a mail of these signed fields; it goes before them.

        `names` and `fields` as `signed_fields` gives them, `body_hash` the SHA-256 of the canonical body, `at` seconds
        since 1970.
        """
        tags = (
            "v=1; a=rsa-sha256; c=relaxed/relaxed;",
            f"d={self.domain}; s={self.selector}; t={at};",
            *_folded_names(names),
            f"bh={base64.b64encode(body_hash).decode('ascii')};",
            "b=",
        )
        own = b"dkim-signature:" + " ".join(tags).encode("ascii")  # without CRLF and with b= empty: §3.7
        letters = base64.b64encode(self.key.sign(fields + own, _PADDING, _HASH)).decode("ascii")
        lines = [letters[i : i + _B64_LINE] for i in range(0, len(letters), _B64_LINE)]
        return ("DKIM-Signature: " + "\r\n ".join(tags) + "\r\n  ".join(lines) + "\r\n").encode("ascii")

    def signed(self, message: bytes, at: int) -> bytes:
        """A whole mail with CRLF line ends, its signature before it."""
        head, _, body = message.partition(b"\r\n\r\n")
        body_hash = hashlib.sha256(canonical_body(body)).digest()
        return self.signature(*signed_fields(fields_of(head)), body_hash, at) + message


def signed_fields(fields: Sequence[Field]) -> tuple[tuple[str, ...], bytes]:
    """The names for h= and the bytes they stand for. Several of one name are taken from the bottom up (§5.4.2)."""
    signed = [field for field in reversed(fields) if field.name in SIGNED]
    names = tuple(field.name for field in signed)
    return names, b"".join([field.canonical for field in signed])


@lru_cache(64)
def _folded_names(names: tuple[str, ...]) -> tuple[str, ...]:
    """`h=…;` in pieces of less than 78 characters: mails of one kind have the same."""
    words = [f"{name}:" for name in (*names, *ONCE_ONLY)]
    words[0], words[-1] = f"h={words[0]}", words[-1][:-1] + ";"
    lines = [""]
    for word in words:
        lines[-1:] = [lines[-1] + word] if len(lines[-1]) + len(word) < 76 else [lines[-1], word]
    return tuple(lines)


def fields_of(head: bytes) -> list[Field]:
    """The fields of a mail's head, in their order. `head` has CRLF line ends and no empty line; its end needs none."""
    unfolded = re.sub(rb"\r\n(?=[ \t])", b"", head)
    return [field(*line.split(b":", 1)) for line in unfolded.split(b"\r\n") if b":" in line]


def field(name: bytes, value: bytes) -> Field:
    """One unfolded field, canonical."""
    lower = name.rstrip(b" \t").lower()
    return Field(
        lower.decode("ascii", "replace"), lower + b":" + re.sub(rb"[ \t]+", b" ", value).strip(b" \t") + b"\r\n"
    )


def canonical_body(body: bytes) -> bytes:
    """A body with CRLF line ends as `relaxed` hashes it: RFC 6376 §3.4.4."""
    text = canonical_lines(body).rstrip(b"\r\n")
    return text + b"\r\n" if text else b""


def canonical_lines(lines: bytes) -> bytes:
    """The same for lines from the middle of a body, of which empty ones at the end count."""
    if b" " not in lines and b"\t" not in lines:
        return lines
    return re.sub(rb" +(?=\r\n|\Z)", b"", re.sub(rb"[ \t]+", b" ", lines))


def hash_of(parts: Iterable[bytes], prefix: "hashlib._Hash") -> bytes:
    """SHA-256 of what `prefix` has read already and `parts`, without changing `prefix`."""
    digest = prefix.copy()
    for part in parts:
        digest.update(part)
    return digest.digest()


# ---- the key -----------------------------------------------------------------------------------------------------


def signer() -> Signer | None:
    """The signer that the settings name; None where mail leaves unsigned, as the relay or nobody signs it.

    Read once a process. Raises DkimError.
    """
    if not settings.DKIM_KEY_FILE or settings.MAIL_API:
        return None
    return _signer(settings.DKIM_DOMAIN, settings.DKIM_SELECTOR, settings.DKIM_KEY_FILE)


@lru_cache(4)
def _signer(domain: str, selector: str, path: str) -> Signer:
    if not selector:
        raise DkimError("DKIM_KEY_FILE is set and DKIM_SELECTOR is not: write the selector that `make_dkim_key` named")
    return Signer(domain, selector, read_key(Path(path)))


def read_key(path: Path) -> RSAPrivateKey:
    """The RSA key in a PEM file. Raises DkimError."""
    advice = "make one with `manage.py make_dkim_key`, or leave DKIM_KEY_FILE empty where your mail server signs"
    try:
        key = serialization.load_pem_private_key(path.read_bytes(), password=None)
    except OSError as error:
        raise DkimError(f"DKIM_KEY_FILE={path} can't be read by this user ({error.strerror}): {advice}") from None
    except (ValueError, TypeError, UnsupportedAlgorithm):
        raise DkimError(f"DKIM_KEY_FILE={path} holds no private key without a password: {advice}") from None
    if not isinstance(key, RSAPrivateKey) or key.key_size < 1024:
        raise DkimError(f"DKIM_KEY_FILE={path} holds no RSA key of 1024 bits or more (RFC 8301 §3.2): {advice}")
    return key


def new_key() -> RSAPrivateKey:
    """A new key of KEY_BITS."""
    return generate_private_key(public_exponent=65537, key_size=KEY_BITS)


def as_pem(key: RSAPrivateKey) -> bytes:
    """As `read_key` and every other tool reads it."""
    return key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )


def dns_value(key: RSAPrivateKey) -> str:
    """The value of the TXT record at `SELECTOR._domainkey.DOMAIN` (RFC 6376 §3.6.1), in one piece."""
    public = key.public_key().public_bytes(serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo)
    return f"v=DKIM1; k=rsa; p={base64.b64encode(public).decode('ascii')}"


def dns_record(domain: str, selector: str, value: str) -> str:
    """A line of a zone file; one string of a TXT record holds at most 255 bytes (RFC 1035 §3.3.14)."""
    strings = " ".join(f'"{value[i : i + 255]}"' for i in range(0, len(value), 255))
    return f"{selector}._domainkey.{domain}. IN TXT ( {strings} )"
