"""What a writer returns: blocks whose citations name articles (`[a17]`); assemble gives the numbers."""

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from newsletter import sentences
from newsletter.bilingual import Both

MARK = re.compile(r"\[a(\d+)\]")
MARKS = re.compile(r"\s*(?:\[a\d+\])+")


@dataclass(frozen=True, slots=True)
class DraftBlock:
    """One section, as `newsletter.models.Block` will hold it but for the numbers of its citations."""

    key: str
    kind: str
    text: Both
    title: Both = field(default_factory=Both)
    list: str | None = None  # slug of its source list
    story: int | None = None
    parity: str = "independent"
    foreign: tuple[str, ...] = ()  # the languages whose text stands in the other language
    data: bool = False  # counts made from data: needs no citation
    extra: dict[str, Any] = field(default_factory=dict)
    composer: str = "offline"  # or the model's name; "" for what data alone says


@dataclass(frozen=True, slots=True)
class Draft:
    """A whole issue as written; `notes` say in a line each what was left to another writer, and why."""

    title: Both
    subject: Both
    blocks: tuple[DraftBlock, ...]
    composer: str
    notes: tuple[str, ...] = ()
    counts: dict[str, Any] = field(default_factory=dict)

    def block(self, key: str) -> DraftBlock | None:
        return next((block for block in self.blocks if block.key == key), None)


def cite(sentence: str, articles: Sequence[int], language: str) -> str:
    """`sentence` with its articles' marks before the final stop: "… table [a3][a4]." and "……一席[a3]。"."""
    marked = sentences.cite(sentence, list(articles), language)
    numbers = "".join(f"[{n}]" for n in articles)
    return marked.replace(numbers, "".join(f"[a{n}]" for n in articles)) if numbers else marked


def cited(text: str) -> list[int]:
    """The ids of the articles that `text` cites, in order, repeats kept."""
    return [int(found) for found in MARK.findall(text)]


def without_marks(text: str) -> str:
    return MARKS.sub("", text)


def join(parts: Iterable[str], language: str) -> str:
    """Sentences to a paragraph."""
    return ("" if language == "zh" else " ").join(part for part in parts if part)


def place_of(lists: Iterable[str]) -> Callable[[str], tuple[int, str]]:
    """A sort key for blocks' keys: the order in which a reader meets them; unknown keys come last."""
    keys = ["main-line", *(f"item-{n}" for n in range(1, 31))]
    for slug in lists:
        keys += [f"overview-{slug}", f"tags-{slug}", f"highlights-{slug}"]
        keys += [f"insight-{slug}-{n}" for n in range(1, 5)]
        keys += [f"business-{slug}", f"technology-{slug}"]
    keys += ["comparison", "analysis", *(f"qa-{n}" for n in range(1, 5)), "tags", "disclaimer"]
    places = {key: place for place, key in enumerate(keys)}
    return lambda key: (places.get(key, len(places)), key)
