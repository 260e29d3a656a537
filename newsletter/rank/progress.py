"""Does a story that goes on tell anything new? Decided by facts: figures, actors, and the kind of event."""

from collections.abc import Sequence

from newsletter.bilingual import Both
from newsletter.models.story import News
from newsletter.rank.events import Event, events_in
from newsletter.rank.values import Cluster, Progress, Reading

_NAMED = 3
_SPREADS = 3  # so many more outlets than before make news of what no issue has told


def progress(cluster: Cluster, before: Sequence[Reading], told: bool) -> Progress:
    """What `cluster` adds to the earlier readings of its story.

    Only headlines tell what is new: texts repeat background that others left out. `told`: an earlier issue had it.
    """
    fresh = [r for r in cluster.readings if not r.roundup]
    figures = {f for r in fresh for f, w in r.figures.items() if w == 1.0} - {f for r in before for f in r.figures}
    names = [name for reading in fresh for name in reading.actors]
    known = {name for r in before for name in r.names}
    joined = [name for name in dict.fromkeys(names) if name not in known][:_NAMED]
    kinds = {event: None for r in fresh for event in events_in(r.title)}
    turned = sorted((event for event in kinds if _is_new(event, before)), key=lambda event: not event.advances)
    en, zh = ["goes on from the days before"], ["延续前几日的事件"]
    if joined:
        en.append(f"new names: {', '.join(str(name) for name in joined)}")
        zh.append(f"新出现：{'、'.join(name.zh[0] for name in joined)}")
    if figures:
        en, zh = [*en, f"new figures ({len(figures)})"], [*zh, f"新数字 {len(figures)} 个"]
    if turned:
        en.append(f"now it is {', '.join(event.name.en for event in turned[:2])}")
        zh.append(f"进展为{'、'.join(event.name.zh for event in turned[:2])}")
    more = len(cluster.publishers) - len({r.article.publisher for r in before})
    if more >= _SPREADS and not told:
        en, zh = [*en, f"taken up by {more} more outlets"], [*zh, f"又有 {more} 家媒体跟进"]
    if len(en) > 1:
        return Progress(News.UPDATE, Both("; ".join(en), "；".join(zh)), told)
    return Progress(News.UNCHANGED, Both(f"{en[0]}; nothing new in it", f"{zh[0]}；没有新内容"), told)


def _is_new(event: Event, before: Sequence[Reading]) -> bool:
    """Whether none of the earlier reports tells of such an event. What answers one (a denial, a delay) is new unless a
    headline had it: in a text "confirmed" and "resumed" are often background."""
    return all(event not in events_in(r.title if event.advances else f"{r.title} {r.lead}") for r in before)
