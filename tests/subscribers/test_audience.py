"""Who is to get an issue, which edition, and when."""

import datetime as dt
from zoneinfo import ZoneInfo

import pytest
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


def test_readers_without_an_address_are_not_mailed() -> None:
    ana = make.reader("ana@a.example")
    Subscriber.objects.filter(pk=ana.pk).update(email=None)
    assert names() == []
    Subscriber.objects.filter(pk=ana.pk).update(email="")
    assert names() == []


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
