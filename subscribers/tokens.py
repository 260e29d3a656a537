"""Names for readers and tickets that nobody can guess."""

import base64
import secrets

BYTES = 20
WIDTH = 32  # letters


def new_token() -> str:
    """32 letters and digits of base32 (RFC 4648 §6), in lower case: it also stands in a mail address, where servers
    may fold the case, and whose local part holds 64 octets (RFC 5321 §4.5.3.1.1)."""
    return new_tokens(1)[0]


def new_tokens(count: int) -> list[str]:
    """So many at once, in order: the index takes them faster."""
    together = base64.b32encode(secrets.token_bytes(BYTES * count)).decode("ascii").lower()
    return sorted(together[start : start + WIDTH] for start in range(0, len(together), WIDTH))
