"""The templates of the deliver tests, and a free port."""

import socket

import pytest

from tests.newsletter.deliver.conftest import small_templates

__all__ = ["small_templates"]


@pytest.fixture
def unused_port() -> int:
    """A port of loopback that nobody listened on a moment ago."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
