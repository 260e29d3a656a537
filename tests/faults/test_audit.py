"""What an experiment is judged by: each way in which a reader can be wronged has its own figure."""

import pytest

from tests.faults.audit import audit

STATES = {"a@x": "accepted", "b@x": "refused", "c@x": "uncertain", "d@x": "uncertain", "e@x": "withdrawn"}
TAKEN = ["a@x <1>", "c@x <3>"]


def test_a_sound_round_has_each_reader_as_the_ledger_says() -> None:
    found = audit(STATES, TAKEN)
    assert found.is_sound
    assert (found.sent, found.refused, found.withdrawn) == (1, 1, 1)
    assert (found.uncertain, found.uncertain_arrived) == (2, 1)


@pytest.mark.parametrize(
    ("states", "taken", "wrong"),
    [
        ({}, ["a@x <1>"], "doubled"),
        ({}, ["c@x <3>"], "doubled"),
        ({"f@x": "accepted"}, [], "lost"),
        ({}, ["b@x <2>"], "denied"),
        ({}, ["e@x <5>"], "denied"),
        ({"f@x": "claimed"}, [], "open"),
        ({"f@x": "deferred"}, [], "open"),
        ({}, ["nobody@x <9>"], "strange"),
        ({"f@x": "accepted"}, ["f@x <1>"], "strange"),
    ],
)
def test_every_wrong_is_counted(states: dict[str, str], taken: list[str], wrong: str) -> None:
    found = audit({**STATES, **states}, [*TAKEN, *taken])
    assert not found.is_sound
    others = {"doubled", "lost", "denied", "open", "strange"} - {wrong}
    assert getattr(found, wrong) == 1
    assert all(getattr(found, other) == 0 for other in others)
