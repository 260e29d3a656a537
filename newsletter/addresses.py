"""The addresses of articles: one page under its many spellings, and whose page it is."""

import re
from collections.abc import Iterable
from urllib.parse import parse_qsl, urlencode, urlsplit

from newsletter.models import Article

_TRACKING = re.compile(
    r"^(?:utm_\w+|at_\w+|from|spm|fbclid|gclid|ref|src|source|cmpid|ncid|share\w*|smid|partner|f|sv)$"
)


def canonical_url(url: str) -> str:
    """`url` as one page has it in all feeds: no scheme, `www.`, tracking parameters, fragment or final slash."""
    parts = urlsplit(url.strip())
    query = urlencode(sorted((k, v) for k, v in parse_qsl(parts.query) if not _TRACKING.match(k.lower())))
    host = (parts.hostname or "").removeprefix("www.").removeprefix("m.")
    return f"{host}{parts.path.rstrip('/')}{'?' + query if query else ''}"


def publisher(url: str, outlet: str) -> str:
    """Whose page it is: several feeds of one outlet count as one. The host of its address, else the outlet."""
    host = (urlsplit(url).hostname or "").removeprefix("www.").removeprefix("m.")
    return host or outlet


def one_a_page(articles: Iterable[Article]) -> list[Article]:
    """Two feeds of one outlet carry one page: the one that tells most of it stays, the first where two are equal."""
    pages: dict[str, Article] = {}
    for article in articles:
        page = canonical_url(article.url) or str(article.pk)
        if page not in pages or len(article.text) > len(pages[page].text):
            pages.pop(page, None)
            pages[page] = article
    return list(pages.values())
