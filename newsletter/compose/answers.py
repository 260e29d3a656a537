"""What a model may answer, and what becomes of it: shapes for its schema, and blocks made from them.

An answer is used only where it cites what it was shown. UnusableError says in a line what is wrong with it.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace

from newsletter import typography
from newsletter.bilingual import LANGUAGES, Both
from newsletter.compose import frontpage, items, wording
from newsletter.compose.brief import Brief, BriefList, BriefStory
from newsletter.compose.draft import DraftBlock, cited, without_marks
from newsletter.sentences import paragraphs


class UnusableError(Exception):
    """An answer that can't go into the issue."""


@dataclass(frozen=True)
class Text:
    """The same in both languages."""

    en: str
    zh: str


@dataclass(frozen=True)
class ItemAnswer:
    """One of the day's items."""

    story: int
    title: Text
    text: Text


@dataclass(frozen=True)
class ItemsAnswer:
    """Some of the day's items, in the order asked."""

    items: list[ItemAnswer]


@dataclass(frozen=True)
class TitledAnswer:
    """An insight, or one story side by side."""

    title: Text
    text: Text


@dataclass(frozen=True)
class ReportAnswer:
    """One source list's report."""

    highlights: Text
    insights: list[TitledAnswer]
    business: Text
    technology: Text


@dataclass(frozen=True)
class DayAnswer:
    """What is said about the day as a whole."""

    title: Text
    lead: Text
    comparison: list[TitledAnswer]
    analysis: Text
    answers: list[Text]


_STOP_THEN_MARKS = re.compile(r"([。！？.!?]+[”’\"）)]*)\s*((?:\[a\d+\]\s*)+)")
_LIST_OF_MARKS = re.compile(r"\[(a\d+(?:\s*[,，、;]\s*a\d+)+)\]")


class Reader:
    """Reads the texts of one answer: sets them in type, and refuses what cites anything not shown."""

    def __init__(self, brief: Brief, shown: frozenset[int]) -> None:
        self.brief, self.shown = brief, shown

    def text(self, text: Text, *, cites: bool = True) -> Both:
        """Both languages, tidied. Empty where both are empty; UnusableError where only one is."""
        both = Both(self._one(text.en, "en", cites), self._one(text.zh, "zh", cites))
        if bool(both.en) != bool(both.zh):
            raise UnusableError("a text stands in one language only")
        return both

    def needed(self, text: Text, what: str, *, cites: bool = True) -> Both:
        """The same for a text that must not be empty."""
        if both := self.text(text, cites=cites):
            return both
        raise UnusableError(f"no {what}")

    def _one(self, text: str, language: str, cites: bool) -> str:
        text = tidy(text, language, self.brief.spellings)
        if not text:
            return ""
        if unknown := sorted(set(cited(text)) - self.shown):
            raise UnusableError(f"it cites a{unknown[0]}, which it was not shown")
        if re.search(r"\[\d{1,4}\]", text):
            raise UnusableError("it cites by numbers of its own")
        if cites and any(not cited(paragraph) for paragraph in paragraphs(text)):
            raise UnusableError(f"a paragraph cites nothing: {text[:60]}")
        if typography.is_chinese(without_marks(text)) != (language == "zh"):
            raise UnusableError(f"the {language} text is in the other language: {text[:60]}")
        return text


def tidy(text: str, language: str, spellings: Iterable[str] = ()) -> str:
    """Set in type, marks before the final stop, neighbours without a gap."""
    text = _LIST_OF_MARKS.sub(lambda m: "".join(f"[{mark}]" for mark in re.findall(r"a\d+", m.group(1))), text)
    text = _STOP_THEN_MARKS.sub(lambda m: "".join(m.group(2).split()) + m.group(1) + " ", text)
    text = typography.set_text(text, language, spellings)
    gap = "" if language == "zh" else " "
    return re.sub(r"\s*((?:\[a\d+\]\s*)+)", lambda m: gap + "".join(m.group(1).split()), _loose(text)).strip()


