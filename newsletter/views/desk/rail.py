"""What stands beside the proof: the day so far, the findings by shape, the way to each block, the time left."""

import datetime as dt
from dataclasses import dataclass
from operator import itemgetter

from django.core.cache import cache
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from newsletter.models import Article, Issue, IssueState, Newsletter, Ranking, Run
from newsletter.models.issue import PUBLIC
from newsletter.review import words
from newsletter.views.desk.access import chinese
from newsletter.views.desk.proof import Doubt, Proof, Section
from subscribers.models import Subscriber
from subscribers.models.subscriber import MAILABLE

_READERS = "desk-active-readers"


@dataclass(frozen=True, slots=True)
class Moment:
    """A line of the day. `clock` is HH:MM in the newsletter's zone, empty where nobody noted it."""

    clock: str
    text: str
    css: str = ""


@dataclass(frozen=True, slots=True)
class Tally:
    """How many findings of one shape are open, and where the first is."""

    shape: words.Shape
    count: int
    blocking: int
    anchor: str


@dataclass(frozen=True, slots=True)
class Stop:
    """A line in the list of blocks: one item, or a part that holds several blocks."""

    anchor: str
    number: int | None
    name: str
    glyphs: str
    said: str  # the same in words
    dropped: bool


@dataclass(frozen=True, slots=True)
class Clock:
    """The send hour. `left` is None once it has passed."""

    at: dt.datetime
    hour: str
    place: str
    left: dt.timedelta | None

    @property
    def words(self) -> str:
        """The time left without seconds, for a page that stands still."""
        assert self.left is not None
        minutes = int(self.left.total_seconds()) // 60
        return f"{minutes // 60}:{minutes % 60:02d}"

    @property
    def minutes(self) -> int:
        """Whole minutes that are left; 0 once it has passed."""
        return int(self.left.total_seconds()) // 60 if self.left else 0

    @property
    def epoch(self) -> int:
        return int(self.at.timestamp())


def clock(newsletter: Newsletter, date: dt.date) -> Clock:
    """The hour at which the issue of `date` is due to leave."""
    at = newsletter.moment(date, newsletter.send_at)
    left = at - timezone.now()
    return Clock(at, f"{newsletter.send_at:%H:%M}", place(newsletter.zone), left if left > dt.timedelta() else None)


def place(zone: str) -> str:
    """How people call the clock of `zone`: Beijing for Asia/Shanghai, else its city."""
    return _("Beijing") if zone == "Asia/Shanghai" else zone.rpartition("/")[2].replace("_", " ")


def active_readers() -> int:
    """How many readers an issue goes to."""
    found: int | None = cache.get(_READERS)
    if found is None:
        found = Subscriber.objects.filter(state__in=MAILABLE).count()
        cache.set(_READERS, found, 60)  # seconds: a million are not counted anew for every look at a page
    return found


def day_counts(newsletter: Newsletter, date: dt.date, cutoff: dt.datetime) -> tuple[int, int]:
    """Articles in the 24 hours before `cutoff`, and stories ranked for `date`."""
    window = Article.objects.filter(
        source__source_list__newsletter=newsletter, dated_at__gt=cutoff - dt.timedelta(hours=24), dated_at__lte=cutoff
    )
    return window.count(), Ranking.objects.filter(story__newsletter=newsletter, date=date).count()


