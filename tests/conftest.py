"""For every test: what one request chose, language and time zone, is not what the next test begins with."""

from collections.abc import Iterator

import pytest
from django.utils import timezone, translation


@pytest.fixture(autouse=True)
def nothing_active() -> Iterator[None]:
    """A page in Chinese leaves Chinese active in its thread: a test's words would hang on which test ran before it."""
    yield
    translation.deactivate()
    timezone.deactivate()
