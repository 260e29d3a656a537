"""Titles and texts as written by people: what feeds and agencies wrap around them is taken off."""

import html
import re

from newsletter.headlines import is_digest
from newsletter.typography import HAN

LEAD = 700  # characters of the text that say what it is about

_NOISE = (
    re.compile(r"https?://\S+"),
    re.compile(rf"\[!--.*?--\]\S{{0,90}}?(?=[{HAN}]|\s|$)"),  # template code left in a feed
    re.compile(r"(?:Article|Comments) URL:|Points: \d+|# Comments: \d+|查看全文|阅读全文"),
    re.compile(r"【文/[^】]{1,20}】|（[^（）]{2,12}(?:财经|社|日报|网|联社|证券报|记者)[^（）]{0,10}）"),
)
# How an agency begins: "财联社3月11日电，", "36氪获悉，", "新华社北京3月1日电（记者某某）", "LONDON (AP) — "
_DATELINE = re.compile(
    rf"^\s*(?:《[^》]{{2,12}}》)?(?:[{HAN}A-Za-z0-9]{{2,8}}?(?:\d{{1,2}}月)?\d{{1,2}}日(?:电|讯|消息)"
    r"|\w{2,6}获悉|\w{2,6}消息"
    r"|\d{1,2}月\d{1,2}日(?:消息)?)(?:（[^）]{1,20}）)?[，,:：]?\s*"
    r"|^[A-Z][A-Z .,]{2,30}\((?:AP|Reuters|AFP)\)\s*[—–-]+\s*"
)
_BRACKETED = re.compile(r"^\s*【([^】]{4,200})】\s*")
_SUFFIX = re.compile(
    r"\s*(?:--|[—–:])\s*here['’]s (?:why|what|how)\b.*$|\s*[|｜丨]\s*[^|｜丨]{1,14}$"
    r"|\s+[-–—]\s+(?:report|source|AP|Reuters|BBC|CNBC|Bloomberg)s?$",
    re.IGNORECASE,
)
_COLUMN = re.compile(r"^\s*(?:【[^】]{1,12}】|\[[^\]]{1,16}\]|[^|｜丨]{1,8}[|｜丨])\s*(?=\S{6})")


def clean_text(text: str) -> str:
    """One line of running text: entities read, addresses, template code, datelines and source notes gone."""
    text = html.unescape(text)
    for pattern in _NOISE:
        text = pattern.sub(" ", text)
    text = " ".join(text.split())
    if match := _BRACKETED.match(text):  # the headline once more
        text = text[match.end() :]
    return _DATELINE.sub("", text, count=1)


def clean_title(title: str) -> str:
    """A headline as a reader should see it: without column names, datelines, outlets and a lone final stop."""
    title = " ".join(html.unescape(title).split())
    if (match := _BRACKETED.match(title)) and match.end() >= len(title) - 1:
        title = match[1]
    for pattern in (_DATELINE, _COLUMN, _SUFFIX):
        shorter = pattern.sub("", title, count=1)
        title = shorter if len(shorter) >= 6 else title
    return title.strip().removesuffix("。").strip()


_SEPARATORS = re.compile(r"[;；]|(?<=\S)\s*[|｜丨]\s*(?=\S)")
_AND_ALSO = re.compile(r"[;；][^;；]{8,}$")


def is_roundup(title: str, text: str) -> bool:
    """Whether an entry tells of many events, by its headline or by its numbered text. It must not join stories."""
    if is_digest(title) or _AND_ALSO.search(title):
        return True
    numbered = len(re.findall(r"(?:^|[\s。；;])[1-9][、.．][^\d]", text[:1500]))
    return len(_SEPARATORS.findall(title)) >= 2 or numbered >= 5
