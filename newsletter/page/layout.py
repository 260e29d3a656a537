"""Rows of an issue -> the Page for one set of choices. The database is asked here, and nowhere after."""

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings

from newsletter import sentences, typography, workflow
from newsletter.models import Block, Citation, Correction, Issue, SourceList
from newsletter.models.issue import BlockKind, IssueState
from newsletter.page import dates, labels, masthead, rows
from newsletter.page.choices import Choices
from newsletter.page.corrected import Corrections
from newsletter.page.values import TAGS, Bar, Item, Line, Notes, Page, Point, Reference, Report, Words

_PREHEADER_CHARACTERS = 140  # about what a list of mails shows beside the subject
_APPROVED = frozenset({IssueState.APPROVED, IssueState.SENDING, IssueState.SENT})


def lay_out(issue: Issue, choices: Choices, corrections: Iterable[Correction] = ()) -> Page:
    """The issue as `choices` show it: blocks that an editor dropped are left out, numbers stay the issue's own.

    `corrections` of an issue that has gone out stand in for the texts they are about; a mail never has any.
    Two queries (blocks with their lists, citations) and one for the newsletter where it is not loaded yet.
    """
    return _Layout(issue, choices, corrections).page()


def safe_url(url: str) -> str:
    """`url` where it is an http or https address with a host and no blanks in it; else empty: then nothing links."""
    if url.split() != [url] or not url.isprintable():
        return ""
    try:
        parts = urlsplit(url)
    except ValueError:  # "https://[not an address"
        return ""
    return url if parts.scheme.lower() in ("http", "https") and parts.netloc else ""


