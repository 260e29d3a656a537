"""Visiting sources over HTTP: what is asked, what is stored, when we come again."""

import datetime as dt
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from django.utils import timezone

from newsletter.gather import ingest
from newsletter.gather.fetch import EVERY, Visit, pause, retry_after
from newsletter.gather.ingest import GatherError, gather
from newsletter.gather.store import Stored, store
from newsletter.models import Article, Source
from tests import factories
from tests.newsletter.feed_server import Answer, FeedServer, feed_server

pytestmark = pytest.mark.django_db
FEEDS = Path(__file__).parents[1] / "fixtures" / "feeds"
OUTLET, CHENXING = (FEEDS / "outlet.rss").read_bytes(), (FEEDS / "chenxing.rss").read_bytes()
NOW = dt.datetime(2026, 5, 7, tzinfo=dt.UTC)


@pytest.fixture
def server(settings: Any) -> Iterator[FeedServer]:
    settings.FETCH_ALLOW_LOOPBACK = True
    with feed_server() as running:
        yield running


def visit_all(**options: Any) -> tuple[dict[str, Any], list[str]]:
    """The counts of a gathering, and the lines that it complained with."""
    lines: list[str] = []
    counts = gather(
        factories.newsletter(),
        seen_at=timezone.now(),
        progress=lambda what, done, total: None,
        complain=lines.append,
        **options,
    )
    return counts, lines


def source(server: FeedServer, path: str, answer: Answer, **fields: Any) -> Source:
    server.answers[path] = answer
    return factories.source(path.strip("/"), url=server.url(path), **{"language": "en", "list_slug": "us", **fields})


def test_a_source_brings_its_articles(server: FeedServer) -> None:
    wire = source(server, "/wire", Answer(OUTLET, headers={"ETag": '"1"', "Last-Modified": "Thu, 07 May 2026"}))
    counts, lines = visit_all()
    assert counts == {
        **{"sources": 1, "waiting": 0, "not_modified": 0, "failed": 0},
        **{"new": 2, "changed": 0, "unchanged": 0},
    }
    assert lines == ["wire: 1 of 3 entries with neither headline nor text"]
    wire.refresh_from_db()
    assert (wire.etag, wire.last_modified, wire.failures) == ('"1"', "Thu, 07 May 2026", 0)
    assert wire.last_success_at is not None
    assert wire.next_visit_at == wire.last_success_at + EVERY
    assert Article.objects.filter(source=wire).count() == 2


def test_a_source_rests_between_visits_unless_all_are_asked_for(server: FeedServer) -> None:
    source(server, "/wire", Answer(OUTLET))
    visit_all()
    assert visit_all()[0]["waiting"] == 1
    assert len(server.asked) == 1
    counts, _ = visit_all(everything=True)
    assert (counts["new"], counts["unchanged"]) == (0, 2)
    assert len(server.asked) == 2


def test_an_unchanged_feed_is_not_sent_again(server: FeedServer) -> None:
    wire = source(server, "/wire", Answer(OUTLET, headers={"ETag": '"1"'}))
    visit_all()
    counts, lines = visit_all(everything=True)
    assert (counts["not_modified"], counts["failed"], lines) == (1, 0, [])
    assert server.conditions() == [None, '"1"']
    wire.refresh_from_db()
    assert wire.last_error == "1 of 3 entries with neither headline nor text"  # still so


def test_a_feed_that_could_not_be_read_is_asked_for_again_in_full(server: FeedServer) -> None:
    wire = source(server, "/wire", Answer(b"<html><title>Log in</title></html>", headers={"ETag": '"gate"'}))
    _, lines = visit_all()
    assert lines == ["wire: a web page, not a feed: “Log in”"]
    wire.refresh_from_db()
    assert (wire.etag, wire.failures) == ("", 1)


def test_one_failing_source_never_hurts_the_rest(server: FeedServer) -> None:
    source(server, "/error", Answer(status=500))
    source(server, "/gone", Answer(status=410))
    factories.source("house", url="http://10.0.0.1/feed")
    source(server, "/good", Answer(CHENXING), language="zh", list_slug="china")
    counts, lines = visit_all()
    assert (counts["sources"], counts["failed"], counts["new"]) == (4, 3, 4)
    assert sorted(lines) == [
        "error: answered 500 Internal Server Error",
        "gone: gone for good (410)",
        "house: refused: 10.0.0.1 (10.0.0.1) is not a public address",
    ]


def test_a_defect_of_ours_costs_one_source_only(server: FeedServer, monkeypatch: pytest.MonkeyPatch) -> None:
    bad = source(server, "/bad", Answer(OUTLET))
    source(server, "/good", Answer(CHENXING))

    def fails_once(of: Source, *args: Any, **kwargs: Any) -> Stored:
        if of.pk == bad.pk:
            raise ZeroDivisionError("by zero")
        return store(of, *args, **kwargs)

    monkeypatch.setattr("newsletter.gather.ingest.store", fails_once)
    counts, lines = visit_all()
    assert (counts["failed"], counts["new"]) == (1, 4)
    assert lines == ["bad: ZeroDivisionError: by zero"]


