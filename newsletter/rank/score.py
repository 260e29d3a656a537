"""How much a story matters today: hot, quality and impact, 0 to 100 each, with reasons that a reader can follow.

total = 0.45 hot + 0.20 quality + 0.35 impact. Hot is what outlets make of it now; quality is how much there is to
tell it from; impact is whom and how much money it touches.
"""

import datetime as dt
import math
from collections.abc import Mapping

from newsletter.bilingual import Both
from newsletter.lexicon import Topic
from newsletter.rank.headline import story_topics
from newsletter.rank.values import Cluster, Reading, Scores

WEIGHTS = {"hot": 0.45, "quality": 0.20, "impact": 0.35}
TOLD_BEFORE = 15.0  # taken off the total of a story that an earlier issue has told
_IN_DOLLARS = {
    **{"USD": 1.0, "EUR": 1.1, "GBP": 1.3, "CNY": 0.14, "HKD": 0.13, "TWD": 0.031, "JPY": 0.0067, "KRW": 0.0007},
    **{"INR": 0.011, "SGD": 0.76, "CAD": 0.72, "AUD": 0.66, "BRL": 0.18},
}
_HOMES = {"CN": Both("China", "中国"), "US": Both("the US", "美国"), "EU": Both("Europe", "欧洲")}
_DEEP = {"en": 1200, "zh": 500}  # characters of text from which a report counts as a full one


def score(
    cluster: Cluster, prominence: Mapping[str, float], topics: Mapping[str, Topic], cutoff: dt.datetime, told: bool
) -> Scores:
    """The scores of one story. `prominence`: 0 to 1 for each name (by its `str`), how present it is on the day."""
    parts = {
        "hot": _hot(cluster, cutoff),
        "quality": _quality(cluster),
        "impact": _impact(cluster, prominence, topics),
    }
    total = sum(WEIGHTS[key] * value for key, (value, _) in parts.items()) - TOLD_BEFORE * told
    return Scores(
        hot=parts["hot"][0],
        quality=parts["quality"][0],
        impact=parts["impact"][0],
        total=round(max(total, 0.0), 1),
        reasons={key: reason for key, (_, reason) in parts.items()},
    )


def _hot(cluster: Cluster, cutoff: dt.datetime) -> tuple[int, Both]:
    outlets, reports = len(cluster.publishers), cluster.pages
    lists, languages = len(cluster.lists), len(cluster.languages)
    hours = max(0, int((cutoff - max(r.article.at for r in cluster.readings)).total_seconds() // 3600))
    value = 25 + 50 * (1 - 0.75 ** (outlets - 1)) + 8 * (lists > 1) + 8 * (languages > 1) + max(0.0, 9 - 0.5 * hours)
    en = f"{_count(reports, 'report')} by {_count(outlets, 'outlet')}"
    zh = f"{outlets} 家媒体 {reports} 篇报道"
    if languages > 1:
        en, zh = f"{en}, in both languages", f"{zh}，中英文都有"
    if lists > 1:
        en, zh = f"{en}, on {lists} lists", f"{zh}，见于 {lists} 个来源列表"
    return _cap(value), Both(f"{en}; the latest {hours} h before the cutoff", f"{zh}；最近一篇在截稿前 {hours} 小时")


def _quality(cluster: Cluster) -> tuple[int, Both]:
    originals = [r for r in cluster.readings if r.article.id not in cluster.copies] or list(cluster.readings)
    depth = max(_depth(reading) for reading in originals)
    figures = len({figure for reading in originals for figure in reading.figures})
    primary = any(_is_primary(reading) for reading in originals)
    value = 20 + 35 * depth + 4 * min(figures, 5) + 5 * min(len(originals) - 1, 3) + 10 * primary
    en = [_count(len(originals), "report") + " of its own wording", _count(figures, "figure")]
    zh = [f"{len(originals)} 篇独立成文", f"{figures} 个数字"]
    en.append("a full text" if depth >= 1 else "short texts only" if depth < 0.4 else "a text of some length")
    zh.append("有全文" if depth >= 1 else "只有短讯" if depth < 0.4 else "篇幅中等")
    if primary:
        en, zh = [*en, "the actor’s own account"], [*zh, "有当事方原文"]
    return _cap(value), Both(", ".join(en), "，".join(zh))


def _impact(cluster: Cluster, prominence: Mapping[str, float], topics: Mapping[str, Topic]) -> tuple[int, Both]:
    actors = {name for r in cluster.readings for name, w in r.names.items() if w == 1.0 and name.kind != "place"}
    named = sorted(actors, key=lambda name: (-prominence.get(str(name), 0.0), str(name)))[:3]
    known = sum(prominence.get(str(name), 0.0) for name in named)
    slugs = story_topics(cluster)
    weight = max((topics[slug].weight for slug in slugs if slug in topics), default=0.4)
    dollars = max((_dollars(figure) for r in cluster.readings for figure in r.figures), default=0.0)
    money = max(0.0, min(1.0, (math.log10(dollars) - 6) / 5)) if dollars > 1e6 else 0.0
    official = any(name.kind == "agency" for name in actors)
    homes = sorted({n.home for r in cluster.readings for n, w in r.names.items() if w == 1.0} & _HOMES.keys())
    value = 15 + 20 * min(known, 1.5) + 25 * weight + 25 * money + 8 * official + 10 * (len(homes) > 1)
    en = [f"about {', '.join(str(name) for name in named)}"] if named else ["no well-known actor"]
    zh = [f"涉及 {'、'.join(name.zh[0] for name in named)}"] if named else ["没有知名主体"]
    if tags := [topics[slug] for slug in slugs if slug in topics]:
        en.append(" and ".join(tag.en.lower() for tag in tags[:2]))
        zh.append("、".join(tag.zh for tag in tags[:2]))
    if money:
        en.append(f"sums up to ${_short(dollars)}")
        zh.append(f"金额最高约 {_short_zh(dollars)}美元")
    if len(homes) > 1:
        en.append("across borders: " + ", ".join(_HOMES[home].en for home in homes))
        zh.append("跨国：" + "、".join(_HOMES[home].zh for home in homes))
    return _cap(value), Both("; ".join(en), "；".join(zh))


def _depth(reading: Reading) -> float:
    language = "zh" if reading.article.language == "zh" else "en"
    return min(1.0, len(reading.article.text) / _DEEP[language])


def _is_primary(reading: Reading) -> bool:
    """The outlet is itself one of those that the headline is about: a company's or an agency's own page."""
    outlet = reading.article.outlet.casefold()
    return any(w == 1.0 and outlet in map(str.casefold, name.en + name.zh) for name, w in reading.names.items())


def _dollars(figure: str) -> float:
    unit, _, value = figure.partition(":")
    return float(value) * _IN_DOLLARS.get(unit, 0.0)


def _short(dollars: float) -> str:
    return f"{dollars / 1e9:.3g} billion" if dollars >= 1e9 else f"{dollars / 1e6:.3g} million"


def _short_zh(dollars: float) -> str:
    return f"{dollars / 1e8:,.4g} 亿" if dollars >= 1e8 else f"{dollars / 1e4:,.4g} 万"


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}{'' if number == 1 else 's'}"


def _cap(value: float) -> int:
    return round(max(0.0, min(100.0, value)))
