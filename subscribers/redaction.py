"""Keep readers out of the logs: `/r/p/…` instead of a token and its signature, and no address in a traceback.

What we write ourselves names no address; what a database or a library says when it fails may well.
"""

import logging
import re

# Signed links, the secret of a provider's posts, and the command and bounce addresses that carry a token.
_TOKEN = re.compile(r"(/r/[a-z]/|/hooks/)[^\s?\"'/<>]+|\b((?:leave|bounce|confirm)\+)[0-9a-z]{16,}")
_ADDRESS = re.compile(r"[^\s<>()\[\]\"',:;=@]+@(?=[^\s<>()\[\]\"',:;=@]+\.)")


def redact(text: str) -> str:
    """`text` without the tokens of links and of addresses."""
    return _TOKEN.sub(lambda match: (match[1] or match[2]) + "…", text)


def without_addresses(text: str) -> str:
    """`text` without the tokens of links and without the names of mailboxes; a mailbox's domain stays."""
    return _ADDRESS.sub("…@", redact(text))


class WithoutTokens(logging.Filter):
    """Rewrites each record as its finished message, redacted; a traceback loses its addresses as well."""

    def filter(self, record: logging.LogRecord) -> bool:
        message = record.getMessage()
        redacted = redact(message)
        if redacted != message:
            record.msg, record.args = redacted, ()
        if record.exc_info and not record.exc_text:
            record.exc_text = logging.Formatter().formatException(record.exc_info)
        if record.exc_text:
            record.exc_text = without_addresses(record.exc_text)
        return True
