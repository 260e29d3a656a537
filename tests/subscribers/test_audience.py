"""Who is to get an issue, which edition, and when."""

import datetime as dt
import itertools
from collections.abc import Callable
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.db import IntegrityError, connection, transaction
from pytest_django import DjangoAssertNumQueries

from subscribers import audience
from subscribers.models import Subscriber
from tests import factories as make

pytestmark = pytest.mark.django_db

THURSDAY, SATURDAY, SUNDAY = dt.date(2026, 5, 7), dt.date(2026, 5, 9), dt.date(2026, 5, 10)
EIGHT, SHANGHAI = dt.time(8), ZoneInfo("Asia/Shanghai")
LONG_AGO = dt.datetime(2020, 1, 1, tzinfo=dt.UTC)


def names(date: dt.date = THURSDAY, kind: str = "daily") -> list[str]:
    return [str(email).partition("@")[0] for email in audience.wanting(kind, date).values_list("email", flat=True)]


def due(date: dt.date = THURSDAY, not_before: dt.datetime = LONG_AGO) -> dict[tuple[str, dt.time], str]:
    moments = audience.due_moments(Subscriber.objects.all(), date, hour=EIGHT, zone=SHANGHAI, not_before=not_before)
    return {(m.zone, m.hour): f"{m.due_at.astimezone(dt.UTC):%m-%d %H:%M}" for m in moments}


@pytest.mark.parametrize("state", ["pending", "paused", "left", "bounced", "complained", "erased"])
def test_only_active_readers_are_mailed(state: str) -> None:
    make.reader("ana@a.example")
    make.reader("bo@a.example", state=state)
    assert names() == ["ana"]


@pytest.mark.parametrize("email", [None, ""])
def test_no_reader_is_without_an_address(email: str | None) -> None:
    make.reader("ana@a.example")
    with pytest.raises(IntegrityError), transaction.atomic():
        Subscriber.objects.update(email=email)


def test_a_pause_ends_on_its_day() -> None:
    make.reader("ana@a.example", paused_until=SATURDAY)
    assert names(THURSDAY) == []
    assert names(SATURDAY) == ["ana"]


def test_weekday_readers_rest_at_weekends_and_weekly_ones_wait_for_the_weekly() -> None:
    for frequency in ("daily", "weekdays", "weekly"):
        make.reader(f"{frequency}@a.example", frequency=frequency)
    assert names(THURSDAY) == ["daily", "weekdays"]
    assert names(SATURDAY) == ["daily"]
    assert names(SUNDAY) == ["daily"]
    assert names(SUNDAY, "weekly") == ["weekly"]


def test_choices_in_use_are_counted_the_commonest_first(django_assert_num_queries: DjangoAssertNumQueries) -> None:
    for n in range(3):
        make.reader(f"en{n}@a.example", language="en")
    make.reader("zh@a.example", language="zh", lists=["us", "china"])
    make.reader("left@a.example", language="both", state="left")

    with django_assert_num_queries(2):
        found = audience.choices_in_use(audience.wanting("daily", THURSDAY))
    assert [(each.choices["language"], each.choices["lists"], each.readers) for each in found] == [
        ("en", None, 3),
        ("zh", ["us", "china"], 1),
    ]


def test_who_chooses_anew_while_choices_are_read_speaks_for_nobody_else() -> None:
    """The first of those who share a choice stands for it: their new one must not become everybody's."""
    first = make.reader("first@a.example", language="both")
    make.reader("second@a.example", language="both")
    alone = make.reader("alone@a.example", language="en")
    zh = make.reader("zh@a.example", language="zh")
    asked: list[str] = []

    def chosen_anew_meanwhile(execute: Callable[..., Any], sql: str, *rest: Any) -> Any:
        found = execute(sql, *rest)
        if not asked:
            asked.append(sql)
            changed = Subscriber.objects.filter(pk__in=[first.pk, alone.pk])
            changed.update(language="zh", choices_hash=zh.choices_hash)
        return found

    with connection.execute_wrapper(chosen_anew_meanwhile):
        found = audience.choices_in_use(audience.wanting("daily", THURSDAY))
    assert {each.choices_hash: each.choices["language"] for each in found} == {
        first.choices_hash: "both",
        zh.choices_hash: "zh",
    }


def test_each_pair_of_zone_and_hour_is_reckoned_once(django_assert_num_queries: DjangoAssertNumQueries) -> None:
    for n in range(5):
        make.reader(f"s{n}@a.example")
        make.reader(f"b{n}@a.example", zone="Europe/Berlin", send_at=dt.time(6, 30))
    make.reader("n@a.example", zone="America/New_York")

    with django_assert_num_queries(1):
        moments = due()
    assert moments == {
        ("Asia/Shanghai", EIGHT): "05-07 00:00",
        ("Europe/Berlin", dt.time(6, 30)): "05-07 04:30",
        ("America/New_York", EIGHT): "05-07 12:00",
    }


def test_an_hour_before_the_approval_is_due_at_once() -> None:
    make.reader("early@a.example", zone="Pacific/Auckland", send_at=dt.time(5))
    make.reader("late@a.example", zone="Europe/London", send_at=dt.time(9))
    approved = dt.datetime(2026, 5, 7, 0, 5, tzinfo=dt.UTC)

    assert due(not_before=approved) == {
        ("Pacific/Auckland", dt.time(5)): "05-07 00:05",
        ("Europe/London", dt.time(9)): "05-07 08:00",
    }