def day_so_far(issue: Issue) -> list[Moment]:
    """The issue's day, act by act, each at the end of its last run for this date."""
    letter = issue.newsletter
    articles, stories = day_counts(letter, issue.date, issue.cutoff)
    ran = dict(
        Run.objects.filter(newsletter=letter, date=issue.date, error="")
        .exclude(finished_at=None)
        .order_by("finished_at")
        .values_list("act", "finished_at")
    )

    read = ngettext("%(n)d sentence read", "%(n)d sentences read", issue.sentences) % {"n": issue.sentences}
    readers = active_readers()
    acts = [
        (ran.get("gather"), ngettext("%(n)d article in", "%(n)d articles in", articles) % {"n": articles}),
        (ran.get("rank"), ngettext("%(n)d story ranked", "%(n)d stories ranked", stories) % {"n": stories}),
        (issue.composed_at, _("Composed, en and zh")),
        *([(issue.checked_at, read)] if issue.checked_at else []),
        *([(issue.approved_at, _("Approved"))] if issue.state in PUBLIC else []),
    ]
    moments = [Moment(local_hour(at, letter), text) for at, text in _in_order(acts)]
    if not issue.checked_at:
        moments.append(Moment("", _("Not read yet"), "later"))
    state = str(words.STATES[issue.state])
    if issue.state in PUBLIC:
        return [*moments, Moment(local_hour(issue.sent_at, letter), state, "now")]
    sent_now = issue.state == IssueState.APPROVED and issue.send_from
    leaves = local_hour(issue.send_from, letter) if sent_now else f"{letter.send_at:%H:%M}"
    when = issue.approved_at if issue.state == IssueState.APPROVED else timezone.now()
    to = ngettext("To %(n)s reader", "To %(n)s readers", readers) % {"n": f"{readers:,}"}
    return [*moments, Moment(local_hour(when, letter), state, "now"), Moment(leaves, to, "later")]


def _in_order(acts: list[tuple[dt.datetime | None, str]]) -> list[tuple[dt.datetime | None, str]]:
    """By the clock: an act that ran again stands where its last run does; one that nobody timed stays in its place."""
    timed = iter(sorted(((at, text) for at, text in acts if at), key=itemgetter(0)))
    return [next(timed) if act[0] else act for act in acts]


def tallies(proof: Proof) -> list[Tally]:
    """The four shapes in their order, also those that nothing has."""
    found: dict[str, list[tuple[Doubt, str]]] = {shape.slug: [] for shape in words.SHAPES}
    places = [("top", proof.whole)]
    for section in proof.sections:
        places += [(section.anchor, section.loose), *((row.anchor, row.doubts) for row in section.rows)]
    for anchor, doubts in places:
        for doubt in doubts:
            if not doubt.kept:
                found[doubt.shape.slug].append((doubt, anchor))
    return [
        Tally(shape, len(rows), sum(d.blocking for d, _a in rows), rows[0][1] if rows else "")
        for shape in words.SHAPES
        for rows in [found[shape.slug]]
    ]


def stops(proof: Proof) -> list[Stop]:
    """The way through the issue: each item by itself, each list's report and each series of questions as one."""
    groups: list[list[Section]] = []
    for section in proof.sections:
        key = _group(section)
        if groups and key is not None and _group(groups[-1][0]) == key:
            groups[-1].append(section)
        else:
            groups.append([section])
    return [_stop(group) for group in groups]


def _group(section: Section) -> str | None:
    block = section.block
    return f"list-{block.source_list_id}" if block.source_list_id else "qa" if block.kind == "qa" else None


def _stop(group: list[Section]) -> Stop:
    first = group[0]
    doubts = [doubt for section in group for doubt in section.open_doubts]
    name = first.short
    if first.block.source_list:
        name = first.block.source_list.name_zh if chinese() else first.block.source_list.name_en
    elif first.block.kind == "qa":
        name = _("Questions")
    glyphs = [doubt.shape.glyph for doubt in doubts]
    shown = "".join(dict.fromkeys(glyphs)) if len(glyphs) > 3 else "".join(glyphs)
    said = ngettext("%(n)d finding", "%(n)d findings", len(doubts)) % {"n": len(doubts)} if doubts else ""
    return Stop(first.anchor, first.number, name, shown, said, all(section.block.dropped for section in group))


def local_hour(moment: dt.datetime | None, newsletter: Newsletter) -> str:
    """`moment` as HH:MM on the newsletter's clock; empty for None."""
    return f"{moment.astimezone(newsletter.tz):%H:%M}" if moment else ""
