"""Reports that nobody could believe: a person looks, applies one in their own name, or discards many at once."""

import pytest
from django.contrib.admin.models import LogEntry
from django.test import Client
from django.utils import timezone

from newsletter.models import DeliveryEvent
from subscribers.models import State, Subscriber
from tests import factories as make
from tests.newsletter.desk.helpers import text_of

pytestmark = pytest.mark.django_db
URL = "/desk/reports/"


@pytest.fixture
def chief(client: Client) -> Client:
    client.force_login(make.editor("chief", role="administrator"))
    return client


def kept(kind: str = "bounce", **detail: str) -> DeliveryEvent:
    told = {"status": "5.1.1", "diagnostic": "550 <…@a.example>: User unknown", "why": "it names no mail of ours"}
    name = f"in:{DeliveryEvent.objects.count()}"
    return DeliveryEvent.objects.create(
        kind=kind, external_id=name, occurred_at=timezone.now(), detail={**told, **detail}
    )


def page(client: Client, path: str = URL, language: str = "en") -> str:
    answer = client.get(path, headers={"Accept-Language": language})
    assert answer.status_code == 200
    return answer.content.decode()


def state_of(reader: Subscriber) -> str:
    reader.refresh_from_db()
    return reader.state


def test_each_says_what_it_is_and_why_nothing_was_done(chief: Client) -> None:
    event = kept()
    kept("complaint", diagnostic="")
    shown = text_of(page(chief))
    assert "Came back 5.1.1 · 550 <…@a.example>: User unknown" in shown
    assert "it names no mail of ours" in shown
    assert page(chief).count('type="checkbox"') == 2
    assert page(chief, f"{URL}?kind=bounce").count('type="checkbox"') == 1
    assert "User unknown" in page(chief, f"{URL}{event.pk}/")


def test_what_it_says_is_done_to_the_reader_whom_a_person_names_and_stands_in_their_history(chief: Client) -> None:
    ana, event = make.reader("ana@a.example"), kept()
    answer = chief.post(f"{URL}{event.pk}/apply/", {"address": "Ana@A.example"}, follow=True)
    assert "Applied" in answer.content.decode()
    assert state_of(ana) == State.BOUNCED
    consent = ana.consents.get(kind="bounced")
    assert (consent.how, "chief" in consent.note) == ("admin", True)
    event.refresh_from_db()
    assert event.reader == ana
    assert event.applied_at is not None
    assert chief.post(f"{URL}{event.pk}/apply/", {"address": "ana@a.example"}).status_code == 404


@pytest.mark.parametrize(("kind", "state"), [("complaint", State.COMPLAINED), ("opt_out", State.LEFT)])
def test_a_complaint_and_a_leave_too(chief: Client, kind: str, state: str) -> None:
    ana = make.reader("ana@a.example")
    chief.post(f"{URL}{kept(kind).pk}/apply/", {"address": "ana@a.example"})
    assert state_of(ana) == state


@pytest.mark.parametrize("address", ["", "nobody@a.example", "no address", "x" * 900])
def test_an_address_that_is_no_readers_changes_nothing_and_is_said(chief: Client, address: str) -> None:
    event = kept()
    answer = chief.post(f"{URL}{event.pk}/apply/", {"address": address})
    assert answer.status_code == 422
    assert "No reader has this address" in answer.content.decode()
    assert DeliveryEvent.objects.filter(applied_at=None).count() == 1


def test_what_says_nothing_about_a_reader_can_only_be_discarded(chief: Client) -> None:
    event = kept("other")
    assert "Apply to this reader" not in page(chief, f"{URL}{event.pk}/")
    assert chief.post(f"{URL}{event.pk}/apply/", {"address": "ana@a.example"}).status_code == 404


def test_those_that_are_ticked_go_and_the_log_says_who_did_it(chief: Client) -> None:
    rows = [kept() for _ in range(3)]
    chief.post(f"{URL}discard/", {"report": [str(rows[0].pk), str(rows[1].pk), "nonsense"]})
    assert list(DeliveryEvent.objects.all()) == [rows[2]]
    assert LogEntry.objects.filter(change_message="discarded", user__username="chief").count() == 2


def test_all_of_one_kind_go_at_once_and_nothing_that_was_applied(chief: Client) -> None:
    for _ in range(60):
        kept()
    other = kept("complaint")
    applied = kept()
    DeliveryEvent.objects.filter(pk=applied.pk).update(applied_at=timezone.now())
    assert "Page 1 of 2" in page(chief)
    chief.post(f"{URL}discard/", {"all": "1", "kind": "bounce"})
    assert set(DeliveryEvent.objects.all()) == {other, applied}
    chief.post(f"{URL}discard/", {"report": [str(applied.pk)]})
    assert DeliveryEvent.objects.filter(pk=applied.pk).exists()


def test_only_who_keeps_the_readers_may(client: Client) -> None:
    event = kept()
    assert client.get(URL).status_code == 302
    client.force_login(make.editor("mei"))
    for path in (URL, f"{URL}{event.pk}/"):
        assert client.get(path).status_code == 403
    for path in (f"{URL}discard/", f"{URL}{event.pk}/apply/"):
        assert client.post(path, {"all": "1", "address": "ana@a.example"}).status_code == 403
    assert DeliveryEvent.objects.exists()


def test_what_a_stranger_wrote_is_text(chief: Client) -> None:
    event = kept(diagnostic="<script>alert(1)</script>")
    for path in (URL, f"{URL}{event.pk}/"):
        assert "<script>alert" not in page(chief, path)
