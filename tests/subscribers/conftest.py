"""What the tests of the reader's side share."""

import datetime as dt

import pytest

from subscribers import forms


@pytest.fixture
def hand(monkeypatch: pytest.MonkeyPatch) -> None:
    """A form is filled in at a human pace, without the test waiting for it."""
    monkeypatch.setattr(forms, "FASTEST", dt.timedelta(seconds=-1))
    monkeypatch.setattr(forms, "FASTEST_AGAIN", dt.timedelta(seconds=-1))
