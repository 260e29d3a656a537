"""The addresses of articles: one page under its many spellings, and whose page it is."""

import re
from collections.abc import Iterable
from functools import lru_cache
from urllib.parse import parse_qsl, urlencode, urlsplit

from newsletter.models import Article

# What only says where a reader came from: parameters of mailers, networks, agencies and share buttons.
_TRACKING = re.compile(
    r"(?:utm|at|mc|pk|mtm|matomo|hsa|ga|oly|vero|wt)_\w*|_hs\w*|_ga|_gl|__twitter_impression|fbclid|gclid|dclid|gbraid"
    r"|wbraid|msclkid|yclid|twclid|ttclid|li_fat_id|igshid|igsh|mkt_tok|spm|scm|from|from_source|ref|ref_src|ref_url"
    r"|referrer|src|source|cmpid|cmp|ncid|ocid|ito|ftag|xtor|smid|sref|share\w*|partner|f|sv|si|guccounter|guce_\w+"
    r"|mod|rss|feed|timestamp|_t|vt|chksm|scene|sharer_\w+|isappinstalled|wechat\w*"
    r"|amp|outputtype|output|print",
    re.IGNORECASE,
)
_HOST = re.compile(r"^(?:www\d?|m|mobile|wap|touch|amp|3g)\.(?=[^.]+\.[^.]+)")
_AMP_PATH = re.compile(r"(?:/amp|[./]amp\.html?|\.amp)(?=$|/$)|^/amp(?=/)", re.IGNORECASE)
# A cache of AMP pages names the page in its own path: cdn.ampproject.org/c/s/HOST/PATH, google.com/amp/s/HOST/PATH
_AMP_CACHE = re.compile(
    r"^(?:[\w-]+\.)?(?:cdn\.ampproject\.org/[a-z]|google\.[a-z.]+/amp)/(?:s/)?(?=[^/]+\.)", re.IGNORECASE
)
_INDEX = re.compile(r"/(?:index|default)\.(?:html?|php|aspx?)$", re.IGNORECASE)


@lru_cache(maxsize=20_000)  # asked for one article many times a day
def canonical_url(url: str) -> str:
    """`url` as one page has it in all feeds; "" for "".

    No scheme, fragment, port of the scheme or final slash; no `www.`, mobile or AMP host, path or cache; no tracking
    parameters; what is left of the query in order. An address that can't be taken apart is its own form.
    """
    try:
        parts = urlsplit(url.strip())
        port = parts.port
    except ValueError:
        return url.strip()
    whole = f"{(parts.hostname or '')}{parts.path}"
    host, _, path = _AMP_CACHE.sub("", whole, count=1).partition("/")
    path = _AMP_PATH.sub("", f"/{path}", count=1)
    path = re.sub(r"/{2,}", "/", _INDEX.sub("", path)).rstrip("/")
    query = urlencode(sorted((k, v) for k, v in parse_qsl(parts.query) if not _TRACKING.fullmatch(k)))
    shown_port = f":{port}" if port not in (None, 80, 443) else ""
    return f"{_bare(host)}{shown_port}{path}{'?' + query if query else ''}"


def is_front_page(url: str) -> bool:
    """Whether `url` is a site's own page, not a story's on it."""
    return not re.search(r"[/?]", canonical_url(url))


def publisher(url: str, outlet: str) -> str:
    """Whose page it is: several feeds of one outlet count as one. The host of its address, else the outlet."""
    return canonical_url(url).partition("/")[0].partition("?")[0] or outlet


def _bare(host: str) -> str:
    return _HOST.sub("", host.lower())


def one_a_page(articles: Iterable[Article]) -> list[Article]:
    """Two feeds of one outlet carry one page: the one that tells most of it stays, the first where two are equal."""
    pages: dict[str, Article] = {}
    for article in articles:
        page = canonical_url(article.url) or str(article.pk)
        if page not in pages or len(article.text) > len(pages[page].text):
            pages.pop(page, None)
            pages[page] = article
    return list(pages.values())
