"""What the tests of the reader's side share."""

import datetime as dt
from pathlib import Path
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.test import Client

from subscribers import forms


@pytest.fixture
def hand(monkeypatch: pytest.MonkeyPatch) -> None:
    """A form is filled in at a human pace, without the test waiting for it."""
    monkeypatch.setattr(forms, "FASTEST", dt.timedelta(seconds=-1))
    monkeypatch.setattr(forms, "FASTEST_AGAIN", dt.timedelta(seconds=-1))


@pytest.fixture
def operator(client: Client) -> Client:
    """A browser in which somebody is logged in who may do all."""
    client.force_login(User.objects.create_superuser("operator"))
    return client


@pytest.fixture
def import_folder(settings: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder of its own for the files, and a queue that nobody reads: the tests are the worker."""
    settings.VAR_DIR = tmp_path
    monkeypatch.setattr("newsletter.schedules.wake_imports", lambda: None)
    return tmp_path / "imports"
