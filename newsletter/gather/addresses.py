"""Addresses of stories: usable ones, and what stays the same when a feed changes its tracking parameters. Pure."""

import re
from urllib.parse import parse_qsl, urlencode, urljoin, urlsplit

LONGEST = 2000  # characters, as Article.url

_TRACKING = re.compile(
    r"(?:utm_|at_|mc_|pk_|hsa_|_hs|ga_)\w*|fbclid|gclid|dclid|msclkid|yclid|igshid|spm|scm|cmpid|cid|ocid|ncid|ito"
    r"|ftag|xtor|smid|sref|ref_src|ref_url|share_token|timestamp|_t",
    re.IGNORECASE,
)
# ?f=rss, ?mod=rss_markets_main, ?source=feed: any parameter that only says where the reader came from
_FROM_FEED = re.compile(r"rss|feed|atom|newsletter", re.IGNORECASE)


def absolute(address: str, *bases: str) -> str:
    """`address` made absolute against the first of `bases` that helps; "" unless it is http(s), whole and short."""
    address = re.sub(r"[\s\x00-\x1f\x7f]+", "", address)
    if not address:
        return ""
    for base in ("", *bases):
        try:
            joined = urljoin(base, address)
            parts = urlsplit(joined)
        except ValueError:
            continue
        if parts.scheme in {"http", "https"} and parts.netloc and len(joined) <= LONGEST:
            return joined
    return ""


def address_key(address: str) -> str:
    """What two addresses of one story have in common: no scheme, no www., no tracking, no slash at the end.

    An address that can't be taken apart is its own key; "" has none.
    """
    try:
        parts = urlsplit(address)
        query = [
            (name, value) for name, value in parse_qsl(parts.query, keep_blank_values=True) if _tells(name, value)
        ]
    except ValueError:
        return address
    if not parts.netloc:
        return address
    host = parts.netloc.lower().rpartition("@")[2].removeprefix("www.").removesuffix(":80").removesuffix(":443")
    fragment = "" if re.search(r"utm_|rss|ref=", parts.fragment) else parts.fragment
    return (
        host
        + (parts.path.rstrip("/") or "/")
        + (f"?{urlencode(query)}" if query else "")
        + (f"#{fragment}" if fragment else "")
    )


def is_front_page(key: str) -> bool:
    """The key of a site, not of a story on it."""
    return key.endswith("/") and key.count("/") == 1


def _tells(name: str, value: str) -> bool:
    return not _TRACKING.fullmatch(name) and not _FROM_FEED.match(value)
