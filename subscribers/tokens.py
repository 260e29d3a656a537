"""Names for readers and tickets that nobody can guess."""

import secrets

BYTES = 16


def new_token() -> str:
    """32 lower-case letters and digits: also stands in a mail address, where servers may fold the case."""
    return secrets.token_hex(BYTES)


def new_tokens(count: int) -> list[str]:
    """So many at once, in order: the index takes them faster."""
    together, width = secrets.token_hex(BYTES * count), 2 * BYTES
    return sorted(together[start : start + width] for start in range(0, width * count, width))
