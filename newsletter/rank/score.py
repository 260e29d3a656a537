"""How much a story matters today: hot, quality and impact, 0 to 100 each, and their sum. docs/ranking.md explains it.

Hot is what independent outlets make of it now; quality is from whom and how fully it is told; impact is what kind of
event it is, how big, and whom it touches. The reasons are in `rank/reasons.py`.
"""

import datetime as dt
import math
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass

from newsletter.lexicon import Name, Topic
from newsletter.models.story import News
from newsletter.rank import reasons
from newsletter.rank.age import Age, Kind
from newsletter.rank.authority import is_authority
from newsletter.rank.events import Event, main_event
from newsletter.rank.headline import story_topics
from newsletter.rank.standing import Standing, standing
from newsletter.rank.values import Cluster, Progress, Reading, Scores

WEIGHTS = {"hot": 0.45, "quality": 0.20, "impact": 0.35}
UNCHANGED = 20.0  # taken off the total of a story that goes on without anything new
TOLD_UPDATE = 6.0  # of one that goes on with something new, where an earlier issue told it
OLD = 30.0  # of one of which all reports only pose as new
_IN_DOLLARS = {
    **{"USD": 1.0, "EUR": 1.1, "GBP": 1.3, "CNY": 0.14, "HKD": 0.13, "TWD": 0.031, "JPY": 0.0067, "KRW": 0.0007},
    **{"INR": 0.011, "SGD": 0.76, "CAD": 0.72, "AUD": 0.66, "BRL": 0.18},
}
HOMES = ("CN", "US", "EU")  # between which an event is one across borders
_DEEP = {"en": 1200, "zh": 500}  # characters of text from which a report counts as a full one


@dataclass(frozen=True, slots=True)
class Context:
    """What a story's scores need to know of its day."""

    cutoff: dt.datetime
    topics: Mapping[str, Topic]
    prominence: Mapping[str, float]  # name (by its `str`) -> 0 to 1, how present it is on the day
    ages: Mapping[str, Age]  # article id -> what is doubtful about its date

    def is_old(self, cluster: Cluster) -> bool:
        return all(self._is(reading, Kind.OLD) for reading in cluster.readings)

    def is_undated(self, cluster: Cluster) -> bool:
        return not self.dated(cluster)

    def dated(self, cluster: Cluster) -> list[Reading]:
        """The reports whose date can be trusted."""
        return [reading for reading in cluster.readings if reading.article.id not in self.ages]

    def _is(self, reading: Reading, kind: Kind) -> bool:
        age = self.ages.get(reading.article.id)
        return age is not None and age.kind == kind


@dataclass(frozen=True, slots=True)
class Heat:
    """What `hot` is made of."""

    reports: int
    outlets: tuple[str, ...]  # independent ones
    reprints: int  # outlets that carry another's text
    languages: int
    lists: int
    hours: int | None  # before the cutoff; None: no report has a date that can be trusted
    old: Age | None  # why all of it is old

    @property
    def value(self) -> int:
        if self.old:
            return 0
        fresh = 0.0 if self.hours is None else max(0.0, 9 - 0.5 * self.hours)
        many = 50 * (1 - 0.75 ** (len(self.outlets) - 1)) + 2 * min(self.reprints, 3)
        return _cap(25 + many + 8 * (self.lists > 1) + 8 * (self.languages > 1) + fresh)


@dataclass(frozen=True, slots=True)
class Substance:
    """What `quality` is made of."""

    best: Standing
    texts: int  # in words of their own
    figures: int
    depth: float  # 0 to 1: how full the fullest text is

    @property
    def value(self) -> int:
        told = 25 * self.depth + 3 * min(self.figures, 5) + 5 * min(self.texts - 1, 3)
        return _cap(15 + 25 * self.best.worth + told)


