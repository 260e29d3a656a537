"""Picks the day's items: what matters most, in a balanced mix, in the order in which an issue tells them."""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence

from newsletter.lexicon import Name, Topic
from newsletter.models.story import News
from newsletter.rank.authority import is_authority
from newsletter.rank.headline import is_teaser
from newsletter.rank.noise import is_noise
from newsletter.rank.standing import is_own_account
from newsletter.rank.values import RankedStory, Reading

ITEMS = 10
PER_OUTLET = 4  # items that the same outlet was first to report
PER_ACTOR = 2  # items about the same main actor
PER_NAME = 3  # items whose headlines name the same one at all
ONE_AFFAIR = 2  # actors in common: two such items are sides of one affair
_ACTORS = frozenset({"company", "agency", "person"})
SURE = 0.7  # the relevance from which nothing is taken off
UNSURE = 4.0  # taken off where no report is so sure to be on the subject
AGAINST = 5.0  # taken off for each point that the headline's words weigh against the subject (a bank, a rocket) ...
MOST_AGAINST = 2.0  # ... up to so many: they weigh, and bar nothing
BOTH_LANGUAGES = 12.0  # added to the total when picking: only such a story can be told in both languages offline
TITLES_ONLY = 4.0  # instead, where one language has no more than headlines
NO_TEXT = 12.0  # taken off where no report has a text: nothing could be told below the headline
TEASER = 20.0  # taken off where no headline tells what happened: most likely an essay or a how-to, not an event
OWN_WORD = 10.0  # taken off where only the firm that it is about tells it: an announcement that nobody took up
NO_EVENT = 6.0  # where no headline tells of an event of a known kind: a view, an advertisement, a how-to
OFF_SUBJECT = 20.0  # where no headline says anything of the subject: it is about something else
_SENTENCE = {"en": 60, "zh": 25}  # characters
PER_TOPIC = 3  # items with the same main topic
# The order of an issue, and how many of each part are taken before the others had their turn.
PARTS = {"shared": 10, "china": 3, "abroad": 3, "technical": 2}
PER_LANGUAGE = 4  # items that only one language reports, before the other had its turn
PER_LIST = 3  # items that each source list has at least, where it has as many that are worth it
UNDATED = 6.0  # taken off where no report has a date that can be trusted
WORTH_ITS_LIST = 30.0  # the total below which a story is not taken for its list's sake
WORTH_A_TURN = 40.0  # the total below which a story is not taken for the mix's sake
WORTH_AN_ITEM = 24.0  # what a story is worth below which it is no item: fewer than ten are better than fillers ...
LEAST_ITEMS = 3  # ... but so many there are, whatever they are worth, where there are stories


