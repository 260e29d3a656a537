"""From the address of a site to its feeds, each tried before it is saved: what would come in. Writes nothing.

The network is asked through `newsletter/http.py` alone, so a site that points at this machine's neighbours gains
nothing; and for no longer than the caller has time.
"""

import re
import time
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import urlsplit

from newsletter import http
from newsletter.gather.addresses import absolute
from newsletter.gather.encoding import decode
from newsletter.gather.feed_key import feed_key
from newsletter.gather.feed_links import WELL_KNOWN, feeds_by_shape, links_of
from newsletter.gather.fetch import refusal
from newsletter.gather.parse import Entry, ParseError, parse

PATIENCE = 14.0  # seconds for all of it
ONE = 7.0  # seconds for one address
AT_ONCE = 8
MOST_OF_MANY = 3_000_000  # bytes of each of several feeds; one that is larger is tried alone, by its own address
SAMPLES = 5


@dataclass(frozen=True)
class Candidate:
    """A feed as it would come in; with `reason`, why it wouldn't."""

    url: str  # what would be saved: where permanent redirects led, else as asked
    title: str = ""
    language: str = ""  # guessed
    entries: int = 0
    newest: datetime | None = None
    samples: tuple[Entry, ...] = ()
    undated: int = 0
    mute: int = 0  # entries with no text of their own
    unlinked: int = 0
    size: int = 0  # bytes
    warning: str = ""  # the parser's
    moved_from: str = ""
    reason: str = ""

    @property
    def good(self) -> bool:
        return not self.reason and self.entries > 0


@dataclass(frozen=True)
class Discovery:
    """What was found: feeds that can be read first. `reason` says what was wrong with the address itself."""

    address: str
    candidates: tuple[Candidate, ...] = ()
    reason: str = ""


def discover(address: str, *, patience: float = PATIENCE) -> Discovery:
    """The feeds at or around `address`, a site's or a feed's, each fetched and read. At most `patience` seconds."""
    until = time.monotonic() + patience
    asked = typed_address(address)
    if not asked:
        return Discovery(address.strip(), reason="not an http or https address")
    if by_shape := feeds_by_shape(asked):
        return Discovery(asked, _tried(by_shape, until))
    try:
        answer = http.get(asked, deadline=_left(until))
    except http.FetchError as error:
        return Discovery(asked, reason=error.reason)
    if 200 <= answer.status < 300:
        itself = _read(asked, answer)
        if itself.good:
            return Discovery(asked, (itself,))
        text, _unreadable = decode(answer.body[:500_000], answer.headers.get("content-type", ""))
        if named := _tried(links_of(text, answer.url), until):
            return Discovery(asked, named)
    guesses = _tried(_well_known(answer.url), until)
    found = tuple(each for each in guesses if each.good)
    reason = "" if found or answer.status < 300 else refusal(answer.status)
    return Discovery(asked, found, reason)


def try_feed(url: str, *, deadline: float = ONE, limit: int = http.LIMIT) -> Candidate:
    """The feed at `url` as a visit would find it, of at most `limit` bytes. Never raises for what comes of it."""
    try:
        answer = http.get(url, deadline=deadline, limit=limit)
    except http.FetchError as error:
        return Candidate(url, reason=error.reason)
    if not 200 <= answer.status < 300:
        return Candidate(url, reason=refusal(answer.status))
    return _read(url, answer)


def typed_address(text: str) -> str:
    """What somebody typed or pasted as an http(s) address; "" where it can't be one."""
    text = text.strip()
    text = re.sub(r"\Afeed:(?://)?(?=https?://)", "", text)
    text = re.sub(r"\Afeed://", "http://", text)
    if not re.match(r"[A-Za-z][A-Za-z0-9+.-]*://", text):
        text = f"https://{text}"
    found = absolute(text) if not re.search(r"\s", text) else ""
    host = urlsplit(found).hostname or "" if found else ""
    return found if "." in host or host == "localhost" or ":" in host else ""


def _read(url: str, answer: http.Fetched) -> Candidate:
    saved = answer.moved_to or url
    moved_from = url if answer.moved_to and feed_key(answer.moved_to) != feed_key(url) else ""
    try:
        feed = parse(answer.body, content_type=answer.headers.get("content-type", ""), base=answer.url)
    except ParseError as error:
        return Candidate(saved, reason=str(error), moved_from=moved_from)
    dates = [entry.published_at for entry in feed.entries if entry.published_at]
    return Candidate(
        saved,
        title=feed.title,
        language=feed.language,
        entries=len(feed.entries),
        newest=max(dates, default=None),
        samples=feed.entries[:SAMPLES],
        undated=len(feed.entries) - len(dates),
        mute=sum(not entry.text for entry in feed.entries),
        unlinked=sum(not entry.url for entry in feed.entries),
        size=len(answer.body),
        warning=feed.warning,
        moved_from=moved_from,
        reason="" if feed.entries else "no entries",
    )


def _tried(urls: Iterable[str], until: float) -> tuple[Candidate, ...]:
    """Each of `urls` tried, several at a time; one feed once, those that can be read first, in the page's order."""
    distinct = list({feed_key(url): url for url in reversed(list(urls))}.values())[::-1]
    if not distinct:
        return ()
    with ThreadPoolExecutor(AT_ONCE, thread_name_prefix="discover") as pool:
        tried = list(pool.map(lambda url: try_feed(url, deadline=_left(until), limit=MOST_OF_MANY), distinct))
    once: dict[object, Candidate] = {}
    for each in sorted(tried, key=_rank):
        alike = (each.title, *(entry.guid for entry in each.samples)) if each.good else feed_key(each.url)
        once.setdefault(alike, each)
    return tuple(once.values())


def _rank(candidate: Candidate) -> tuple[bool, bool]:
    """Feeds that can be read first, and those of comments behind the others."""
    return not candidate.good, bool(re.search(r"\bcomments?\b", f"{candidate.url} {candidate.title}", re.IGNORECASE))


def _well_known(url: str) -> list[str]:
    """Where feeds usually are: beneath the page that was asked for, and at the root of its site."""
    parts = urlsplit(url)
    root = f"{parts.scheme}://{parts.netloc}"
    folder = root + parts.path.rstrip("/")
    bases = [folder, root] if parts.path.strip("/") else [root]
    return [base + path for base in bases for path in WELL_KNOWN]


def _left(until: float) -> float:
    """Seconds for the next request; a little even at the end, so that its own time-out says what happened."""
    return max(0.05, min(ONE, until - time.monotonic()))
