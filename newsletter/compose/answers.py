"""What a model may answer, and what becomes of it: one shape for all prose, and blocks made from what is usable.

All requests for prose share one schema: with another schema the service's cache would begin anew. What a schema can't
say is judged here, block by block; UnusableError says in a line what is wrong, so that the model can be told.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any, TypeVar

from newsletter import lexicon, typography
from newsletter.bilingual import LANGUAGES, Both
from newsletter.compose.brief import Brief
from newsletter.compose.draft import cited, without_marks
from newsletter.sentences import paragraphs


class UnusableError(Exception):
    """An answer, or a block of one, that can't go into the issue."""


@dataclass(frozen=True)
class Text:
    """The same in both languages."""

    en: str
    zh: str


@dataclass(frozen=True)
class BlockAnswer:
    """One block."""

    key: str
    title: Text
    text: Text


@dataclass(frozen=True)
class Blocks:
    """An answer to a request for prose."""

    blocks: list[BlockAnswer]


@dataclass(frozen=True)
class Sorted:
    """One story's grade and headline."""

    story: int
    grade: int
    en: str
    zh: str


@dataclass(frozen=True)
class Sorting:
    """An answer to a request for triage."""

    stories: list[Sorted]


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is asked for under one key."""

    key: str
    titled: bool = False
    needed: bool = True  # False: the material may not carry it
    most: int = 1_500  # characters of the English text at the most; of the Chinese two thirds
    sources: frozenset[int] | None = None  # ids that this block may cite; None: all that were shown


Shape = TypeVar("Shape", Blocks, Sorting)
TITLE = 200  # characters of a title at the most
_FENCE = re.compile(r"```(?:json)?\s*(.*?)```", re.DOTALL)
_STOP_THEN_MARKS = re.compile(r"([。！？.!?]+[”’\"）)]*)\s*((?:\[a\d+\]\s*)+)")
_LATIN_STOP = re.compile(r"(\[a\d+\])\.(?!\w)")  # in Chinese, behind a mark
_LIST_OF_MARKS = re.compile(r"\[(a\d+(?:\s*[,，、;]\s*a\d+)+)\]")
_ADDRESS = re.compile(r"https?:|www\.|mailto:|[\w.+-]+@[\w-]+\.\w|\]\s*\(", re.IGNORECASE)
_DOMAIN = re.compile(
    r"(?<![\w@.])(?:[a-z0-9-]+\.)+(?:com|net|org|cn|io|ai|co|app|dev|xyz|top|info|ru|me)\b", re.IGNORECASE
)
_MARKUP = re.compile(
    r"<\s*[/!?]?\s*[a-zA-Z]|&(?:#\w+|lt|gt|amp|quot);|\*\*|__|```|^\s{0,3}(?:#{1,6}\s|[-*•]\s)", re.MULTILINE
)
_HIDDEN = re.compile(
    "[\\x00-\\x08\\x0b-\\x1f\\x7f\u200b-\u200f\u202a-\u202e\u2060-\u2069\ue000-\uf8ff\U000e0000-\U000e007f]"
)


def schema_of(shape: type[Shape]) -> dict[str, Any]:
    """The JSON schema of an answer."""
    from pydantic import TypeAdapter

    return TypeAdapter(shape).json_schema()


def read(answer: str, shape: type[Shape]) -> Shape:
    """The answer in its shape. Words or a fence around the JSON, as small models put them, don't matter."""
    from pydantic import TypeAdapter, ValidationError

    fenced = _FENCE.search(answer)
    text = fenced[1] if fenced else answer
    text = text[max(text.find("{"), 0) : text.rfind("}") + 1]
    if not text:
        raise UnusableError("the answer is empty" if not answer.strip() else "the answer is no JSON object")
    try:
        return TypeAdapter(shape).validate_json(text)
    except ValidationError as error:
        raise UnusableError(f"the answer is off its schema ({error.error_count()} errors)") from None


