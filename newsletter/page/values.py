"""Everything a template shows, as frozen values."""

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property

from newsletter.page.choices import Choices
from newsletter.page.dates import han_numeral

# Gmail clips a mail's HTML near 102 KB and hides the foot with it; what is over this is worth a warning.
BUDGET_BYTES = 90_000
TAGS = {"en": "en", "zh": "zh-Hans"}  # BCP 47: what `lang` says


@dataclass(frozen=True)
class Line:
    """A run of text in one half of the page. Plain, with `[n]` inline; paragraphs split by a blank line."""

    language: str  # the half it stands in: en or zh
    text: str
    foreign: bool = False  # it stands in the other language, and says so
    note: bool = False  # our own word about the text: a correction

    @property
    def script(self) -> str:
        """The language of the words themselves, en or zh: what they are set in."""
        return {"en": "zh", "zh": "en"}[self.language] if self.foreign else self.language

    @property
    def tag(self) -> str:
        """The language of the words themselves, for `lang`."""
        return TAGS[self.script]

    def __str__(self) -> str:
        return self.text


@dataclass(frozen=True)
class Words:
    """The same thing said in one language or in both; what is not shown or not written is None."""

    en: Line | None = None
    zh: Line | None = None

    def __iter__(self) -> Iterator[Line]:
        return iter([line for line in (self.en, self.zh) if line])

    def __bool__(self) -> bool:
        return bool(self.en or self.zh)

    def __str__(self) -> str:
        return " ".join(line.text for line in self)


@dataclass(frozen=True)
class Bar:
    """One of a list's main sources."""

    name: str
    articles: int
    share: int  # percent of the list's articles, 1 to 100


@dataclass(frozen=True)
class Point:
    """A bold lead and the text after it: an insight, a line of the comparison, a question with its answer."""

    number: int
    lead: Words
    rows: tuple[Words, ...]


@dataclass(frozen=True)
class Item:
    """One of the day's stories."""

    number: int  # its number in the issue, whatever else is left out
    title: Words
    rows: tuple[Words, ...]
    scores: tuple[tuple[Words, int], ...]  # name and 0 to 100; empty where the item has none
    topics: tuple[Words, ...]
    update: Words = field(default_factory=Words)  # "Update", where it goes on from an earlier day; else empty
    notes: tuple[Point, ...] = ()  # the editor's own, that come after it

    @property
    def han(self) -> str:
        """The number as the Chinese half shows it."""
        return han_numeral(self.number)


@dataclass(frozen=True)
class Report:
    """One source list's day."""

    slug: str
    name: Words
    count: Words  # "148 articles"
    bars: tuple[Bar, ...]
    tags: tuple[Words, ...]
    overview: tuple[Words, ...]
    highlights: tuple[Words, ...]
    insights: tuple[Point, ...]
    business: tuple[Words, ...]
    technology: tuple[Words, ...]
    notes: tuple[Point, ...] = ()  # the editor's own, that come after it


@dataclass(frozen=True)
class Reference:
    """`[n]`: where a sentence comes from."""

    number: int
    outlet: str
    title: str
    tag: str  # the title's language, for `lang`
    url: str  # http or https, or empty: then it is no link
    when: Words  # on the newsletter's clock; empty for an article whose feed says no time
    source_list: Words  # the name of the list that it stands under; empty where it is of none


@dataclass(frozen=True)
class Notes:
    """The editor's own notes, titled and signed, by what they come after; items and reports have theirs with them."""

    lead: tuple[Point, ...] = ()
    comparison: tuple[Point, ...] = ()
    analysis: tuple[Point, ...] = ()
    questions: tuple[Point, ...] = ()


@dataclass(frozen=True)
class Mark:
    """The newsletter's logo: in the mail itself under `cid` (RFC 2392), on the web at the path `url`; CSS pixels."""

    cid: str
    url: str
    width: int
    height: int


