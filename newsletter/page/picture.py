"""A logo that somebody uploads: a PNG looked through chunk by chunk and written anew. Pure functions over bytes.

Only PNG: an SVG is a program in a mail's clothes, and of what a PNG may carry only the picture is kept (W3C PNG, third
edition, §5 and §11), so no text, place, profile or trailing archive reaches readers.
"""

import binascii
import struct
import zlib
from dataclasses import dataclass

MOST_BYTES = 40_000  # of the file as kept: it travels in every mail
MOST_UPLOADED = 400_000
SHORTEST, WIDEST, HIGHEST = 28, 1200, 600  # pixels
SHOWN_HEIGHT, SHOWN_WIDTH = 40, 160  # pixels at most, in the mail and on the page
_SIGNATURE = b"\x89PNG\r\n\x1a\n"
_KEPT = (b"IHDR", b"PLTE", b"tRNS", b"sRGB", b"gAMA", b"IDAT", b"IEND")
_CHANNELS = {0: 1, 2: 3, 3: 1, 4: 2, 6: 4}  # by colour type
_DEPTHS = {0: (1, 2, 4, 8, 16), 2: (8, 16), 3: (1, 2, 4, 8), 4: (8, 16), 6: (8, 16)}


class PictureError(Exception):
    """It can't be a logo. `why` is one of: type, broken, animated, size, bytes."""

    def __init__(self, why: str) -> None:
        super().__init__(why)
        self.why = why


@dataclass(frozen=True)
class Picture:
    """A PNG with nothing but the picture in it."""

    png: bytes
    width: int
    height: int


def read_png(raw: bytes) -> Picture:
    """`raw` as a clean PNG. Raises PictureError for any other type, whatever its name, and for what is broken."""
    if not raw.startswith(_SIGNATURE):
        raise PictureError("type")
    if len(raw) > MOST_UPLOADED:
        raise PictureError("bytes")
    chunks = _chunks(raw)
    names = [name for name, _ in chunks]
    if b"acTL" in names:
        raise PictureError("animated")
    if names[:1] != [b"IHDR"] or names[-1:] != [b"IEND"] or names.count(b"IHDR") != 1 or b"IDAT" not in names:
        raise PictureError("broken")
    width, height = _judge_header(chunks[0][1], b"".join(data for name, data in chunks if name == b"IDAT"))
    png = _SIGNATURE + b"".join(_written(name, data) for name, data in chunks if name in _KEPT)
    if len(png) > MOST_BYTES:
        raise PictureError("bytes")
    return Picture(png, width, height)


def shown_size(width: int, height: int) -> tuple[int, int]:
    """Width and height in CSS pixels at which a logo is shown: never enlarged, its shape kept."""
    scale = min(1.0, SHOWN_HEIGHT / height, SHOWN_WIDTH / width)
    return max(1, round(width * scale)), max(1, round(height * scale))


def _chunks(raw: bytes) -> list[tuple[bytes, bytes]]:
    found, at = [], len(_SIGNATURE)
    while at + 12 <= len(raw):
        length, name = struct.unpack(">I4s", raw[at : at + 8])
        data, crc = raw[at + 8 : at + 8 + length], raw[at + 8 + length : at + 12 + length]
        if len(crc) != 4 or struct.unpack(">I", crc)[0] != binascii.crc32(name + data):
            raise PictureError("broken")
        found.append((name, data))
        at += 12 + length
        if name == b"IEND":
            return found
    raise PictureError("broken")


def _judge_header(header: bytes, packed: bytes) -> tuple[int, int]:
    """Width and height, where the packed picture has exactly the bytes that the header asks for."""
    if len(header) != 13:
        raise PictureError("broken")
    width, height, depth, colour, compression, filtering, interlace = struct.unpack(">IIBBBBB", header)
    if depth not in _DEPTHS.get(colour, ()) or compression or filtering or interlace > 1:
        raise PictureError("broken")
    if not (SHORTEST <= width <= WIDEST and SHORTEST <= height <= HIGHEST):
        raise PictureError("size")
    expected = height * (1 + (width * depth * _CHANNELS[colour] + 7) // 8)
    unpacker = zlib.decompressobj()
    try:
        plain = unpacker.decompress(packed, 2 * expected + 4096)  # a bomb is never unpacked
    except zlib.error:
        raise PictureError("broken") from None
    if not unpacker.eof or (len(plain) != expected if not interlace else len(plain) < expected):
        raise PictureError("broken")
    return width, height


def _written(name: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + name + data + struct.pack(">I", binascii.crc32(name + data))
