"""A CSV file as it comes: encoding, delimiter, header and rows are found out, and nothing is held in memory."""

import codecs
import csv
import io
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import IO

Row = tuple[int, list[str]]  # the line it ends on, and its cells
_MARKS = {codecs.BOM_UTF16_LE: "utf-16", codecs.BOM_UTF16_BE: "utf-16", codecs.BOM_UTF8: "utf-8-sig"}


class TransferError(Exception):
    """The file can't be read as it is; the message says what to do."""


@dataclass(frozen=True)
class Table:
    """The names of the columns as they stand there, and the rows behind them, to be read once."""

    header: tuple[str, ...]
    delimiter: str
    rows: Iterator[Row]


def open_text(file: IO[bytes]) -> IO[str]:
    """As Unicode, or as GB18030 where it isn't: Excel in China writes that. `file` must be seekable."""
    return io.TextIOWrapper(file, encoding=_encoding(file), errors="replace", newline="")


def _encoding(file: IO[bytes]) -> str:
    file.seek(0)
    start = file.read(3)
    for mark, name in _MARKS.items():
        if start.startswith(mark):
            file.seek(0)
            return name
    file.seek(0)
    decoder = codecs.getincrementaldecoder("utf-8")()
    try:
        while chunk := file.read(1 << 20):
            decoder.decode(chunk)
    except UnicodeDecodeError:
        return "gb18030"
    finally:
        file.seek(0)
    return "utf-8"


def read(file: IO[str]) -> Table:
    """The table in `file`. Raises TransferError where there is none."""
    first = file.readline()
    if not first.strip():
        raise TransferError("the file is empty")
    delimiter = max(",;\t", key=first.count)
    header = next(csv.reader([first], delimiter=delimiter))
    return Table(tuple(name.strip() for name in header), delimiter, rows_of(file, delimiter, after=1))


def rows_of(lines: Iterable[str], delimiter: str, *, after: int) -> Iterator[Row]:
    """The rows in `lines`, which stand behind the line `after` of their file. Blank lines are none."""
    reader = csv.reader(lines, delimiter=delimiter)
    try:
        for cells in reader:
            if cells:
                yield reader.line_num + after, cells
    except csv.Error as error:
        raise TransferError(f"line {reader.line_num + after}: {error}") from None
