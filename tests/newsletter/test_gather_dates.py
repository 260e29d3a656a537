"""When an entry says it was published."""

import datetime as dt

import pytest

from newsletter.gather.dates import read_date

EVENING = dt.datetime(2025, 3, 9, 10, 30, tzinfo=dt.UTC)  # 18:30 in Beijing


@pytest.mark.parametrize(
    "text",
    [
        "2025年3月9日 18:30",
        "2025年03月09日 下午6:30",
        "2025年3月9日18时30分",
        "２０２５年３月９日 １８：３０",
        "2025/03/09 18:30",
        "2025.03.09 18:30:00",
        "2025-3-9 18:30",
        "Sun, 09 Mar 2025 18:30:00 CST",
        "周日, 09 3月 2025 18:30:00 +0800",
        "2025-03-09 18:30:00 GMT+8",
        "Sun, 09 Mar 2025 10:30:00 GMT",
        "Sun, 9 Mar 25 10:30 UT",
        "2025-03-09T10:30:00Z",
        "2025-03-09T10:30:00.000-0000",
        "20250309T103000Z",
        "Sun Mar  9 10:30:00 UTC 2025",
        "March 9, 2025 6:30 am EDT",
        "9. März 2025 11:30 MEZ",
        "1741516200",
        "1741516200000",
    ],
)
def test_the_dates_of_a_chinese_feed(text: str) -> None:
    assert read_date(text, chinese=True) == EVENING


def test_a_time_without_zone_is_beijings_in_chinese_feeds_and_utc_in_others() -> None:
    assert read_date("2025-03-09 18:30", chinese=True) == EVENING
    assert read_date("2025-03-09 18:30", chinese=False) == dt.datetime(2025, 3, 9, 18, 30, tzinfo=dt.UTC)


def test_cst_is_china_in_chinese_feeds_and_chicago_in_others() -> None:
    assert read_date("Sun, 09 Mar 2025 18:30:00 CST", chinese=False) == dt.datetime(2025, 3, 10, 0, 30, tzinfo=dt.UTC)


def test_a_date_without_time_is_its_midnight() -> None:
    assert read_date("2025/03/09", chinese=True) == dt.datetime(2025, 3, 8, 16, tzinfo=dt.UTC)
    assert read_date("09.03.2025", chinese=False) == dt.datetime(2025, 3, 9, tzinfo=dt.UTC)


def test_midnight_may_be_the_end_of_the_day() -> None:
    assert read_date("2025-03-08T24:00:00Z", chinese=False) == dt.datetime(2025, 3, 9, tzinfo=dt.UTC)


@pytest.mark.parametrize(
    "text",
    ["", "Invalid Date", "yesterday", "2025", "2025-03", "2025-13-01", "2025-02-30", "3/9/2025", "2025-03-09 25:70"],
)
def test_what_names_no_day_is_no_date(text: str) -> None:
    assert read_date(text, chinese=True) is None


@pytest.mark.parametrize("text", ["0001-01-01T00:00:00Z", "1970-01-01", "Mon, 01 Jan 1900 00:00:00 GMT"])
def test_a_programs_default_is_no_date(text: str) -> None:
    assert read_date(text, chinese=False) is None


def test_a_long_text_costs_nothing() -> None:
    assert read_date("9 " * 100_000, chinese=True) is None
