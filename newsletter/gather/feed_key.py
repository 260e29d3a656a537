"""When two feed addresses are one feed. Pure."""

from collections.abc import Iterable
from urllib.parse import parse_qsl, urlencode, urlsplit

from newsletter.models import Source


def feed_key(url: str) -> str:
    """What stays the same with http or https, with or without www., a usual port, a slash at the end, or another order
    of the query. Unlike a story's key it keeps every parameter: `?feed=rss2` and `?section=tech` choose a feed.
    """
    try:
        parts = urlsplit(url.strip())
        port = parts.port
    except ValueError:
        return url
    if not parts.hostname:
        return url  # file:NAME
    host = parts.hostname.removeprefix("www.") + (f":{port}" if port not in (None, 80, 443) else "")
    query = urlencode(sorted(parse_qsl(parts.query, keep_blank_values=True)))
    return host + parts.path.rstrip("/") + (f"?{query}" if query else "")


def known_feeds(sources: Iterable[Source]) -> dict[str, Source]:
    """Each source by the key of its address."""
    return {feed_key(source.url): source for source in sources}
