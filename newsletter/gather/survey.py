"""What a document is, before a feed parser sees it: refuses what is no feed and what attacks. Pure."""

import re
from collections.abc import Iterator
from xml.parsers import expat

from newsletter.gather.plain import plain_line, shorten

MOST_ELEMENTS = 150_000  # some 3 s of feedparser; real feeds have hundreds to 20,000
DEEPEST = 200
MOST_ATTRIBUTES = 500  # feedparser's time grows with their square
# Broken XML goes to feedparser's forgiving parser, which takes 40 bytes of memory for a character, and more in a tag.
MOST_BROKEN = 3_000_000  # characters
LONGEST_TAG = 20_000

_ROOT = re.compile(r"<([A-Za-z_][\w:.-]*)")
_ENTITY = re.compile(r"<!ENTITY\b", re.IGNORECASE)
_HTML = re.compile(r"html|head|title|meta|body|script|div|p|h1|center|pre", re.IGNORECASE)
_NO_ENTITIES = "declares entities: refused, as entity bombs and stolen files come that way"
_ASIDE = re.compile(r"<\?.*?(?:\?>|\Z)|<!--.*?(?:-->|\Z)", re.DOTALL)
_LONG_TAG = re.compile(rf"<[A-Za-z][^<>]{{{LONGEST_TAG},}}")
_ENDS = re.compile(r"</(?:\w+:)?(?:rss|feed|rdf|channel)\s*>\s*(?:<!--.*?-->\s*)*\Z", re.IGNORECASE | re.DOTALL)


class ParseError(Exception):
    """Why bytes give no feed, in one line."""


def root_of(text: str) -> str:
    """The name of the document's element; ParseError where there is none, or where it is a web page or JSON."""
    head = text[:2000].lstrip()
    if head.startswith(("{", "[")):
        raise ParseError("JSON, not an RSS or Atom feed")
    if not head.startswith("<"):
        shown = shorten(plain_line(head[:80]), 40)
        raise ParseError("not XML" + (f": begins with “{shown}”" if shown.isprintable() and "�" not in head else ""))
    prolog = _ASIDE.sub("", text[:20_000])
    found = _ROOT.search(prolog)
    if not found:
        raise ParseError("XML without an element")
    if _ENTITY.search(prolog[: found.start()]):
        raise ParseError(_NO_ENTITIES)
    if _HTML.fullmatch(found.group(1)):
        title = re.search(r"<title[^>]*>(.{1,300}?)</title", text[:50_000], re.IGNORECASE | re.DOTALL)
        named = f": “{shorten(plain_line(title.group(1)), 80)}”" if title else ""
        raise ParseError(f"a web page, not a feed{named}")
    return found.group(1)


def survey(text: str) -> str:
    """ "" where `text` is well-formed XML, else what is wrong with it and where.

    Raises ParseError for what would cost a parser too much: entities, depth, number of elements or attributes.
    """
    parser, counts = expat.ParserCreate(), _Counts()
    parser.StartElementHandler = counts.start
    parser.EndElementHandler = counts.end
    parser.EntityDeclHandler = counts.entity
    try:
        parser.Parse(text.encode(), True)
    except expat.ExpatError as error:
        _survey_broken(text)
        return f"line {error.lineno}: {expat.ErrorString(error.code)}"
    return ""


def _survey_broken(text: str) -> None:
    if len(text) > MOST_BROKEN:
        raise ParseError(f"broken XML, and longer than {MOST_BROKEN:,} characters")
    if sum(part.count("<") for part in _outside_cdata(text)) > MOST_ELEMENTS:
        raise ParseError(f"broken XML with more than {MOST_ELEMENTS:,} tags")
    if any(_LONG_TAG.search(part) for part in _outside_cdata(text)):
        raise ParseError(f"broken XML with a tag of more than {LONGEST_TAG:,} characters")


def _outside_cdata(text: str) -> Iterator[str]:
    """The parts that a forgiving parser reads as markup; an unclosed CDATA section runs to the end."""
    at = 0
    while (start := text.find("<![CDATA[", at)) >= 0:
        yield text[at:start]
        at = text.find("]]>", start)
        if at < 0:
            return
    yield text[at:]


def is_cut_off(text: str) -> bool:
    """The document ends before its element does."""
    return not _ENDS.search(text[-2000:])


def whole_entries(text: str) -> int:
    """How many entries are closed."""
    return len(re.findall(r"</(?:\w+:)?(?:item|entry)\s*>", text, re.IGNORECASE))


class _Counts:
    """expat's handlers; each raises ParseError past its limit."""

    def __init__(self) -> None:
        self.elements = self.depth = 0

    def start(self, name: str, attributes: dict[str, str]) -> None:
        self.elements += 1
        self.depth += 1
        if self.elements > MOST_ELEMENTS:
            raise ParseError(f"more than {MOST_ELEMENTS:,} elements")
        if self.depth > DEEPEST:
            raise ParseError(f"nested more than {DEEPEST} deep")
        if len(attributes) > MOST_ATTRIBUTES:
            raise ParseError(f"an element with more than {MOST_ATTRIBUTES} attributes")

    def end(self, name: str) -> None:
        self.depth -= 1

    def entity(self, *declaration: object) -> None:
        raise ParseError(_NO_ENTITIES)
