"""Sealed names: two numbers in 32 letters that only we can make or read, for addresses, where links are too long.

The local part of an address has 64 characters, and servers fold its case (RFC 5321 §2.4, §4.5.3.1.1), so a signed
token as in links doesn't fit. A seal is RFC 5297's idea (SIV): the tag authenticates the numbers and hides them.
"""

import base64
import binascii
import hmac
from collections.abc import Callable
from functools import lru_cache

from django.conf import settings

from subscribers.keyed import keyed

TAG_BYTES = 10  # 80 bits: nobody guesses one by mail
_FIRST_BYTES, _SECOND_BYTES = 4, 6
_LETTERS = "abcdefghijklmnopqrstuvwxyz234567"  # RFC 4648 §6
_PAIRS = [one + other for one in _LETTERS for other in _LETTERS]
_SHIFTS = range(150, -1, -10)  # of 160 bits, ten at a time


class SealError(Exception):
    """Not sealed by us, or not for this purpose."""


def seal(purpose: str, first: int, second: int) -> str:
    """`first` below 2^32 and `second` below 2^48 as 32 lower-case letters and digits; the same ones each time."""
    return _seal(settings.SECRET_KEY, purpose, first, second)


def unseal(purpose: str, text: str) -> tuple[int, int]:
    """The two numbers, sealed for `purpose` under the present key or an older one. Raises SealError."""
    try:
        sealed = base64.b32decode(text.upper())
    except (binascii.Error, ValueError):
        raise SealError("not a seal") from None
    for key in (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS):
        plain = _mask(key, purpose, sealed[:TAG_BYTES], sealed[TAG_BYTES:])
        first, second = int.from_bytes(plain[:_FIRST_BYTES], "big"), int.from_bytes(plain[_FIRST_BYTES:], "big")
        if len(sealed) == 20 and hmac.compare_digest(_tag(key, purpose, plain), sealed[:TAG_BYTES]):
            return first, second
    raise SealError("sealed by somebody else, or for something else")


def _seal(key: str, purpose: str, first: int, second: int) -> str:
    plain = first.to_bytes(_FIRST_BYTES, "big") + second.to_bytes(_SECOND_BYTES, "big")
    tag = _tag(key, purpose, plain)
    sealed = int.from_bytes(tag + _mask(key, purpose, tag, plain), "big")
    return "".join([_PAIRS[sealed >> shift & 1023] for shift in _SHIFTS])  # two to three times as fast as b32encode


def _tag(key: str, purpose: str, plain: bytes) -> bytes:
    return _hmac(key, purpose, "tag")(plain)[:TAG_BYTES]


def _mask(key: str, purpose: str, tag: bytes, text: bytes) -> bytes:
    stream = _hmac(key, purpose, "mask")(tag)[: len(text)]
    return (int.from_bytes(text, "big") ^ int.from_bytes(stream, "big")).to_bytes(len(text), "big")


@lru_cache(32)
def _hmac(key: str, purpose: str, use: str) -> Callable[[bytes], bytes]:
    return keyed(key.encode(), f"chenbao.subscribers.seals.{purpose}.{use}.".encode())
