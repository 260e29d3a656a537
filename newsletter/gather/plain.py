"""Feed HTML to plain text. Pure, and linear in the input: no tree is built, so nesting costs nothing.

(nh3 and other real parsers take seconds for a hundred kilobytes of nested <div> or <font>; feeds are hostile input.)
"""

import html
import re
import unicodedata

from newsletter.typography import HAN

MOST = 200_000  # characters of markup read of one entry; its text is cut far shorter

_BLOCKS = (
    "address|article|aside|blockquote|body|br|caption|center|dd|details|div|dl|dt|fieldset|figure|footer|form|h[1-6]"
    "|header|hr|html|legend|li|main|nav|ol|p|pre|section|summary|table|tbody|tfoot|thead|tr|ul"
)
_INLINE = (
    "a|abbr|acronym|audio|b|base|bdi|bdo|big|cite|code|col|colgroup|data|del|dfn|em|embed|font|i|img|input|ins|kbd"
    "|label|link|map|mark|math|meta|object|param|picture|q|rp|rt|ruby|s|samp|small|source|span|strike|strong|sub|sup"
    "|time|title|track|tt|u|var|video|wbr"
)
# Only HTML's own names (and prefixed ones: o:p, media-card) are tags: List<String> and a<b are text.
_REST = r"(?=[\s/>]|\Z)[^<>]*(?:>|\Z)"
_BLOCK = re.compile(rf"</?(?:{_BLOCKS}){_REST}", re.IGNORECASE)
_CELL = re.compile(rf"</?t[dh]{_REST}", re.IGNORECASE)
_TAG = re.compile(rf"</?(?:{_INLINE}|[a-z]+[:-][\w:-]+){_REST}|<[!?][^<>]*>", re.IGNORECASE)
# What never is text, with its content; unclosed, it runs to the end, as in a browser.
_HIDDEN = re.compile(
    r"<!--.*?(?:-->|\Z)"
    r"|<(script|style|noscript|iframe|svg|template|textarea|select|button|head)(?=[\s/>]).*?(?:</\1\s*>|\Z)",
    re.IGNORECASE | re.DOTALL,
)
_CAPTION = re.compile(r"<figcaption(?=[\s>]).{0,2000}?</figcaption\s*>", re.IGNORECASE | re.DOTALL)
_CDATA = re.compile(r"<!\[CDATA\[|\]\]>")
_ATTRIBUTE = re.compile(r"=\s*(?:\"([^\"]{1,500})\"|'([^']{1,500})')")
_LOOKS_TAGGED = re.compile(r"</?(?:p|br|div|a|img|span|strong|em|b|i|ul|li|h[1-6])(?:\s[^<>]*|\s*/)?>", re.IGNORECASE)
_LOOKS_ESCAPED = re.compile(r"&(?:[a-z]{2,8}|#\d{2,6}|#x[0-9a-f]{2,5});", re.IGNORECASE)
# Invisible: soft hyphen, zero-width space, direction marks, word joiner, byte-order mark, object replacement.
# The joiners U+200C and U+200D stay: emoji and Indic scripts need them.
_INVISIBLE = re.compile("[\u00ad\u200b\u200e\u200f\u202a-\u202e\u2060-\u2069\ufeff\ufff9-\ufffc]")
_HAN_GAP = re.compile(rf"(?<=[\u3000-\u303f\uff00-\uffef{HAN}])\n(?=[\u3000-\u303f\uff00-\uffef{HAN}])")


def plain(markup: str) -> str:
    """Paragraphs, split by a blank line, without tags, entities (doubly escaped ones too) or control characters."""
    text = _untagged(markup[:MOST])
    for _ in range(2):  # escaped twice, or three times
        if not _LOOKS_ESCAPED.search(text) and not _LOOKS_TAGGED.search(text):
            break
        text = _untagged(text)
    parts = (_one_line(part) for part in re.split(r"\n[^\S\n]*\n", readable(text)))
    return "\n\n".join(part for part in parts if part)


def plain_line(markup: str) -> str:
    """`plain`, all on one line."""
    return _one_line(plain(markup))


def readable(text: str) -> str:
    """`text` without control, invisible and unpaired characters; every line end a line feed, every space a space."""
    text = unicodedata.normalize("NFC", text.replace("\r\n", "\n").replace("\r", "\n"))
    text = re.sub("[\u2028\u2029\x0b\x0c\x85]", "\n", text)
    text = re.sub(r"[^\S\n]", " ", text)
    text = re.sub("[\x00-\x09\x0e-\x1f\x7f-\x9f\ud800-\udfff]", "", text)  # the newline is \x0a
    return _INVISIBLE.sub("", text)


def shorten(text: str, limit: int) -> str:
    """At most `limit` characters of `text`: cut after a sentence where one ends in the second half, else with "…"."""
    if len(text) <= limit:
        return text
    ends = [match.end() for match in re.finditer(r"[。！？!?…][”’」』）)\"]*|[.][”’)\"]*(?=\s)", text[:limit])]
    if ends and ends[-1] > limit // 2:
        return text[: ends[-1]]
    cut, space = text[: limit - 1], text[:limit].rfind(" ")
    return (cut[:space] if space > limit // 2 else cut).rstrip(" ,;:，；：、") + "…"


def _untagged(markup: str) -> str:
    """One round: tags out, blocks to blank lines, entities to characters."""
    blocks = bool(_BLOCK.search(markup))
    text = _HIDDEN.sub(" ", _CDATA.sub("", markup))
    text = _CAPTION.sub("\n\n", _ATTRIBUTE.sub(_harmless, text))
    if blocks:  # then line ends in the source are only spaces
        text = re.sub(r"[ \t\r\n]*[\r\n][ \t\r\n]*", "\n", text)
    text = _CELL.sub(" ", _BLOCK.sub("\n\n", text))
    return html.unescape(_TAG.sub("", text))


def _harmless(attribute: re.Match[str]) -> str:
    """An attribute whose value has < or > in it would end its tag too early."""
    value = attribute.group(1) or attribute.group(2) or ""
    return '=""' if "<" in value or ">" in value else attribute.group()


def _one_line(text: str) -> str:
    """Line ends become spaces, or nothing between Chinese characters; runs of spaces become one."""
    lines = "\n".join(line.strip() for line in text.strip().split("\n") if line.strip())
    return re.sub(r"\s+", " ", _HAN_GAP.sub("", lines)).strip()
