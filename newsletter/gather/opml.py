"""Sources as OPML 2.0, the format in which feed readers hand each other their lists. Reading is pure; writing too.

What OPML has no word for stands in attributes of our own (`chenbao:scope`), which other programs pass over, so that an
export comes back as it was.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any
from xml.parsers import expat
from xml.sax.saxutils import quoteattr

from newsletter.gather.encoding import decode
from newsletter.gather.plain import shorten
from newsletter.models import Source, SourceList

LARGEST = 1_000_000  # bytes
MOST = 5_000  # outlines
DEEPEST = 20
NAMESPACE = "urn:chenbao:opml"

_OWN = "chenbao:"
_DECLARATION = re.compile(r"\s*<\?xml\b[^>]{0,300}\?>", re.IGNORECASE)


class OpmlError(Exception):
    """Why a file gives no list of feeds, in one line."""


@dataclass(frozen=True)
class Outline:
    """One feed of the file, everything as it is written there; "" for what it doesn't say."""

    line: int
    title: str
    url: str
    folder: str  # the titles of the outlines around it, outermost first, with " / " between them
    language: str = ""
    own: tuple[tuple[str, str], ...] = ()  # our attributes: name_en, name_zh, region, scope, active, note

    def said(self, name: str) -> str:
        """What one of our own attributes says."""
        return dict(self.own).get(name, "")


@dataclass(frozen=True)
class Folder:
    """An outline that holds feeds: a source list, in our words."""

    path: str
    title: str
    slug: str = ""  # as our own export says
    name_zh: str = ""


@dataclass(frozen=True)
class Opml:
    outlines: tuple[Outline, ...]
    folders: dict[str, Folder]  # by path; "" for feeds that stand in none


def read(body: bytes) -> Opml:
    """The feeds in `body`. Raises OpmlError for what is no OPML, and for what attacks: entities, size, depth."""
    reader = _Reader()
    try:
        reader.parser.Parse(decoded(body).encode("utf-8", "replace"), True)
    except expat.ExpatError as error:
        raise OpmlError(f"line {error.lineno}: {expat.ErrorString(error.code)}") from None
    if reader.root != "opml":
        raise OpmlError(f"not OPML: its element is <{shorten(reader.root, 40)}>")
    return Opml(tuple(reader.outlines), reader.folders)


def decoded(body: bytes) -> str:
    """The document as text, without its declaration; OpmlError where it is too large."""
    if len(body) > LARGEST:
        raise OpmlError(f"larger than {LARGEST // 1_000_000} MB")
    text, _unreadable = decode(body, "")
    return _DECLARATION.sub("", text.lstrip("\ufeff \t\r\n"), count=1)


def write(title: str, lists: Iterable[tuple[SourceList, list[Source]]]) -> str:
    """The sources of `lists` as an OPML document; those read from a folder of files have no address to give."""
    parts = [
        '<?xml version="1.0" encoding="UTF-8"?>',
        f'<opml version="2.0" xmlns:chenbao="{NAMESPACE}">',
        f"<head><title>{_escaped(title)}</title></head>",
        "<body>",
    ]
    for source_list, sources in lists:
        own = {"slug": source_list.slug, "name_zh": source_list.name_zh}
        parts.append(f"<outline{_attributes(text=source_list.name_en, title=source_list.name_en)}{_own(own)}>")
        parts += [_outline(source) for source in sources if source.url.startswith(("http://", "https://"))]
        parts.append("</outline>")
    return "\n".join([*parts, "</body>", "</opml>", ""])


def _outline(source: Source) -> str:
    own = {
        "name_en": source.name_en,
        "name_zh": source.name_zh,
        "region": source.region,
        "scope": source.scope,
        "active": "" if source.active else "no",
        "reason": source.off_reason,
        "note": source.note,
    }
    given = _attributes(type="rss", text=source.name, title=source.name, xmlUrl=source.url, language=source.language)
    return f"<outline{given}{_own(own)}/>"


def _own(values: dict[str, str]) -> str:
    return _attributes(**{f"{_OWN}{name}": value for name, value in values.items() if value})


def _attributes(**values: str) -> str:
    return "".join(f" {name}={_quoted(value)}" for name, value in values.items())


def _quoted(value: str) -> str:
    return quoteattr(_printable(value), {"\n": "&#10;", "\r": "&#13;", "\t": "&#9;"})


def _escaped(value: str) -> str:
    return _printable(value).replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def _printable(value: str) -> str:
    """Without what XML 1.0 can't hold (§2.2)."""
    return re.sub("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]", "", value)


class _Reader:
    """expat's handlers."""

    def __init__(self) -> None:
        self.parser: Any = expat.ParserCreate()
        self.parser.StartElementHandler = self._start
        self.parser.EndElementHandler = self._end
        self.parser.EntityDeclHandler = self._entity
        self.root = ""
        self.outlines: list[Outline] = []
        self.folders: dict[str, Folder] = {}
        self._open: list[tuple[str, dict[str, str]]] = []  # every open element, outlines with their attributes

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        self.root = self.root or name.lower()
        if len(self._open) >= DEEPEST:
            raise OpmlError(f"nested more than {DEEPEST} deep")
        given = {key if key.startswith(_OWN) else key.lower(): value.strip() for key, value in attributes.items()}
        if name.lower() == "outline" and (given.get("xmlurl") or given.get("type", "").lower() in ("rss", "atom")):
            self._feed(given)
        self._open.append((name.lower(), given))

    def _feed(self, given: dict[str, str]) -> None:
        if len(self.outlines) >= MOST:
            raise OpmlError(f"more than {MOST:,} feeds")
        around = [each for name, each in self._open if name == "outline" and not each.get("xmlurl")]
        path = " / ".join(_title(each) for each in around)
        if path not in self.folders:
            last = around[-1] if around else {}
            slug, name_zh = last.get(f"{_OWN}slug", ""), last.get(f"{_OWN}name_zh", "")
            self.folders[path] = Folder(path, _title(last) if last else "", slug, name_zh)
        own = tuple((key.removeprefix(_OWN), value) for key, value in given.items() if key.startswith(_OWN))
        url, line = given.get("xmlurl", ""), self.parser.CurrentLineNumber
        self.outlines.append(Outline(line, _title(given), url, path, given.get("language", ""), own))

    def _end(self, name: str) -> None:
        self._open.pop()

    def _entity(self, *declaration: object) -> None:
        raise OpmlError("declares entities: refused, as entity bombs and stolen files come that way")


def _title(given: dict[str, str]) -> str:
    return " ".join((given.get("title") or given.get("text") or "").split())
