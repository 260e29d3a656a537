"""What the writers know of the topics beyond their names, read from `data/sections.tsv`: the subject is data."""

import csv
from dataclasses import dataclass
from functools import cache

from newsletter import lexicon
from newsletter.bilingual import Both


@dataclass(frozen=True, slots=True)
class Section:
    """A topic as headlines name it, and the parts of a report that it belongs to (business, technology, builders)."""

    slug: str
    short: Both
    parts: frozenset[str]


@cache
def load() -> dict[str, Section]:
    """Slug -> section, in the file's order."""
    with (lexicon.DATA / "sections.tsv").open(encoding="utf-8", newline="") as file:
        return {
            row["slug"]: Section(
                row["slug"], Both(row["en"], row["zh"]), frozenset((row["sections"] or "").split("|")) - {""}
            )
            for row in csv.DictReader(file, delimiter="\t")
        }


def short(slug: str) -> Both:
    """The topic as a headline names it."""
    found = load().get(slug)
    return found.short if found else name(slug)


def name(slug: str) -> Both:
    """The topic's own name in both languages; the slug where the data files don't know it."""
    topic = lexicon.load().topics.get(slug)
    return Both(topic.en, topic.zh) if topic else Both(slug, slug)


def slugs_of(part: str) -> frozenset[str]:
    """The topics that belong to `part` of a report."""
    return frozenset(slug for slug, section in load().items() if part in section.parts)
