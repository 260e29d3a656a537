"""What a provider posts: believed where it is signed and names a mail of ours, and applied as a bounce by mail is."""

import base64
import hashlib
import hmac
import importlib
import json
from collections.abc import Iterator
from typing import Any

import pytest
from django.core.checks import run_checks
from django.test import Client
from django.urls import clear_url_caches
from pytest_django import Settings

import config.urls
from newsletter.deliver import events, pausing
from newsletter.deliver.envelope import Envelope, message_id
from newsletter.deliver.esp import as_message
from newsletter.models import Delivery, DeliveryEvent
from newsletter.views import hooks
from subscribers import joining, links
from subscribers.joining import Proof
from subscribers.models import State, Subscriber
from tests import factories as make
from tests.newsletter.deliver.arriving import DAY, NOW, delivered, issue_of, state_of

pytestmark = pytest.mark.django_db
KEY = "key-of-mailgun"
SECRET = "s" * 32
HOOK = f"/hooks/{SECRET}/"


@pytest.fixture(autouse=True)
def mailgun(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    settings.MAIL_EVENTS_FROM, settings.MAIL_EVENTS_SECRET = "mailgun", SECRET
    settings.ANYMAIL = {"MAILGUN_WEBHOOK_SIGNING_KEY": KEY}
    monkeypatch.setattr("newsletter.deliver.events.timezone.now", lambda: NOW)
    mount()
    yield
    settings.MAIL_EVENTS_FROM = ""
    mount()


@pytest.fixture
def ana() -> Subscriber:
    return make.reader("ana@a.example")


def mount() -> None:
    """The site's addresses as the settings now want them."""
    importlib.reload(config.urls)
    clear_url_caches()


def seal(delivery: Delivery) -> str:
    return events.seal_of(links.bounce_address(delivery.reader, delivery.issue_id))


def signed(token: str = "t" * 50, key: str = KEY) -> dict[str, str]:
    signature = hmac.new(key.encode(), f"1600000000{token}".encode(), hashlib.sha256).hexdigest()
    return {"token": token, "timestamp": "1600000000", "signature": signature}


def told(of: Delivery | None, event: str = "failed", message: str = "550 5.1.1 no such user", **more: Any) -> Any:
    """As Mailgun writes it."""
    return {
        "event": event,
        "severity": "permanent",
        "timestamp": 1_778_119_200.5,
        "recipient": "ana@a.example",
        "user-variables": {events.SEAL: seal(of)} if of else {},
        "message": {"headers": {"message-id": "made-by@mailgun.example"}},
        "delivery-status": {"code": 550, "message": message, "description": ""},
        **more,
    }


def post(data: Any, signature: Any = None, status: int = 200, path: str = HOOK) -> None:
    body = {"signature": signature or signed(), "event-data": data}
    answer = Client(raise_request_exception=False).post(path, json.dumps(body), content_type="application/json")
    assert answer.status_code == status


# ---- applied ---------------------------------------------------------------------------------------------


def test_a_dead_address_is_moved_to_bounced_at_once(ana: Subscriber) -> None:
    sent = delivered(ana)
    post(told(sent))

    assert state_of(ana) == State.BOUNCED
    event = DeliveryEvent.objects.get()
    assert (event.kind, event.delivery, event.reader, event.detail["status"]) == ("bounce", sent, ana, "5.1.1")
    assert event.applied_at is not None


def test_the_same_event_signed_anew_changes_nothing(ana: Subscriber) -> None:
    sent = delivered(ana)
    for token in ("a" * 50, "b" * 50):
        post(told(sent, message="552 5.2.2 full"), signed(token))
    assert DeliveryEvent.objects.count() == 1


def test_failures_that_may_pass_are_counted_with_those_that_came_by_mail(ana: Subscriber) -> None:
    for day in range(6):
        assert state_of(ana) == State.ACTIVE
        post(told(delivered(ana, NOW - day * DAY), message="552 5.2.2 full"))
    assert state_of(ana) == State.BOUNCED


def test_a_complaint_is_obeyed_at_once_and_counts_for_the_issue(ana: Subscriber) -> None:
    sent = delivered(ana)
    post(told(sent, "complained"))
    assert state_of(ana) == State.COMPLAINED
    assert DeliveryEvent.objects.get().kind == "complaint"


def test_who_asks_the_provider_to_be_left_out_leaves_and_is_no_complaint(ana: Subscriber) -> None:
    sent = delivered(ana)
    post(told(sent, "unsubscribed"))
    assert state_of(ana) == State.LEFT
    assert DeliveryEvent.objects.get().kind == "opt_out"
    assert not pausing.complained_too_much(sent.issue)


def test_a_refusal_of_what_we_are_touches_nobody_and_calls_the_operator(
    ana: Subscriber, caplog: pytest.LogCaptureFixture
) -> None:
    post(told(delivered(ana), message="550 5.7.26 Unauthenticated email"))
    assert state_of(ana) == State.ACTIVE
    assert [each.levelname for each in caplog.records if "refuses our mail" in each.getMessage()] == ["ERROR"]


def test_a_late_mail_is_noted_and_changes_nothing(ana: Subscriber) -> None:
    post(told(delivered(ana), message="451 4.4.1 busy", severity="temporary"))
    assert state_of(ana) == State.ACTIVE
    assert DeliveryEvent.objects.get().kind == "delay"


@pytest.mark.parametrize("event", ["delivered", "opened", "clicked", "accepted"])
def test_who_got_opened_or_clicked_is_not_kept(ana: Subscriber, event: str) -> None:
    post(told(delivered(ana), event, url="https://x.example/"))
    assert not DeliveryEvent.objects.exists()


def test_our_message_id_names_the_mail_as_well(ana: Subscriber) -> None:
    sent = delivered(ana)
    name = message_id(sent.issue_id, ana.pk).strip("<>")
    post(told(None, message="550 5.1.1 no such user") | {"message": {"headers": {"message-id": name}}})
    assert state_of(ana) == State.BOUNCED


# ---- not believed ----------------------------------------------------------------------------------------


def test_without_a_seal_of_ours_it_is_kept_for_a_person_and_never_applied(ana: Subscriber) -> None:
    delivered(ana)
    for made_up in ({}, {events.SEAL: "a" * 32}, {events.SEAL: ["x"]}, "chenbao", None):
        post(told(None) | {"user-variables": made_up, "timestamp": 1_778_119_200 + len(str(made_up))})
    post(told(None, "complained"))

    assert state_of(ana) == State.ACTIVE
    kept = DeliveryEvent.objects.all()
    assert len(kept) == 6
    assert {(each.reader, each.delivery, each.applied_at) for each in kept} == {(None, None, None)}
    assert "ana@" not in str([each.detail for each in kept])


def test_an_event_of_a_mail_long_ago_or_of_an_older_address_is_not_applied(ana: Subscriber) -> None:
    old = delivered(ana, NOW - 31 * DAY)
    post(told(old))
    assert state_of(ana) == State.ACTIVE
    assert DeliveryEvent.objects.get().applied_at is None


def test_a_kind_of_event_that_nobody_knows_is_kept_for_a_person(ana: Subscriber) -> None:
    post(told(delivered(ana), "moved to the moon"))
    assert (DeliveryEvent.objects.get().kind, state_of(ana)) == ("other", State.ACTIVE)


def test_an_erased_reader_stays_without_words(ana: Subscriber) -> None:
    sent = delivered(ana)
    joining.erase(ana, Proof("page", at=NOW))
    post(told(sent, message="550 <ana@a.example> unknown"))
    assert "ana@" not in str(DeliveryEvent.objects.values_list("detail", "external_id"))


# ---- who may post ----------------------------------------------------------------------------------------


def test_what_is_not_signed_is_refused_and_leaves_nothing(ana: Subscriber) -> None:
    sent = delivered(ana)
    post(told(sent), signed(key="another"), status=400)
    post(told(sent), {"token": "t" * 50, "timestamp": 1600000000, "signature": None}, status=400)
    post(told(sent), path=f"/hooks/{'x' * 32}/", status=404)
    assert Client().get(HOOK).status_code == 405
    assert (state_of(ana), DeliveryEvent.objects.count()) == (State.ACTIVE, 0)


BODIES = [
    b"",
    b"[]",
    b"null",
    b"\xff\xfe",
    b'{"signature": 1}',
    b"[" * 100_000,
    json.dumps({"signature": signed(), "event-data": None}).encode(),
    json.dumps({"signature": signed(), "event-data": {}}).encode(),
    json.dumps({"signature": signed(), "event-data": {"event": ["failed"]}}).encode(),
    json.dumps({"signature": signed(), "event-data": {"event": "failed", "timestamp": "soon"}}).encode(),
    json.dumps({"signature": signed(), "event-data": {"event": "failed", "timestamp": 1e300}}).encode(),
    json.dumps({"signature": signed(), "event-data": {"event": "failed", "message": 7}}).encode(),
]


@pytest.mark.parametrize("body", BODIES, ids=range(len(BODIES)))
def test_what_can_not_be_read_is_refused_and_leaves_nothing(body: bytes) -> None:
    client = Client(raise_request_exception=False)
    assert client.post(HOOK, body, content_type="application/json").status_code == 400
    assert client.post(HOOK, {"event": "bounced"}).status_code == 400
    assert not DeliveryEvent.objects.exists()


def test_words_that_no_database_takes_are_made_good(ana: Subscriber) -> None:
    post(told(delivered(ana), message="550 5.1.1 no such\0 user \ud800" + "x" * 9000))
    event = DeliveryEvent.objects.get()
    assert len(event.detail["diagnostic"]) <= 500
    assert not {"\0", "\ud800"} & set(event.detail["diagnostic"])
    assert state_of(ana) == State.BOUNCED


# ---- by settings -----------------------------------------------------------------------------------------


def test_without_a_provider_there_is_no_such_address(settings: Settings) -> None:
    settings.MAIL_EVENTS_FROM = ""
    mount()
    post(told(None), status=404)
    assert hooks.check(None) == []


@pytest.mark.parametrize(
    ("name", "secret", "says"),
    [
        ("nobody", SECRET, "anymail names it"),
        ("mailgun", "short", "MAIL_EVENTS_SECRET"),
        ("postmark", SECRET, "doesn't sign"),
        ("mailersend", SECRET, "MAILERSEND"),
    ],
)
def test_what_would_not_be_safe_is_not_mounted_and_is_said_at_the_start(
    settings: Settings, name: str, secret: str, says: str
) -> None:
    settings.MAIL_EVENTS_FROM, settings.MAIL_EVENTS_SECRET = name, secret
    mount()
    post(told(None), status=404, path=f"/hooks/{secret}/")
    (error,) = [each for each in run_checks() if each.id == "chenbao.E9"]
    assert says in error.msg


def test_a_provider_that_does_not_sign_needs_its_password(settings: Settings, ana: Subscriber) -> None:
    settings.MAIL_EVENTS_FROM, settings.ANYMAIL = "postmark", {"WEBHOOK_SECRET": "us:er"}
    mount()
    sent = delivered(ana)
    body = {"RecordType": "Bounce", "Type": "SoftBounce", "ID": 7, "Email": "ana@a.example"}
    body |= {"Details": "smtp;550 5.1.1 unknown", "Metadata": {events.SEAL: seal(sent)}}
    for password, status, state in ((b"us:wrong", 400, State.ACTIVE), (b"us:er", 200, State.BOUNCED)):
        headers = {"Authorization": f"Basic {base64.b64encode(password).decode()}"}
        answer = Client().post(HOOK, json.dumps(body), content_type="application/json", headers=headers)
        assert (answer.status_code, state_of(ana)) == (status, state)


def test_the_provider_is_given_the_seal_of_a_single_mail_too(ana: Subscriber) -> None:
    address = links.bounce_address(ana, issue_of(NOW.date()).pk)
    mail = Envelope(address, "ana@a.example", b"Subject: x\r\nFrom: a@b.example\r\n\r\nText")
    assert as_message(mail).metadata == {events.SEAL: events.seal_of(address)}  # type: ignore[attr-defined]
    assert len(events.seal_of(address)) == 32
    assert events.seal_of("news@chenbao.example") == ""
    assert events.seal_of("") == ""
