"""What an operator does to readers in the admin: asked first, audited, by the state machine; never as the reader."""

import datetime as dt
import html

import pytest
from django.contrib.admin.models import LogEntry
from django.contrib.auth.models import Permission, User
from django.core import mail
from django.test import Client
from django.utils import timezone

from subscribers import joining, limits, links, mails, suppressing
from subscribers.admin import acts
from subscribers.admin import readers as readers_admin
from subscribers.joining import Proof
from subscribers.models import Notice, State, Subscriber, Ticket
from tests import factories
from tests.subscribers.operating import LIST, act, do, page_of

pytestmark = pytest.mark.django_db

NOW = dt.datetime(2026, 5, 7, 1, 0, tzinfo=dt.UTC)


@pytest.mark.parametrize("name", [act.name for act in acts.ACTS if act.sure])
def test_what_cannot_be_undone_is_asked_about_first(operator: Client, name: str) -> None:
    reader = factories.reader("a@mail.example")
    for page in (do(operator, name, reader), html.unescape(act(operator, name, reader).content.decode())):
        assert str(acts.BY_NAME[name].sure) in page
        assert "a@mail.example" in page
    reader.refresh_from_db()
    assert reader.state == State.ACTIVE
    assert not LogEntry.objects.exists()
    do(operator, name, reader, sure="1")
    reader.refresh_from_db()
    assert reader.state != State.ACTIVE
    assert LogEntry.objects.get().user.username == "operator"


@pytest.mark.parametrize("each", acts.ACTS, ids=lambda each: each.name)
def test_an_act_is_refused_with_its_reason_where_the_state_does_not_allow_it(operator: Client, each: acts.Act) -> None:
    reader = factories.reader("a@mail.example")
    joining.erase(reader, Proof("page"))
    events = reader.consents.count()
    assert "refused for 1" in do(operator, each.name, reader, sure="1")
    assert reader.consents.count() == events
    assert not Notice.objects.exists()
    assert not LogEntry.objects.exists()


def test_no_act_is_done_by_opening_an_address(operator: Client) -> None:
    reader = factories.reader("a@mail.example")
    for each in acts.ACTS:
        assert operator.get(f"{LIST}{reader.pk}/do/{each.name}/?sure=1").status_code == 405


def test_an_operators_slip_is_taken_back_but_nobody_who_left_is_brought_back(operator: Client) -> None:
    slip, gone = factories.reader("a@mail.example"), factories.reader("b@mail.example")
    do(operator, "end_subscriptions", slip, sure="1")
    joining.leave(gone, Proof("one_click"))
    assert "done for 1 reader" in do(operator, "take_back", slip)
    assert "left by themselves" in do(operator, "take_back", gone)
    slip.refresh_from_db()
    gone.refresh_from_db()
    assert (slip.state, gone.state) == (State.ACTIVE, State.LEFT)
    assert not suppressing.is_suppressed("a@mail.example")


@pytest.mark.parametrize(("name", "purpose"), [("mail_copy", "copy"), ("mail_erase", "erase")])
def test_what_only_the_mailbox_may_do_is_mailed_there(operator: Client, name: str, purpose: str) -> None:
    reader = factories.reader("a@mail.example")
    page = do(operator, name, reader)
    ticket = Ticket.objects.get()
    assert (ticket.reader, ticket.purpose) == (reader, purpose)
    assert ticket.token not in page
    assert Notice.objects.get().ticket == ticket
    for _again in range(3):
        page = do(operator, name, reader)
    assert "too often" in page
    assert LogEntry.objects.count() == Ticket.objects.count() == 3
    assert name not in [found.name for found in acts.possible(factories.reader("x@x.example", state="bounced"), NOW)]


def test_a_confirmation_on_its_way_is_not_sent_twice(operator: Client) -> None:
    reader = joining.join("a@mail.example", "en", Proof("form"))
    assert "such a mail is on its way" in do(operator, "ask_again", reader)
    Notice.objects.update(due_at=None, sent_at=NOW)
    assert "done for 1 reader" in do(operator, "ask_again", reader)
    assert Notice.objects.filter(kind="confirm").count() == 2