def test_clocks_that_change_neither_lose_nor_double_an_hour() -> None:
    half_past_two = dt.time(2, 30)
    make.reader("ana@a.example", zone="Europe/Berlin", send_at=half_past_two)

    assert due(dt.date(2026, 3, 29)) == {("Europe/Berlin", half_past_two): "03-29 01:30"}, "skipped: 03:30 summer time"
    assert due(dt.date(2026, 10, 25)) == {("Europe/Berlin", half_past_two): "10-25 00:30"}, "twice: the first"


@pytest.mark.parametrize("zone", ["Mars/Olympus", "", "../etc/passwd", "Europe"])
def test_a_zone_that_nobody_knows_counts_as_the_newsletters(zone: str) -> None:
    make.reader("ana@a.example", zone=zone)
    assert due() == {(zone, EIGHT): "05-07 00:00"}


def due_names(since: str, until: str, kind: str = "daily") -> list[str]:
    """Whose hour lies between the two moments, written as UTC; the newsletter leaves at eight in Shanghai."""
    start, end = (dt.datetime.fromisoformat(f"{text}:00+00:00") for text in (since, until))
    readers = audience.due_between(kind, start, end, hour=EIGHT, zone=SHANGHAI)
    return sorted(str(email).partition("@")[0] for email in readers.values_list("email", flat=True))


def test_who_is_due_at_an_hour_goes_by_the_clock_of_each(django_assert_num_queries: DjangoAssertNumQueries) -> None:
    make.reader("usual@a.example")  # 08:00 in Shanghai is 00:00 UTC
    make.reader("half@a.example", send_at=dt.time(8, 30))
    make.reader("nine@a.example", send_at=dt.time(9))
    make.reader("ny@a.example", zone="America/New_York", send_at=dt.time(20))  # the evening before there
    make.reader("lost@a.example", zone="Nowhere/Place")  # takes the newsletter's clock
    with django_assert_num_queries(2):
        assert due_names("2026-05-07T00:00", "2026-05-07T01:00") == ["half", "lost", "ny", "usual"]
    assert due_names("2026-05-07T01:00", "2026-05-07T02:00") == ["nine"]
    assert due_names("2026-05-07T02:00", "2026-05-07T03:00") == []


def test_who_is_due_at_an_hour_wants_the_issue_of_that_day_there() -> None:
    make.reader("week@a.example", frequency="weekdays", zone="America/New_York", send_at=dt.time(20))
    make.reader("sunday@a.example", frequency="weekly")
    make.reader("away@a.example", paused_until=SATURDAY)
    make.reader("left@a.example", state="left")
    assert due_names("2026-05-07T00:00", "2026-05-08T00:00") == ["week"]
    assert due_names("2026-05-09T00:00", "2026-05-09T01:00") == ["away", "week"]  # still Friday in New York
    assert due_names("2026-05-10T00:00", "2026-05-10T01:00", "weekly") == ["sunday"]


def test_an_hour_that_the_clocks_jump_over_is_due_once() -> None:
    make.reader("gap@a.example", zone="Europe/Berlin", send_at=dt.time(2, 30))  # 2026-03-29, 02:00 becomes 03:00
    hours = [f"2026-03-29T{hour:02d}:00" for hour in range(5)]
    assert [due_names(*pair) for pair in itertools.pairwise(hours)] == [[], ["gap"], [], []]


def test_who_is_due_at_an_hour_comes_from_the_index() -> None:
    make.reader("ana@a.example", send_at=dt.time(9))
    start = dt.datetime(2026, 5, 7, tzinfo=dt.UTC)
    readers = audience.due_between("daily", start, start + dt.timedelta(hours=2), hour=EIGHT, zone=SHANGHAI)
    plan = readers.explain()
    assert "reader_due" in plan or connection.vendor == "postgresql"  # which reads a table of one row as a whole


def test_a_day_is_counted_by_moment_and_language_in_one_query(
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    make.reader("a@mail.example", language="zh")
    make.reader("b@mail.example", language="zh")
    make.reader("c@mail.example", language="en", zone="Europe/Berlin", send_at=dt.time(7))
    make.reader("d@mail.example", language="en", frequency="weekly")
    make.reader("e@mail.example", state="left")
    shanghai = ZoneInfo("Asia/Shanghai")
    with django_assert_num_queries(1):
        found = audience.crowds("daily", dt.date(2026, 5, 7), hour=dt.time(8), zone=shanghai)
    eight, berlin = dt.datetime(2026, 5, 7, 8, tzinfo=shanghai), dt.datetime(2026, 5, 7, 13, tzinfo=shanghai)
    assert [(crowd.due_at, crowd.language, crowd.readers) for crowd in found] == [(eight, "zh", 2), (berlin, "en", 1)]
    late = dt.datetime(2026, 5, 7, 12, tzinfo=shanghai)
    held_up = audience.crowds("daily", dt.date(2026, 5, 7), hour=dt.time(8), zone=shanghai, not_before=late)
    assert [crowd.due_at for crowd in held_up] == [late, berlin]