def _loose(text: str) -> str:
    """A mark before a word keeps the space behind it."""
    return re.sub(r"(\[a\d+\])(?=\w)", r"\1 ", text)


def item_blocks(answer: ItemsAnswer, stories: list[BriefStory], reader: Reader) -> list[DraftBlock]:
    """One block a story; UnusableError unless every story asked for was answered once."""
    found = {item.story: item for item in answer.items}
    if sorted(found) != sorted(story.id for story in stories) or len(answer.items) != len(stories):
        raise UnusableError("the items are not those that were asked for")
    return [
        DraftBlock(
            key=f"item-{story.slot}",
            kind="item",
            story=story.id,
            title=_title(reader.needed(found[story.id].title, "headline", cites=False)),
            text=reader.needed(found[story.id].text, "text"),
            parity="translated",
            extra=items.snapshot(story),
        )
        for story in stories
    ]


def report_blocks(answer: ReportAnswer, desk: BriefList, reader: Reader) -> list[DraftBlock]:
    """Highlights, insights, business, technology, those that the answer has."""
    parts = [("highlights", Both(), reader.needed(answer.highlights, "highlights"))]
    parts += [
        (f"insight-{n}", _title(reader.needed(each.title, "title", cites=False)), reader.needed(each.text, "insight"))
        for n, each in enumerate(answer.insights[:4], 1)
    ]
    parts += [
        ("business", Both(), reader.text(answer.business)),
        ("technology", Both(), reader.text(answer.technology)),
    ]
    return [
        DraftBlock(_key(name, desk.slug), name.split("-")[0], text, title, list=desk.slug, parity="translated")
        for name, title, text in parts
        if text
    ]


def _key(name: str, slug: str) -> str:
    kind, _, n = name.partition("-")
    return f"{kind}-{slug}-{n}" if n else f"{kind}-{slug}"


def day_blocks(answer: DayAnswer, reader: Reader) -> tuple[Both, list[DraftBlock]]:
    """The main line's title, and the blocks of what is said across the lists."""
    title = _title(reader.needed(answer.title, "main line", cites=False))
    lead = reader.needed(answer.lead, "lead")
    windows = [frontpage.window(reader.brief, language) for language in LANGUAGES]
    blocks = [
        DraftBlock(
            "main-line",
            "main_line",
            Both(f"{windows[0]} {lead.en}", f"{windows[1]}{lead.zh}"),
            title,
            parity="translated",
            data=True,
        )
    ]
    if answer.comparison:
        blocks.append(_comparison(answer.comparison, reader))
    blocks.append(DraftBlock("analysis", "analysis", reader.needed(answer.analysis, "analysis"), parity="translated"))
    if len(answer.answers) != len(wording.QUESTIONS):
        raise UnusableError("not every question is answered")
    for n, (question, text) in enumerate(zip(wording.QUESTIONS, answer.answers, strict=True), 1):
        blocks.append(DraftBlock(f"qa-{n}", "qa", reader.needed(text, "answer"), question, parity="translated"))
    return title, blocks


def _comparison(told: list[TitledAnswer], reader: Reader) -> DraftBlock:
    lines: dict[str, list[str]] = {"en": [], "zh": []}
    for each in told[:4]:
        title = _title(reader.needed(each.title, "title", cites=False))
        text = reader.needed(each.text, "comparison")
        for language, gap in (("en", " "), ("zh", "")):
            lines[language].append(f"{title[language]}{wording.STOP[language]}{gap}{text[language]}")
    both = Both("\n\n".join(lines["en"]), "\n\n".join(lines["zh"]))
    return DraftBlock("comparison", "comparison", both, wording.COMPARISON, parity="translated")


def _title(both: Both) -> Both:
    """A headline: no citation, no final stop, one line."""
    plain = [" ".join(without_marks(both[language]).split()).rstrip(".。") for language in LANGUAGES]
    return replace(both, en=plain[0], zh=plain[1])
