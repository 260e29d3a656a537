"""What a mail that comes in leaves behind: all of it or nothing, and no words that shouldn't stay."""

import logging

import pytest
from django.db import DatabaseError

from newsletter.deliver import inbound
from newsletter.models import DeliveryEvent
from subscribers import joining, links
from subscribers.joining import Proof
from subscribers.models import State, Subscriber
from subscribers.records import everything
from tests import factories as make
from tests.newsletter.deliver.arriving import NOW, come_back, delivered, state_of, taken
from tests.newsletter.deliver.incoming import DOMAIN, bounce, complaint, mail

pytestmark = pytest.mark.django_db


@pytest.fixture
def ana() -> Subscriber:
    return make.reader("ana@a.example")


def test_what_can_not_be_applied_is_not_stored_either(ana: Subscriber, monkeypatch: pytest.MonkeyPatch) -> None:
    sent = delivered(ana)

    def broken(*args: object) -> bool:
        raise DatabaseError

    with monkeypatch.context() as trouble:
        trouble.setattr(joining, "bounce", broken)
        with pytest.raises(DatabaseError):
            come_back(sent, bounce())
    assert not DeliveryEvent.objects.exists()
    come_back(sent, bounce())
    assert state_of(ana) == State.BOUNCED


def test_explaining_changes_nothing_and_says_what_would_be_done(ana: Subscriber) -> None:
    sent = delivered(ana)
    address = links.bounce_address(ana, sent.issue_id)
    words = inbound.explain(bounce(), envelope_sender="", envelope_recipient=address, now=NOW).words
    inbound.explain(mail(), envelope_sender=None, envelope_recipient=f"subscribe@{DOMAIN}", now=NOW)

    assert "suppress" in words
    assert state_of(ana) == State.ACTIVE
    assert not DeliveryEvent.objects.exists()
    assert Subscriber.objects.count() == 1


def test_an_erased_reader_leaves_no_words_of_a_server_behind(ana: Subscriber) -> None:
    sent = delivered(ana)
    come_back(sent, bounce("5.2.2", "552 <ana@a.example> full"))
    taken(complaint(f"Return-Path: <{links.bounce_address(ana, sent.issue_id)}>"), f"complaints@{DOMAIN}")
    assert "ana@a.example" in str(everything(ana))
    joining.erase(ana, Proof("page", at=NOW))

    assert [each.detail for each in DeliveryEvent.objects.all()] == [{}, {}]
    assert "ana@a.example" not in str(everything(ana))


def test_the_log_has_neither_addresses_nor_tokens(ana: Subscriber, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    come_back(delivered(ana), bounce("5.2.2", "552 <ana@a.example> full"))
    taken(mail(), links.leave_address(ana), sender="ana@a.example")
    taken(mail(), f"subscribe@{DOMAIN}", sender="bo@b.example")

    said = "\n".join(
        each.getMessage() for each in caplog.records if each.name.startswith(("newsletter", "subscribers"))
    )
    assert "mail in" in said
    assert "@" not in said
    assert ana.token not in said
