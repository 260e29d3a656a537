"""What only the mailbox's owner may do: a copy of the data, erasing it, another address."""

import json
import re
from typing import Any

import pytest
from django.core import mail
from django.test import Client
from django.utils import timezone

from subscribers import addresses, admitting, joining, limits, links, mails, moving, suppressing, tickets
from subscribers.joining import Proof
from subscribers.models import Notice, State, Subscriber, Suppression, Ticket
from tests import factories
from tests.subscribers.pages import link_in, local, snapshot

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


def test_once_the_address_has_changed_no_single_use_link_of_before_opens(client: Client) -> None:
    """Neither those in the old mailbox, nor one that went to a mistyped third address."""
    reader, now = factories.reader("old@mail.example"), timezone.now()
    sent = [
        tickets.send(reader, purpose, now, new_email="third@mail.example" if purpose == "new_address" else "")
        for purpose in Ticket.Purpose
    ]
    moving.move_address(reader, "new@mail.example", Proof("page"))
    assert {client.post(local(links.ticket_url(each))).status_code for each in sent if each} == {404}
    assert mails.send_due() == 1
    assert [each.to for each in mail.outbox] == [["old@mail.example"]], "what was still to be sent is not"


def test_erasing_takes_along_what_was_to_be_told_at_that_address_of_another_reader() -> None:
    moved = factories.reader("old@mail.example")
    moving.move_address(moved, "new@mail.example", Proof("page"))
    joining.erase(factories.reader("old@mail.example"), Proof("page"))
    assert "old@mail.example" not in str(snapshot())


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


def new_address(client: Client, reader: Subscriber, email: str, **fields: str) -> Any:
    """Ask for another address, and type `email` on the page that opens."""
    return client.post(ask(client, reader, "change"), {"email": email, **fields})


def test_a_new_address_is_judged_as_in_the_sign_up(client: Client, settings: Any) -> None:
    settings.REFUSE_DISPOSABLE = True
    reader = factories.reader("a@mail.example", language="en")
    path = ask(client, reader, "change")
    refused = client.post(path, {"email": "b@mailinator.com"})
    assert refused.status_code == 422
    assert "made to be thrown away" in refused.content.decode()
    assert "reader@gmail.com" in client.post(path, {"email": "reader@gmial.com"}).content.decode()
    assert "several people read" in client.post(path, {"email": "info@mail.example"}).content.decode()
    assert not Ticket.objects.filter(purpose=Ticket.Purpose.NEW_ADDRESS).exists()
    page = client.post(path, {"email": "reader@gmial.com"}).content.decode()
    (kept,) = re.findall(r'name="keep" value="([^"]+)"', page)
    assert client.post(path, {"email": "reader@gmial.com", "keep": kept}).status_code == 200
    assert Ticket.objects.get(purpose=Ticket.Purpose.NEW_ADDRESS).new_email == "reader@gmial.com"


@pytest.mark.parametrize("email", ["李雷@例子.example", "straße@mail.example", "lilei＠mail.example"])
def test_a_new_address_may_be_written_in_any_script(client: Client, email: str) -> None:
    assert new_address(client, factories.reader("a@mail.example"), email).status_code == 200
    assert Ticket.objects.filter(purpose=Ticket.Purpose.NEW_ADDRESS).count() == 1


@pytest.mark.parametrize("known", [True, False])
def test_where_no_mail_goes_out_the_page_says_so_whoever_is_there(client: Client, known: bool) -> None:
    reader = factories.reader("a@mail.example", language="en")
    if known:
        factories.reader("b@mail.example")
    now = timezone.now()
    while limits.allow([(limits.PER_ADDRESS, "b@mail.example")], now):
        continue
    path = ask(client, reader, "change")
    answer = client.post(path, {"email": "b@mail.example"})
    page = answer.content.decode()
    assert answer.status_code == 429
    assert "No mail goes out now, and nothing is changed" in page
    assert re.search(r"ask again after \w+day \d+ \w+ \d{4}, \d\d:00 in Shanghai", page)
    assert "We have written" not in page
    assert client.post(path, {"email": "c@mail.example"}).status_code == 200, "the link is not used up by it"


def test_who_answers_for_both_addresses_is_told_what_is_replaced(client: Client) -> None:
    standing = factories.reader("new@mail.example", language="zh")
    reader = factories.reader("old@mail.example", language="en", frequency="weekdays")
    asked = new_address(client, reader, "new@mail.example").content.decode()
    stranger = new_address(
        client, factories.reader("o@mail.example", language="en"), "no@mail.example"
    ).content.decode()
    assert asked == stranger, "whoever asks from the old mailbox learns nothing"
    mails.send_due()
    sent = next(each for each in mail.outbox if each.to == ["new@mail.example"])
    assert "nothing is sent here" not in str(sent.body)
    path = link_in(str(sent.body), "n")
    page = client.get(path).content.decode()
    assert "What stands there now is replaced" in page
    assert "English · Monday to Friday" in page
    before = snapshot()
    assert client.post(path).status_code == 200
    assert snapshot() == before, "a POST of a page that didn't say so replaces nothing"
    client.post(path, {"replace": "1"})
    standing.refresh_from_db()
    reader.refresh_from_db()
    assert (standing.state, reader.email, reader.language) == (State.ERASED, "new@mail.example", "en")


def test_where_nobody_is_nothing_is_said_of_replacing(client: Client) -> None:
    new_address(client, factories.reader("old@mail.example", language="en"), "new@mail.example")
    mails.send_due()
    assert "is replaced" not in client.get(link_in(str(mail.outbox[-1].body), "n")).content.decode()


def test_an_old_list_does_not_bring_the_old_address_back_and_its_owner_does() -> None:
    reader = factories.reader("old@mail.example")
    moving.move_address(reader, "new@mail.example", Proof("page"))
    assert Suppression.objects.get().reason == "moved"
    back = admitting.Newcomer(addresses.normalise("old@mail.example"), "en")
    assert admitting.admit([back], Proof("import", wording="they asked")) == {"old@mail.example": "suppressed"}
    again = joining.join("old@mail.example", "en", Proof("form"))
    assert joining.confirm(again, Proof("page"))
    assert not suppressing.is_suppressed("old@mail.example")


def test_moving_back_takes_the_address_off_the_list_again() -> None:
    reader = factories.reader("old@mail.example")
    moving.move_address(reader, "new@mail.example", Proof("page"))
    moving.move_address(reader, "old@mail.example", Proof("page"))
    assert not suppressing.is_suppressed("old@mail.example")
    assert suppressing.is_suppressed("new@mail.example")


def test_the_copy_names_what_each_mailed_link_was_for(client: Client) -> None:
    reader = factories.reader("a@mail.example")
    ask(client, reader, "erase")
    copy = json.loads(client.post(ask(client, reader, "copy")).content)
    assert [each.get("purpose") for each in copy["single_mails"]] == ["erase", "copy"]
