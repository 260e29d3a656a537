"""The scores' reasons in words, as an editor reads them beside the numbers. Both languages; no markup."""

from collections.abc import Mapping
from typing import TYPE_CHECKING

from newsletter.bilingual import Both

if TYPE_CHECKING:
    from newsletter.rank.score import Heat, Substance, Weight

_HOMES = {"CN": Both("China", "中国"), "US": Both("the US", "美国"), "EU": Both("Europe", "欧洲")}
_NAMED = 3  # outlets
_SCORES = {"hot": Both("hot", "热度"), "quality": Both("quality", "质量"), "impact": Both("impact", "影响")}


def hot(heat: "Heat") -> Both:
    """Who reports it, where, and how lately."""
    if heat.old:
        return Both(f"no news: {heat.old.why.en}", f"并非新消息：{heat.old.why.zh}")
    names = sorted(filter(None, dict.fromkeys(heat.outlets)))
    more = len(heat.outlets) > _NAMED
    outlets = len(heat.outlets)
    en = f"{_count(heat.reports, 'report')} by {_count(outlets, 'independent outlet')}"
    zh = f"{outlets} 家独立媒体 {heat.reports} 篇报道"
    if names:
        en += f" ({', '.join(names[:_NAMED])}{' …' if more else ''})"
        zh += f"（{'、'.join(names[:_NAMED])}{'等' if more else ''}）"
    if heat.reprints:
        en, zh = f"{en}, {_count(heat.reprints, 'reprint')}", f"{zh}，转载 {heat.reprints} 家"
    if heat.languages > 1:
        en, zh = f"{en}, in both languages", f"{zh}，中英文都有"
    if heat.lists > 1:
        en, zh = f"{en}, on {heat.lists} lists", f"{zh}，见于 {heat.lists} 份信源名单"
    if heat.hours is None:
        return Both(f"{en}; no date that can be trusted", f"{zh}；没有可靠的日期")
    return Both(f"{en}; the latest {heat.hours} h before the cutoff", f"{zh}；最近一篇在截稿前 {heat.hours} 小时")


def quality(substance: "Substance") -> Both:
    """From whom, and how much there is to tell it from."""
    own = "1 text" if substance.texts == 1 else f"{substance.texts} texts in words of their own"
    en = [f"best source: {substance.best.name.en}", own]
    zh = [f"最好的来源是{substance.best.name.zh}", f"{substance.texts} 篇独立成文"]
    en.append(_count(substance.figures, "figure") if substance.figures else "no figures")
    zh.append(f"{substance.figures} 个数字" if substance.figures else "没有数字")
    full, short = substance.depth >= 1, substance.depth < 0.4
    en.append("a full text" if full else "short texts only" if short else "a text of some length")
    zh.append("有全文" if full else "只有短讯" if short else "篇幅中等")
    return Both(", ".join(en), "，".join(zh))


def impact(weight: "Weight") -> Both:
    """What kind of event, whom it touches, how big."""
    en = [weight.event.name.en if weight.event else "no event of a known kind"]
    zh = [weight.event.name.zh if weight.event else "事件类型不明"]
    if weight.named:
        en.append(f"about {', '.join(str(name) for name in weight.named)}")
        zh.append(f"涉及 {'、'.join(name.zh[0] for name in weight.named)}")
    else:
        en, zh = [*en, "no well-known actor"], [*zh, "没有知名主体"]
    if weight.topics:
        en.append(" and ".join(topic.en.lower() for topic in weight.topics[:2]))
        zh.append("、".join(topic.zh for topic in weight.topics[:2]))
    if weight.dollars > 1e6:
        en.append(f"sums up to ${_short(weight.dollars)}")
        zh.append(f"金额最高约 {_short_zh(weight.dollars)}美元")
    if weight.official:
        en, zh = [*en, "an authority acts"], [*zh, "主管机构出面"]
    if len(weight.homes) > 1:
        en.append("across borders: " + ", ".join(_HOMES[home].en for home in weight.homes))
        zh.append("跨国：" + "、".join(_HOMES[home].zh for home in weight.homes))
    return Both("; ".join(en), "；".join(zh))


def overall(values: Mapping[str, int], weights: Mapping[str, float], off: float, total: float) -> Both:
    """The sum itself: "0.45 × hot 80 + … = 72.5"."""
    parts = {
        language: " + ".join(f"{weights[key]:.2f} × {_SCORES[key][language]} {value}" for key, value in values.items())
        for language in ("en", "zh")
    }
    less = (f" − {off:g} (no news, or told before)", f" − {off:g}（并非新消息或已讲过）") if off else ("", "")
    return Both(f"{parts['en']}{less[0]} = {total:g}", f"{parts['zh']}{less[1]} = {total:g}")


def _short(dollars: float) -> str:
    return f"{dollars / 1e9:.3g} billion" if dollars >= 1e9 else f"{dollars / 1e6:.3g} million"


def _short_zh(dollars: float) -> str:
    return f"{dollars / 1e8:,.4g} 亿" if dollars >= 1e8 else f"{dollars / 1e4:,.4g} 万"


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}{'' if number == 1 else 's'}"
