"""What a reader chose to see of an issue."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

# What a reader may leave out. The main line, the items, the tags and the references are always there.
SECTIONS = ("reports", "comparison", "analysis", "qa")
LANGUAGES = {"en": ("en",), "zh": ("zh",), "both": ("en", "zh")}


@dataclass(frozen=True)
class Choices:
    """One set of choices; None means all, also what is made later. Slugs that nothing has are no error."""

    language: str = "both"  # en, zh or both
    lists: tuple[str, ...] | None = None  # which source lists have their report
    sections: tuple[str, ...] | None = None  # which of SECTIONS
    topics: tuple[str, ...] | None = None  # items on none of these are left out
    plain_text: bool = False

    def __post_init__(self) -> None:
        if self.language not in LANGUAGES:
            raise ValueError(f"language {self.language!r}: en, zh or both")

    @classmethod
    def from_dict(cls, choices: Mapping[str, Any]) -> "Choices":
        """From `Subscriber.choices()` or an edition's stored choices."""
        return cls(
            language=choices.get("language", "both"),
            lists=_slugs(choices.get("lists")),
            sections=_slugs(choices.get("sections")),
            topics=_slugs(choices.get("topics")),
            plain_text=bool(choices.get("plain_text", False)),
        )

    @property
    def languages(self) -> tuple[str, ...]:
        """The languages shown, in order."""
        return LANGUAGES[self.language]

    def shows_section(self, slug: str) -> bool:
        return self.sections is None or slug in self.sections

    def shows_list(self, slug: str) -> bool:
        return self.shows_section("reports") and (self.lists is None or slug in self.lists)

    def shows_block(self, kind: str, list_slug: str | None, topics: Iterable[str]) -> bool:
        """Whether a block of `kind`, of the report on the list `list_slug` or of none, is in an edition for these."""
        if list_slug is not None:
            return self.shows_list(list_slug)
        if kind == "item":
            return self.shows_topics(topics)
        return kind not in SECTIONS or self.shows_section(kind)

    def shows_topics(self, slugs: Iterable[str]) -> bool:
        return self.topics is None or not set(self.topics).isdisjoint(slugs)


def _slugs(values: Iterable[str] | None) -> tuple[str, ...] | None:
    return None if values is None else tuple(sorted(set(values)))
