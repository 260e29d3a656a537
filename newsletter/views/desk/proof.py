"""The proof: an issue's blocks as rows of paired sentences, each with its findings and the places it rests on."""

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from newsletter.lexicon import load as load_lexicon
from newsletter.models import Block, BlockRevision, Finding, Issue
from newsletter.models.issue import EDITABLE, BlockKind
from newsletter.review import words
from newsletter.review.keeping import can_be_kept, must_be_settled
from newsletter.review.mending import Mend, mend
from newsletter.review.pairing import Pair, pair_block
from newsletter.review.steps import steps
from newsletter.views.desk import markup
from newsletter.views.desk.access import chinese

# The class that draws a shape on words; caret and style make none.
_DRAWN = {"disagree": "dis", "source": "fig"}
_KEY = re.compile(r"\b[a-z]+(?:-[a-z0-9]+)+\b", re.IGNORECASE)  # perhaps a block's key, as in item-6
LEAD = 34  # characters of a message that say what kind of doubt it is
_LED_BY_A_NAME = frozenset({"concentration", "repeated"})  # "US media: ..." names its subject first
UNBROKEN = 14  # characters of marked words that a line's end must not part: a figure with its unit
_QUOTED = re.compile(r"“([^”]+)”")


@dataclass(frozen=True, slots=True)
class Doubt:
    """A finding as the desk shows it, in the editor's language."""

    finding: Finding
    shape: words.Shape
    title: str
    message: str
    blocking: bool
    keepable: bool
    mend: Mend | None = None  # what the check would write instead

    @property
    def kept(self) -> bool:
        return self.finding.kept_by_id is not None


@dataclass(frozen=True, slots=True)
class Row:
    """Sentences that stand side by side. `number` is what the spine says: 2.1 in an item, 1 elsewhere."""

    anchor: str
    n: int  # its place in the block; 0 is the heading
    number: str
    heading: bool
    pair: Pair
    cell: Callable[[str], SafeString]  # a language's sentences, marked; made when asked: an answer shows few rows
    en_lang: str  # for `lang`: the other language's where the text stands in its original
    zh_lang: str
    doubts: list[Doubt]
    cited: list[int]  # the numbers that its sentences cite and that lead somewhere

    @property
    def en(self) -> SafeString:
        return self.cell("en")

    @property
    def zh(self) -> SafeString:
        return self.cell("zh")


@dataclass(slots=True)
class Section:
    """One block. `number` is an item's place among those that are in the issue."""

    block: Block
    name: str
    number: int | None
    rows: list[Row]
    loose: list[Doubt]  # findings about the block as a whole, or about a sentence that no longer stands there
    undo: int | None = None  # the revision that Undo takes back
    redo: int | None = None  # the undo that Redo takes back
    can_up: bool = False
    can_down: bool = False

    @property
    def anchor(self) -> str:
        return f"b-{self.block.key}"

    @property
    def doubts(self) -> list[Doubt]:
        """Every finding of the block, in reading order."""
        return [*self.loose, *(doubt for row in self.rows for doubt in row.doubts)]

    @property
    def open_doubts(self) -> list[Doubt]:
        return [doubt for doubt in self.doubts if not doubt.kept]

    @property
    def short(self) -> str:
        """A name for lists of blocks: an item's headline in the editor's language, else what the block is."""
        own = self.block.title_zh if chinese() else self.block.title_en
        return own if self.number and own else self.name


@dataclass(slots=True)
class Proof:
    """The whole issue as the desk shows it."""

    sections: list[Section]
    whole: list[Doubt] = field(default_factory=list)  # findings about no block in particular

    @property
    def doubts(self) -> list[Doubt]:
        return [*self.whole, *(doubt for section in self.sections for doubt in section.doubts)]

    def first_anchor(self, *, blocking: bool) -> str:
        """The id of the first row that has an open finding (or one that blocks); empty: none has."""
        for section in self.sections:
            if any(_waits(doubt, blocking) for doubt in section.loose):
                return section.anchor
            for row in section.rows:
                if any(_waits(doubt, blocking) for doubt in row.doubts):
                    return row.anchor
        return ""


