"""Text of an issue as safe HTML or set plain text: the only way it gets into a template.

Everything is escaped here; `[n]` becomes a link where `n` has an address, and stays as written where it has none.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import replace

from django import template
from django.template.base import NodeList, Parser, Token
from django.template.context import Context
from django.utils import translation
from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe

from newsletter.models import Issue
from newsletter.page import Item, Line, Page, Reference, Report, Words, entries, labels, plain
from newsletter.page.dates import han_numeral, long_date, short_date
from newsletter.page.values import TAGS, Point
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
    """One paragraph of a mail: escaped, each known `[n]` linked to the article at `links[n]`."""
    return _cite(line, links, "")


@register.filter
def leads(reference: Reference, page: Page) -> str:
    """What a reference's title in a mail points at."""
    return page.lead_of(reference)


@register.filter
def anchored(line: Line, links: Mapping[int, str]) -> SafeString:
    """The same on a page: `links[n]` is the place of the reference, and the link has the class `cite`."""
    return _cite(line, links, ' class="cite"')


def _cite(line: Line, links: Mapping[int, str], attribute: str) -> SafeString:
    """Marks never part from the word before them, from each other or from the stop after them.

    A stop clings to `]` by itself (UAX 14, LB13); so does a word with a no-break space, which English has there.
    Chinese has none: its last character goes into the unbreakable run.
    """
    parts, at = [], 0
    for match in _MARKS.finditer(line.text):
        numbers = [int(n) for n in CITATION.findall(match["marks"])]
        if not any(links.get(number) for number in numbers):
            continue
        before = line.text[at : match.start()]
        word = ""
        if line.script == "zh" and (end := _WORD_END.search(before)):
            before, word = before[: end.start()], end.group()
        marks = "".join(_mark(number, links, attribute) for number in numbers) + escape(match["stop"])
        glue = "\u00a0" if before and not word else ""
        whole = f'<span class="w">{escape(word)}{marks}</span>' if word or len(numbers) > 1 else marks
        parts.append(f"{escape(before)}{glue}{whole}")
        at = match.end()
    return mark_safe("".join(parts) + escape(line.text[at:]))  # noqa: S308 (each part is escaped above)


def _mark(number: int, links: Mapping[int, str], attribute: str) -> str:
    url = links.get(number)
    return f'<a{attribute} href="{escape(url)}">[{number}]</a>' if url else f"[{number}]"


@register.filter
def headline(line: Line) -> SafeString:
    """A heading: Chinese ones cut into clauses that break only where there is no room, names held to what follows."""
    return clauses(line.text) if line.script == "zh" else escape(line.text)


@register.filter
def clauses(text: str) -> SafeString:
    """A Chinese heading, each clause an inline-block of its own."""
    text = _HAN_MEETS_LATIN.sub("\u00a0", text)
    found = _CLAUSE.findall(text)
    if len(found) < 2 or "".join(found) != text:
        return escape(text)
    return mark_safe("".join(f'<span class="cl">{escape(clause)}</span>' for clause in found))  # noqa: S308


@register.filter
def run(words: Words, between: str = " ") -> SafeString:
    """A label in one language, or in both with `between` between them, the second marked with its language."""
    parts = [escape(line.text) if i == 0 else _in_language(line) for i, line in enumerate(words)]
    return mark_safe(escape(between).join(parts))  # noqa: S308 (each part is escaped above)


def _in_language(line: Line) -> str:
    return f'<span lang="{line.tag}">{escape(line.text)}</span>'


@register.filter
def foreign_note(line: Line) -> SafeString:
    """What is said beside a text that stands in the other language; empty for all others."""
    if not line.foreign:
        return mark_safe("")
    note = escape(labels.foreign_note(line.language))
    name = "fo" if line.text else "fo on"  # on its own, it has nothing to keep away from
    return mark_safe(f'<span class="{name}" lang="{TAGS[line.language]}">{note}</span>')  # noqa: S308


@register.filter
def marked(line: Line, document: str) -> SafeString:
    """Attributes for an element that holds `line` in a document whose `lang` is `document`: nothing said twice."""
    name = ' class="zh"' if line.script == "zh" else ""
    lang = "" if line.tag == document else f' lang="{line.tag}"'
    return mark_safe(name + lang)  # noqa: S308 (no part comes from outside)


@register.filter
def half(words: Words | None, language: str) -> Line | None:
    """The words of one half of the page, `en` or `zh`; None where there are none."""
    return {"en": words.en, "zh": words.zh}[language] if words else None


@register.filter
def halves(rows: Iterable[Words], language: str) -> list[Line]:
    """The paragraphs of one half, row after row."""
    return [part for row in rows if (line := half(row, language)) for part in paragraphs_of(line)]


@register.filter(name="paragraphs")
def paragraphs_of(line: Line) -> list[Line]:
    """The line's paragraphs, each a line of its own."""
    return [replace(line, text=text) for text in paragraphs(line.text)] or [line]


@register.filter
def voices(of: Item | Point, languages: Iterable[str]) -> list[str]:
    """The languages that say something of their own: a half that is only the other's original again does not."""
    lead = of.title if isinstance(of, Item) else of.lead
    return [
        language
        for language in languages
        if half(lead, language) or any(line.text for line in halves(of.rows, language))
    ]


