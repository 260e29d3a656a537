"""One source's visit over HTTP, and many at a time. No database here: the threads only wait for the network."""

import datetime as dt
from collections.abc import Iterable, Iterator
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from dataclasses import dataclass
from email.utils import parsedate_to_datetime
from http import HTTPStatus

from django.utils import timezone

from newsletter import http
from newsletter.models import Source

WORKERS = 8  # visits at a time; a slow source holds one of them for at most http.DEADLINE seconds
EVERY = dt.timedelta(minutes=15)  # between visits of a healthy source, and the first pause of a failing one
LONGEST_PAUSE = dt.timedelta(hours=24)
LONGEST_ASKED = dt.timedelta(days=7)  # what Retry-After may ask for


@dataclass(frozen=True)
class Visit:
    """What came of asking a source for its feed: an answer (200 with a body, or 304), or an error."""

    at: dt.datetime
    answer: http.Fetched | None = None
    error: str = ""  # one line, without the source's name
    asked: dt.timedelta | None = None  # the pause that the server asked for
    gone: bool = False  # 410: not worth asking often

    @property
    def unchanged(self) -> bool:
        return self.answer is not None and self.answer.status == HTTPStatus.NOT_MODIFIED


def visit(source: Source, *, deadline: float = http.DEADLINE) -> Visit:
    """Ask for `source`'s feed if it changed since the last visit (RFC 9110 §13.1), for at most `deadline` seconds.

    Never raises for the network.
    """
    at = timezone.now()
    conditions = {"If-None-Match": source.etag, "If-Modified-Since": source.last_modified}
    try:
        answer = http.get(source.url, {name: value for name, value in conditions.items() if value}, deadline=deadline)
    except http.FetchError as error:
        return Visit(at, error=error.reason if error.url == source.url else str(error))
    if answer.status == HTTPStatus.NOT_MODIFIED or 200 <= answer.status < 300:
        return Visit(at, answer)
    asked = retry_after(answer.headers.get("retry-after", ""), at)
    return Visit(at, error=refusal(answer.status), asked=asked, gone=answer.status == HTTPStatus.GONE)


def visit_all(sources: Iterable[Source], workers: int = WORKERS) -> Iterator[tuple[Source, Visit]]:
    """Visit `sources`, each as it is answered. At most twice `workers` answers wait in memory to be taken."""
    with ThreadPoolExecutor(workers, thread_name_prefix="gather") as pool:
        waiting: dict[Future[Visit], Source] = {}
        try:
            for source in sources:
                waiting[pool.submit(visit, source)] = source
                if len(waiting) >= 2 * workers:
                    yield from _finished(waiting)
            while waiting:
                yield from _finished(waiting)
        finally:
            pool.shutdown(cancel_futures=True)


def pause(failures: int, visit: Visit) -> dt.timedelta:
    """How long to leave a source alone after its `failures`th failure in a row: 15 minutes, doubling to a day.

    Never less than the server asked for.
    """
    doubled = EVERY * 2 ** min(max(failures, 1) - 1, 10)
    own = LONGEST_PAUSE if visit.gone else min(doubled, LONGEST_PAUSE)
    return max(own, visit.asked or own)


def retry_after(value: str, now: dt.datetime) -> dt.timedelta | None:
    """The pause that a Retry-After header asks for (RFC 9110 §10.2.3: seconds or a date); None where it asks none."""
    if value.strip().isdigit():
        return min(dt.timedelta(seconds=min(int(value), 10**9)), LONGEST_ASKED)
    try:
        moment = parsedate_to_datetime(value)
    except (ValueError, TypeError):
        return None
    aware = moment if moment.tzinfo else moment.replace(tzinfo=dt.UTC)
    return min(max(aware - now, dt.timedelta()), LONGEST_ASKED)


def _finished(waiting: dict[Future[Visit], Source]) -> Iterator[tuple[Source, Visit]]:
    done, _ = wait(waiting, return_when=FIRST_COMPLETED)
    for future in done:
        yield waiting.pop(future), future.result()


def refusal(status: int) -> str:
    """What an answer that is no feed says, in a few words."""
    phrases = {404: "not found (404)", 410: "gone for good (410)", 429: "asks us to come less often (429)"}
    try:
        return phrases.get(status) or f"answered {status} {HTTPStatus(status).phrase}"
    except ValueError:
        return f"answered {status}"
