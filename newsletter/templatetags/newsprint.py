"""Text of an issue as safe HTML or set plain text: the only way it gets into a template.

Everything is escaped here; `[n]` becomes a link where `n` has an address, and stays as written where it has none.
"""

import re
from collections.abc import Iterable, Mapping

from django import template
from django.template.base import NodeList, Parser, Token
from django.template.context import Context
from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe

from newsletter.page import Line, Words, labels, plain
from newsletter.page.dates import han_numeral
from newsletter.page.values import TAGS
from newsletter.sentences import CITATION, paragraphs
from newsletter.typography import HAN, is_chinese

register = template.Library()

# Marks, with the gap before them and the stop after.
_MARKS = re.compile(r"\s*(?P<marks>(?:\[\d{1,4}\])+)(?P<stop>[.,;:!?…”’)，。；：！？、）》」』]*)")
# The last character before marks in Chinese, with the closing marks that cling to it.
_WORD_END = re.compile(r"\S[”’）》」』%]*$")
_CLAUSE = re.compile(r"[^，：；？！]+[，：；？！]?”?")
_HAN_MEETS_LATIN = re.compile(f"(?<=[{HAN}]) (?=[A-Za-z0-9$€£¥])|(?<=[A-Za-z0-9%]) (?=[{HAN}])")


@register.filter
def cited(line: Line, links: Mapping[int, str]) -> SafeString:
    """One paragraph: escaped, with each known `[n]` linked to `links[n]` and never parted from word and stop."""
    parts, at = [], 0
    for match in _MARKS.finditer(line.text):
        if not any(int(n) in links for n in CITATION.findall(match["marks"])):
            continue
        before = line.text[at : match.start()]
        tail = _WORD_END.search(before) if line.script == "zh" else None
        head = before[: tail.start()] if tail else before
        word = tail.group() if tail else ""
        glue = "\u00a0" if before and not word else ""
        marks = "".join(_mark(int(n), links) for n in CITATION.findall(match["marks"]))
        parts.append(f'{escape(head)}{glue}<span class="w">{escape(word)}{marks}{escape(match["stop"])}</span>')
        at = match.end()
    return mark_safe("".join(parts) + escape(line.text[at:]))  # noqa: S308 (each part is escaped above)


def _mark(number: int, links: Mapping[int, str]) -> str:
    url = links.get(number)
    return f'<a class="c" href="{escape(url)}">[{number}]</a>' if url else f"[{number}]"


@register.filter
def headline(line: Line) -> SafeString:
    """A heading: Chinese ones cut into clauses that break only where there is no room, names held to what follows."""
    if line.script == "en":
        return escape(line.text)
    text = _HAN_MEETS_LATIN.sub("\u00a0", line.text)
    clauses = _CLAUSE.findall(text)
    if len(clauses) < 2 or "".join(clauses) != text:
        return escape(text)
    return mark_safe("".join(f'<span class="cl">{escape(clause)}</span>' for clause in clauses))  # noqa: S308


@register.filter
def run(words: Words) -> SafeString:
    """A label in one language, or in both beside each other, the second marked with its language."""
    parts = [escape(line.text) if i == 0 else _in_language(line) for i, line in enumerate(words)]
    return mark_safe(" ".join(parts))  # noqa: S308 (each part is escaped above)


def _in_language(line: Line) -> str:
    return f'<span class="{line.script}" lang="{line.tag}">{escape(line.text)}</span>'


@register.filter
def foreign_note(line: Line) -> SafeString:
    """What is said beside a text that stands in the other language; empty for all others."""
    if not line.foreign:
        return mark_safe("")
    note = escape(labels.foreign_note(line.language))
    return mark_safe(f'<span class="fo" lang="{TAGS[line.language]}">{note}</span>')  # noqa: S308


@register.filter
def half(words: Words, language: str) -> Line | None:
    """The words of one half of the page: `en` or `zh`."""
    return {"en": words.en, "zh": words.zh}[language]


@register.filter
def halves(rows: Iterable[Words], language: str) -> list[Line]:
    """The paragraphs of one half, row after row."""
    return [part for row in rows if (line := half(row, language)) for part in paragraphs_of(line)]


@register.filter(name="paragraphs")
def paragraphs_of(line: Line) -> list[Line]:
    """The line's paragraphs, each a line of its own."""
    return [Line(line.language, text, line.foreign) for text in paragraphs(line.text)]


@register.filter
def han(number: int) -> str:
    """一, 二, … 十二."""
    return han_numeral(number)


@register.filter
def lang_of(text: str) -> str:
    """The language a name is written in, for `lang`: zh-Hans or en."""
    return TAGS["zh" if is_chinese(text) else "en"]


@register.filter
def in_half(references: object, language: str) -> list[object]:
    """The references whose titles are Chinese (`zh`), or all the others (`en`)."""
    chosen = references if isinstance(references, tuple) else ()
    return [each for each in chosen if each.tag.startswith("zh") == (language == "zh")]


@register.filter
def wrapped(text: object, first: str = "") -> str:
    """Plain text in 72 columns; `first` opens the first line, and as many blanks all others."""
    return plain.wrap(str(text), first=first, indent=" " * plain.columns(first))


@register.filter
def ruled(text: object, mark: str = "-") -> str:
    """A plain-text heading with a rule as long as itself under it."""
    return f"{text}\n{mark * min(plain.WIDTH, plain.columns(str(text)))}"


class TidyNode(template.Node):
    """See `tidy`."""

    def __init__(self, nodelist: NodeList) -> None:
        self.nodelist = nodelist

    def render(self, context: Context) -> SafeString:
        return mark_safe(plain.tidy(self.nodelist.render(context)))  # noqa: S308 (plain text, escaped by nobody)


@register.tag
def tidy(parser: Parser, token: Token) -> TidyNode:
    """`{% tidy %}` … `{% endtidy %}`: plain text without the blanks and empty lines that tags leave behind."""
    nodelist = parser.parse(("endtidy",))
    parser.delete_first_token()
    return TidyNode(nodelist)
