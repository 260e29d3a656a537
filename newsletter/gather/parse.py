"""A feed's bytes to entries in plain text. The one importer of feedparser. Pure: no network, no clock, no database.

feedparser is given bytes in UTF-8 that were surveyed before, and does no more than find the fields: encodings,
dates, HTML and addresses are ours, because its own handling of each loses or invents something in real feeds.
"""

import hashlib
import io
import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from html.entities import html5
from typing import Any

import feedparser

from newsletter.gather.addresses import absolute, address_key
from newsletter.gather.dates import read_date
from newsletter.gather.encoding import decode
from newsletter.gather.junk import clean_text, clean_title
from newsletter.gather.languages import language_of
from newsletter.gather.plain import plain, plain_line, shorten
from newsletter.gather.survey import ParseError, is_cut_off, root_of, survey, whole_entries
from newsletter.sentences import split_sentences
from newsletter.typography import has_han

__all__ = ["Entry", "ParseError", "ParsedFeed", "parse"]

MOST_BYTES = 10_000_000
MOST_ENTRIES = 2_000
LONGEST_TITLE = 300  # characters
LONGEST_TEXT = 8_000
LONGEST_GUID = 500
LONGEST_NAME = 200

# Not allowed in XML 1.0 (§2.2), yet sent: without them the strict parser can read on.
_NOT_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_NAMED = re.compile(r"&([A-Za-z][A-Za-z0-9]{1,31});")
_DECLARATION = re.compile(r"\s*<\?xml\b[^>]{0,300}\?>", re.IGNORECASE)


@dataclass(frozen=True)
class Entry:
    """One article as a feed tells it: plain text, paragraphs of `text` split by a blank line."""

    guid: str  # stable from visit to visit: the feed's id, else the address, else a hash of the title
    url: str  # absolute http(s), or ""
    title: str  # never ""
    text: str
    language: str
    published_at: datetime | None  # UTC


@dataclass(frozen=True)
class ParsedFeed:
    title: str
    language: str  # of most of it; guessed where the feed says nothing or the wrong thing
    entries: tuple[Entry, ...]  # in the feed's order
    warning: str  # "", or in one line what was wrong though entries could be read


def parse(body: bytes, *, content_type: str = "", base: str = "", language: str = "") -> ParsedFeed:
    """The feed in `body`, an RSS, RDF or Atom document in whatever encoding.

    `content_type` is the server's header, `base` the address it came from (relative links are resolved against
    it), `language` what the source is known to be in; each may be "". Raises ParseError, with a reason in one line,
    for whatever is no feed or is refused.
    """
    if len(body) > MOST_BYTES:
        raise ParseError(f"larger than {MOST_BYTES // 1_000_000} MB")
    text, unreadable = decode(body, content_type)
    text = _NOT_XML.sub("", text).lstrip("\ufeff \t\r\n")
    text = _DECLARATION.sub("", text, count=1)
    if not text.strip():
        raise ParseError("empty")
    text = _NAMED.sub(_character, text)
    root = root_of(text)
    broken = survey(text)
    found = feedparser.parse(
        io.BytesIO(b'<?xml version="1.0" encoding="utf-8"?>\n' + text.encode()),
        response_headers={"content-type": "application/xml; charset=utf-8", "content-location": base},
        sanitize_html=False,
        resolve_relative_uris=False,
    )
    if not found.version and not found.entries:
        raise ParseError(f"not a feed: its element is <{shorten(root, 40)}>")
    cut = bool(broken) and is_cut_off(text)
    raw = found.entries[: whole_entries(text)] if cut else found.entries
    return _feed(found.feed, raw, base, language, [unreadable, f"cut off at {broken}" if cut else broken])


def _character(entity: re.Match[str]) -> str:
    """&nbsp; and its like are HTML's, not XML's; feeds use them all the same."""
    name = entity.group(1)
    return entity.group() if name in {"amp", "lt", "gt", "quot", "apos"} else html5.get(f"{name};", entity.group())


def _feed(head: Any, raw: list[Any], base: str, language: str, warnings: list[str]) -> ParsedFeed:
    title = shorten(clean_title(plain_line(_text(head, "title"))), LONGEST_NAME)
    bases = (base, absolute(_text(head, "link")))
    drafts = [draft for entry in raw[:MOST_ENTRIES] if (draft := _draft(entry, title, bases))]
    sample = " ".join(f"{entry.title} {entry.text[:200]}" for _, entry in drafts[:50])
    guessed = language or language_of(sample or title, _text(head, "language"))
    entries = tuple(_distinct(_finished(date, entry, guessed) for date, entry in drafts))
    return ParsedFeed(title, guessed, entries, "; ".join(filter(None, [*warnings, _about(len(raw), len(drafts))])))


