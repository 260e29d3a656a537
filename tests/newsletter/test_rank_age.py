"""What only poses as new is found by its own address and words, and by what was seen before; the reason is kept."""

import datetime as dt

import pytest

from newsletter.addresses import canonical_url
from newsletter.rank.age import Kind, Page, ages
from newsletter.rank.values import ArticleValue

CUTOFF = dt.datetime(2026, 5, 6, 22, tzinfo=dt.UTC)


def article(
    key: str = "1", title: str = "Aurora AI opens a laboratory", text: str = "", **fields: object
) -> ArticleValue:
    at = fields.pop("at", CUTOFF - dt.timedelta(hours=5, minutes=7))
    return ArticleValue(key, title, text, "en", "Ledger", at, **fields)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "url",
    [
        "https://ledger.example/2024/01/15/aurora-opens",
        "https://ledger.example/news/2024-01-15/aurora",
        "https://ledger.example/20240115/c_1.html",
        "https://ledger.example/2024/01/aurora-opens",
        "https://ledger.example/technology/2024/jan/15/aurora-opens",
    ],
)
def test_an_address_of_another_year_is_old(url: str) -> None:
    age = ages([article(url=url)], CUTOFF)["1"]
    assert age.kind == Kind.OLD
    assert "Jan 2024" in age.why.en
    assert "2024 年 1 月" in age.why.zh


@pytest.mark.parametrize(
    "url",
    [
        "https://ledger.example/2026/05/06/aurora-opens",
        "https://ledger.example/2026/05/aurora-opens",
        "https://ledger.example/20240115998/aurora",  # a number that only begins like a date
        "https://ledger.example/cve-2024-01234",
        "https://arxiv.example/abs/2401.01234",
        "https://ledger.example/99/99/2024-13-45/",
        "http://[broken/2024/01/15/",
    ],
)
def test_other_addresses_say_nothing(url: str) -> None:
    assert ages([article(url=url)], CUTOFF) == {}


@pytest.mark.parametrize(
    "text",
    [
        "LONDON, Jan. 15, 2024 (PRNewswire) -- Aurora AI has opened a laboratory.",
        "Published: 15 January 2024. Aurora AI has opened a laboratory.",
        "发布时间：2024-01-15 曙光智能的实验室揭牌。",
        "新华社2024年1月15日电 曙光智能的实验室揭牌。",
    ],
)
def test_a_text_that_dates_itself_is_believed(text: str) -> None:
    assert "15 Jan 2024" in ages([article(text=text)], CUTOFF)["1"].why.en


def test_a_past_date_in_the_story_is_no_dateline() -> None:
    assert ages([article(text="Aurora AI, founded on January 15, 2024, has opened a laboratory.")], CUTOFF) == {}
    assert ages([article(text="曙光智能成立于2024年1月15日，今天揭牌。")], CUTOFF) == {}


def test_a_headline_marked_with_its_year_is_old() -> None:
    assert (
        ages([article(title="How Aurora trained its models (2021)")], CUTOFF)["1"].why.en == "its headline says 2021"
    )
    assert ages([article(title="Aurora’s plans (2026)")], CUTOFF) == {}


def test_a_page_of_earlier_days_is_old_unless_it_has_another_headline() -> None:
    url = "https://m.ledger.example/a/1?utm_source=rss"
    seen = {canonical_url(url): Page(CUTOFF - dt.timedelta(days=3), "Aurora AI opens a laboratory")}
    assert ages([article(url=url)], CUTOFF, seen)["1"].why.en == "the same page was seen on 3 May 2026"
    assert ages([article(url=url, title="Aurora AI closes its laboratory")], CUTOFF, seen) == {}


def test_what_a_feed_stamps_with_one_time_has_no_date() -> None:
    at = CUTOFF - dt.timedelta(hours=2, seconds=5)
    stamped = [article(str(n), at=at) for n in range(8)]
    found = ages([*stamped, article("other")], CUTOFF)
    assert {key: age.kind for key, age in found.items()} == {str(n): Kind.UNDATED for n in range(8)}


def test_a_whole_hour_is_a_timed_release_not_a_stamp() -> None:
    assert ages([article(str(n), at=CUTOFF.replace(hour=10)) for n in range(20)], CUTOFF) == {}


def test_an_undated_entry_says_so_and_an_old_date_is_old() -> None:
    assert ages([article(dated=False)], CUTOFF)["1"].kind == Kind.UNDATED
    assert ages([article(at=CUTOFF - dt.timedelta(days=900))], CUTOFF)["1"].kind == Kind.OLD
