"""A CSV file as it comes, kept as UTF-8; its header and delimiter are found out, its rows read from any place on."""

import codecs
import csv
import io
import re
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from typing import IO

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

Row = tuple[int, list[str]]  # the line it ends on, and its cells
LONGEST_LINE = 1 << 20  # characters
MOST_COLUMNS = 500
_AT_ONCE = 1 << 20  # bytes, or characters
_SAMPLE = 1 << 16  # bytes
_MARKS = {codecs.BOM_UTF16_LE: "utf-16", codecs.BOM_UTF16_BE: "utf-16", codecs.BOM_UTF8: "utf-8-sig"}
# What people upload instead of the CSV file, by its first bytes.
_EXCEL = gettext_noop("it is an Excel workbook: save it as “CSV UTF-8” first")
_PACKED = gettext_noop("it is packed (ZIP): unpack it, and take the CSV file in it")
_OTHERS = {
    b"\x1f\x8b": _PACKED,
    b"\xd0\xcf\x11\xe0": _EXCEL,
    b"%PDF": gettext_noop("it is a PDF, and no CSV file"),
    b"<": gettext_noop("it is a web page, and no CSV file: was the download cut off by a login?"),
    b"{": gettext_noop("it is JSON, and no CSV file"),
}
_LONELY = re.compile(rb"(?<![\x80-\xff])[\x80-\xff](?![\x80-\xff])")
_HIGH = re.compile(rb"[\x80-\xff]")


class TransferError(Exception):
    """The file can't be read as it is; the message says what to do."""


@dataclass(frozen=True)
class Layout:
    """The columns' names as they stand there, and where the rows behind them begin."""

    header: tuple[str, ...]
    delimiter: str
    position: int  # bytes before the first row
    line: int  # lines before it


def keep(source: IO[bytes], target: IO[bytes]) -> str:
    """Copy `source` (seekable) to `target` in UTF-8, its lines ended by line feeds; the encoding that it had.

    Raises TransferError for what is no text, or has lines that no CSV file has.
    """
    _refuse_others(source)
    encoding = encoding_of(source)
    text = io.TextIOWrapper(source, encoding=encoding, errors="replace", newline=None)
    try:
        for chunk in _parts(text):
            target.write(chunk.encode())
    finally:
        text.detach()  # whoever opened the source closes it
    return "utf-8" if encoding == "utf-8-sig" else encoding


def _parts(text: IO[str]) -> Iterator[str]:
    since = 0  # characters since the last line feed
    while chunk := text.read(_AT_ONCE):
        if "\0" in chunk:
            raise TransferError(_("it is no text file: export the list as CSV"))
        first, last = chunk.find("\n"), chunk.rfind("\n")
        if since + (len(chunk) if first < 0 else first) > LONGEST_LINE:
            raise TransferError(_("it has a line of more than a million characters: it is no CSV file"))
        since = since + len(chunk) if last < 0 else len(chunk) - last - 1
        yield chunk


def _refuse_others(source: IO[bytes]) -> None:
    source.seek(0)
    start = source.read(512).lstrip()
    if start.startswith(b"PK\x03\x04"):
        raise TransferError(_(_EXCEL if _is_workbook(source) else _PACKED))
    for mark, message in _OTHERS.items():
        if start.startswith(mark):
            raise TransferError(_(message))


def _is_workbook(source: IO[bytes]) -> bool:
    source.seek(0)
    try:
        return any(name.startswith("xl/") for name in zipfile.ZipFile(source).namelist())
    except zipfile.BadZipFile:
        return False


def encoding_of(source: IO[bytes]) -> str:
    """UTF-8 or UTF-16 where it is that; else what Excel writes: GB18030 in China, Windows-1252 in the West."""
    source.seek(0)
    start = source.read(3)
    source.seek(0)
    for mark, name in _MARKS.items():
        if start.startswith(mark):
            return name
    decoder = codecs.getincrementaldecoder("utf-8")()
    sample = b""  # the first part with letters beyond ASCII
    try:
        while chunk := source.read(_SAMPLE):
            sample = sample or (b"" if chunk.isascii() else chunk)
            decoder.decode(chunk)
        decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        # A Chinese character has mostly two high bytes side by side; an accented letter stands alone.
        return "cp1252" if len(_LONELY.findall(sample)) * 2 > len(_HIGH.findall(sample)) else "gb18030"
    finally:
        source.seek(0)
    return "utf-8"


def layout(file: IO[bytes]) -> Layout:
    """The header of a kept file. Raises TransferError where there is none."""
    file.seek(0)
    line, first = 0, b""
    while not first.strip():
        line += 1
        if not (first := file.readline()):
            raise TransferError(_("it is empty"))
    delimiter = max(",;\t", key=first.decode().count)
    if said := re.fullmatch(rb'"?sep=(.)"?', first.strip()):  # Excel's own first line
        delimiter, first, line = said[1].decode(), file.readline(), line + 1
    try:
        header = tuple(name.strip() for name in next(csv.reader([first.decode()], delimiter=delimiter), []))
    except csv.Error:
        header = ()
    if not 0 < len(header) <= MOST_COLUMNS:
        raise TransferError(_("its first line doesn’t name columns, at most %d of them") % MOST_COLUMNS)
    if any("@" in name for name in header):
        raise TransferError(
            _("its first line is a reader, and must name the columns: write “email” above the addresses")
        )
    if not file.read(1):
        raise TransferError(_("it has a header, and nobody below it"))
    file.seek(-1, io.SEEK_CUR)
    return Layout(header, delimiter, file.tell(), line)


def rows_of(file: IO[bytes], delimiter: str, *, after: int) -> Iterator[Row]:
    """The rows of a kept file from where it stands, behind the line `after`. Blank lines are none.

    Between two rows, `file.tell()` is where the next one begins: a line is read only when it is asked for.
    """
    reader = csv.reader(map(bytes.decode, file), delimiter=delimiter)
    good = after
    try:
        for cells in reader:
            good = reader.line_num + after
            if cells:
                yield good, cells
    except csv.Error as error:
        told = _("line %(line)d: %(error)s. Is a quotation mark opened there and never closed?")
        raise TransferError(told % {"line": good + 1, "error": error}) from None
