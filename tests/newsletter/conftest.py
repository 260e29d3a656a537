"""Fixtures of several files: a composed day, somebody at the desk, a server that speaks the Messages API."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.contrib.auth.models import User

from newsletter.compose import asking
from newsletter.models import Issue, Story
from tests import factories as make
from tests.newsletter.messages_api import Api, good, messages_api
from tests.newsletter.shaped import composed


@pytest.fixture
def day() -> tuple[Issue, list[Story]]:
    """An issue in review, and the day's stories in ranked order."""
    return composed()


@pytest.fixture
def editor() -> User:
    return make.editor()


@pytest.fixture
def api(settings: Any, monkeypatch: pytest.MonkeyPatch) -> Iterator[Api]:
    """The server, answering well; nobody waits between two tries, and how long they would have is in `api.waits`."""
    monkeypatch.setenv("ANTHROPIC_API_KEY", "a key for the loopback server")
    with messages_api(good) as running:
        settings.ANTHROPIC_BASE_URL = running.url
        monkeypatch.setattr(asking, "sleep", running.waits.append)
        yield running
