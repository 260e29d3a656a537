"""Fixtures of several files: a server that speaks the Messages API."""

from collections.abc import Iterator
from typing import Any

import pytest

from newsletter.compose import asking
from tests.newsletter.messages_api import Api, good, messages_api


@pytest.fixture
def api(settings: Any, monkeypatch: pytest.MonkeyPatch) -> Iterator[Api]:
    """The server, answering well; nobody waits between two tries, and how long they would have is in `api.waits`."""
    monkeypatch.setenv("ANTHROPIC_API_KEY", "a key for the loopback server")
    with messages_api(good) as running:
        settings.ANTHROPIC_BASE_URL = running.url
        monkeypatch.setattr(asking, "sleep", running.waits.append)
        yield running