def _about(sent: int, told: int) -> str:
    """What to say of the numbers of entries sent, and of those among them with a headline or text."""
    looked_at = min(sent, MOST_ENTRIES)
    if not sent:
        return "no entries"
    many = f"{sent} entries: read the first {MOST_ENTRIES}" if sent > looked_at else ""
    mute = looked_at - told
    lost = f"{mute} of {looked_at} entries with neither headline nor text" if mute else ""
    return "; ".join(filter(None, [many, lost]))


def _draft(raw: Any, feed_title: str, bases: tuple[str, ...]) -> tuple[list[str], Entry] | None:
    """An entry still without language and date, beside its dates as written; None where it says nothing."""
    headline, body = _text(raw, "title").strip(), _longest_body(raw)
    if len(headline) > 120 and "\n" in headline:  # some put the summary into the title, on lines of its own
        headline = headline.partition("\n")[0].strip()
    if body.lstrip().startswith(headline + "\n"):
        body = body.lstrip()[len(headline) :]
    title = clean_title(_without_feed(plain_line(headline), feed_title))
    text = shorten(clean_text(plain(body), title), LONGEST_TEXT)
    if not title:
        title, text = _first_sentence(text), text
    if not title:
        return None
    url = absolute(_text(raw, "feedburner_origlink") or _text(raw, "link") or _text(raw, "id"), *bases)
    entry = Entry(_guid(raw, url, title), url, shorten(title, LONGEST_TITLE), text, "", None)
    return [_text(raw, name) for name in ("published", "updated", "created")], entry


def _finished(dates: list[str], entry: Entry, language: str) -> Entry:
    moments = (read_date(text, chinese=language == "zh") for text in dates if text)
    return replace(
        entry,
        language=language_of(f"{entry.title} {entry.text[:500]}", language),
        published_at=next((moment for moment in moments if moment), None),
    )


def _distinct(entries: Iterable[Entry]) -> list[Entry]:
    """Each article once. An id that several headlines share is no id: those go by address, or by headline too."""
    kept = list(entries)
    for finer in (_by_address, _by_headline):
        headlines: dict[str, set[str]] = {}
        for entry in kept:
            headlines.setdefault(entry.guid, set()).add(entry.title)
        kept = [replace(e, guid=finer(e)) if len(headlines[e.guid]) > 1 else e for e in kept]
    return list({entry.guid: entry for entry in reversed(kept)}.values())[::-1]


def _by_address(entry: Entry) -> str:
    return _fitting(address_key(entry.url)) or entry.guid


def _by_headline(entry: Entry) -> str:
    return _hash(f"{_by_address(entry)} {entry.title}")


def _guid(raw: Any, url: str, title: str) -> str:
    """The entry's id; one that is an address counts without its tracking parameters."""
    given = _text(raw, "id").strip()
    if given.startswith(("http://", "https://")):
        given = address_key(given)
    return _fitting(given or address_key(url)) or _hash(title)


def _fitting(guid: str) -> str:
    return guid if len(guid) <= LONGEST_GUID else _hash(guid)


def _hash(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:40]


def _text(fields: Any, name: str) -> str:
    """A field as text, "" where it is missing. Read as a plain dict: feedparser's own look-up maps names and warns."""
    value = dict.get(fields, name)
    return _NOT_XML.sub("", value) if isinstance(value, str) else ""


def _longest_body(raw: Any) -> str:
    """The full text where the feed has it, else the summary."""
    bodies = [_text(part, "value") for part in dict.get(raw, "content") or []]
    return max([_text(raw, "summary"), *bodies], key=len)


def _without_feed(title: str, feed_title: str) -> str:
    """`title` without " - Name of the feed" at its end."""
    return re.sub(rf"\s*[-–—|_·]\s*{re.escape(feed_title)}\Z", "", title) if len(feed_title) > 1 else title


def _first_sentence(text: str) -> str:
    """A headline for an entry that has none, as short posts do."""
    language = "zh" if has_han(text[:200]) else "en"
    return shorten(next(iter(split_sentences(text[:1000], language)), ""), 120)
