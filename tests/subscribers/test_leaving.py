"""Leaving, by the page: at once, with a reason for whoever cares to give one, and back again."""

import pytest
from django.test import Client

from subscribers import links
from subscribers.models import State
from tests import factories
from tests.subscribers.pages import local

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("hand")]


def test_leave_say_why_and_undo(client: Client) -> None:
    reader = factories.reader("a@mail.example")
    path = local(links.leave_url(reader))
    client.post(path)
    client.post(path, {"act": "reason", "reason": "too_many"})
    client.post(path, {"act": "reason", "reason": "<script>"})
    client.post(path, {"act": "undo"})
    reader.refresh_from_db()
    assert reader.state == State.ACTIVE
    notes = reader.consents.values_list("kind", "note")
    assert list(notes) == [("left", ""), ("gave_reason", "too_many"), ("came_back", "")]