@dataclass(frozen=True)
class Corrected:
    """What was wrong in a part of the page, and how the mail had it."""

    anchor: str  # where on the page it stands; empty: nowhere in particular
    name: Words  # its headline, or what it is
    note: Words  # "Correction, 7 May 2026: …"
    was: tuple[Words, ...]  # as it was before: headline, paragraphs


@dataclass(frozen=True)
class Page:
    """An issue for one set of choices. Addresses are absolute; nothing in it is HTML."""

    choices: Choices
    date: dt.date
    number: int
    name_en: str
    name_zh: str
    date_en: str  # Thursday, 7 May 2026
    date_zh: str  # 2026年5月7日　星期四
    number_label: Words  # No. 128
    subject: str
    preheader: str
    web_url: str
    site_url: str
    privacy_url: str  # what is kept of readers
    postal_address: str
    title: Words
    lead: tuple[Words, ...]
    items_heading: Words  # Ten stories
    chosen_from: Words  # chosen from 219 articles
    items: tuple[Item, ...]
    notice: Words  # said where the choices leave no items, or nothing at all; else empty
    reports: tuple[Report, ...]
    comparison: tuple[Point, ...]
    analysis: tuple[Words, ...]
    questions: tuple[Point, ...]
    tags: tuple[Words, ...]
    references: tuple[Reference, ...]
    zone_label: Words  # Beijing time
    disclaimer: tuple[Words, ...]
    why: Words  # why this mail came
    approved: Words  # "Approved by an editor at 07:12 Beijing time."; empty until then
    labels: dict[str, Words] = field(repr=False)
    front: frozenset[int]  # the citations of the main line and the items
    all_references: Words  # where the whole list is
    notes: Notes = Notes()
    accent: str = "#b02e19"  # the one colour, on light ground
    accent_dark: str = "#f27d64"  # and on dark
    logo: Mark | None = None
    corrections: tuple[Corrected, ...] = ()  # of an issue that has gone out, the oldest first
    short_links: bool = False  # the mail would be too large with the articles' own addresses at every mark
    front_references: bool = False  # and too large even so with the whole list of references
    on_web: bool = False  # analysis and references stand on the web page alone, and every mark leads there
    counted: bool = False  # a mail's links to articles lead over this site, which counts how often each is followed

    @property
    def languages(self) -> tuple[str, ...]:
        return self.choices.languages

    @property
    def html_lang(self) -> str:
        """The language of the document as a whole."""
        return TAGS[self.languages[0]]

    @property
    def colon(self) -> str:
        """What follows a label: full width where the page is all Chinese."""
        return "：" if self.languages == ("zh",) else ": "

    @property
    def listed(self) -> tuple[Reference, ...]:
        """The references that a mail has room for."""
        if self.on_web:
            return ()
        return tuple(each for each in self.references if not self.front_references or each.number in self.front)

    @cached_property
    def apart(self) -> bool:
        """Whether the comparison's languages have points of their own, so that none stands beside another."""
        sides = [{line.language for row in point.rows for line in row} for point in self.comparison]
        return len(self.languages) == 2 and any(len(side) == 1 for side in sides)

    @cached_property
    def links(self) -> dict[int, str]:
        """Citation number to what `[n]` in a mail points at: its article, or its place on the web page."""
        if self.on_web:
            return {number: self.web_url + anchor for number, anchor in self.anchors.items()}
        linked = [reference for reference in self.references if reference.url]
        if self.short_links or self.counted:
            return {each.number: self._short(each) for each in linked}
        return {each.number: each.url for each in linked}

    def lead_of(self, reference: Reference) -> str:
        """What its title in a mail's list of references points at; empty where it is no link."""
        return self._short(reference) if self.counted and reference.url else reference.url

    def _short(self, reference: Reference) -> str:
        """The same for every reader."""
        return f"{self.site_url}/c/{self.number}/{reference.number}"

    @cached_property
    def anchors(self) -> dict[int, str]:
        """Citation number to its place on the page: what `[n]` on the web points at."""
        return {reference.number: f"#ref-{reference.number}" for reference in self.references}
