"""Addresses that are usable, and what two addresses of one story share."""

import pytest

from newsletter.gather.addresses import absolute, address_key, is_front_page


@pytest.mark.parametrize(
    "address",
    [
        "https://www.news.example/a/1?id=7",
        "http://news.example/a/1/?id=7&utm_source=rss&utm_medium=feed",
        "https://news.example:443/a/1?f=rss&id=7",
        "https://news.example/a/1?id=7&at_medium=RSS&at_campaign=rss#ref=rss",
        "https://NEWS.example/a/1?id=7&mod=rss_markets_main&fbclid=x",
    ],
)
def test_tracking_scheme_and_slashes_make_no_difference(address: str) -> None:
    assert address_key(address) == "news.example/a/1?id=7"


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("https://a.example/?p=1", "https://a.example/?p=2"),
        ("https://a.example/log#1.2", "https://a.example/log#1.3"),
        ("https://a.example/1", "https://b.example/1"),
        ("https://a.example/A", "https://a.example/a"),
    ],
)
def test_different_stories_stay_different(one: str, other: str) -> None:
    assert address_key(one) != address_key(other)


def test_a_front_page_is_no_story() -> None:
    assert is_front_page(address_key("https://www.a.example"))
    assert not is_front_page(address_key("https://a.example/1"))


@pytest.mark.parametrize(
    ("address", "found"),
    [
        ("/1", "https://a.example/1"),
        (" https://b.example/\n2 ", "https://b.example/2"),
        ("//c.example/3", "https://c.example/3"),
        ("javascript:alert(1)", ""),
        ("mailto:x@a.example", ""),
        ("http://[broken", ""),
        ("", ""),
        ("https://a.example/" + "x" * 2000, ""),
    ],
)
def test_only_whole_web_addresses_come_out(address: str, found: str) -> None:
    assert absolute(address, "", "https://a.example/feed") == found


def test_what_is_no_address_is_its_own_key() -> None:
    assert address_key("") == ""
    assert address_key("http://[broken") == "http://[broken"
