"""The headline that tells a story best, and whose story it is."""

import re
from collections import Counter, defaultdict
from collections.abc import Mapping
from typing import TypeVar

from newsletter.rank.events import Event, advances
from newsletter.rank.values import Cluster, Reading

T = TypeVar("T")

_TEASER = re.compile(
    r"[?？]$|[!！]|…|\.\.\.|\b(?:here's|here is|this is|why|how|what you need|you won't|should you|could|i asked|"
    r"i tried|opinion|watch:|video:|live:|podcast|roundtables?|worth knowing|explained|hands[- ]on)\b"
    r"|\bthis (?:[\w-]+ ){0,5}stocks?\b"
    r"|\((?-i:(?:NASDAQ|NYSE)?:? ?[A-Z]{2,5})\)"  # a ticker: advice to buy or sell
    # how-to's of those who sell it
    r"|^(?:(?:accelerat|automat|creat|evaluat|integrat|migrat|optimi[sz]|scal|streamlin|us)(?:e|ing)|scalable"
    r"|(?:boost|build|deploy|design|explor|extend|get|implement|improv|mak|run|simplify|train|understand)e?(?:t|n)?(?:ing)?)\b"
    r".*\b(?:with|using|on|for|in|via|through)\b"
    r"|为什么|为何|如何|怎么|竟|炸裂|震惊|刷屏|揭秘|一文|看懂|重磅|独家"
    # and of engineers who explain
    r"|全生命周期|(?:最佳|落地|工程|治理)实践|实践(?:之路|分享|指南)?$|教程|手把手|实战|踩坑|漫谈|浅谈|使用(?:体验|经验|指南)|架构(?:设计|演进)"
    # how a headline shouts
    r"|砸(?:[下出]|[百千万数]|重金)|豪掷|豪赌|狂(?:砸|飙|揽)|杀疯|杀入|王炸|封神|血洗|吊打|碾压|放大招|下一个[“\"]"
    r"|专家(?:建言|热议|支招)|解读|背后|速看|必看|最前线|对话|专访|访谈|圆桌|正在成为|的秘密|启示"
    # how offices praise themselves
    r"|抢抓|新动能|新引擎|新高地|新篇章|之力|加速[度键]|快进键|赋能.{0,8}发展|高质量发展|开局",
    re.IGNORECASE,
)
_ACTS = {"place": 0.4, "product": 0.5, "model": 0.5}  # how much a name of a kind is an actor; others are in full
_LATEST = 3.0  # what it adds to a headline's worth that it tells the latest state
_LENGTHS = {"en": (35, 110), "zh": (12, 42)}  # characters of a headline that says enough and fits a line or two


_EARLY = {"en": 25, "zh": 10}  # a headline that begins with its actor names it by here


def best_headlines(cluster: Cluster) -> tuple[str, str]:
    """The best cleaned headlines (en, zh); "" where the story has no report in a language.

    Wanted: who and what with its figure, in the words that the other reports share; not a round-up, not a teaser; and
    the latest state, where a denial, a delay, a confirmation came in. The two are chosen as a pair, so that they tell
    the same side of the event.
    """
    state = _latest_state(cluster)
    en, zh = (_candidates(cluster, language, state) for language in ("en", "zh"))
    if not en or not zh:
        return _first(en), _first(zh)
    pairs = ((one, other, worth + more + _agreement(one, other)) for one, worth in en for other, more in zh)
    one, other, _ = max(pairs, key=lambda pair: (pair[2], pair[0].title, pair[1].title))
    return one.title, other.title


def _latest_state(cluster: Cluster) -> frozenset[Event]:
    """What the last answer to the event says (a denial, a delay); none where most reports are later than it."""
    readings = cluster.readings
    place = max((k for k, reading in enumerate(readings) if advances(reading.title)), default=-1)
    return advances(readings[place].title) if 2 * (len(readings) - 1 - place) <= len(readings) else frozenset()


def _candidates(cluster: Cluster, language: str, state: frozenset[Event]) -> list[tuple[Reading, float]]:
    own = [reading for reading in cluster.readings if reading.article.language == language]
    telling = [reading for reading in own if not reading.roundup] or own
    shared = Counter(word for reading in telling for word, weight in reading.words.items() if weight == 1.0)
    return [
        (reading, _worth(reading, language, shared) + _LATEST * bool(state & advances(reading.title)))
        for reading in telling
    ]


def _first(candidates: list[tuple[Reading, float]]) -> str:
    return max(candidates, key=lambda c: (c[1], c[0].title))[0].title if candidates else ""


def _agreement(one: Reading, other: Reading) -> float:
    """How much two headlines of different languages say the same: shared figures, names and known terms."""
    figures = _both(one.figures, other.figures)
    names = _both(one.names, other.names)
    terms = _both(one.terms, other.terms)
    return 0.8 * min(figures, 2) + 0.4 * min(names, 2) + 0.3 * min(terms, 3)


def _both(mine: Mapping[T, float], others: Mapping[T, float]) -> int:
    return sum(weight == 1.0 and others.get(key) == 1.0 for key, weight in mine.items())


def _worth(reading: Reading, language: str, shared: Counter[str]) -> float:
    title = reading.title
    short, long = _LENGTHS[language]
    names = reading.actors
    beginning = title[: _EARLY[language]].casefold()
    early = any(spelling.casefold() in beginning for name in names for spelling in name.en + name.zh)
    figures = sum(weight == 1.0 for weight in reading.figures.values())
    in_title = [word for word, weight in reading.words.items() if weight == 1.0]
    common = sum(shared[word] - 1 for word in in_title) / max(1, len(in_title))
    worth = min(len(names), 2) + early + 0.6 * min(figures, 2) + min(common, 2.0)
    worth -= 2.0 * is_teaser(title)
    if len(title) < short:
        worth -= 2.0 * (short - len(title)) / short
    return worth - (len(title) > long)


def is_teaser(title: str) -> bool:
    """Whether a headline asks, exclaims or promises instead of telling."""
    return bool(_TEASER.search(title))


def region(cluster: Cluster) -> str:
    """Home of the main actor: CN, US, EU or OTHER. Actors of headlines count in full, places and texts less."""
    homes: defaultdict[str, float] = defaultdict(float)
    for reading in cluster.readings:
        for place, (name, weight) in enumerate(reading.names.items()):
            share = _ACTS.get(name.kind, 1.0)
            homes[name.home] += weight * share / (1 + 0.2 * place)
    homes.pop("", None)
    return max(homes, key=lambda home: (homes[home], home), default="OTHER")


def story_topics(cluster: Cluster) -> tuple[str, ...]:
    """Up to three topics of the whole story, most central first."""
    votes: Counter[str] = Counter()
    for reading in cluster.readings:
        for place, slug in enumerate(reading.topics):
            votes[slug] += 3 - place
    least = max(votes.values(), default=0) * 0.34
    return tuple(slug for slug, count in votes.most_common(3) if count >= least)
