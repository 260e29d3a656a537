"""How far an issue has got: counted in one query, with rates and times that hold for slow and quick servers."""

import datetime as dt
from typing import Any

import pytest
from django.core.cache import cache
from pytest_django import DjangoAssertNumQueries, Settings

from newsletter.deliver import pace, progress
from newsletter.models import Delivery, Edition, Issue, Move, Run
from subscribers import limits
from subscribers.limits import Limit
from tests import factories as make

pytestmark = pytest.mark.django_db
NOW = dt.datetime(2026, 5, 7, 1, 0, tzinfo=dt.UTC)
SECOND, HOUR = dt.timedelta(seconds=1), dt.timedelta(hours=1)


@pytest.fixture(autouse=True)
def nothing_kept() -> None:
    cache.clear()


@pytest.fixture
def issue() -> Issue:
    made = make.issue(state="sending")
    fields = {"choices_hash": "x", "choices": {}, "content_hash": "x", "subject": "x", "mime": b"x", "size": 1}
    Edition.objects.create(issue=made, frozen_at=NOW, **fields)
    return made


def add(issue: Issue, state: str, number: int = 1, domain: str = "a.example", **fields: Any) -> None:
    edition, began = Edition.objects.get(), Delivery.objects.count()
    for n in range(began, began + number):
        reader = make.reader(f"r{n}@{domain}", language=fields.pop("language", "en"))
        Delivery.objects.create(issue=issue, reader=reader, edition=edition, state=state, **{"due_at": NOW, **fields})


def began(issue: Issue, ago: dt.timedelta) -> None:
    Move.objects.create(issue=issue, act="send", was="approved", became="sending", at=NOW - ago)


def test_all_is_counted_in_two_small_queries(issue: Issue, django_assert_num_queries: DjangoAssertNumQueries) -> None:
    add(issue, "accepted", 2, finished_at=NOW - SECOND)
    add(issue, "queued", 3)
    add(issue, "queued", due_at=NOW + HOUR)
    with django_assert_num_queries(2):
        stand = progress.count(issue, NOW)
    assert (stand.all, stand.accepted, stand.open, stand.due, stand.later, stand.done) == (6, 2, 4, 3, 1, 2)
    assert stand.last_due == NOW + HOUR


def test_the_rate_is_that_of_the_last_minute(issue: Issue) -> None:
    began(issue, HOUR)
    add(issue, "accepted", 60, finished_at=NOW - 5 * SECOND)
    add(issue, "accepted", 9, finished_at=NOW - 100 * SECOND)
    add(issue, "queued", 10)
    stand = progress.count(issue, NOW)
    assert stand.rate == 1.0
    assert stand.seconds_left == 10


def test_a_slow_servers_rate_is_that_of_five_minutes(issue: Issue) -> None:
    """A worker writes down some hundred outcomes at once: of a slow server the last minute may have none."""
    began(issue, HOUR)
    add(issue, "accepted", 30, finished_at=NOW - 90 * SECOND)
    assert progress.count(issue, NOW).rate == pytest.approx(0.1)


def test_what_has_just_begun_is_measured_from_then_on(issue: Issue) -> None:
    began(issue, 10 * SECOND)
    add(issue, "accepted", 50, finished_at=NOW - SECOND)
    assert progress.count(issue, NOW).rate == 5.0


def test_withdrawing_is_no_rate_and_where_nothing_moves_no_time_is_promised(issue: Issue) -> None:
    began(issue, HOUR)
    add(issue, "withdrawn", 40, finished_at=NOW - SECOND)
    add(issue, "queued", 2)
    stand = progress.count(issue, NOW)
    assert (stand.rate, stand.seconds_left) == (0, None)


def test_what_is_put_off_is_told_by_domain_with_the_last_words(issue: Issue) -> None:
    add(issue, "deferred", 2, "qq.com", due_at=NOW + HOUR, claimed_at=NOW - HOUR, reply="450 first")
    add(issue, "deferred", 1, "qq.com", due_at=NOW + 2 * HOUR, claimed_at=NOW, reply="550 frequency limited")
    add(issue, "deferred", 1, "b.example", claimed_at=NOW, reply="451 later")
    first, second = progress.put_off(issue, NOW)
    assert (first.domain, first.mails, first.first, first.last) == ("qq.com", 3, NOW + HOUR, NOW + 2 * HOUR)
    assert first.words == "550 frequency limited"
    assert second.domain == "b.example"


def test_whom_a_server_has_put_off_does_not_wait_for_their_hour(issue: Issue) -> None:
    add(issue, "queued", 2, due_at=NOW + HOUR)
    add(issue, "deferred", 3, due_at=NOW + 2 * HOUR)
    stand = progress.count(issue, NOW)
    assert (stand.open, stand.later, stand.last_due) == (5, 2, NOW + HOUR)
    assert progress.by_hour(issue, NOW) == [(NOW + HOUR, "en", 2)]


def test_a_run_that_a_pause_ended_is_no_trouble_once_the_pause_is_lifted(issue: Issue) -> None:
    run = {"newsletter": issue.newsletter, "act": "deliver", "date": issue.date, "worker": "mill:1"}
    paused = "StoppedError: paused. A mail server won't take our mail."
    Run.objects.create(**run, started_at=NOW - 9 * SECOND, finished_at=NOW - 6 * SECOND, error=paused)
    assert progress.trouble(issue, NOW)
    Move.objects.create(issue=issue, act="resume", was="sending", became="sending", at=NOW - 7 * SECOND)
    assert progress.trouble(issue, NOW) is None, "also where it took its time to end"
    away = "UnreachableError: no mail server answers"
    Run.objects.create(**run, started_at=NOW - 4 * SECOND, finished_at=NOW - 3 * SECOND, error=away)
    found = progress.trouble(issue, NOW)
    assert found
    assert (found.since, found.error) == (NOW - 4 * SECOND, "no mail server answers")


def test_a_provider_whose_share_is_used_up_is_named_while_readers_of_it_wait(
    issue: Issue, monkeypatch: pytest.MonkeyPatch, settings: Settings
) -> None:
    two = Limit("lane slow m", 2, dt.timedelta(minutes=1))
    lane = pace.Lane("slow", ("slow.example",), (two,))
    monkeypatch.setattr(pace, "lanes", lambda: {"slow.example": lane})
    add(issue, "queued", 3, "slow.example")
    add(issue, "queued", 1, "quick.example")
    assert progress.slow_lanes(issue, NOW) == []
    limits.take([(two, "")], 2, NOW)
    cache.clear()
    (slow,) = progress.slow_lanes(issue, NOW)
    assert (slow.domains, slow.mails, slow.again) == (("slow.example",), 3, NOW + dt.timedelta(minutes=1))

    settings.WARM_UP_SINCE = NOW.date()
    warm = pace.warm_up(NOW)
    assert warm
    limits.take([(warm, "")], warm.count, NOW)
    cache.clear()
    assert progress.slow_lanes(issue, NOW)[-1].mails == 4, "all of them wait for the next day of the warm-up"


def test_many_who_look_count_once(issue: Issue, django_assert_num_queries: DjangoAssertNumQueries) -> None:
    add(issue, "queued")
    first = progress.look(issue, NOW)
    with django_assert_num_queries(0):
        assert progress.look(issue, NOW + SECOND) is not None
    assert progress.count(issue, NOW).counts == first.counts
