"""Reading the development inbox: the mails in a Maildir, as values."""

import datetime as dt
import re
from dataclasses import dataclass
from email.message import EmailMessage
from email.parser import BytesParser
from email.policy import SMTPUTF8
from pathlib import Path

_KEY = re.compile(r"[A-Za-z0-9_][\w.:,=-]{0,200}", re.ASCII)
_HEAD_BYTES = 16_384  # the fields of any mail of ours; a listing reads no more
_PARSER = BytesParser(policy=SMTPUTF8)


@dataclass(frozen=True)
class Entry:
    """One line of the list."""

    key: str
    sender: str
    recipient: str
    subject: str
    at: dt.datetime
    size: int  # bytes


@dataclass(frozen=True)
class Mail:
    """One mail, taken apart for showing."""

    entry: Entry
    fields: list[tuple[str, str]]  # decoded, in order
    html: str
    text: str
    source: str  # as it came, undecoded

    def field(self, name: str) -> str:
        """The first header field of that name, or nothing."""
        return next((value for key, value in self.fields if key.lower() == name.lower()), "")


def newest(folder: Path, recipient: str = "") -> list[str]:
    """The keys of all mails, newest first; with `recipient`, of those to an address that contains it, in any case."""
    keys = [path.name for name in ("new", "cur") for path in (folder / name).glob("*") if _KEY.fullmatch(path.name)]
    keys.sort(reverse=True)  # a name begins with its time
    if not recipient:
        return keys
    wanted = recipient.casefold()
    return [key for key in keys if wanted in entry(folder, key).recipient.casefold()]


def entry(folder: Path, key: str) -> Entry:
    """The list's line for one mail. Raises KeyError where there is none."""
    path = _path(folder, key)
    with path.open("rb") as file:
        return _entry(path, _PARSER.parsebytes(file.read(_HEAD_BYTES), headersonly=True))


def read(folder: Path, key: str) -> Mail:
    """The whole mail. Raises KeyError where there is none."""
    path = _path(folder, key)
    source = path.read_bytes()
    message = _PARSER.parsebytes(source)
    fields = [(name, " ".join(str(value).split())) for name, value in message.items()]
    shown = source.decode("utf-8", "replace")
    return Mail(_entry(path, message), fields, _part(message, "html"), _part(message, "plain"), shown)


def _path(folder: Path, key: str) -> Path:
    if _KEY.fullmatch(key):
        for path in (folder / "new" / key, folder / "cur" / key):
            if path.is_file():
                return path
    raise KeyError(key)


def _entry(path: Path, message: EmailMessage) -> Entry:
    found = path.stat()
    return Entry(
        path.name,
        str(message["X-Envelope-From"] or ""),
        str(message["X-Envelope-To"] or ""),
        " ".join(str(message["Subject"] or "").split()),
        dt.datetime.fromtimestamp(found.st_mtime, tz=dt.UTC),
        found.st_size,
    )


def _part(message: EmailMessage, kind: str) -> str:
    part = message.get_body((kind,))
    return str(part.get_content()) if part is not None else ""