def test_many_at_once_are_asked_about_and_those_who_stay_are_named(operator: Client) -> None:
    readers = [factories.reader(f"r{n}@mail.example") for n in range(12)] + [
        factories.reader("z@x.example", state="left")
    ]
    page = html.unescape(act(operator, "end_subscriptions", *readers).content.decode())
    assert "and 3 more" in page
    assert "(stays as it is: left)" in page
    page = html.unescape(act(operator, "end_subscriptions", *readers, sure="1").content.decode())
    assert "done for 12 readers" in page
    assert "z@x.example (left)" in page


def test_more_than_somebody_can_wait_for_are_refused(operator: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(readers_admin, "AT_ONCE", 2)
    three = [factories.reader(f"r{n}@mail.example") for n in range(3)]
    assert "too many at once" in act(operator, "erase_readers", *three, sure="1").content.decode()
    assert not Subscriber.objects.filter(state=State.ERASED).exists()


def test_who_may_only_look_is_offered_nothing_to_do(client: Client) -> None:
    user = User.objects.create_user("looker", is_staff=True)
    user.user_permissions.add(Permission.objects.get(codename="view_subscriber"))
    client.force_login(user)
    reader = factories.reader("a@mail.example")
    assert "/do/" not in page_of(client, reader)
    assert client.post(f"{LIST}{reader.pk}/do/end_subscriptions/", {"sure": "1"}).status_code == 403
    act(client, "end_subscriptions", reader, sure="1")
    reader.refresh_from_db()
    assert reader.state == State.ACTIVE


def test_no_operator_can_change_an_address_or_pause_for_a_reader() -> None:
    names = {each.name for each in acts.ACTS}
    assert not {name for name in names if "address" in name or "pause" in name or "resume" in name}


def test_counts_of_each_filter_are_right(operator: Client) -> None:
    factories.reader("a@mail.example", language="zh")
    factories.reader("b@mail.example", language="zh", state="left")
    page = operator.get(LIST, {"_facets": "True"}).content.decode()
    assert "中文 (2)" in page
    assert "left (1)" in page


# ---- what nobody but the reader gets ---------------------------------------------------------------------------


@pytest.mark.parametrize("codenames", [("view_subscriber",), ("view_subscriber", "change_subscriber")])
def test_no_operator_is_handed_a_link_that_acts_as_the_reader(client: Client, codenames: tuple[str, ...]) -> None:
    user = User.objects.create_user("staff", is_staff=True)
    user.user_permissions.set(Permission.objects.filter(codename__in=codenames))
    client.force_login(user)
    reader = factories.reader("a@mail.example")
    page = page_of(client, reader)
    assert "/r/" not in page
    assert reader.token not in page
    assert ("mail_preferences" in page) == ("change_subscriber" in codenames)


def test_the_link_to_the_preferences_is_mailed_to_the_reader_and_the_act_is_audited(operator: Client) -> None:
    reader = factories.reader("a@mail.example", language="en")
    mails.send_due()
    assert "done for 1 reader" in do(operator, "mail_preferences", reader)
    mails.send_due()
    assert mail.outbox[-1].to == ["a@mail.example"]
    assert links.preferences_url(reader) in str(mail.outbox[-1].body)
    log = LogEntry.objects.get()
    assert (log.user.username, log.object_id) == ("operator", str(reader.pk))
    assert log.change_message == ("Mail the reader the link to their preferences. The reader’s state is now “active”.")
    gone = factories.reader("b@mail.example", state="left")
    assert "refused for 1" in do(operator, "mail_preferences", gone)


@pytest.mark.parametrize("name", ["ask_again", "mail_preferences"])
def test_no_more_mails_a_day_go_to_one_address_than_the_form_may_send(operator: Client, name: str) -> None:
    reader = factories.reader("a@mail.example", state="pending" if name == "ask_again" else "active")
    Subscriber.objects.filter(pk=reader.pk).update(asked_at=timezone.now())
    for _again in range(limits.PER_ADDRESS.count):
        assert "done for 1 reader" in do(operator, name, reader)
        Notice.objects.update(due_at=None, sent_at=NOW)
    assert "again tomorrow" in do(operator, name, reader)
    assert Notice.objects.count() == LogEntry.objects.count() == limits.PER_ADDRESS.count
