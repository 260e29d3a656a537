"""Text with slots, as MIME body lines, frozen once and filled for each reader: pure functions over bytes.

A slot is a gap of known width in the text. In the encoded body it is a line of its own that says how to fill it:

    @@LEAVE_URL base64 98 3c 22@@      the slot's name, encoding, width, and the bytes that share its base64 groups

Base64 turns 3 bytes into 4 letters, so a slot takes up to two neighbouring bytes on each side into its own lines;
everything around it is encoded once. Both encodings are 7-bit with lines of at most 76 characters (RFC 2045 §6.7 and
§6.8) whatever the HTML's own lines are; they need no 8BITMIME on the way, and so never break a signature.
"""

import base64
import binascii
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial

CRLF = b"\r\n"
_LINE = 76  # characters, RFC 2045
_FROZEN = re.compile(rb"^@@(\w+) (base64|quoted-printable) (\d+) ([0-9a-f]*) ([0-9a-f]*)@@\r\n", re.MULTILINE)

_PLAIN = re.compile(rb"[!-<>-~]+")  # printable ASCII but for "=": nothing to escape


class SlotError(Exception):
    """What is to go into a slot doesn't fit it."""


@dataclass(frozen=True)
class Slot:
    """`marker` stands in the text where something of `width` bytes will stand in each reader's mail."""

    name: str  # letters, digits, underscore
    marker: str
    width: int


def best_encoding(text: str) -> str:
    """The shorter of the two 7-bit encodings: quoted-printable for mostly ASCII text, else base64."""
    raw = text.encode()
    escaped = sum(byte > 126 or byte == 61 for byte in raw)  # "=" and all beyond ASCII cost two bytes more
    return "quoted-printable" if escaped * 2 < len(raw) / 3 else "base64"


def filled_size(text: str, slots: list[Slot]) -> int:
    """How many bytes `text` has once its slots are filled."""
    return len(text.encode()) + sum(
        text.count(slot.marker) * (slot.width - len(slot.marker.encode())) for slot in slots
    )


def freeze_text(text: str, encoding: str, slots: list[Slot]) -> bytes:
    """`text` as encoded body lines, each slot's marker as a line that says how to fill it. Line ends become CRLF."""
    raw = CRLF.join(text.encode().splitlines()) + CRLF
    markers = {slot.marker.encode(): slot for slot in slots}
    # With a group around it, split() keeps the markers: text, marker, text, marker, …, text
    pieces = re.split(b"(" + b"|".join(re.escape(m) for m in markers) + b")", raw) if markers else [raw]
    texts, gaps = pieces[::2], [markers[m] for m in pieces[1::2]]
    return (_freeze_base64 if encoding == "base64" else _freeze_quoted)(texts, gaps)


def _freeze_quoted(texts: list[bytes], gaps: list[Slot]) -> bytes:
    lines = _quoted(texts[0])
    for slot, after in zip(gaps, texts[1:], strict=True):
        lines = _joined(lines) + _frozen_line(slot, "quoted-printable", b"", b"") + _quoted(after)
    return lines


def _freeze_base64(texts: list[bytes], gaps: list[Slot]) -> bytes:
    lines, before, rest = b"", b"", texts[0]
    for slot, after in zip(gaps, texts[1:], strict=True):
        whole = len(rest) // 3 * 3
        lines += _base64(rest[:whole])
        before = rest[whole:]
        short = -(len(before) + slot.width) % 3
        if len(after) < short:
            raise SlotError(f"slot {slot.name} stands too near the next or the end")
        lines += _frozen_line(slot, "base64", before, after[:short])
        rest = after[short:]
    return lines + _base64(rest)


def _frozen_line(slot: Slot, encoding: str, before: bytes, after: bytes) -> bytes:
    return f"@@{slot.name} {encoding} {slot.width} {before.hex()} {after.hex()}@@".encode() + CRLF