@register.filter
def silent_note(of: Item | Point, languages: Iterable[str]) -> SafeString:
    """What is said of an original that is printed once, for the language that has nothing else; else empty."""
    heard = voices(of, languages)
    silent = [line for row in of.rows for line in row if line.foreign and line.language not in heard]
    return _foreign_label(silent[0]) if silent else mark_safe("")


def _foreign_label(line: Line) -> SafeString:
    """The note on its own, marked with its language."""
    said = escape(labels.foreign_note(line.language))
    return mark_safe(f'<span lang="{TAGS[line.language]}">{said}</span>')  # noqa: S308 (escaped above)


@register.filter
def han(number: int) -> str:
    """一, 二, … 十二."""
    return han_numeral(number)


@register.filter
def leading(label: Words, page: Page) -> str:
    """`Leave:`, before an address on a line of its own."""
    return f"{label}{page.colon}".rstrip()


@register.filter
def unbroken(text: object) -> str:
    """`7 May 21:10` that no line's end parts."""
    return str(text).replace(" ", "\u00a0")


@register.filter
def lang_of(text: str) -> str:
    """The language a name is written in, for `lang`: zh-Hans or en."""
    return TAGS["zh" if is_chinese(text) else "en"]


@register.filter
def short_day(issue: Issue, language: str) -> str:
    """`7 May` or `5月7日`."""
    return short_date(issue.date, language)


@register.filter
def long_day(issue: Issue, language: str) -> str:
    """`Thursday, 7 May 2026` or `2026年5月7日　星期四`."""
    return long_date(issue.date, language)


@register.filter
def in_half(references: object, language: str) -> list[object]:
    """The references whose titles are Chinese (`zh`), or all the others (`en`)."""
    chosen = references if isinstance(references, tuple) else ()
    return [each for each in chosen if each.tag.startswith("zh") == (language == "zh")]


@register.filter
def wrapped(text: object) -> str:
    """Plain text in 72 columns."""
    return plain.wrap(str(text))


@register.filter
def item_entry(item: Item, languages: tuple[str, ...]) -> str:
    """A story in plain text."""
    return entries.item(item, languages)


@register.filter
def insight_entry(point: Point, languages: tuple[str, ...]) -> str:
    """A numbered point in plain text."""
    return entries.insight(point, languages)


@register.filter
def compared_entry(point: Point, languages: tuple[str, ...]) -> str:
    """A point of the comparison in plain text."""
    return entries.compared(point, languages)


@register.filter
def question_entry(point: Point, languages: tuple[str, ...]) -> str:
    """A question and its answer in plain text."""
    return entries.question(point, languages)


@register.filter
def signed_entry(note: Point, page: Page) -> str:
    """A note of the editor's own in the plain-text mail."""
    return entries.signed(note, page.languages, page.labels["signed"])


@register.filter
def section(rows: Iterable[Words]) -> str:
    """A section's paragraphs in plain text."""
    return entries.section(rows)


@register.filter
def listed(tags: Iterable[Words]) -> str:
    """Tags in plain text, on as many lines as they need; none is broken."""
    return plain.listed([str(tag) for tag in tags])


@register.filter
def sources_line(report: Report, colon: str) -> str:
    """`148 articles: The Harbor Ledger 23, IT之家 12`; in Chinese `148 篇：36氪 23、IT之家 12`."""
    names = ("、" if colon == "：" else ", ").join(f"{bar.name} {bar.articles}" for bar in report.bars)
    return colon.join(part for part in (" · ".join(line.text for line in report.count), names) if part)


@register.filter
def by_list(references: Iterable[Reference]) -> list[tuple[Words, list[Reference]]]:
    """References under the name of their source list, in the order in which the lists come; those of none last."""
    groups: dict[Words, list[Reference]] = {}
    for reference in references:
        groups.setdefault(reference.source_list, []).append(reference)
    return sorted(groups.items(), key=lambda group: not group[0])


@register.filter
def reference_line(reference: Reference, languages: tuple[str, ...]) -> str:
    """`[3] Title (Outlet, 6 May 21:10)` in 72 columns; the address goes on a line of its own."""
    comma, before, after = ("，", "（", "）") if languages == ("zh",) else (", ", " (", ")")
    where = comma.join([reference.outlet, *(line.text for line in reference.when)][:2])
    text = f"{reference.title}{before}{where}{after}"
    return plain.wrap(text, first=f"{f'[{reference.number}]':<6}", indent="      ")


@register.filter
def ruled(text: object, mark: str = "-") -> str:
    """A plain-text heading with a rule across the page under it."""
    return f"{text}\n{mark * plain.WIDTH}"


class SpeakNode(template.Node):
    """See `speak`."""

    def __init__(self, nodelist: NodeList, language: template.base.FilterExpression) -> None:
        self.nodelist = nodelist
        self.language = language

    def render(self, context: Context) -> SafeString:
        with translation.override(labels.DJANGO_LANGUAGES[self.language.resolve(context)]):
            return self.nodelist.render(context)


@register.tag
def speak(parser: Parser, token: Token) -> SpeakNode:
    """`{% speak language %}{% translate "…" %}{% endspeak %}`: what stands inside, in one half's language (en, zh)."""
    language = parser.compile_filter(token.split_contents()[1])
    nodelist = parser.parse(("endspeak",))
    parser.delete_first_token()
    return SpeakNode(nodelist, language)


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
