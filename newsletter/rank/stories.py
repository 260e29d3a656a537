"""From a day's articles to its stories, in order: the pure use case that `day.py` puts around rows."""

import datetime as dt
import math
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import Self

from newsletter.models.story import News
from newsletter.rank import choose, cluster, continuing, dedupe, headline
from newsletter.rank.age import Age, Page, ages
from newsletter.rank.events import main_event
from newsletter.rank.progress import progress
from newsletter.rank.reading import is_told
from newsletter.rank.score import Context, score
from newsletter.rank.values import Cluster, Progress, RankedStory, Reading
from newsletter.subject import Vocabulary

NEARLY = 0.7  # two stories whose best pair of articles is so alike are too near for one issue (1.0: one event)
ON_SUBJECT = 1.0  # what a headline's words weigh together that says something of the subject
MOST_HEADLINES = 8  # under how many of its headlines a text is compared; what has more is a template, not a report


@dataclass(frozen=True, slots=True)
class Day:
    """The stories of a day by rank, `chosen` first in the order of the issue."""

    stories: tuple[RankedStory, ...]
    chosen: int
    copies: Mapping[str, str]  # article id -> id of the article it repeats
    relevant: frozenset[str]  # ids of all articles that are told
    continues: Mapping[frozenset[str], str]  # ids of a cluster -> the earlier story that it goes on with
    ages: Mapping[str, Age]  # article id -> what is doubtful about its date


def tell(
    readings: Sequence[Reading],
    earlier: Sequence[Reading],
    vocabulary: Vocabulary,
    cutoff: dt.datetime,
    told: Collection[str] = (),
    seen: Mapping[str, Page] | None = None,
) -> Day:
    """The day's stories from all its readings. `earlier`: readings with a story, of the days before.

    `told`: stories that an earlier issue had among its items; `seen`: pages known from before. An article that is not
    quite on the subject by its own words ("Company X wins its case") is, where it tells the event of one that is.
    """
    found = ages((reading.article for reading in readings), cutoff, seen)
    order = sorted((r for r in readings if _may_be_told(r)), key=lambda r: r.article.order)
    before = sorted(earlier, key=lambda r: r.article.order)
    texts = Texts.of(order)
    count = len(texts.compared)
    alike = cluster.similarities([*texts.compared, *before], vocabulary) | texts.ties()
    alike |= {(i, count + j): 2.0 for i, j in _repeated(texts, before)}
    groups = cluster.group(count, {pair: value for pair, value in alike.items() if pair[1] < count})
    sequels = continuing.sequels(texts.compared, before, alike)
    known = {i for i, _ in sequels}
    sure = [relevant or i in known for i, relevant in enumerate(texts.relevant)]
    groups = [kept for members in groups if (kept := _on_subject(members, sure, alike))]
    continued = continuing.continued(groups, before, count, alike, sequels)
    clusters = [texts.cluster(members) for members in groups]
    context = Context(cutoff, vocabulary.lexicon.topics, _prominence(clusters), found)
    stories = []
    for k, made in enumerate(clusters):
        goes_on = Progress()
        if story := continued.get(k):
            goes_on = progress(made, [r for r in before if r.article.story == story], story in told)
        stories.append(_ranked(made, context, goes_on, vocabulary))
    near = _near(groups, alike)
    picked = choose.choose(stories, lambda i, j: (i, j) in near, vocabulary.lexicon.topics)
    others = sorted(set(range(len(stories))) - set(picked), key=lambda i: (-stories[i].scores.total, i))
    return Day(
        stories=tuple(stories[i] for i in [*picked, *others]),
        chosen=len(picked),
        copies=texts.copies,
        relevant=frozenset(key for story in stories for key in story.cluster.ids),
        continues={stories[k].cluster.ids: story for k, story in continued.items()},
        ages=found,
    )


def _ranked(made: Cluster, context: Context, goes_on: Progress, vocabulary: Vocabulary) -> RankedStory:
    title_en, title_zh = headline.best_headlines(made)
    event = main_event(reading.title for reading in made.originals)
    return RankedStory(
        cluster=made,
        scores=score(made, context, goes_on),
        title_en=title_en,
        title_zh=title_zh,
        topics=headline.story_topics(made),
        region=headline.region(made),
        progress=goes_on,
        old=context.is_old(made),
        event=event.slug if event else None,
        on_subject=goes_on.news == News.UPDATE
        or any(vocabulary.weight(reading.title) >= ON_SUBJECT for reading in made.originals),
        undated=context.is_undated(made),
    )


