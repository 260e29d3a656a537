"""For every test: what another has left, the language of its last page or what it kept, is not what it begins with."""

from collections.abc import Iterator

import pytest
from django.core.cache import cache
from django.utils import timezone, translation


@pytest.fixture(autouse=True)
def nothing_left() -> Iterator[None]:
    """A page in Chinese leaves Chinese active in its thread; what is kept for some minutes is named by rows' numbers,
    which tests use again."""
    cache.clear()
    yield
    translation.deactivate()
    timezone.deactivate()