@dataclass(frozen=True, slots=True)
class Weight:
    """What `impact` is made of."""

    event: Event | None
    named: tuple[Name, ...]  # the most present actors, at most three
    known: float  # how present they are together
    topics: tuple[Topic, ...]
    dollars: float  # the largest sum; 0: none
    official: bool  # an authority acts
    homes: tuple[str, ...]

    @property
    def value(self) -> int:
        kind = 20 * (self.event.weight if self.event else 0.3)
        topic = 15 * max((topic.weight for topic in self.topics), default=0.4)
        size = 20 * max(0.0, min(1.0, (math.log10(self.dollars) - 6) / 5)) if self.dollars > 1e6 else 0.0
        touched = 16 * min(self.known, 1.5) + 6 * self.official + 8 * (len(self.homes) > 1)
        return _cap(10 + kind + topic + size + touched)


def score(cluster: Cluster, context: Context, progress: Progress) -> Scores:
    """The scores of one story, each with its reason in both languages."""
    heat, substance, weight = _heat(cluster, context), _substance(cluster), _weight(cluster, context)
    values = {"hot": heat.value, "quality": substance.value, "impact": weight.value}
    off = (
        OLD * context.is_old(cluster)
        + UNCHANGED * (progress.news == News.UNCHANGED)
        + TOLD_UPDATE * (progress.news == News.UPDATE and progress.told)
    )
    total = round(max(sum(WEIGHTS[key] * value for key, value in values.items()) - off, 0.0), 1)
    why = {"hot": reasons.hot(heat), "quality": reasons.quality(substance), "impact": reasons.impact(weight)}
    why["score"] = reasons.overall(values, WEIGHTS, off, total)
    if progress.why:
        why["news"] = progress.why
    return Scores(heat.value, substance.value, weight.value, total, why)


def _heat(cluster: Cluster, context: Context) -> Heat:
    dated = context.dated(cluster)
    latest = max((reading.article.at for reading in dated), default=None)
    old = context.ages[cluster.readings[0].article.id] if context.is_old(cluster) else None
    return Heat(
        reports=cluster.pages,
        outlets=tuple(cluster.independent.values()),
        reprints=len(cluster.publishers) - len(cluster.independent),
        languages=len(cluster.languages),
        lists=len(cluster.lists),
        hours=None if latest is None else max(0, int((context.cutoff - latest).total_seconds() // 3600)),
        old=old,
    )


def _substance(cluster: Cluster) -> Substance:
    texts = cluster.originals
    return Substance(
        best=max((standing(reading) for reading in texts), key=lambda found: (found.worth, found.slug)),
        texts=len(texts),
        figures=len({figure for reading in texts for figure in reading.figures}),
        depth=max(_depth(reading) for reading in cluster.readings),
    )


def _weight(cluster: Cluster, context: Context) -> Weight:
    actors = {name for reading in cluster.readings for name in reading.actors}
    named = sorted(actors, key=lambda name: (-context.prominence.get(str(name), 0.0), str(name)))[:3]
    homes = {name.home for reading in cluster.readings for name in reading.headline_names}
    return Weight(
        event=main_event(r.title for r in cluster.originals),
        named=tuple(named),
        known=sum(context.prominence.get(str(name), 0.0) for name in named),
        topics=tuple(context.topics[slug] for slug in story_topics(cluster) if slug in context.topics),
        dollars=max((_dollars(figure) for figure in _borne_out(cluster)), default=0.0),
        official=any(is_authority(name) for name in actors),
        homes=tuple(home for home in HOMES if home in homes),
    )


def _borne_out(cluster: Cluster) -> list[str]:
    """The figures of its headlines, and those that two texts have: one text alone also tells of other sums."""
    stated = Counter(figure for reading in cluster.originals for figure in reading.figures)
    headlines = {figure for r in cluster.readings for figure, weight in r.figures.items() if weight == 1.0}
    return [figure for figure, count in stated.items() if count > 1 or figure in headlines]


def _depth(reading: Reading) -> float:
    language = "zh" if reading.article.language == "zh" else "en"
    return min(1.0, len(reading.article.text) / _DEEP[language])


def _dollars(figure: str) -> float:
    unit, _, value = figure.partition(":")
    return float(value) * _IN_DOLLARS.get(unit, 0.0)


def _cap(value: float) -> int:
    return round(max(0.0, min(100.0, value)))
