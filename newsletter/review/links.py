"""Whether the addresses in an issue lead somewhere: asked one host after the other, with time limits, in any process.

HEAD first; where that is not plainly answered, GET without its body. Only what surely leads nowhere for a reader too
is `broken`. Sites that keep machines out (403, 405, 429) or are in trouble (5xx, too slow) are `unknown`, which is no
fault.
"""

import datetime as dt
import hashlib
import time
from collections import defaultdict
from collections.abc import Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from urllib.parse import urlsplit

from django.conf import settings
from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from newsletter import http
from newsletter.models import Issue, LinkCheck
from newsletter.models.issue import EDITABLE
from newsletter.sentences import citations

EACH = 8.0  # seconds for one address, HEAD and GET together
AT_ONCE = 8  # hosts
LEASE = dt.timedelta(minutes=2)  # after which what a dead worker had claimed is taken up
UNASKED = "waiting"  # what is waived where not every address has been asked
GONE = frozenset({404, 410})
_NO_SUCH_NAME = (
    "name or service not known",
    "nodename nor servname",
    "no address associated",
    "name does not resolve",
)

Outcome = LinkCheck.Outcome


@dataclass(frozen=True)
class Answer:
    """What came of asking one address."""

    outcome: LinkCheck.Outcome
    status: int | None
    reason: str = ""


@dataclass(frozen=True)
class Standing:
    """How an issue's addresses stand: the rows there are, those that lead nowhere, and counts."""

    rows: tuple[LinkCheck, ...]
    broken: tuple[LinkCheck, ...]
    total: int
    waiting: int
    unknown: int

    @property
    def done(self) -> int:
        return self.total - self.waiting


def ask(url: str, seconds: float = EACH) -> Answer:
    """HEAD, and GET where HEAD is refused or says no, within `seconds` in all. Never raises."""
    if settings.EXAMPLE_ADDRESS_PASSES and (urlsplit(url).hostname or "").endswith(".example"):
        return Answer(Outcome.UNKNOWN, None, "the domain exists for examples only")  # as in a demo, RFC 2606
    ends = time.monotonic() + seconds
    try:
        found = http.head(url, deadline=seconds)
        if found.status >= 400:  # many answer HEAD with an error and GET with the page
            found = http.peek(url, deadline=max(1.0, ends - time.monotonic()))
    except http.FetchError as error:
        return _failed(error.reason)
    if found.status < 400:
        return Answer(Outcome.OK, found.status)
    return Answer(Outcome.BROKEN if found.status in GONE else Outcome.UNKNOWN, found.status)


def _failed(reason: str) -> Answer:
    said = reason.lower()
    nowhere = (
        "not an http",
        "not a usable address",
        "redirects",
        "refused: ",
        "is not a public address",
        *_NO_SUCH_NAME,
    )
    if any(words in said for words in nowhere):
        return Answer(Outcome.BROKEN, None, reason[:300])
    return Answer(Outcome.UNKNOWN, None, reason[:300])


def cited(issue: Issue) -> dict[str, list[int]]:
    """Address -> the numbers that lead there, of the citations that stand in the issue."""
    texts = issue.blocks.filter(dropped=False).values_list("text_en", "text_zh")
    used = {number for pair in texts for text in pair for number in citations(text)}
    found: dict[str, list[int]] = defaultdict(list)
    for number, url in issue.citations.filter(number__in=used).order_by("number").values_list("number", "url"):
        if url:
            found[url].append(number)
    return dict(found)


def follow(issue: Issue) -> int:
    """Let the rows be those of the addresses that stand in the issue now; how many are still to be asked."""
    wanted = {_digest(url): url for url in cited(issue)}
    known = set(issue.link_checks.values_list("url_hash", flat=True))
    with transaction.atomic():
        issue.link_checks.filter(url_hash__in=known - wanted.keys()).delete()
        fresh = [LinkCheck(issue=issue, url=wanted[key], url_hash=key) for key in wanted.keys() - known]
        LinkCheck.objects.bulk_create(fresh, ignore_conflicts=True)
    return issue.link_checks.filter(outcome=Outcome.WAITING).count()


