"""Reports by RFC 5965: a complaint, a wish to leave, what is the operator's, and what is nothing."""

import logging

import pytest

from newsletter.deliver import inbound, pausing
from newsletter.deliver.envelope import message_id
from newsletter.models import Delivery, DeliveryEvent
from subscribers import links
from subscribers.models import State, Subscriber, Suppression
from tests import factories as make
from tests.newsletter.deliver.arriving import NOW, delivered, state_of, taken
from tests.newsletter.deliver.incoming import DOMAIN, complaint

pytestmark = pytest.mark.django_db


@pytest.fixture
def ana() -> Subscriber:
    return make.reader("ana@a.example")


def report(delivery: Delivery, kind: str) -> inbound.Decision:
    """A feedback loop's report of one mail, with its header."""
    left = f"Message-ID: {message_id(delivery.issue_id, delivery.reader_id)}"
    return taken(complaint(left, kind), f"complaints@{DOMAIN}", sender="feedback@provider.example")


@pytest.mark.parametrize("trace", ["message", "bounce"])
def test_a_complaint_is_obeyed_at_once_whichever_seal_it_left_of_the_mail(ana: Subscriber, trace: str) -> None:
    sent = delivered(ana)
    left = {
        "message": f"Message-ID: {message_id(sent.issue_id, ana.pk)}",
        "bounce": f"Return-Path: <{links.bounce_address(ana, sent.issue_id)}>",
    }
    taken(complaint(left[trace]), f"complaints@{DOMAIN}", sender="feedback@provider.example")
    assert state_of(ana) == State.COMPLAINED


@pytest.mark.parametrize("trace", ["leave", "one_click"])
def test_what_stands_in_every_forwarded_mail_makes_nobody_a_complainer(ana: Subscriber, trace: str) -> None:
    delivered(ana)
    left = {"leave": f"mailto:{links.leave_address(ana)}", "one_click": links.one_click_url(ana)}
    decision = taken(complaint(f"List-Unsubscribe: <{left[trace]}>"), f"complaints@{DOMAIN}")
    assert state_of(ana) == State.ACTIVE
    assert "kept for a person" in str(decision)


@pytest.mark.parametrize("kind", ["abuse", "Abuse", "fraud", "other", "x-never-registered"])
def test_whatever_a_reader_reports_is_a_complaint(ana: Subscriber, kind: str) -> None:
    report(delivered(ana), kind)
    assert state_of(ana) == State.COMPLAINED


@pytest.mark.parametrize("kind", ["opt-out", "opt-out-list"])
def test_an_opt_out_report_is_a_leave_and_in_no_rate_of_complaints(ana: Subscriber, kind: str) -> None:
    mails = [delivered(each) for each in (ana, make.reader("bo@a.example"), make.reader("cy@a.example"))]
    for each in mails:
        report(each, kind)
    assert state_of(ana) == State.LEFT
    assert not pausing.complained_too_much(mails[0].issue)
    assert not Suppression.objects.filter(reason=State.COMPLAINED).exists()


def test_an_opt_out_report_is_explained_in_the_words_that_the_command_knows(ana: Subscriber) -> None:
    left = f"Message-ID: {message_id(delivered(ana).issue_id, ana.pk)}"
    told = inbound.explain(
        complaint(left, "opt-out"), envelope_sender="", envelope_recipient=f"complaints@{DOMAIN}", now=NOW
    ).as_json()
    assert (told["kind"], told["action"]) == ("complaint", "opt-out")
    assert "leave" in told["decision"]


@pytest.mark.parametrize("kind", ["not-spam", "miscategorized"])
def test_that_it_is_no_spam_changes_nothing(ana: Subscriber, kind: str) -> None:
    assert report(delivered(ana), kind).words.startswith("nothing")
    assert state_of(ana) == State.ACTIVE


@pytest.mark.parametrize("kind", ["auth-failure", "dkim", "virus"])
def test_a_broken_signature_or_a_virus_is_the_operators_and_no_readers(
    ana: Subscriber, kind: str, caplog: pytest.LogCaptureFixture
) -> None:
    sent = delivered(ana)
    report(sent, kind)
    assert state_of(ana) == State.ACTIVE
    event = DeliveryEvent.objects.get()
    assert (event.kind, event.delivery, event.detail["measure"]) == ("other", sent, "our_fault")
    (alert,) = [each.getMessage() for each in caplog.records if each.levelno == logging.ERROR]
    assert kind in alert
    assert not pausing.complained_too_much(sent.issue)


def test_a_forged_report_of_a_broken_signature_calls_nobody_and_is_kept(
    ana: Subscriber, caplog: pytest.LogCaptureFixture
) -> None:
    words = taken(complaint("To: ana@a.example", "auth-failure"), f"complaints@{DOMAIN}").words
    assert "kept for a person" in words
    assert not [each for each in caplog.records if each.levelno == logging.ERROR]


def test_a_complaint_that_names_nobody_changes_nothing(ana: Subscriber) -> None:
    taken(complaint("To: ana@a.example"), f"complaints@{DOMAIN}")
    assert state_of(ana) == State.ACTIVE
