"""Which of today's stories go on with one of the days before: pure functions over likenesses."""

from collections import defaultdict
from collections.abc import Mapping, Sequence

from newsletter.rank import cluster
from newsletter.rank.doubt import doubted
from newsletter.rank.events import advances
from newsletter.rank.values import Reading

CONTINUES = 1.15  # a story goes on when its best pair with an earlier one is so alike (1.0: one event), and
# the average pair nearly as much as within a story (`cluster.AVERAGE`)
ANSWERS = 0.7  # the same of what answers by its headline: a denial, a service that is back is told in words of its own
ANSWERS_AVERAGE = 0.4  # and of its average pair


def sequels(
    compared: Sequence[Reading], before: Sequence[Reading], alike: Mapping[tuple[int, int], float]
) -> dict[tuple[int, int], float]:
    """The pairs of `alike` in which one of today's goes on with an earlier one (its place counted on from today's).

    Both must tell of the same actors: another firm's outage is no sequel, however alike the words.
    """
    first = len(compared)
    found = {}
    for (i, j), value in alike.items():
        if i < first <= j and value >= ANSWERS:
            one, other = compared[i], before[j - first]
            enough = value >= CONTINUES or bool(advances(one.title) - advances(other.title))
            if enough and doubted(1.0, one, other) >= 1.0:
                found[i, j] = value
    return found


def continued(
    groups: Sequence[Sequence[int]],
    before: Sequence[Reading],
    first: int,
    alike: Mapping[tuple[int, int], float],
    sequels: Mapping[tuple[int, int], float],
) -> dict[int, str]:
    """Which group goes on with which earlier story; of several groups only the one that is most alike.

    The places of `before` in `alike` begin at `first`; `sequels` are the pairs that `sequels` found.
    """
    homes: defaultdict[str, list[int]] = defaultdict(list)
    for j, reading in enumerate(before, first):
        homes[reading.article.story].append(j)
    home = {i: k for k, members in enumerate(groups) for i in members}
    best: defaultdict[tuple[int, str], float] = defaultdict(float)
    for (i, j), value in sequels.items():
        if i in home:
            key = home[i], before[j - first].article.story
            best[key] = max(best[key], value)
    found: dict[int, str] = {}
    for (k, story), value in sorted(best.items(), key=lambda item: (-item[1], item[0])):
        least = cluster.AVERAGE if value >= CONTINUES else ANSWERS_AVERAGE
        near_enough = cluster.average(groups[k], homes[story], alike) >= least
        if near_enough and k not in found and story not in found.values():
            found[k] = story
    return found