def is_waiting(issue: Issue) -> bool:
    """Whether an address that stands in `issue` has not been asked yet."""
    if issue.state not in EDITABLE:
        return False
    asked = set(issue.link_checks.exclude(outcome=Outcome.WAITING).values_list("url_hash", flat=True))
    return any(_digest(url) not in asked for url in cited(issue))


def check(issue: Issue, seconds: float) -> int:
    """Ask what is still to be asked, for about `seconds`; how many have been.

    Safe beside itself: a row has one asker.
    """
    ends = time.monotonic() + seconds
    follow(issue)
    asked = 0
    while time.monotonic() < ends and (rows := _claim(issue, AT_ONCE * 2)):
        with ThreadPoolExecutor(AT_ONCE) as pool:  # the threads ask, and only ask: rows are written here
            for host in pool.map(_ask_host, _by_host(rows)):
                for row, answer in host:
                    _note(row, answer)
                    asked += 1
    _excuse_names(issue)
    return asked


def _excuse_names(issue: Issue) -> None:
    """Where no server at all has answered, this machine knows no names: that tells nothing of the addresses."""
    if issue.link_checks.filter(Q(outcome=Outcome.WAITING) | ~Q(status=None)).exists():
        return
    nameless = Q()
    for words in _NO_SUCH_NAME:
        nameless |= Q(reason__icontains=words)
    issue.link_checks.filter(nameless, outcome=Outcome.BROKEN).update(outcome=Outcome.UNKNOWN)


def again(issue: Issue, urls: Iterable[str] = ()) -> None:
    """Let these addresses be asked anew; none given: all that don't open."""
    rows = issue.link_checks.filter(url__in=list(urls)) if urls else issue.link_checks.exclude(outcome=Outcome.OK)
    rows.update(outcome=Outcome.WAITING, claimed_at=None, status=None, reason="")


def standing(issue: Issue, places: Mapping[str, list[int]] | None = None) -> Standing:
    """As the rows are; addresses that have no row yet count as waiting. `places`: what `cited` says, where known."""
    wanted = {_digest(url) for url in (cited(issue) if places is None else places)}
    rows = tuple(issue.link_checks.filter(url_hash__in=wanted).order_by("pk"))
    waiting = len(wanted) - len(rows) + sum(row.outcome == Outcome.WAITING for row in rows)
    broken = tuple(row for row in rows if row.outcome == Outcome.BROKEN)
    return Standing(rows, broken, len(wanted), waiting, sum(row.outcome == Outcome.UNKNOWN for row in rows))


def _claim(issue: Issue, size: int) -> list[LinkCheck]:
    now = timezone.now()
    free = issue.link_checks.filter(Q(claimed_at=None) | Q(claimed_at__lt=now - LEASE), outcome=Outcome.WAITING)
    mine = []
    for row in free.order_by("pk")[:size]:
        if free.filter(pk=row.pk).update(claimed_at=now):
            mine.append(row)
    return mine


def _by_host(rows: list[LinkCheck]) -> list[list[LinkCheck]]:
    hosts: dict[str, list[LinkCheck]] = defaultdict(list)
    for row in rows:
        hosts[urlsplit(row.url).netloc.lower() if "://" in row.url else ""].append(row)
    return list(hosts.values())


def _ask_host(rows: list[LinkCheck]) -> list[tuple[LinkCheck, Answer]]:
    return [(row, ask(row.url)) for row in rows]


def _note(row: LinkCheck, answer: Answer) -> None:
    LinkCheck.objects.filter(pk=row.pk).update(
        outcome=answer.outcome, status=answer.status, reason=answer.reason, checked_at=timezone.now(), claimed_at=None
    )


def _digest(url: str) -> str:
    return hashlib.sha256(url.encode()).hexdigest()