def test_a_source_that_is_deleted_while_it_is_visited_hurts_nobody(
    server: FeedServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    gone, broken = source(server, "/gone", Answer(OUTLET)), source(server, "/broken", Answer(b"", status=404))
    source(server, "/wire", Answer(OUTLET))
    real = ingest._take

    def take(each: Source, *args: Any) -> dict[str, int]:
        if each in (gone, broken):
            Source.objects.filter(pk=each.pk).delete()
        return real(each, *args)

    monkeypatch.setattr(ingest, "_take", take)
    counts, _lines = visit_all()
    assert (counts["sources"], counts["failed"], counts["new"]) == (3, 2, 2)


def test_a_slow_source_stalls_nobody(server: FeedServer) -> None:
    """The slow one answers when all the others have been answered: whoever waited for it would wait for ever."""
    others = threading.Semaphore(0)

    def quick(send: Callable[[bytes], object]) -> None:
        send(CHENXING)
        others.release()

    def slow(send: Callable[[bytes], object]) -> None:
        if all(others.acquire(timeout=15) for _ in range(12)):
            send(CHENXING)

    source(server, "/slow", Answer(drip=slow))
    for n in range(12):
        source(server, f"/{n}", Answer(drip=quick))
    counts, _ = visit_all()
    assert counts["new"] == 13 * 4


def test_inactive_and_file_sources_are_not_visited_and_no_other_is_an_error(server: FeedServer) -> None:
    source(server, "/off", Answer(OUTLET), active=False)
    factories.source("file", url="file:a.xml")
    with pytest.raises(GatherError, match="load_sources"):
        visit_all()
    source(server, "/on", Answer(OUTLET))
    assert visit_all()[0]["sources"] == 1


def test_failures_are_recorded_and_the_pause_doubles(server: FeedServer) -> None:
    wire = source(server, "/wire", Answer(status=404))
    for failures in (1, 2, 3):
        visit_all(everything=True)
        wire.refresh_from_db()
        assert (wire.failures, wire.last_error) == (failures, "not found (404)")
        assert wire.last_visit_at is not None
        assert wire.next_visit_at == wire.last_visit_at + EVERY * 2 ** (failures - 1)
    server.answers["/wire"] = Answer(OUTLET)
    visit_all(everything=True)
    wire.refresh_from_db()
    assert (wire.failures, wire.last_success_at) == (0, wire.last_visit_at)


def test_a_server_may_ask_for_a_longer_pause(server: FeedServer) -> None:
    wire = source(server, "/wire", Answer(status=429, headers={"Retry-After": "7200"}))
    _, lines = visit_all()
    assert lines == ["wire: asks us to come less often (429)"]
    wire.refresh_from_db()
    assert wire.last_visit_at is not None
    assert wire.next_visit_at == wire.last_visit_at + dt.timedelta(hours=2)


@pytest.mark.parametrize(
    ("value", "hours"),
    [("3600", 1.0), ("Thu, 07 May 2026 02:00:00 GMT", 2.0), ("Wed, 06 May 2026 00:00:00 GMT", 0.0), ("9" * 30, 168.0)],
)
def test_retry_after_is_seconds_or_a_date_and_at_most_a_week(value: str, hours: float) -> None:
    assert retry_after(value, NOW) == dt.timedelta(hours=hours)


@pytest.mark.parametrize("value", ["", "soon", "-5"])
def test_a_retry_after_that_says_nothing_asks_nothing(value: str) -> None:
    assert retry_after(value, NOW) is None


def test_the_pause_ends_at_a_day_and_a_gone_feed_begins_there() -> None:
    assert pause(1, Visit(NOW)) == dt.timedelta(minutes=15)
    assert pause(500, Visit(NOW)) == dt.timedelta(days=1)
    assert pause(1, Visit(NOW, gone=True)) == dt.timedelta(days=1)
    assert pause(9, Visit(NOW, asked=dt.timedelta(days=3))) == dt.timedelta(days=3)


def test_a_move_for_good_is_noted_once_and_told_once(server: FeedServer) -> None:
    wire = source(server, "/wire", Answer(status=301, headers={"Location": "/new"}), note="ours")
    server.answers["/new"] = Answer(CHENXING)
    note = f"moved for good to {server.url('/new')}: change the address"
    assert visit_all()[1] == [f"wire: {note}"]
    assert visit_all(everything=True)[1] == []
    wire.refresh_from_db()
    assert (wire.note, wire.url) == (f"ours; {note}", server.url("/wire"))


def test_relative_links_are_resolved_where_the_feed_was_found(server: FeedServer) -> None:
    source(server, "/wire", Answer(OUTLET))
    visit_all()
    assert Article.objects.get(guid="wire-1").url.startswith(server.url("/2026/05/07/northwind"))