@dataclass(frozen=True, slots=True)
class Texts:
    """The articles by wording: what only repeats another's text is no second witness.

    A text is compared once under each of its headlines: one of them may tell what another doesn't (a company's vague
    headline, and what a forum that links to the page makes of it).
    """

    groups: tuple[tuple[Reading, ...], ...]  # each text's articles, earliest first
    compared: tuple[Reading, ...]  # of each text and headline the article that tells most of it
    home: tuple[int, ...]  # the text of each of these: its place in `groups`
    copies: Mapping[str, str]  # article id -> id of the article it repeats

    @classmethod
    def of(cls, order: Sequence[Reading]) -> Self:
        """From readings in their order."""
        copies = dedupe.copies(order)
        by_text: defaultdict[str, list[Reading]] = defaultdict(list)
        for reading in order:
            by_text[copies.get(reading.article.id, reading.article.id)].append(reading)
        groups = tuple(map(tuple, by_text.values()))
        compared = [(reading, place) for place, group in enumerate(groups) for reading in _by_headline(group)]
        return cls(groups, tuple(r for r, _ in compared), tuple(place for _, place in compared), copies)

    @property
    def relevant(self) -> list[bool]:
        """Of each compared reading whether some article of its text is on the subject."""
        texts = [any(reading.relevant for reading in group) for group in self.groups]
        return [texts[place] for place in self.home]

    def ties(self) -> dict[tuple[int, int], float]:
        """The pairs of compared readings that are one text: whatever else is alike, these stay together."""
        members: defaultdict[int, list[int]] = defaultdict(list)
        for i, place in enumerate(self.home):
            members[place].append(i)
        return {pair: math.inf for tied in members.values() for pair in combinations(tied, 2)}

    def cluster(self, members: Iterable[int]) -> Cluster:
        """All articles of the texts of some compared readings as one story."""
        texts = {self.home[i] for i in members}
        readings = sorted((r for place in texts for r in self.groups[place]), key=lambda r: r.article.order)
        return Cluster(tuple(readings), frozenset(r.article.id for r in readings) & self.copies.keys())


def _by_headline(group: Sequence[Reading]) -> list[Reading]:
    """Of the articles of one text the fullest, and the fullest under each other headline; a round-up but once."""
    fullest: dict[str, Reading] = {}
    for reading in group:
        key = dedupe.letters(reading.title)
        fullest[key] = max(fullest.get(key, reading), reading, key=lambda r: len(r.lead))
    main = max(fullest.values(), key=lambda r: len(r.lead))
    if main.roundup:  # whatever one of its headlines says, it tells of many events
        return [main]
    return [main, *(reading for reading in fullest.values() if reading is not main)][:MOST_HEADLINES]


def _repeated(texts: Texts, before: Sequence[Reading]) -> Iterator[tuple[int, int]]:
    """Which of today's texts only repeats one of the days before: places of its readings, and the earlier one's."""
    place = {reading.article.id: j for j, reading in enumerate(before)}
    found = dedupe.copies([*before, *texts.compared]) if before else {}
    known = {
        text: place[found[reading.article.id]]
        for text, reading in zip(texts.home, texts.compared, strict=True)
        if found.get(reading.article.id) in place
    }
    return ((i, known[text]) for i, text in enumerate(texts.home) if text in known)


def _on_subject(members: Sequence[int], relevant: Sequence[bool], alike: Mapping[tuple[int, int], float]) -> list[int]:
    """The members that are on the subject themselves or tell the event of one that is."""
    sure = [i for i in members if relevant[i]]
    return [i for i in members if any(i == j or alike.get((min(i, j), max(i, j)), 0.0) >= 1.0 for j in sure)]


def _near(groups: Sequence[Sequence[int]], alike: Mapping[tuple[int, int], float]) -> set[tuple[int, int]]:
    home = {i: k for k, members in enumerate(groups) for i in members}
    pairs = (pair for pair, value in alike.items() if value >= NEARLY and pair[0] in home and pair[1] in home)
    found = {(min(home[i], home[j]), max(home[i], home[j])) for i, j in pairs}
    return {pair for pair in found if pair[0] != pair[1]}


def _may_be_told(reading: Reading) -> bool:
    return is_told(reading.relevance, reading.title, reading.headline_names)


def _prominence(clusters: Iterable[Cluster]) -> dict[str, float]:
    """0 to 1 for each name: how present it is in the day's headlines (1: the most named); copies are not counted."""
    mentions = Counter(str(name) for made in clusters for r in made.originals for name in r.headline_names)
    most = math.log1p(max(mentions.values(), default=1))
    return {name: math.log1p(count) / most for name, count in mentions.items()}
