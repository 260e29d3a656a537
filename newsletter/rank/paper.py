"""The day's items with their reasons, as text to be read: what an editor judges the choice by."""

from newsletter.models.story import News
from newsletter.rank.stories import Day
from newsletter.rank.values import RankedStory

_NEWS = {News.UPDATE: " [update / 进展]", News.UNCHANGED: " [unchanged / 无进展]"}


def the_items(day: Day) -> str:
    """The chosen stories in the order of the issue: headlines, scores, reasons in both languages, reports."""
    return "".join(_item(number, story) for number, story in enumerate(day.stories[: day.chosen], 1))


def _item(number: int, story: RankedStory) -> str:
    scores = story.scores
    lines = [
        f"{number}. {' / '.join(filter(None, (story.title_en, story.title_zh)))}{_NEWS.get(story.progress.news, '')}"
    ]
    lines.append(
        f"   {scores.total:g} (hot {scores.hot}, quality {scores.quality}, impact {scores.impact})"
        f" · {', '.join(story.topics)} · {story.region}"
    )
    for key, reason in scores.reasons.items():
        lines += [f"   {key}: {reason.en}", f"   {' ' * len(key)}  {reason.zh}"]
    lines += [
        f"   - {reading.article.outlet}: {reading.article.title[:120]}" for reading in story.cluster.readings[:6]
    ]
    return "\n".join(lines) + "\n\n"
