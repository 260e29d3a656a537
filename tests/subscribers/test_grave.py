"""What only the mailbox's owner may do: a copy of the data, erasing it, another address."""

import json
import re

import pytest
from django.core import mail
from django.test import Client
from django.utils import timezone

from subscribers import joining, links, mails, tickets
from subscribers.joining import Proof
from subscribers.models import Notice, State, Subscriber, Ticket
from tests import factories
from tests.subscribers.pages import local, snapshot

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("hand")]


def ask(client: Client, reader: Subscriber, wish: str) -> str:
    """Ask on the preferences page; the path of the link that is mailed."""
    answer = client.post(local(links.preferences_url(reader)) + "/ask", {"wish": wish})
    assert answer.status_code == 303
    mails.send_due()
    assert mail.outbox[-1].to == [reader.email]
    found = re.search(r"https?://[^/\s]+(/r/[dea]/\S+)", str(mail.outbox[-1].body))
    assert found
    return found[1]


def test_a_copy_of_all_data_comes_once(client: Client) -> None:
    reader = joining.join("a@mail.example", "en", Proof("form", ip="192.0.2.1", wording="yes"))
    joining.confirm(reader, Proof("page"))
    path = ask(client, reader, "copy")
    copy = json.loads(client.post(path).content)
    assert copy["reader"]["email"] == "a@mail.example"
    assert [event["kind"] for event in copy["history"]] == ["asked", "confirmed"]
    assert client.post(path).status_code == 404


def test_erasing_needs_the_mailbox_and_leaves_no_address_anywhere(client: Client) -> None:
    reader = factories.reader("a@mail.example")
    path = ask(client, reader, "erase")
    assert client.post(path).status_code == 200
    reader.refresh_from_db()
    assert (reader.state, reader.email) == (State.ERASED, None)
    assert "a@mail.example" not in str(snapshot())
    assert client.post(path).status_code == 404


def test_the_address_changes_only_after_both_mailboxes_agreed(client: Client) -> None:
    reader = factories.reader("old@mail.example")
    old_preferences = local(links.preferences_url(reader))
    path = ask(client, reader, "change")
    assert client.post(path, {"email": "nonsense"}).status_code == 422
    assert client.post(path, {"email": "old@mail.example"}).status_code == 422
    assert client.post(path, {"email": "new@mail.example"}).status_code == 200
    reader.refresh_from_db()
    assert reader.email == "old@mail.example"
    mails.send_due()
    assert mail.outbox[-1].to == ["new@mail.example"]
    found = re.search(r"https?://[^/\s]+(/r/n/\S+)", str(mail.outbox[-1].body))
    assert found
    assert client.post(found[1]).status_code == 200
    reader.refresh_from_db()
    assert reader.email == "new@mail.example"
    assert client.get(old_preferences).status_code == 404
    mails.send_due()
    assert mail.outbox[-1].to == ["old@mail.example"]


def test_a_link_dies_after_half_an_hour(client: Client) -> None:
    reader = factories.reader("a@mail.example")
    path = ask(client, reader, "erase")
    Ticket.objects.update(made_at=timezone.now() - tickets.VALID_FOR)
    assert client.post(path).status_code == 404


def test_a_forwarded_link_cannot_fill_the_mailbox(client: Client) -> None:
    reader = factories.reader("a@mail.example")
    for _ in range(10):
        client.post(local(links.preferences_url(reader)) + "/ask", {"wish": "erase"})
    assert Notice.objects.count() == tickets.PER_PURPOSE.count
