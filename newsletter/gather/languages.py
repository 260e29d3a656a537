"""Which language a text is in, as far as the newsletter needs to know. Pure."""

import re

from newsletter.typography import count_han

_KANA = re.compile(r"[\u3041-\u3096\u30a1-\u30fa]")  # without the middle dot, which Chinese uses in foreign names
_WORD = re.compile(r"[A-Za-zÀ-ÿ]{2,}")
_ENOUGH = 3  # Latin words that make a text without any Han a foreign one in a Chinese feed


def primary(tag: str) -> str:
    """The primary subtag of a tag (RFC 5646 §2.2.1), in lower case: zh of zh-Hans-CN. "" where there is none."""
    found = re.match(r"\s*([A-Za-z]{2,3})(?:[-_]|\s*\Z)", tag or "")
    return found.group(1).lower() if found else ""


def language_of(text: str, declared: str) -> str:
    """The language of `text`: what its characters say, else `declared` (a tag, or ""), else English.

    Chinese feeds that declare English are common, so Han characters win; Japanese has many kana among them.
    """
    han, words = count_han(text), len(_WORD.findall(text))
    tag = primary(declared)
    if han > words / 2:
        return "ja" if len(_KANA.findall(text)) > han / 4 else "zh"
    if tag == "zh" and not han and words >= _ENOUGH:
        return "en"
    return tag or "en"
