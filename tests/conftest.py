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


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """A test whose transactions are real puts back what the migrations wrote: the next such test looks for it, and
    PostgreSQL numbers what Django writes anew otherwise than it was."""
    for item in items:
        told = item.get_closest_marker("django_db")
        if told and told.kwargs.get("transaction") and not told.kwargs.get("serialized_rollback"):
            raise pytest.UsageError(f"{item.nodeid}: transaction=True wants serialized_rollback=True beside it")
