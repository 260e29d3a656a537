"""Picks the day's items: what matters most, in a balanced mix, in the order in which an issue tells them."""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence

from newsletter.lexicon import Topic
from newsletter.rank.values import RankedStory

ITEMS = 10
PER_OUTLET = 4  # items that the same outlet was first to report
PER_ACTOR = 2  # items about the same main actor
LEAST_RELEVANCE = 0.6
BOTH_LANGUAGES = 12.0  # added to the total when picking: only such a story can be told in both languages offline
_NOISE = 0.8  # a headline with so much against it (stock tips, digests) is no item
# The order of an issue, and how many of each part are taken before the others had their turn.
PARTS = {"shared": 6, "china": 3, "abroad": 3, "technical": 2}


def choose(
    stories: Sequence[RankedStory], alike: Callable[[int, int], bool], topics: Mapping[str, Topic]
) -> list[int]:
    """Positions in `stories` of the day's items, in the order of the issue; fewer than ten where there are fewer.

    `alike(i, j)` says that two stories are nearly the same event.
    """
    order = sorted(range(len(stories)), key=lambda i: (-_appeal(stories[i]), i))
    order = [i for i in order if _is_item(stories[i])]
    picked: list[int] = []
    for quota in (PARTS, dict.fromkeys(PARTS, ITEMS)):  # first the mix, then whatever matters most
        for i in order:
            if len(picked) == ITEMS:
                break
            part = part_of(stories[i], topics)
            full = sum(part_of(stories[j], topics) == part for j in picked) >= quota[part]
            if i not in picked and not full and _fits(i, picked, stories, alike):
                picked.append(i)
    parts = list(PARTS)
    return sorted(picked, key=lambda i: (parts.index(part_of(stories[i], topics)), order.index(i)))


def part_of(story: RankedStory, topics: Mapping[str, Topic]) -> str:
    """The part of the issue that a story belongs to: shared by both languages or lists, china, abroad, technical."""
    if len(story.cluster.languages) > 1 or len(story.cluster.lists) > 1:
        return "shared"
    if story.topics and story.topics[0] in topics and topics[story.topics[0]].technical:
        return "technical"
    return "china" if story.region == "CN" else "abroad"


def first_outlet(story: RankedStory) -> str:
    """The outlet that reported it first."""
    return story.cluster.readings[0].article.publisher


def _appeal(story: RankedStory) -> float:
    return story.scores.total + BOTH_LANGUAGES * (len(story.cluster.languages) > 1)


def _is_item(story: RankedStory) -> bool:
    return any(not r.roundup and r.relevance >= LEAST_RELEVANCE and r.against < _NOISE for r in story.cluster.readings)


def _fits(i: int, picked: Sequence[int], stories: Sequence[RankedStory], alike: Callable[[int, int], bool]) -> bool:
    outlets = Counter(first_outlet(stories[j]) for j in picked)
    actors = Counter(main_actor(stories[j]) for j in picked)
    actor = main_actor(stories[i])
    return (
        outlets[first_outlet(stories[i])] < PER_OUTLET
        and (not actor or actors[actor] < PER_ACTOR)
        and not any(alike(min(i, j), max(i, j)) for j in picked)
    )


def main_actor(story: RankedStory) -> str:
    """The name that most of a story's headlines have; "" where none has one."""
    votes = Counter(
        str(name)
        for reading in story.cluster.readings
        for name, weight in reading.names.items()
        if weight == 1.0 and name.kind != "place"
    )
    return votes.most_common(1)[0][0] if votes else ""
