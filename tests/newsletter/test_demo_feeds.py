"""The sample day's server: dates that move, and outlets that misbehave."""

import datetime as dt
import urllib.error
import urllib.request

import pytest

from newsletter.demo import feeds

DAY = dt.date(2026, 11, 22)


def test_the_three_days_move_in_every_form_and_nothing_else_does() -> None:
    body = (
        "Wed, 06 May 2026 18:30:00 +0800 2026-05-07T01:00:00Z /2026/05/05/x 2026年5月6日 18:30 "
        "Thu, 27 Nov 2025 08:00:00 GMT 2025-11-27"
    )
    moved = feeds.move_dates(body.encode(), DAY).decode()
    assert moved == (
        "Sat, 21 Nov 2026 18:30:00 +0800 2026-11-22T01:00:00Z /2026/11/20/x 2026年11月21日 18:30 "
        "Thu, 27 Nov 2025 08:00:00 GMT 2025-11-27"
    )


def test_a_day_that_overlaps_the_written_ones_moves_once() -> None:
    assert feeds.move_dates(b"2026-05-06 2026-05-07", dt.date(2026, 5, 8)) == b"2026-05-07 2026-05-08"


def test_chinese_dates_move_in_gb18030_too() -> None:
    assert feeds.move_dates("2026年5月7日".encode("gb18030"), DAY).decode("gb18030") == "2026年11月22日"


def test_outlets_answer_as_their_row_says(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(feeds, "SLOW_SECONDS", 0.0)
    behaviours = {feed.behaviour: feed for feed in feeds.sample_feeds()}
    assert set(behaviours) == {"ok", "etag", "slow", "truncated", "error500"}
    with feeds.serving(DAY) as base:
        with urllib.request.urlopen(f"{base}/{behaviours['ok'].file}") as answer:
            assert b"2026" in answer.read()
        first = urllib.request.urlopen(f"{base}/{behaviours['etag'].file}")
        again = urllib.request.Request(
            f"{base}/{behaviours['etag'].file}", headers={"If-None-Match": first.headers["ETag"]}
        )
        with first, pytest.raises(urllib.error.HTTPError, match="304") as same:
            urllib.request.urlopen(again)
        same.value.close()
        with pytest.raises(urllib.error.HTTPError, match="500") as down:
            urllib.request.urlopen(f"{base}/{behaviours['error500'].file}")
        down.value.close()
