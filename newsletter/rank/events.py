"""What kind of event a headline tells of: launch, funding, law, incident … The words are data, `data/events.tsv`."""

import csv
import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache

from newsletter.bilingual import Both
from newsletter.lexicon import DATA, simplify


@dataclass(frozen=True, slots=True)
class Event:
    """A kind of event; `weight`, 0 to 1, says how much such a thing usually touches.

    `advances`: it answers an event of before (a denial, a delay, a service that is back), so it is the latest state.
    """

    slug: str
    name: Both
    weight: float
    advances: bool = False


@cache
def kinds() -> dict[Event, re.Pattern[str]]:
    """The kinds of `data/events.tsv` in the file's order, each with what headlines say of it."""
    with (DATA / "events.tsv").open(encoding="utf-8", newline="") as file:
        return {
            Event(row["slug"], Both(row["en"], row["zh"]), float(row["weight"]), row["advances"] == "yes"): re.compile(
                rf"\b(?:{row['said_en']})\b|{row['said_zh']}", re.IGNORECASE
            )
            for row in csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE)
        }


def events_in(title: str) -> tuple[Event, ...]:
    """The kinds of event that a headline tells of, in the file's order."""
    plain = simplify(title)
    return tuple(event for event, said in kinds().items() if said.search(plain))


def advances(title: str) -> frozenset[Event]:
    """What a headline tells that answers an event of before: a denial, a withdrawal, a delay …"""
    return frozenset(event for event in events_in(title) if event.advances)


def main_event(titles: Iterable[str]) -> Event | None:
    """The kind that most of a story's headlines tell of; where two are equal the later state of it ("denies it is in
    talks to buy" is a denial), then the weightier. None: no headline says."""
    votes: dict[Event, int] = {}
    for title in titles:
        for event in events_in(title):
            votes[event] = votes.get(event, 0) + 1
    return max(votes, key=lambda event: (votes[event], event.advances, event.weight, event.slug), default=None)
