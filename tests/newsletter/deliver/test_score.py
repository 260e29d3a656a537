"""The score of failures that may pass: what each adds, how it fades, and after how many mails a reader is given up."""

import datetime as dt

import pytest

from newsletter.deliver import score
from newsletter.deliver.score import Mail, Outcome, Score

BEGAN = dt.datetime(2026, 1, 1, 8, tzinfo=dt.UTC)


def after(pattern: str, *, gap: int = 1, weight: float = 1.0) -> Score:
    """The score after one mail every `gap` days: x came back, . was taken."""
    outcomes = {"x": Outcome.FAILED, ".": Outcome.THROUGH}
    return score.of_mails(
        Mail(BEGAN + dt.timedelta(days=gap * day), outcomes[each], weight) for day, each in enumerate(pattern)
    )


def given_up_after(pattern: str, *, gap: int = 1, weight: float = 1.0) -> int | None:
    """How many mails of a pattern that goes on and on are sent before the address is given up; None: never."""
    row = (pattern * 400)[:400]
    return next((n for n in range(1, 401) if after(row[:n], gap=gap, weight=weight).is_over), None)


@pytest.mark.parametrize(
    ("pattern", "gap", "weight", "mails"),
    [
        ("x", 1, 1.0, 6),  # full every morning
        ("x", 7, 1.0, 7),  # and every week: fading doesn't keep a dead mailbox for ever
        ("x", 1, 0.5, 11),
        ("x", 7, 0.5, 19),
        ("x.", 1, 1.0, None),  # every other mail is read
        ("xx.", 1, 1.0, None),
        ("xxx.", 1, 1.0, 11),
    ],
)
def test_how_many_mails_it_takes(pattern: str, gap: int, weight: float, mails: int | None) -> None:
    assert given_up_after(pattern, gap=gap, weight=weight) == mails


def test_it_halves_in_sixty_days() -> None:
    assert after("xx", gap=60).points == pytest.approx(1.5)


def test_a_mail_that_got_through_halves_it_and_what_is_left_of_little_is_nothing() -> None:
    four = after("xxxx").points
    assert after("xxxx.").points == pytest.approx(four * 0.5 ** (1 / 60) / 2)
    assert after("x..") == Score()


def test_the_count_begins_anew_once_nothing_is_left() -> None:
    found = after("xxx.....xx")
    assert (found.failures, found.since) == (2, BEGAN + dt.timedelta(days=8))


@pytest.mark.parametrize(
    ("status", "reason", "weight"),
    [
        ("5.2.2", "full", 1),
        ("4.2.2", None, 1),  # full, and that class 4 stands before it changes nothing
        ("5.1.1", "no_user", 1),
        ("5.2.1", "disabled", 1),
        (None, None, 1),
        ("4.4.1", "unreachable", 0.5),
        ("4.4.7", "expired", 0.5),
        ("4.3.0", None, 0.5),
        ("5.3.4", "too_big", 0.25),
        ("5.1.1", "slow_down", 0),
        ("5.1.1", "policy", 0),
        ("5.0.0", "a word of an older release", 1),
    ],
)
def test_what_each_failure_weighs(status: str | None, reason: str | None, weight: float) -> None:
    assert score.weight(status, reason) == weight