def _waits(doubt: Doubt, blocking: bool) -> bool:
    return doubt.blocking if blocking else not doubt.kept


class Proofreader:
    """Reads the issue's rows once (four queries) and lays them out."""

    def __init__(self, issue: Issue) -> None:
        self.issue = issue
        self.editable = issue.state in EDITABLE
        self.citations = {c.number: c for c in issue.citations.select_related("source_list")}
        self.findings: dict[int | None, list[Finding]] = {}
        for finding in issue.findings.select_related("kept_by").order_by("pk"):
            self.findings.setdefault(finding.block_id, []).append(finding)
        self.revisions: dict[int, list[BlockRevision]] = {}
        for revision in BlockRevision.objects.filter(block__issue=issue).only("block_id", "undoes_id"):
            self.revisions.setdefault(revision.block_id, []).append(revision)

    @cached_property
    def blocks(self) -> list[Block]:
        return list(self.issue.blocks.select_related("source_list", "edited_by").order_by("position", "pk"))

    @cached_property
    def places(self) -> dict[str, tuple[str, int | None]]:
        """Block key -> what it is called, and its number, if it is an item that stands in the issue."""
        counts: dict[tuple[str, int | None], int] = {}
        found, number = dict[str, tuple[str, int | None]](), 0
        for block in self.blocks:
            nth = counts[block.kind, block.source_list_id] = counts.get((block.kind, block.source_list_id), 0) + 1
            stands = block.kind == BlockKind.ITEM and not block.dropped
            number += stands
            found[block.key] = name_of(block, nth), number if stands else None
        return found

    def proof(self) -> Proof:
        """Every block, dropped ones too (they can come back)."""
        last = max((number or 0 for _name, number in self.places.values()), default=0)
        sections = []
        for block in self.blocks:
            name, number = self.places[block.key]
            section = self.section(block, name, number)
            section.can_up = self.editable and number is not None and number > 1
            section.can_down = self.editable and number is not None and number < last
            sections.append(section)
        return Proof(sections, [self._doubt(finding) for finding in self.findings.get(None, [])])

    def section(self, block: Block, name: str, number: int | None) -> Section:
        """One block, its findings laid under their sentences."""
        waiting = list(self.findings.get(block.pk, []))
        pairs = pair_block((block.title_en, block.title_zh), (block.text_en, block.text_zh), block.parity)
        first = 0 if pairs and pairs[0].heading else 1
        rows = [self._row(block, pair, n, number, waiting) for n, pair in enumerate(pairs, first)]
        loose = [self._doubt(finding) for finding in waiting]
        next_ = steps(self.revisions.get(block.pk, []))
        undo, redo = (revision.pk if revision else None for revision in (next_.undo, next_.redo))
        return Section(block, name, number, rows, loose, undo, redo)

    def _row(self, block: Block, pair: Pair, n: int, number: int | None, waiting: list[Finding]) -> Row:
        here = [finding for finding in waiting if finding.sentence in (*pair.en, *pair.zh)]
        for finding in here:
            waiting.remove(finding)
        anchor = f"s-{block.key}-{n}"
        sources = f"{reverse('desk:sources', args=[self.issue.date, block.key])}?row={n}"

        def cell(language: str) -> SafeString:
            return self._cell(pair, language, sources, here)

        label = f"{number}.{n}" if number else str(n or "")
        doubts = [self._doubt(finding) for finding in here]
        langs = ("zh-Hans" if block.foreign_en else "en", "en" if block.foreign_zh else "zh-Hans")
        cited = [number for number in markup.numbers(*pair.en, *pair.zh) if number in self.citations]
        return Row(anchor, n, label, pair.heading, pair, cell, *langs, doubts, cited)

    def _cell(self, pair: Pair, language: str, sources: str, findings: Iterable[Finding]) -> SafeString:
        cells = []
        for sentence in pair[language]:
            about = [f for f in findings if not f.kept_by_id and self._concerns(f, sentence, pair, language)]
            marks = [mark for finding in about for mark in _marks(finding, sentence)]
            missing = any(f.kind == "uncited" for f in about)
            caret = _("citation missing") if missing else ""
            cells.append(markup.sentence_html(sentence, language, sources, self.citations, marks, caret))
        return mark_safe((" " if language == "en" else "").join(cells))  # noqa: S308 (every part is escaped)

    @staticmethod
    def _concerns(finding: Finding, sentence: str, pair: Pair, language: str) -> bool:
        """A doubt about one language marks that sentence; one about both marks what stands beside it too."""
        return finding.sentence == sentence or (finding.language == "both" and finding.sentence not in pair[language])

    def _doubt(self, finding: Finding) -> Doubt:
        title, message = _told(finding)
        message = _KEY.sub(lambda match: self._called(match[0]), message)
        settle = must_be_settled(finding) and self.editable
        keepable = can_be_kept(finding)
        shape = words.shape_of(finding.kind)
        return Doubt(finding, shape, title, message, settle, keepable, mend(finding))

    def _called(self, key: str) -> str:
        """The block that a finding names by its key, as it is called here; other words as they are."""
        name, number = self.places.get(key.lower(), (key, None))
        return f"{number} {name}" if number else name


