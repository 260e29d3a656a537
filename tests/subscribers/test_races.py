"""Two that act at once, on one reader: nothing is done twice, and nothing that one did is lost."""

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.utils import timezone

from subscribers import joining, links, preferences, tickets
from subscribers.joining import Proof
from subscribers.models import Notice, State, Subscriber, Ticket
from subscribers.models.subscriber import hash_choices
from tests import factories
from tests.subscribers.pages import local

pytestmark = pytest.mark.django_db

NOW = dt.datetime(2026, 5, 7, 9, 30, tzinfo=dt.UTC)


def test_of_two_that_press_a_single_use_button_at_once_one_gets_through() -> None:
    ticket = tickets.send(factories.reader("a@mail.example"), Ticket.Purpose.ERASE, NOW)
    assert ticket
    signed = links.sign(ticket.token, links.Purpose.ERASE)
    one, other = (tickets.read(signed, Ticket.Purpose.ERASE, NOW) for _ in range(2))
    assert [tickets.use(one, NOW), tickets.use(other, NOW)] == [True, False]


def test_confirmed_twice_at_once_is_confirmed_once() -> None:
    made = joining.join("a@mail.example", "en", Proof("form"))
    one, other = (Subscriber.objects.get(pk=made.pk) for _ in range(2))
    assert [joining.confirm(one, Proof("page")), joining.confirm(other, Proof("page"))] == [True, False]
    assert Notice.objects.filter(kind=Notice.Kind.WELCOME).count() == 1


def test_who_leaves_before_confirming_is_not_confirmed_by_the_old_link(client: Client) -> None:
    reader = joining.join("a@mail.example", "en", Proof("form"))
    path = local(links.confirm_url(reader, "en"))
    joining.leave(reader, Proof("mail"))
    assert client.post(path).status_code == 303
    reader.refresh_from_db()
    assert reader.state == State.LEFT


def test_two_pages_that_save_at_once_leave_the_hash_of_what_is_stored() -> None:
    made = factories.reader("a@mail.example")
    one, other = (Subscriber.objects.get(pk=made.pk) for _ in range(2))
    preferences.save(one, {"language": "en", "topics": None}, None, Proof("page"))
    preferences.save(other, {"language": "both", "topics": []}, None, Proof("page"))
    made.refresh_from_db()
    assert made.choices_hash == hash_choices(made.choices())


def test_choices_that_are_saved_while_their_reader_is_erased_are_not_kept() -> None:
    reader = factories.reader("a@mail.example")
    opened = Subscriber.objects.get(pk=reader.pk)
    joining.erase(reader, Proof("page"))
    assert preferences.save(opened, {"language": "zh"}, None, Proof("page")) == []
    opened.refresh_from_db()
    assert (opened.language, opened.consents.count()) == ("both", 1)


def test_who_asks_anew_while_strangers_are_forgotten_stays() -> None:
    reader = joining.join("a@mail.example", "en", Proof("form", at=NOW))
    Subscriber.objects.update(created_at=NOW)
    later = NOW + joining.ANSWER_WITHIN
    again = iter([lambda: joining.join("a@mail.example", "en", Proof("form", at=later))])

    def meanwhile(execute: Callable[..., Any], sql: str, params: Any, many: bool, context: Any) -> Any:
        found = execute(sql, params, many, context)
        if sql.startswith("SELECT"):
            next(again, lambda: None)()
        return found

    with connection.execute_wrapper(meanwhile):
        assert joining.purge_pending(later) == 0
    assert joining.confirm(reader, Proof("page", at=later))


def test_a_single_use_link_that_came_to_nothing_works_on(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    reader = factories.reader("a@mail.example")
    ticket = tickets.send(reader, Ticket.Purpose.ERASE, timezone.now())
    assert ticket
    client.raise_request_exception = False
    with monkeypatch.context() as broken:
        broken.setattr(joining, "erase", lambda *_: 1 / 0)
        assert client.post(local(links.ticket_url(ticket))).status_code == 500
    assert client.post(local(links.ticket_url(ticket))).status_code == 200
