"""Time zones: older names become the present ones, every zone that a reader has can be kept, and is named truly."""

import datetime as dt
import re
from zoneinfo import ZoneInfo

import pytest
from django.test import Client

from subscribers import forms, links, offers, zones
from subscribers.models import Subscriber
from tests import factories
from tests.subscribers.pages import local, sign_up

MONTHS = [dt.datetime(2026, month, 1, tzinfo=dt.UTC) for month in (1, 7)]


def test_an_older_name_is_another_spelling_of_the_same_clock() -> None:
    for alias, name in zones._aliases().items():
        assert zones.is_known(alias), alias
        assert zones.is_known(name), name
        for month in MONTHS:
            old, present = month.astimezone(ZoneInfo(alias)), month.astimezone(ZoneInfo(name))
            assert old.utcoffset() == present.utcoffset(), alias


@pytest.mark.parametrize(
    ("name", "english", "chinese"),
    [
        ("Asia/Calcutta", "Kolkata", "加尔各答"),
        ("Asia/Saigon", "Ho Chi Minh City", "胡志明市"),
        ("US/Eastern", "New York", "纽约"),
        ("PRC", "Shanghai", "上海"),
        ("Etc/UTC", "UTC", "UTC"),
        ("UTC", "UTC", "UTC"),
        ("Etc/GMT+5", "UTC−5", "UTC−5"),
        ("Etc/GMT-8", "UTC+8", "UTC+8"),
        ("Asia/Kathmandu", "Kathmandu", "Kathmandu"),
        ("America/North_Dakota/New_Salem", "New Salem", "New Salem"),
    ],
)
def test_a_zone_is_named_by_its_city_in_both_languages(name: str, english: str, chinese: str) -> None:
    assert zones.city(name) == (english, chinese)


@pytest.mark.django_db
@pytest.mark.usefixtures("hand")
@pytest.mark.parametrize(
    ("browser", "kept"),
    [("UTC", "UTC"), ("Asia/Calcutta", "Asia/Kolkata"), ("EST5EDT", "EST5EDT"), ("Mars/Olympus", "Asia/Shanghai")],
)
def test_the_browsers_zone_survives_the_sign_up_and_an_untouched_save(client: Client, browser: str, kept: str) -> None:
    sign_up(client, "a@mail.example", zone=browser)
    reader = Subscriber.objects.get()
    assert reader.zone == kept
    survives(client, reader, kept)


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("stored", "kept"), [("UTC", "UTC"), ("Etc/GMT+5", "Etc/GMT+5"), ("US/Eastern", "America/New_York")]
)
def test_a_zone_that_no_menu_lists_survives_an_untouched_save(client: Client, stored: str, kept: str) -> None:
    survives(client, factories.reader("a@mail.example", zone=stored, language="en"), kept)


def survives(client: Client, reader: Subscriber, kept: str) -> None:
    """The page as a browser sends it back: the zone is the option that is selected."""
    path = local(links.preferences_url(reader))
    page = client.get(path).content.decode()
    menu = page.partition('<select name="zone"')[2].partition("</select>")[0]
    (chosen,) = re.findall(r'<option(?: value="([^"]+)")?[^>]* selected>([^<]+)', menu)
    assert (chosen[0] or chosen[1]) == kept
    sent = {**forms.present_choices(reader, offers.current()), "zone": kept}
    assert client.post(path, sent).status_code == 303
    reader.refresh_from_db()
    assert reader.zone == kept


@pytest.mark.django_db
def test_an_option_says_the_older_names_that_browsers_still_give(client: Client) -> None:
    page = client.get(local(links.preferences_url(factories.reader("a@mail.example")))).content.decode()
    assert '<option value="Asia/Kolkata" data-also="Asia/Calcutta"' in page
    assert "<option>Asia/Calcutta" not in page
