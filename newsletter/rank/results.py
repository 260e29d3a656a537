"""From articles to what is printed of each: the one way that the commands and the benchmarks take. No database."""

import datetime as dt
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from newsletter.bilingual import Both
from newsletter.rank.age import Page
from newsletter.rank.boilerplate import without_boilerplate
from newsletter.rank.reading import DOUBTFUL, read
from newsletter.rank.stories import Day, tell
from newsletter.rank.values import ArticleValue, RankedStory, Reading
from newsletter.subject import Vocabulary, load_vocabulary

Progress = Callable[[str, int, int], None]
_SAID = 4  # how many words a reason names


@dataclass(frozen=True, slots=True)
class Judged:
    """A day as read: the readings in the order of the articles, and the stories in the order of the day."""

    readings: tuple[Reading, ...]
    day: Day
    vocabulary: Vocabulary = field(repr=False)


@dataclass(frozen=True, slots=True)
class Result:
    """What ranking found of one article. Scores are its story's, 0 to 100; 0 where it is not relevant."""

    id: str
    relevant: bool
    reasons: Mapping[str, Both]  # relevance, and where they apply age, copy, news, hot, quality, impact
    story: str  # "": not relevant
    hot: int = 0
    quality: int = 0
    impact: int = 0
    score: float = 0.0
    topics: tuple[str, ...] = field(default=())  # slugs, most central first

    def to_json(self) -> dict[str, Any]:
        """As `manage.py rank --articles … --json` prints it."""
        return {
            "id": self.id,
            "relevant": self.relevant,
            "reasons": {key: reason.to_json() for key, reason in self.reasons.items()},
            "story": self.story,
            "hot": self.hot,
            "quality": self.quality,
            "impact": self.impact,
            "score": self.score,
            "topics": list(self.topics),
        }


def judge(
    articles: Sequence[ArticleValue],
    cutoff: dt.datetime,
    *,
    earlier: Iterable[ArticleValue] = (),
    told: Collection[str] = (),
    seen: Mapping[str, Page] | None = None,
    progress: Progress | None = None,
) -> Judged:
    """Read, group and rank `articles` for the day that ends at `cutoff`. Their order decides nothing.

    `earlier`: articles with a story, of the days before; `told`: the stories that an earlier issue had among its
    items; `seen`: pages known from before the day, by canonical address.
    """
    vocabulary = load_vocabulary()
    readings = []
    for done, article in enumerate(without_boilerplate(articles), 1):
        readings.append(read(article, vocabulary, least=DOUBTFUL))
        if progress and (done % 100 == 0 or done == len(articles)):
            progress("read", done, len(articles))
    before = [read(article, vocabulary) for article in earlier]
    day = tell(readings, before, vocabulary, cutoff, told=told, seen=seen)
    if progress:
        progress("told", len(day.stories), len(day.stories))
    return Judged(tuple(readings), day, vocabulary)


def results(judged: Judged, stories: Mapping[str, str] | None = None) -> list[Result]:
    """One for each article, in the order of the articles.

    `stories` names the story of each article (by its id); without it a story goes by the id of its first article.
    """
    home = {key: story for story in judged.day.stories for key in story.cluster.ids}
    return [_result(reading, home.get(reading.article.id), judged, stories or {}) for reading in judged.readings]


def _result(reading: Reading, story: RankedStory | None, judged: Judged, stories: Mapping[str, str]) -> Result:
    key, day = reading.article.id, judged.day
    reasons = {"relevance": why_relevant(reading, judged.vocabulary, story is not None)}
    if key in day.ages:
        reasons["age"] = day.ages[key].why
    if story is None:
        return Result(key, False, reasons, "")
    if key in story.cluster.copies:
        reasons["copy"] = Both(f"repeats the text of {day.copies[key]}", f"与 {day.copies[key]} 的文字重复")
    scores = story.scores
    return Result(
        id=key,
        relevant=True,
        reasons={**reasons, **scores.reasons},
        story=stories.get(key) or story.cluster.readings[0].article.id,
        hot=scores.hot,
        quality=scores.quality,
        impact=scores.impact,
        score=scores.total,
        topics=reading.topics,
    )


def why_relevant(reading: Reading, vocabulary: Vocabulary, told: bool) -> Both:
    """Which words and names speak for it and which against; `told`: it stands in a story of the day."""
    stands = _spellings(reading, vocabulary)
    words = [word for word in reading.says if not word.key.startswith("@")]
    said = [(word.weight, stands.get(word.key) or vocabulary.shown(word)) for word in words]
    for name in reading.names:
        if word := vocabulary.of_name(name):
            said.append((word.weight, Both(name.en[0], (name.zh or name.en)[0])))
    said.sort(key=lambda pair: -abs(pair[0]))
    en, zh = _verdict(reading, told)
    if reading.article.scope == "ai":
        en, zh = [*en, "its source writes of nothing else"], [*zh, "信源只写这一主题"]
    for sign, before, mark in ((1, "speaks of", "提到 "), (-1, "against it:", "不利的词：")):
        shown = [both for weight, both in said if weight * sign > 0][:_SAID]
        if shown:
            en.append(f"{before} {', '.join(both.en for both in shown)}")
            zh.append(f"{mark}{'、'.join(both.zh for both in shown)}")
    if len(en) == 1 and not told:
        en, zh = [*en, "no word of the subject"], [*zh, "没有主题词"]
    return Both("; ".join(en), "；".join(zh))


def _spellings(reading: Reading, vocabulary: Vocabulary) -> dict[str, Both]:
    """Each meaning as the text spells it: a line of subject.tsv has many spellings, and one would stand for all."""
    found: dict[str, Both] = {}
    for text in (reading.title, reading.lead) if reading.says else ():
        for mention in vocabulary.mentions(text):
            spelled = text[mention.start : mention.end]
            found.setdefault(mention.name.en[0], Both(spelled, spelled))
    return found


def _verdict(reading: Reading, told: bool) -> tuple[list[str], list[str]]:
    percent = f"{reading.relevance:.0%}"
    if told and not reading.relevant:
        en, zh = (
            f"{percent} by itself): another report of the same event is",
            f"自身 {percent}）：同一事件的另一篇报道相关",
        )
        return [f"relevant ({en}"], [f"相关（{zh}"]
    if told:
        return [f"relevant ({percent})"], [f"相关（{percent}）"]
    return [f"not relevant ({percent})"], [f"不相关（{percent}）"]