class Reader:
    """Reads the blocks of answers: sets them in type, and refuses what must not stand in an issue."""

    def __init__(self, brief: Brief, shown: frozenset[int]) -> None:
        self.brief, self.shown = brief, shown
        self._names = {outlet.lower() for outlet in brief.spellings}

    def block(self, told: BlockAnswer, wanted: Wanted) -> tuple[Both, Both]:
        """Title and text. UnusableError where either can't stand; an empty text is one, too."""
        text = Both(*(self._one(told.text, language, wanted) for language in LANGUAGES))
        if not text:
            raise UnusableError("it has no text")
        if not (text.en and text.zh):
            raise UnusableError("its text stands in one language only")
        counts = [len(paragraphs(text[language])) for language in LANGUAGES]
        if counts[0] != counts[1]:
            raise UnusableError(f"it has {counts[0]} paragraphs in English and {counts[1]} in Chinese")
        if set(cited(text.en)) != set(cited(text.zh)):
            raise UnusableError("its two languages cite different articles")
        return (self.title(told.title) if wanted.titled else Both()), text

    def title(self, told: Text) -> Both:
        """A headline: no citation, no final stop, one line."""
        both = Both(*(self._plain(getattr(told, language), language) for language in LANGUAGES))
        plain = [" ".join(without_marks(both[language]).split()).rstrip(".。") for language in LANGUAGES]
        if not all(plain):
            raise UnusableError("its title stands in one language only" if any(plain) else "it has no title")
        if any(len(title) > TITLE for title in plain):
            raise UnusableError("its title is too long")
        return replace(both, en=plain[0], zh=plain[1])

    def _one(self, told: Text, language: str, wanted: Wanted) -> str:
        text = self._plain(getattr(told, language), language)
        if len(text) > (wanted.most if language == "en" else wanted.most * 2 // 3):
            raise UnusableError("its text is far too long")
        if unknown := sorted(set(cited(text)) - (self.shown if wanted.sources is None else wanted.sources)):
            raise UnusableError(f"it cites a{unknown[0]}, which was not shown for it")
        if re.search(r"\[\d{1,4}\]", text):
            raise UnusableError("it cites by numbers of its own")
        if text and any(not cited(paragraph) for paragraph in paragraphs(text)):
            raise UnusableError("a paragraph cites no article")
        return text

    def _plain(self, text: str, language: str) -> str:
        """Set in type. UnusableError for addresses, markup, characters that nobody sees, and the other language."""
        if _HIDDEN.search(text):
            raise UnusableError("it holds characters that nobody sees")
        if _ADDRESS.search(text) or any(not self._is_name(found[0]) for found in _DOMAIN.finditer(text)):
            raise UnusableError("it holds a web or mail address")
        if _MARKUP.search(text):
            raise UnusableError("it holds markup: plain text only")
        text = tidy(text, language, self.brief.spellings)
        if text and typography.is_chinese(without_marks(text)) != (language == "zh"):
            raise UnusableError(f"its {'Chinese' if language == 'zh' else 'English'} text is in the other language")
        return text

    def _is_name(self, domain: str) -> bool:
        """Some names look like addresses: Character.AI, an outlet's own."""
        return domain.lower() in self._names or any(
            domain.lower() in (spelling.lower() for spelling in (*name.en, *name.zh))
            for name in lexicon.load().find(domain)
        )


def tidy(text: str, language: str, spellings: Iterable[str] = ()) -> str:
    """Set in type, marks before the final stop, neighbours without a gap."""
    text = _LIST_OF_MARKS.sub(lambda m: "".join(f"[{mark}]" for mark in re.findall(r"a\d+", m.group(1))), text)
    text = _STOP_THEN_MARKS.sub(lambda m: "".join(m.group(2).split()) + m.group(1) + " ", text)
    text = typography.set_text(text, language, spellings)
    if language == "zh":
        text = _LATIN_STOP.sub(r"\1。", text)
    gap = "" if language == "zh" else " "
    return re.sub(r"\s*((?:\[a\d+\]\s*)+)", lambda m: gap + "".join(m.group(1).split()), _loose(text)).strip()


def _loose(text: str) -> str:
    """A mark before a word keeps the space behind it."""
    return re.sub(r"(\[a\d+\])(?=\w)", r"\1 ", text)


def usable(
    answer: Blocks, wanted: Iterable[Wanted], reader: Reader
) -> tuple[Mapping[str, tuple[Both, Both]], dict[str, str]]:
    """Of what was wanted: title and text of each good block, and what is wrong with each other. More is ignored."""
    good: dict[str, tuple[Both, Both]] = {}
    faults: dict[str, str] = {}
    told: dict[str, list[BlockAnswer]] = {}
    for block in answer.blocks:
        told.setdefault(block.key, []).append(block)
    for each in wanted:
        found = told.get(each.key, [])
        empty = all(not (block.text.en.strip() or block.text.zh.strip()) for block in found)
        if empty and not each.needed:
            continue
        try:
            if len(found) != 1:
                raise UnusableError("it is missing" if not found else "it stands there twice")
            good[each.key] = reader.block(found[0], each)
        except UnusableError as fault:
            faults[each.key] = str(fault)
    return good, faults