def _told(finding: Finding) -> tuple[str, str]:
    """The finding in the editor's language: what it is, and the rest. Most messages open with it and a colon."""
    zh = chinese() and bool(finding.message_zh)
    message = finding.message_zh if zh else finding.message
    lead, colon, rest = message.partition("：" if zh else ": ")
    if colon and len(lead) <= LEAD and finding.kind not in _LED_BY_A_NAME:
        return f"{lead}{'。' if zh else '.'}", rest[:1].upper() + rest[1:]
    return str(words.KINDS.get(finding.kind, finding.kind)), message


def _marks(finding: Finding, sentence: str) -> list[tuple[str, str]]:
    """The words of `sentence` that the finding is about, each with the class that draws its mark."""
    css = _DRAWN.get(words.shape_of(finding.kind).slug)
    if css is None:
        return []
    here = _doubted(finding, sentence) or [markup.bare(sentence)]
    return [(word, f"{css} w" if len(word) <= UNBROKEN else css) for word in here]


def _doubted(finding: Finding, sentence: str) -> list[str]:
    """The words of `sentence` that the message or the evidence of `finding` quotes."""
    told = [*_QUOTED.findall(f"{finding.message} {finding.message_zh}"), *finding.evidence.split(" / ")]
    return [word.strip() for word in told if word.strip() and word.strip() in sentence]


@dataclass(frozen=True, slots=True)
class Chosen:
    """Where an editor goes to mend a finding: the row's place in its block, the language, the words to be selected."""

    n: int
    language: str
    words: str


def doubted_words(section: Section, finding: str) -> Chosen | None:
    """The words that the finding with this key is about; None where it is about no row of `section`."""
    for row in section.rows:
        for doubt in row.doubts:
            if str(doubt.finding.pk) == finding:
                said = doubt.finding.sentence
                language = "en" if said in row.pair.en else "zh"
                return Chosen(row.n, language, next(iter(_doubted(doubt.finding, said)), markup.bare(said)))
    return None


def name_of(block: Block, nth: int) -> str:
    """What the block is, in the editor's language: an item's topic, else its part and place in a series."""
    zh = chinese()
    if block.kind == BlockKind.ITEM:
        topics = load_lexicon().topics
        first = next((topics[slug] for slug in block.extra.get("topics", []) if slug in topics), None)
        return (first.zh if zh else first.en) if first else _("Item")
    part = str(words.PARTS.get(block.kind, block.kind))
    if block.kind in (BlockKind.INSIGHT, BlockKind.QA):
        part = f"{part} {nth}"
    if not block.source_list:
        return part
    name = block.source_list.name_zh if zh else block.source_list.name_en
    return f"{name} · {part}"
