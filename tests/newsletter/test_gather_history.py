"""A source's visits are noted, those that ended alike in one row."""

import datetime as dt
import time
from typing import Any

import pytest
from django.utils import timezone

from newsletter.gather import visits
from newsletter.gather.ingest import gather, gather_one
from newsletter.models import Source
from tests import factories as make
from tests.newsletter.feed_server import Answer, feed_server

pytestmark = pytest.mark.django_db
NOW = timezone.now()
FEED = b"""<rss version="2.0"><channel><title>Harbor Wire</title><link>https://harbor.example/</link>
<item><guid>1</guid><title>Port opens its new quay</title><link>https://harbor.example/1</link></item></channel></rss>"""


def outcomes(source: Source) -> list[tuple[str, int, str]]:
    """Newest first."""
    return [(each.outcome, each.times, each.note) for each in source.visits.all()]


def test_visits_that_end_alike_are_one_row() -> None:
    source = make.source()
    for minutes in (0, 15, 30):
        visits.record(source, NOW + dt.timedelta(minutes=minutes), {"new": 0})
    source.last_error = "not found (404)"
    visits.record(source, NOW + dt.timedelta(minutes=45), {"failed": 1})
    visits.record(source, NOW + dt.timedelta(minutes=60), {"failed": 1})
    source.last_error = "answered 500 Internal Server Error"
    visits.record(source, NOW + dt.timedelta(minutes=75), {"failed": 1})
    assert outcomes(source) == [
        ("failed", 1, "answered 500 Internal Server Error"),
        ("failed", 2, "not found (404)"),
        ("nothing", 3, ""),
    ]
    quiet = source.visits.last()
    assert quiet is not None
    assert quiet.last_at - quiet.began_at == dt.timedelta(minutes=30)


def test_what_brought_something_has_a_row_of_its_own_and_old_rows_go() -> None:
    source = make.source()
    for n in range(visits.KEPT + 5):
        visits.record(source, NOW + dt.timedelta(minutes=n), {"new": n + 1, "changed": 2})
    assert source.visits.count() == visits.KEPT
    newest = source.visits.all()[0]
    assert (newest.new, newest.changed) == (visits.KEPT + 5, 2)


def test_the_act_notes_each_visit(settings: Any) -> None:
    settings.FETCH_ALLOW_LOOPBACK = True
    with feed_server() as server:
        server.answers["/feed"] = Answer(FEED)
        good, bad = make.source("Good", url=server.url("/feed")), make.source("Bad", url=server.url("/none"))
        for _ in range(2):
            gather(
                make.newsletter(),
                seen_at=timezone.now(),
                progress=lambda *args: None,
                everything=True,
                complain=lambda line: None,
            )
    assert outcomes(good) == [("nothing", 1, ""), ("new", 1, "")]
    assert outcomes(bad) == [("failed", 2, "not found (404)")]


def test_one_source_is_visited_at_once_within_the_time_given(settings: Any) -> None:
    settings.FETCH_ALLOW_LOOPBACK = True

    with feed_server() as server:
        server.answers["/feed"] = Answer(FEED)
        server.answers["/slow"] = Answer(drip=lambda send: time.sleep(30))
        source = make.source(url=server.url("/feed"), next_visit_at=NOW + dt.timedelta(days=1))
        assert gather_one(source, deadline=60).new == 1
        slow = make.source(url=server.url("/slow"))
        began = timezone.now()
        assert gather_one(slow, deadline=0.5, complain=lambda line: None).outcome == "failed"
        assert timezone.now() - began < dt.timedelta(seconds=3)
    assert source.articles.count() == 1
