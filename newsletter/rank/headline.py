"""The headline that tells a story best, and whose story it is."""

import re
from collections import Counter, defaultdict

from newsletter.rank.values import Cluster, Reading

_CLICKBAIT = re.compile(
    r"[?？]$|[!！]|…|\.\.\.|\b(?:here's|here is|this is|why|how|what you need|you won't|should you|could|i asked|"
    r"i tried|opinion|watch:|video:|live:|podcast)\b|为什么|为何|如何|怎么|竟|炸裂|震惊|刷屏|揭秘|一文|看懂|重磅|独家"
    r"|解读|背后|速看|必看|最前线",
    re.IGNORECASE,
)
_LENGTHS = {"en": (35, 110), "zh": (12, 42)}  # characters of a headline that says enough and fits a line or two


def best_headline(cluster: Cluster, language: str) -> str:
    """The best cleaned headline in `language`, or "" where the story has no report in it.

    Wanted: who and what with its figure, in the words that the other reports share; not a round-up, not a teaser.
    """
    own = [reading for reading in cluster.readings if reading.article.language == language]
    telling = [reading for reading in own if not reading.roundup] or own
    if not telling:
        return ""
    shared = Counter(word for reading in telling for word, weight in reading.words.items() if weight == 1.0)
    return max(telling, key=lambda r: (_worth(r, language, shared), r.title)).title


def _worth(reading: Reading, language: str, shared: Counter[str]) -> float:
    title = reading.title
    short, long = _LENGTHS[language]
    names = sum(weight == 1.0 for weight in reading.names.values())
    figures = sum(weight == 1.0 for weight in reading.figures.values())
    in_title = [word for word, weight in reading.words.items() if weight == 1.0]
    common = sum(shared[word] - 1 for word in in_title) / max(1, len(in_title))
    worth = min(names, 2) + 0.8 * min(figures, 1) + min(common, 2.0)
    worth -= 2.0 * bool(_CLICKBAIT.search(title))
    return worth - (len(title) < short) * (short - len(title)) / short * 2 - (len(title) > long) * 1.0


def region(cluster: Cluster) -> str:
    """Home of the main actor: CN, US, EU or OTHER. Actors of headlines count in full, places and texts less."""
    homes: defaultdict[str, float] = defaultdict(float)
    for reading in cluster.readings:
        for place, (name, weight) in enumerate(reading.names.items()):
            share = 0.4 if name.kind == "place" else 1.0
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
