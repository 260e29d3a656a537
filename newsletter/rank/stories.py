"""From a day's articles to its stories, in order: the pure use case that `day.py` puts around rows."""

import datetime as dt
import math
from collections import Counter, defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from newsletter.rank import choose, cluster, dedupe, headline
from newsletter.rank.score import score
from newsletter.rank.values import Cluster, RankedStory, Reading
from newsletter.subject import Vocabulary

NEARLY = 0.7  # two stories whose best pair of articles is so alike are too near for one issue (1.0: one event)
DOUBTFUL = 0.15  # relevance below which an article is off the subject whatever else tells its event
CONTINUES = 1.15  # a story goes on when its best pair with an earlier one is so alike, and the average pair half so


@dataclass(frozen=True, slots=True)
class Day:
    """The stories of a day by rank, `chosen` first in the order of the issue."""

    stories: tuple[RankedStory, ...]
    chosen: int
    copies: Mapping[str, str]  # article id -> id of the article it repeats
    relevant: frozenset[str]  # ids of all articles that are told
    continues: Mapping[frozenset[str], str]  # ids of a cluster -> the earlier story that it goes on with


def tell(
    readings: Sequence[Reading],
    earlier: Sequence[Reading],
    vocabulary: Vocabulary,
    cutoff: dt.datetime,
    told: Collection[str] = (),
) -> Day:
    """The day's stories from all its readings. `earlier`: readings with a story, of the days before.

    `told`: stories that an earlier issue had among its items. An article that is not quite on the subject by its own
    words ("Company X wins its case") is, where it tells the event of one that is.
    """
    order = sorted((r for r in readings if r.relevance >= DOUBTFUL), key=lambda r: r.article.order)
    everything = [*order, *sorted(earlier, key=lambda r: r.article.order)]
    alike = cluster.similarities(everything)
    repeats = dedupe.copies(order)
    place = {reading.article.id: i for i, reading in enumerate(order)}
    for copy, original in repeats.items():
        i, j = sorted((place[copy], place[original]))
        alike[i, j] = max(alike.get((i, j), 0.0), 2.0)
    groups = cluster.group(len(order), {pair: value for pair, value in alike.items() if pair[1] < len(order)})
    groups = [kept for members in groups if (kept := _on_subject(members, order, alike))]
    continued = _continued(groups, everything, len(order), alike)
    prominence = _prominence([order[i] for members in groups for i in members])
    stories = []
    for k, members in enumerate(groups):
        made = Cluster(
            tuple(order[i] for i in members), frozenset(order[i].article.id for i in members) & repeats.keys()
        )
        scores = score(made, prominence, vocabulary.lexicon.topics, cutoff, continued.get(k) in told)
        title_en, title_zh = headline.best_headlines(made)
        about = headline.story_topics(made)
        stories.append(RankedStory(made, scores, title_en, title_zh, about, headline.region(made)))
    near = _near(groups, alike)
    picked = choose.choose(stories, lambda i, j: (i, j) in near, vocabulary.lexicon.topics)
    others = sorted(set(range(len(stories))) - set(picked), key=lambda i: (-stories[i].scores.total, i))
    return Day(
        stories=tuple(stories[i] for i in [*picked, *others]),
        chosen=len(picked),
        copies=repeats,
        relevant=frozenset(key for story in stories for key in story.cluster.ids),
        continues={stories[k].cluster.ids: story for k, story in continued.items()},
    )


def _on_subject(
    members: Sequence[int], readings: Sequence[Reading], alike: Mapping[tuple[int, int], float]
) -> list[int]:
    """The members that are on the subject themselves or tell the event of one that is."""
    sure = [i for i in members if readings[i].relevant]
    return [i for i in members if any(i == j or alike.get((min(i, j), max(i, j)), 0.0) >= 1.0 for j in sure)]


def _near(groups: Sequence[Sequence[int]], alike: Mapping[tuple[int, int], float]) -> set[tuple[int, int]]:
    home = {i: k for k, members in enumerate(groups) for i in members}
    pairs = (pair for pair, value in alike.items() if value >= NEARLY and pair[0] in home and pair[1] in home)
    found = {(min(home[i], home[j]), max(home[i], home[j])) for i, j in pairs}
    return {pair for pair in found if pair[0] != pair[1]}


def _continued(
    groups: Sequence[Sequence[int]], readings: Sequence[Reading], first: int, alike: Mapping[tuple[int, int], float]
) -> dict[int, str]:
    """Which group goes on with which earlier story; of several groups only the one that is most alike."""
    homes: defaultdict[str, list[int]] = defaultdict(list)
    for i in range(first, len(readings)):
        homes[readings[i].article.story].append(i)
    home = {i: k for k, members in enumerate(groups) for i in members}
    best: defaultdict[tuple[int, str], float] = defaultdict(float)
    for (i, j), value in alike.items():
        if i in home and j >= first and value >= CONTINUES:
            key = home[i], readings[j].article.story
            best[key] = max(best[key], value)
    found: dict[int, str] = {}
    for (k, story), _ in sorted(best.items(), key=lambda item: (-item[1], item[0])):
        near_enough = cluster.average(groups[k], homes[story], alike) >= cluster.AVERAGE
        if near_enough and k not in found and story not in found.values():
            found[k] = story
    return found


def _prominence(readings: Sequence[Reading]) -> dict[str, float]:
    """0 to 1 for each name: how present it is in the day's headlines (1: the most named)."""
    mentions = Counter(str(name) for r in readings for name, weight in r.names.items() if weight == 1.0)
    most = math.log1p(max(mentions.values(), default=1))
    return {name: math.log1p(count) / most for name, count in mentions.items()}
