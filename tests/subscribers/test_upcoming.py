"""What the pages say of the next mail to a reader who came after an issue had left."""

import datetime as dt
from dataclasses import replace
from zoneinfo import ZoneInfo

import pytest
from django.test import Client
from django.utils import timezone

from subscribers import joining, links, offers, upcoming
from subscribers.joining import Proof
from subscribers.models import Subscriber
from subscribers.offers import Offers
from tests import factories as make

pytestmark = pytest.mark.django_db

SHANGHAI = ZoneInfo("Asia/Shanghai")
DAY = dt.date(2026, 5, 7)
EIGHT = dt.datetime.combine(DAY, dt.time(8), tzinfo=SHANGHAI)
HOUR, MINUTE = dt.timedelta(hours=1), dt.timedelta(minutes=1)
OPEN = Offers("Chenbao", "晨报", "", SHANGHAI, dt.time(8), sent_today=True, open_dates=frozenset({DAY}))
CLOSED = replace(OPEN, open_dates=frozenset())


def confirmed(at: dt.datetime, **fields: object) -> Subscriber:
    return make.reader("ana@a.example", confirmed_at=at, **fields)


def test_who_confirms_after_the_hour_is_told_that_it_comes_and_when_the_next_does() -> None:
    ana = confirmed(EIGHT + 2 * HOUR)
    assert upcoming.on_its_way(ana, OPEN, EIGHT + 2 * HOUR + MINUTE)
    assert upcoming.next_mail(ana, OPEN, EIGHT + 2 * HOUR + MINUTE) == EIGHT + 24 * HOUR
    assert not upcoming.on_its_way(ana, OPEN, EIGHT + 3 * HOUR), "by then it has come"


def test_what_is_closed_is_not_promised() -> None:
    ana = confirmed(EIGHT + 2 * HOUR)
    assert not upcoming.on_its_way(ana, CLOSED, EIGHT + 2 * HOUR + MINUTE)
    bo = make.reader("bo@a.example", confirmed_at=EIGHT + 2 * HOUR, zone="Europe/Berlin")
    assert upcoming.next_mail(bo, CLOSED, EIGHT + 3 * HOUR) == EIGHT + 30 * HOUR


def test_whose_hour_is_still_to_come_is_told_that_hour() -> None:
    ana = confirmed(EIGHT + 2 * HOUR, zone="Europe/Berlin")
    assert upcoming.next_mail(ana, OPEN, EIGHT + 2 * HOUR + MINUTE) == EIGHT + 6 * HOUR
    assert not upcoming.on_its_way(ana, OPEN, EIGHT + 2 * HOUR + MINUTE)


def test_who_asked_for_another_frequency_is_promised_nothing_at_once() -> None:
    ana = confirmed(EIGHT + 2 * HOUR, frequency="weekly")
    assert not upcoming.on_its_way(ana, OPEN, EIGHT + 2 * HOUR + MINUTE)


def test_the_page_after_confirming_says_so(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    now = timezone.now()
    dates = frozenset({now.date() - dt.timedelta(days=1), now.date()})
    midnight = replace(OPEN, zone=ZoneInfo("UTC"), hour=dt.time(0), open_dates=dates)
    monkeypatch.setattr(offers, "current", lambda: midnight)
    ana = make.reader("ana@a.example", state="pending", asked_at=now, zone="UTC")
    page = links.confirm_url(ana, "en")
    assert "On its way to you" not in client.get(page).content.decode()
    assert joining.confirm(ana, Proof(how="page", at=now))
    assert "On its way to you" in client.get(page).content.decode()
