"""The operator's view of readers: everything to be seen, nothing to be done behind the state machine's back."""

from typing import Any

import pytest
from django.contrib.admin.models import LogEntry
from django.contrib.auth.models import User
from django.test import Client

from subscribers import joining, suppressing
from subscribers.joining import Proof
from subscribers.models import Notice, State, Subscriber
from tests import factories

pytestmark = pytest.mark.django_db

LIST = "/admin/subscribers/subscriber/"


@pytest.fixture
def operator(client: Client) -> Client:
    client.force_login(User.objects.create_superuser("operator"))
    return client


def act(client: Client, action: str, *readers: Subscriber, **more: str) -> Any:
    return client.post(LIST, {"action": action, "_selected_action": [r.pk for r in readers], **more}, follow=True)


def test_readers_are_found_by_address_and_filtered(operator: Client) -> None:
    factories.reader("one@mail.example", language="zh", source="form")
    factories.reader("two@mail.example", language="en", state=State.LEFT)
    page = operator.get(LIST, {"q": "one@"}).content.decode()
    assert "one@mail.example" in page
    assert "two@mail.example" not in page
    page = operator.get(LIST, {"state__exact": "left", "age": "never"}).content.decode()
    assert "two@mail.example" in page
    assert "one@mail.example" not in page


def test_one_readers_page_has_the_whole_history_and_changes_nothing(operator: Client) -> None:
    reader = joining.join("a@mail.example", "en", Proof("form", ip="192.0.2.1", wording="These very words"))
    joining.confirm(reader, Proof("page"))
    path = f"{LIST}{reader.pk}/change/"
    page = operator.get(path).content.decode()
    for told in ("These very words", "192.0.2.1", "confirmed", "welcome"):
        assert told in page
    operator.post(path, {"state": "left", "email": "b@mail.example"})
    reader.refresh_from_db()
    assert (reader.state, reader.email) == (State.ACTIVE, "a@mail.example")


def test_there_is_no_way_to_add_or_delete(operator: Client) -> None:
    reader = factories.reader("a@mail.example")
    assert operator.get(f"{LIST}add/").status_code == 403
    assert operator.post(f"{LIST}{reader.pk}/delete/", {"post": "yes"}).status_code == 403


def test_moves_keep_to_the_state_machine_and_are_audited(operator: Client) -> None:
    active, complained = factories.reader("a@mail.example"), factories.reader("b@mail.example", state="complained")
    act(operator, "end_subscriptions", active, complained, sure="1")
    active.refresh_from_db()
    complained.refresh_from_db()
    assert (active.state, complained.state) == (State.LEFT, State.COMPLAINED)
    event = active.consents.get()
    assert (event.how, event.note) == ("admin", "operator")
    assert LogEntry.objects.filter(object_id=str(active.pk)).count() == 1
    assert not LogEntry.objects.filter(object_id=str(complained.pk)).exists()


def test_a_confirmation_is_sent_again_only_to_who_asked(operator: Client) -> None:
    pending = joining.join("a@mail.example", "en", Proof("form"))
    left = factories.reader("b@mail.example", state="left")
    Notice.objects.all().delete()
    act(operator, "ask_again", pending, left)
    assert [notice.reader for notice in Notice.objects.all()] == [pending]


def test_erasing_asks_first_and_leaves_no_address_even_in_the_admins_log(operator: Client) -> None:
    reader = factories.reader("a@mail.example")
    assert "a@mail.example" in act(operator, "erase_readers", reader).content.decode()
    reader.refresh_from_db()
    assert reader.state == State.ACTIVE
    act(operator, "erase_readers", reader, sure="1")
    reader.refresh_from_db()
    assert (reader.state, reader.email) == (State.ERASED, None)
    assert suppressing.is_suppressed("a@mail.example")
    assert "a@mail.example" not in str(list(LogEntry.objects.values()))