def choose(
    stories: Sequence[RankedStory], alike: Callable[[int, int], bool], topics: Mapping[str, Topic]
) -> list[int]:
    """Positions in `stories` of the day's items, in the order of the issue; fewer than ten where there are fewer.

    `alike(i, j)` with i < j says that two stories are nearly the same event.
    """
    order = sorted(range(len(stories)), key=lambda i: (-_appeal(stories[i]), i))
    order = [i for i in order if _is_item(stories[i])]
    lists = {slug for i in order for slug in stories[i].cluster.lists}
    floor = max(1, min(PER_LIST, ITEMS // (2 * len(lists) or 1)))
    turns: tuple[Callable[[RankedStory, Sequence[RankedStory]], bool], ...] = (
        lambda story, others: _below_floor(story, others, floor),  # each list has its own first
        lambda story, others: _in_mix(story, others, topics),  # then the mix
        lambda story, others: _worth(story) >= WORTH_AN_ITEM,  # then whatever matters most
        lambda story, others: len(others) < LEAST_ITEMS,  # and on a day without news, what there is
    )
    picked: list[int] = []
    for wanted in turns:
        for i in order:
            others = [stories[j] for j in picked]
            if len(picked) == ITEMS or i in picked or not wanted(stories[i], others):
                continue
            if _fits(stories[i], others) and not any(alike(min(i, j), max(i, j)) for j in picked):
                picked.append(i)
    parts = list(PARTS)
    return sorted(picked, key=lambda i: (parts.index(part_of(stories[i], topics)), order.index(i)))


def _below_floor(story: RankedStory, picked: Sequence[RankedStory], floor: int) -> bool:
    """Whether one of its lists has fewer items than the floor."""
    counts = Counter(slug for other in picked for slug in other.cluster.lists)
    return _appeal(story) >= WORTH_ITS_LIST and any(counts[slug] < floor for slug in story.cluster.lists)


def _in_mix(story: RankedStory, picked: Sequence[RankedStory], topics: Mapping[str, Topic]) -> bool:
    part = part_of(story, topics)
    languages = story.cluster.languages
    same_topic = sum(other.topics[:1] == story.topics[:1] for other in picked)
    same_language = sum(other.cluster.languages == languages for other in picked)
    return (
        _appeal(story) >= WORTH_A_TURN
        and sum(part_of(other, topics) == part for other in picked) < PARTS[part]
        and same_topic < PER_TOPIC
        and (len(languages) > 1 or same_language < PER_LANGUAGE)
    )


def _fits(story: RankedStory, picked: Sequence[RankedStory]) -> bool:
    """What holds for every item: not too many by one outlet nor about one actor, and no two sides of one affair."""
    outlet, actor = first_outlet(story), main_actor(story)
    named = headlined(story)
    shared = [named & headlined(other) for other in picked]
    counts = Counter(name for names in shared for name in names)
    if any(sum(name.kind in _ACTORS for name in names) >= ONE_AFFAIR for names in shared):
        return False
    if any(count >= PER_NAME for count in counts.values()):
        return False
    return (
        sum(first_outlet(other) == outlet for other in picked) < PER_OUTLET
        and sum(main_actor(other) == actor for other in picked if actor) < PER_ACTOR
    )


def part_of(story: RankedStory, topics: Mapping[str, Topic]) -> str:
    """The part of the issue that a story belongs to: shared by both languages or lists, china, abroad, technical."""
    if len(story.cluster.languages) > 1 or len(story.cluster.lists) > 1:
        return "shared"
    if story.topics and story.topics[0] in topics and topics[story.topics[0]].technical:
        return "technical"
    return "china" if story.region == "CN" else "abroad"


def first_outlet(story: RankedStory) -> str:
    """The outlet that reported it first."""
    return story.cluster.readings[0].article.publisher


def _appeal(story: RankedStory) -> float:
    """What the choice goes by: a story's worth, and how well it can be told."""
    told = {r.article.language for r in story.cluster.readings if _has_text(r)}
    shared = BOTH_LANGUAGES if len(told) > 1 else TITLES_ONLY * (len(story.cluster.languages) > 1)
    return _worth(story) + shared - NO_TEXT * (not told) - UNDATED * story.undated


def _worth(story: RankedStory) -> float:
    """Its score, less what makes of it no news: a view, a how-to, an advertisement, a thing beside the subject."""
    readings = story.cluster.readings
    off = TEASER * all(is_teaser(title) for title in (story.title_en, story.title_zh) if title)
    off += NO_EVENT * (story.event is None) + OFF_SUBJECT * (not story.on_subject)
    off += OWN_WORD * all(_is_own_word(r) for r in readings)
    off += UNSURE * all(r.relevance < SURE for r in readings)
    off += AGAINST * min(MOST_AGAINST, min(r.against for r in readings))
    return story.scores.total - off


def _is_own_word(reading: Reading) -> bool:
    """Whether a firm tells of itself; what an authority tells of itself is news."""
    return is_own_account(reading) and not any(is_authority(name) for name in reading.headline_names)


def _has_text(reading: Reading) -> bool:
    """Whether its feed gives a sentence beyond the headline."""
    return len(reading.lead) >= _SENTENCE["zh" if reading.article.language == "zh" else "en"]


def _is_item(story: RankedStory) -> bool:
    """Whether it may be one at all: news of today, told by a report that is no digest, tip or advertisement; and one
    of its reports, or of those that it goes on with, is on the subject by itself."""
    if story.old or story.progress.news == News.UNCHANGED:
        return False
    telling = [r for r in story.cluster.readings if not r.roundup and not is_noise(r.article.title)]
    return any(r.relevant for r in telling) or (bool(telling) and story.progress.news == News.UPDATE)


def headlined(story: RankedStory) -> frozenset[Name]:
    """The names that at least half of its reports have in their headlines, places left out."""
    readings = story.cluster.readings
    votes = Counter(name for reading in readings for name in reading.actors)
    return frozenset(name for name, count in votes.items() if 2 * count >= len(readings))


def main_actor(story: RankedStory) -> str:
    """The name that most of a story's headlines have; "" where none has one."""
    votes = Counter(str(name) for reading in story.cluster.readings for name in reading.actors)
    return votes.most_common(1)[0][0] if votes else ""