def _base64(raw: bytes) -> bytes:
    letters = base64.b64encode(raw)
    return b"".join(letters[i : i + _LINE] + CRLF for i in range(0, len(letters), _LINE))


def _quoted(raw: bytes) -> bytes:
    # b2a_qp takes its line ends from the data, and bare LF where that has none
    lines = binascii.b2a_qp(raw, istext=True).replace(CRLF, b"\n").replace(b"\n", CRLF)
    # and writes "=20" for a blank at a line's end without asking whether there is room
    lines = re.sub(rb"^[^\r\n]{77,}", lambda line: _broken(line[0]), lines, flags=re.MULTILINE)
    # a line of a feed's text must not pass for one of ours
    lines = re.sub(rb"^@@+", lambda run: b"=40" * len(run[0]) + b"=\r\n", lines, flags=re.MULTILINE)
    # nor may one begin with a dot, which SMTP doubles and undoes on every leg (RFC 5321 §4.5.2), some servers wrongly
    return re.sub(rb"^\.", b"=2E=\r\n", lines, flags=re.MULTILINE)


def _broken(line: bytes) -> bytes:
    """A line that is a little too long, with a soft break that parts no escape."""
    cut = line.rfind(b"=", _LINE - 3, _LINE - 1)
    cut = cut if cut >= 0 else _LINE - 1
    return line[:cut] + b"=\r\n" + line[cut:]


def _joined(lines: bytes) -> bytes:
    """`lines` so that what comes next goes on in their last one: with "=" at its end, where it must find room."""
    if len(lines) - lines.rfind(b"\n") - 1 >= _LINE:
        cut = -3 if lines[-3:-2] == b"=" else -1  # the last character, which may be an escape
        lines = lines[:cut] + b"=\r\n" + lines[cut:]
    return lines + b"=\r\n"


Piece = bytes | Callable[[Mapping[str, bytes]], bytes]


def compile_slots(frozen: bytes) -> list[Piece]:
    """Frozen lines cut at their slots: bytes as they are, and functions that fill a slot. Once per edition."""
    parts = _FROZEN.split(frozen)
    pieces: list[Piece] = [parts[0]]
    gaps: dict[tuple[bytes, ...], Piece] = {}
    for i in range(1, len(parts), 6):
        name, encoding, width, before, after, rest = parts[i : i + 6]
        sides = bytes.fromhex(before.decode()), bytes.fromhex(after.decode())
        gap = partial(_fill, name.decode(), encoding == b"base64", int(width), *sides)
        pieces += [gaps.setdefault((name, encoding, width, before, after), gap), rest]
    return pieces


def _fill(name: str, in_base64: bool, width: int, before: bytes, after: bytes, values: Mapping[str, bytes]) -> bytes:
    value = values[name]
    if len(value) != width:
        raise SlotError(
            f"{name} is {len(value)} bytes long, and this edition was frozen for {width}: "
            "put SITE_URL back to what it was until this issue is out"
        )
    if in_base64:
        return _base64(before + value + after)
    if _PLAIN.fullmatch(value):  # as links are
        return b"=\r\n".join([value[i : i + _LINE - 1] for i in range(0, len(value), _LINE - 1)]) + b"=\r\n"
    return _joined(_quoted(value))


def fill(pieces: list[Piece], values: Mapping[str, bytes]) -> list[bytes]:
    """One reader's lines, piece by piece. Raises SlotError where a value hasn't its slot's width."""
    filled = {piece: piece(values) for piece in set(pieces[1::2]) if not isinstance(piece, bytes)}
    return [piece if isinstance(piece, bytes) else filled[piece] for piece in pieces]


def has_dots(lines: bytes) -> bool:
    """Whether one of these begins with a dot."""
    return lines.startswith(b".") or b"\n." in lines


def splice(pieces: list[Piece], values: Mapping[str, bytes]) -> bytes:
    """One reader's bytes in one. Raises SlotError as `fill` does."""
    return b"".join(fill(pieces, values))
