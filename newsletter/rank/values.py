"""What ranking reads and what it says: values only, no rows."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field

from newsletter import addresses
from newsletter.bilingual import Both
from newsletter.lexicon import Name
from newsletter.models.story import News
from newsletter.subject import Word


@dataclass(frozen=True, slots=True)
class ArticleValue:
    """One entry of one source, as ranking needs it."""

    id: str
    title: str
    text: str
    language: str  # en or zh; others are read as English
    outlet: str
    at: dt.datetime
    url: str = ""
    list_slug: str = ""
    scope: str = "general"  # ai: the whole source is on the subject
    story: str = ""  # the story it was put into before; "": none
    dated: bool = True  # false: `at` is no date of its own but when it was first seen

    @property
    def publisher(self) -> str:
        """Whose page it is: several feeds of one outlet count as one."""
        return addresses.publisher(self.url, self.outlet)

    @property
    def order(self) -> tuple[dt.datetime, str, str, str, str]:
        """Sorts by date; ties by content, so that the order in which rows were made decides nothing."""
        return self.at, self.url, self.title, self.outlet, self.id


@dataclass(frozen=True, slots=True)
class Reading:
    """An article as understood: what it names, counts and is about. Weights are 0 to 1, of the title 1."""

    article: ArticleValue
    title: str  # cleaned
    lead: str  # cleaned beginning of the text
    title_rest: str  # both without the names in them
    lead_rest: str
    names: Mapping[Name, float]
    figures: Mapping[str, float]  # normalised, e.g. "USD:2e+09"
    terms: Mapping[str, float]  # words that the vocabulary knows in both languages
    words: Mapping[str, float]  # words of the language itself, Latin ones of either
    relevance: float  # 0 to 1
    relevant: bool
    topics: tuple[str, ...]  # most central first
    against: float  # how much in the headline speaks against it: stock tips, digests, other fields; 0: nothing
    roundup: bool  # tells of many events: may stand alone but joins none
    says: tuple[Word, ...]  # what `relevance` was weighed from: the words of the title, then those of the text alone

    @property
    def headline_names(self) -> list[Name]:
        """The names that stand in the headline, in its order."""
        return [name for name, weight in self.names.items() if weight == 1.0]

    @property
    def actors(self) -> list[Name]:
        """Those of them that are no places: who may have acted."""
        return [name for name in self.headline_names if name.kind != "place"]


@dataclass(frozen=True, slots=True)
class Cluster:
    """Articles about one event; `copies` are those that only repeat another's wording."""

    readings: tuple[Reading, ...]  # earliest first
    copies: frozenset[str]  # article ids

    @property
    def ids(self) -> frozenset[str]:
        return frozenset(reading.article.id for reading in self.readings)

    @property
    def languages(self) -> frozenset[str]:
        return frozenset(reading.article.language for reading in self.readings)

    @property
    def publishers(self) -> frozenset[str]:
        return frozenset(reading.article.publisher for reading in self.readings)

    @property
    def originals(self) -> tuple[Reading, ...]:
        """The reports in words of their own; all where each repeats one of elsewhere."""
        return tuple(r for r in self.readings if r.article.id not in self.copies) or self.readings

    @property
    def independent(self) -> dict[str, str]:
        """Publisher -> outlet of those that wrote a text of their own: an agency's copy is no second witness."""
        return {r.article.publisher: r.article.outlet for r in reversed(self.originals)}

    @property
    def pages(self) -> int:
        """How many reports there are: one page in two feeds of its outlet is one."""
        return len({addresses.canonical_url(r.article.url) or r.article.id for r in self.readings})

    @property
    def lists(self) -> frozenset[str]:
        return frozenset(reading.article.list_slug for reading in self.readings)


@dataclass(frozen=True, slots=True)
class Scores:
    """0 to 100 each; `total` is the weighted sum that the order follows."""

    hot: int
    quality: int
    impact: int
    total: float
    reasons: Mapping[str, Both]  # why each is what it is: hot, quality, impact, score; and news where it goes on


@dataclass(frozen=True, slots=True)
class Progress:
    """Where a story stands against the days before; `why` is empty for a new one."""

    news: News = News.NEW
    why: Both = field(default_factory=Both)
    told: bool = False  # an earlier issue had it among its items


@dataclass(frozen=True, slots=True)
class RankedStory:
    """A cluster with all that the day needs to know of it."""

    cluster: Cluster
    scores: Scores
    title_en: str
    title_zh: str
    topics: tuple[str, ...]
    region: str  # CN, US, EU, OTHER
    progress: Progress = field(default_factory=Progress)
    old: bool = False  # all its reports only pose as new
    event: str | None = None  # the kind of event that its headlines tell of; None: of none that is known
    on_subject: bool = True  # some headline of it says something of the subject
    undated: bool = False  # no report of it has a date that can be trusted