class _Layout:
    """One issue's rows, loaded once, and the choices to show them by."""

    def __init__(self, issue: Issue, choices: Choices, corrections: Iterable[Correction]) -> None:
        self.issue = issue
        self.choices = choices
        self.languages = choices.languages
        self.newsletter = issue.newsletter
        self.labels = labels.labels(self.languages)
        self.blocks = list(issue.blocks.filter(dropped=False).select_related("source_list"))
        self.corrections = Corrections(corrections, self.newsletter, self.languages)
        self.corrections.put_in(self.blocks)

    def page(self) -> Page:
        """The whole page."""
        items, reports, tail = self._items(), self._reports(), self._tail()
        title, lead = self._title(), self._rows(BlockKind.MAIN_LINE)
        items, reports, notes = self._with_notes(items, reports, tail)
        empty = not (items or reports or any(tail.values()))
        notice = Words()
        if empty:
            notice = self.labels["nothing"]
        elif not items and any(block.kind == BlockKind.ITEM for block in self.blocks):
            notice = self.labels["no_items"]
        references = self._references([title, lead, items, reports, notes, *tail.values()])
        return Page(
            **self._frame(),
            **tail,
            subject=self._subject(),
            preheader=self._preheader(items, lead),
            title=title,
            lead=lead,
            items_heading=self._items_heading(len(items)),
            chosen_from=labels.chosen_from(self._articles(), self.languages),
            items=items,
            notice=notice,
            reports=reports,
            tags=() if empty else rows.tags_of(self._block("tags"), self.languages),
            references=references,
            front=_cited([title, lead, items, notes.lead]),
            notes=notes,
            all_references=labels.all_references(len(references), self.languages),
            disclaimer=self._rows(BlockKind.DISCLAIMER),
            labels=self.labels,
            corrections=self.corrections.told(self.blocks),
        )

    def _items_heading(self, count: int) -> Words:
        return self.labels["as_corrected"] if self.issue.corrects_id else labels.items_heading(count, self.languages)

    def _frame(self) -> dict[str, Any]:
        """What stands around the news: names, dates, addresses."""
        issue, letter = self.issue, self.newsletter
        approved = Words()
        if issue.state in _APPROVED and issue.approved_at and (given := workflow.standing(issue, issue.approved_hash)):
            people = [row.by.get_full_name() or row.by.get_username() for row in given if row.by]
            clock = f"{issue.approved_at.astimezone(letter.tz):%H:%M}"
            approved = labels.approved(people, clock, letter.zone, self.languages)
        return {
            **masthead.dress(letter, self.languages),
            "choices": self.choices,
            "date": issue.date,
            "number": issue.number,
            "date_en": dates.long_date(issue.date, "en"),
            "date_zh": dates.long_date(issue.date, "zh"),
            "number_label": labels.number_label(issue.number, self.languages),
            "web_url": f"{settings.SITE_URL}/{self.choices.language}/issues/{(issue.corrects or issue).date}/",
            "approved": approved,
        }

    def _tail(self) -> dict[str, Any]:
        """The optional sections after the reports, as far as they were chosen."""
        chosen = self.choices.shows_section
        comparison = tuple(rows.compared(self._rows(BlockKind.COMPARISON))) if chosen("comparison") else ()
        return {
            "comparison": comparison,
            "analysis": self._rows(BlockKind.ANALYSIS) if chosen("analysis") else (),
            "questions": self._points(BlockKind.QA, None, closed=False) if chosen("qa") else (),
        }

    def _with_notes(
        self, items: tuple[Item, ...], reports: tuple[Report, ...], tail: dict[str, Any]
    ) -> tuple[tuple[Item, ...], tuple[Report, ...], Notes]:
        """Each note with what it comes after; where that isn't shown, with what is shown last before it."""
        shown = {f"item-{item.number}" for item in items} | {f"report-{report.slug}" for report in reports}
        found: dict[str, list[Point]] = {}
        number, slot = 0, "lead"
        for block in self.blocks:
            if block.kind == BlockKind.NOTE:
                found.setdefault(slot, []).append(rows.point_of(0, block, self.languages, closed=False))
                continue
            number += block.kind == BlockKind.ITEM
            own = f"item-{number}" if block.kind == BlockKind.ITEM else _slot_of(block)
            slot = own if own in shown or tail.get(own) else slot
        notes = Notes(**{name: tuple(found.get(name, ())) for name in ("lead", "comparison", "analysis", "questions")})
        return (
            tuple(replace(item, notes=tuple(found.get(f"item-{item.number}", ()))) for item in items),
            tuple(replace(report, notes=tuple(found.get(f"report-{report.slug}", ()))) for report in reports),
            notes,
        )

    def _of(self, kind: str, source_list: SourceList | None) -> list[Block]:
        return [block for block in self.blocks if block.kind == kind and block.source_list == source_list]

    def _block(self, key: str) -> Block | None:
        return next((block for block in self.blocks if block.key == key), None)

    def _rows(self, kind: str, source_list: SourceList | None = None) -> tuple[Words, ...]:
        return tuple(row for block in self._of(kind, source_list) for row in self._said(block))

    def _said(self, block: Block) -> tuple[Words, ...]:
        """The block's paragraphs, and under them what was corrected in them."""
        return rows.rows_of(block, self.languages) + self.corrections.notes(block)

    def _points(self, kind: str, source_list: SourceList | None, *, closed: bool) -> tuple[Point, ...]:
        found = [
            rows.point_of(n, b, self.languages, closed=closed) for n, b in enumerate(self._of(kind, source_list), 1)
        ]
        notes = [self.corrections.notes(block) for block in self._of(kind, source_list)]
        found = [replace(point, rows=point.rows + said) for point, said in zip(found, notes, strict=True)]
        return tuple(point for point in found if point.rows)

    def _title(self) -> Words:
        block = self._block("main-line")
        own = rows.title_of(block, self.languages) if block else Words()
        texts = {language: getattr(self.issue, f"title_{language}") for language in self.languages}
        return own or Words(**{language: Line(language, text) for language, text in texts.items() if text})

    def _subject(self) -> str:
        texts = [getattr(self.issue, f"{name}_{lang}") for lang in self.languages for name in ("subject", "title")]
        halves = [subject or title for subject, title in zip(texts[::2], texts[1::2], strict=True)]
        return " ".join(" · ".join(dict.fromkeys(half for half in halves if half)).split())

    def _preheader(self, items: tuple[Item, ...], lead: tuple[Words, ...]) -> str:
        """The first stories in a line, shortened language by language; without items, how the lead begins."""
        halves, room = [], _PREHEADER_CHARACTERS // len(self.languages)
        for language in self.languages:
            titles = [line.text for item in items[:3] for line in item.title if line.language == language]
            texts = titles or [
                sentences.without_citations(line.text) for row in lead[:1] for line in row if line.language == language
            ]
            halves.append(_shortened(("；" if language == "zh" else "; ").join(texts), room))
        return " ".join(half for half in halves if half)

    def _items(self) -> tuple[Item, ...]:
        found = []
        for number, block in enumerate(self._of(BlockKind.ITEM, None), 1):
            topics, item_rows = block.extra.get("topics", []), self._said(block)
            title = rows.title_of(block, self.languages)
            if self.choices.shows_topics(topics) and (title or item_rows):
                names = rows.topic_names(topics, self.languages)
                update = self.labels["update"] if block.extra.get("update") else Words()
                found.append(Item(number, title, item_rows, self._scores(block), names, update))
        return tuple(found)

    def _scores(self, block: Block) -> tuple[tuple[Words, int], ...]:
        values = [(self.labels[name], block.extra.get(name)) for name in ("hot", "quality", "impact")]
        return tuple((name, value) for name, value in values if isinstance(value, int))

    def _articles(self) -> int:
        """How many articles the issue was chosen from; 0 where its overviews don't say."""
        return sum(int(block.extra.get("articles", 0)) for block in self.blocks if block.kind == BlockKind.OVERVIEW)

    def _reports(self) -> tuple[Report, ...]:
        lists = dict.fromkeys(block.source_list for block in self.blocks if block.source_list)
        return tuple(self._report(each) for each in lists if self.choices.shows_list(each.slug))

    def _report(self, source_list: SourceList) -> Report:
        slug, overview = source_list.slug, next(iter(self._of(BlockKind.OVERVIEW, source_list)), None)
        extra = overview.extra if overview else {}
        articles = int(extra.get("articles", 0))
        return Report(
            slug=slug,
            name=self._name(source_list),
            count=labels.article_count(articles, self.languages) if articles else Words(),
            bars=tuple(self._bar(name, int(count), extra) for name, count in extra.get("sources", [])[:3]),
            tags=rows.tags_of(self._block(f"tags-{slug}"), self.languages),
            overview=self._rows(BlockKind.OVERVIEW, source_list),
            highlights=self._rows(BlockKind.HIGHLIGHTS, source_list),
            insights=self._points(BlockKind.INSIGHT, source_list, closed=True),
            business=self._rows(BlockKind.BUSINESS, source_list),
            technology=self._rows(BlockKind.TECHNOLOGY, source_list),
        )

    def _references(self, shown: list[Any]) -> tuple[Reference, ...]:
        """The citations that the shown text points at, by number."""
        cited = _cited(shown)
        citations = list(self.issue.citations.select_related("source_list"))
        outlets = {each.outlet for each in citations}
        return tuple(self._reference(each, outlets) for each in citations if each.number in cited)

    def _reference(self, citation: Citation, outlets: Iterable[str]) -> Reference:
        """`outlets` are spelled as they spell themselves: 36氪, IT之家."""
        at: dt.datetime = citation.published_at.astimezone(self.newsletter.tz)
        shown = self.languages if citation.dated else ()
        when = Words(**{language: Line(language, dates.moment(at, language)) for language in shown})
        tag = TAGS.get(citation.language, citation.language)
        title = typography.set_text(citation.title, citation.language, outlets)
        outlet = self._called(citation.outlet, citation.outlet_en, citation.outlet_zh)
        source_list = self._name(citation.source_list) if citation.source_list else Words()
        return Reference(citation.number, outlet, title, tag, safe_url(citation.url), when, source_list)

    def _name(self, source_list: SourceList) -> Words:
        names = {language: getattr(source_list, f"name_{language}") for language in self.languages}
        return Words(**{language: Line(language, name) for language, name in names.items()})

    def _bar(self, name: str, articles: int, extra: Mapping[str, Any]) -> Bar:
        of, called = int(extra.get("articles", 0)), extra.get("called", {}).get(name, ["", ""])
        share = max(1, min(100, round(100 * articles / of))) if of else 1
        return Bar(self._called(name, *called), articles, share)

    def _called(self, name: str, en: str, zh: str) -> str:
        """An outlet as readers of one language know it; side by side it keeps its own name."""
        return (zh if self.languages == ("zh",) else en if self.languages == ("en",) else "") or name


def _slot_of(block: Block) -> str:
    """The part of the page that the block is in; notes after it come at the end of that part."""
    if block.source_list:
        return f"report-{block.source_list.slug}"
    return "questions" if block.kind == BlockKind.QA else block.kind


def _cited(shown: list[Any]) -> frozenset[int]:
    """The citation numbers in whatever is shown."""
    return frozenset(number for line in rows.lines_in(shown) for number in sentences.citations(line.text))


def _shortened(text: str, room: int) -> str:
    """`text` in at most `room` characters, cut between words."""
    if len(text) <= room:
        return text
    cut = text[: room - 1]
    if text[room - 1].isascii() and text[room - 1] not in " ,;" and " " in cut:
        cut = cut[: cut.rindex(" ")]
    return cut.rstrip(" ,;，；、：:") + "…"
