"""Find and replace over both languages: every place seen before it is changed, and all of it one act."""

import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass

from django.contrib.auth.models import User

from newsletter.models import Block, Issue
from newsletter.review import editing
from newsletter.review.editing import Edit, EditConflictError
from newsletter.sentences import CITATION
from newsletter.typography import has_han

CONTEXT = 28  # characters shown on either side of a place
LONGEST = 200  # characters of what is looked for, and of what replaces it
MOST = 500  # places shown


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is looked for. `language` is en, zh, or empty for both."""

    find: str
    replace: str = ""
    any_case: bool = False
    whole_words: bool = False
    language: str = ""


@dataclass(frozen=True, slots=True)
class Hit:
    """One place in one field of one block: `text[start:end]` of it."""

    block: Block
    field: str
    start: int
    end: int
    before: str
    found: str
    after: str

    @property
    def id(self) -> str:
        """Names the place in a form; it means the same only for the same version of the block."""
        return f"{self.block.key}:{self.field}:{self.start}"

    @property
    def language(self) -> str:
        return self.field[-2:]


def hits(issue: Issue, wanted: Wanted) -> list[Hit]:
    """Every place in what would be sent, in reading order; none where nothing is looked for."""
    if not wanted.find:
        return []
    blocks = issue.blocks.filter(dropped=False).select_related("source_list").order_by("position", "pk")
    found: list[Hit] = []
    for block in blocks:
        block.issue = issue
        found += _in_block(block, wanted)
    return found[:MOST]


def replace(issue: Issue, user: User, wanted: Wanted, chosen: Collection[str], seen: Mapping[str, str]) -> str:
    """Replace the places whose ids are `chosen`; returns the name of the act, by which all of it is undone.

    `seen` is the `version()` of each block that the editor was shown. Raises EditConflictError where one has been
    changed since, EditRefusedError where a text can't stand like that, WorkflowError; then nothing is saved.
    """
    edits: dict[str, Edit] = {}
    found = hits(issue, wanted)
    if set(chosen) - {hit.id for hit in found}:  # a word that was ticked stands there no more
        raise EditConflictError({})
    for key, places in _by_block(found, chosen).items():
        block = places[0].block
        if editing.version(block) != seen.get(key):
            raise EditConflictError(editing.values(block))
        now = editing.values(block)
        changes = {field: _replaced(str(now[field]), field, places, wanted) for field in {hit.field for hit in places}}
        edits[key] = Edit(block, changes, seen[key])
    return editing.edit_blocks(issue, user, edits.values()) if edits else ""


def _by_block(found: list[Hit], chosen: Collection[str]) -> dict[str, list[Hit]]:
    blocks: dict[str, list[Hit]] = {}
    for hit in found:
        if hit.id in chosen:
            blocks.setdefault(hit.block.key, []).append(hit)
    return blocks


def _replaced(text: str, field: str, places: list[Hit], wanted: Wanted) -> str:
    for hit in sorted((hit for hit in places if hit.field == field), key=lambda hit: -hit.start):
        text = text[: hit.start] + wanted.replace + text[hit.end :]
    return text


def _in_block(block: Block, wanted: Wanted) -> Iterator[Hit]:
    for field, value in editing.values(block).items():
        if field in editing.FLAGS or (wanted.language and field[-2:] != wanted.language):
            continue
        for start, end in _places(str(value), wanted):
            yield Hit(block, field, start, end, _before(value[:start]), value[start:end], _after(value[end:]))


def _before(text: str) -> str:
    """The end of `text`, from the beginning of a word."""
    cut = text[-CONTEXT:]
    return text if cut == text else "…" + re.sub(r"^\w{0,12}\s", "", cut.replace("\n", " "), flags=re.ASCII)


def _after(text: str) -> str:
    """The beginning of `text`, to the end of a word."""
    cut = text[:CONTEXT]
    return text if cut == text else re.sub(r"\s\S{0,12}$", "", cut.replace("\n", " "), flags=re.ASCII) + "…"


def _places(text: str, wanted: Wanted) -> Iterator[tuple[int, int]]:
    """Where the words stand; not inside a citation's mark, unless it is a mark that is looked for."""
    pattern = re.compile(re.escape(wanted.find), re.IGNORECASE if wanted.any_case else 0)
    marks = [] if "[" in wanted.find else [mark.span() for mark in CITATION.finditer(text)]
    for found in pattern.finditer(text):
        start, end = found.span()
        in_mark = any(a < end and start < b for a, b in marks)
        if not in_mark and not (wanted.whole_words and _inside_a_word(text, start, end)):
            yield start, end


def _inside_a_word(text: str, start: int, end: int) -> bool:
    """Whether letters or figures go on beyond the place. Chinese has no spaces: beside Han characters a word ends."""
    left, right = text[max(0, start - 1) : start], text[end : end + 1]
    return (_joins(left) and _joins(text[start])) or (_joins(right) and _joins(text[end - 1]))


def _joins(char: str) -> bool:
    return bool(char) and (char.isalnum() or char == "_") and not has_han(char)
