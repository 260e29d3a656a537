"""One page under its many spellings."""

import pytest

from newsletter.addresses import canonical_url, is_front_page, publisher

PAGE = "ledger.example/tech/aurora-opens"


@pytest.mark.parametrize(
    "url",
    [
        "https://www.ledger.example/tech/aurora-opens/",
        "http://ledger.example/tech/aurora-opens#comments",
        "https://m.ledger.example/tech/aurora-opens",
        "https://mobile.ledger.example/tech/aurora-opens",
        "https://amp.ledger.example/tech/aurora-opens",
        "https://www.ledger.example/amp/tech/aurora-opens",
        "https://www.ledger.example/tech/aurora-opens/amp/",
        "https://www.ledger.example/tech/aurora-opens.amp",
        "https://www.ledger.example/tech/aurora-opens?amp=1",
        "https://ledger-example.cdn.ampproject.org/c/s/www.ledger.example/tech/aurora-opens",
        "https://www.google.com/amp/s/ledger.example/tech/aurora-opens",
        "https://ledger.example:443/tech//aurora-opens?utm_source=rss&utm_medium=feed&at_campaign=x&fbclid=1",
        "https://LEDGER.example/tech/aurora-opens?spm=a1&from=timeline&isappinstalled=0&share_token=9",
        "https://ledger.example/tech/aurora-opens/index.html?mc_cid=1&_hsenc=2&gclid=3&igshid=4&mkt_tok=5",
        "  https://ledger.example/tech/aurora-opens ",
    ],
)
def test_one_page_has_one_form(url: str) -> None:
    assert canonical_url(url) == PAGE


@pytest.mark.parametrize(
    "url",
    [
        "https://ledger.example/tech/aurora-opens?id=2",
        "https://ledger.example/tech/aurora-opens-2",
        "https://news.ledger.example/tech/aurora-opens",
        "https://ledger.example:8080/tech/aurora-opens",
        "https://ledger.example/tech/camp",
    ],
)
def test_other_pages_stay_other_pages(url: str) -> None:
    assert canonical_url(url) != PAGE


def test_what_is_left_of_the_query_is_in_order() -> None:
    assert canonical_url("https://a.example/p?b=2&a=1") == canonical_url("https://a.example/p?a=1&utm_id=7&b=2")


@pytest.mark.parametrize("url", ["", "not an address", "http://[broken", "https://a.example:port/x"])
def test_no_address_is_an_error(url: str) -> None:
    assert canonical_url(url) == canonical_url(url.strip())


def test_a_host_of_one_letter_keeps_it() -> None:
    assert publisher("https://m.example/1", "M") == "m.example"


def test_a_sites_own_page_is_no_storys() -> None:
    assert is_front_page("https://www.ledger.example/")
    assert not is_front_page("https://ledger.example/?p=12")
    assert not is_front_page("https://ledger.example/a")
