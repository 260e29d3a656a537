"""The feeds that a web page names, or that its address tells by its shape. Pure."""

import re
from html.parser import HTMLParser
from urllib.parse import parse_qs, urlsplit

from newsletter.gather.addresses import absolute

LONGEST_PAGE = 200_000  # characters that are looked at
MOST = 8  # feeds of one page
WELL_KNOWN = ("/feed", "/rss", "/feed.xml", "/rss.xml", "/atom.xml", "/index.xml")

_FEED_TYPE = re.compile(r"application/(?:rss|atom|rdf)\+xml", re.IGNORECASE)
_LOOKS_LIKE_A_FEED = re.compile(
    r"(?:/|\b)(?:rss|atom|feeds?)(?:[./]?(?:xml|rdf|php|aspx?))?/?\Z|\.(?:rss|atom|rdf)\Z", re.I
)
_CHANNEL = re.compile(r"/channel/(UC[\w-]{22})(?:/|\Z)")
_REPOSITORY = re.compile(r"/([\w.-]+)/([\w.-]+?)(?:/(releases|tags|commits?)\b.*)?/?\Z")
_GITHUB_PAGES = frozenset({"topics", "orgs", "users", "features", "marketplace", "sponsors", "settings", "search"})


def links_of(html: str, base: str) -> list[str]:
    """The feeds that the page at `base` names: <link rel=alternate> of a feed's type; where it has none, links whose
    address looks like a feed's. Absolute, in the page's order, at most MOST.
    """
    page = _Page()
    page.feed(html[:LONGEST_PAGE])
    root = absolute(page.base, base) or base
    found = [absolute(href, root) for href in page.named or page.guessed]
    return list(dict.fromkeys(filter(None, found)))[:MOST]


def feeds_by_shape(url: str) -> list[str]:
    """The feeds of an address of YouTube (a channel, a playlist) or GitHub (a repository's releases); else none."""
    parts = urlsplit(url)
    host = (parts.hostname or "").removeprefix("www.").removeprefix("m.")
    if host == "youtube.com":
        if channel := _CHANNEL.search(parts.path):
            return [f"https://www.youtube.com/feeds/videos.xml?channel_id={channel[1]}"]
        lists = parse_qs(parts.query).get("list", [])
        return [f"https://www.youtube.com/feeds/videos.xml?playlist_id={lists[0]}"] if lists else []
    if host == "github.com" and not parts.path.endswith(".atom") and (found := _REPOSITORY.fullmatch(parts.path)):
        owner, name, _part = found.groups()
        return [] if owner in _GITHUB_PAGES else [f"https://github.com/{owner}/{name}/releases.atom"]
    return []


class _Page(HTMLParser):
    """Collects what a page says of feeds."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.base = ""
        self.named: list[str] = []
        self.guessed: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        href = given.get("href", "").strip()
        if not href:
            return
        if tag == "base" and not self.base:
            self.base = href
        elif tag == "link" and "alternate" in given.get("rel", "").lower().split():
            if _FEED_TYPE.match(given.get("type", "").strip()):
                self.named.append(href)
        elif tag == "a" and _LOOKS_LIKE_A_FEED.search(href.partition("?")[0].partition("#")[0]):
            self.guessed.append(href)
