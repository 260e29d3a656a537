"""Commands by mail: carried out once, for persons only, and nothing is kept of who wrote them."""

import pytest
from django.core import mail as outbox

from newsletter.deliver import inbound
from newsletter.models import DeliveryEvent
from subscribers import joining, links, mails, tokens
from subscribers.joining import Proof
from subscribers.models import Notice, State, Subscriber
from tests import factories as make
from tests.newsletter.deliver.arriving import DAY, NOW, state_of, taken
from tests.newsletter.deliver.incoming import DOMAIN, mail

pytestmark = pytest.mark.django_db


@pytest.fixture
def ana() -> Subscriber:
    return make.reader("ana@a.example")


def test_who_subscribes_by_mail_is_asked_to_confirm_with_a_null_sender() -> None:
    decision = taken(mail(), f"subscribe+zh@{DOMAIN}", sender="ana@a.example")
    reader = Subscriber.objects.get()
    mails.send_due(NOW)
    (answer,) = outbox.outbox

    assert (reader.state, reader.language, reader.source) == (State.PENDING, "zh", "mail")
    assert reader.consents.get().wording == "a mail to subscribe+zh@"
    assert answer.to == ["ana@a.example"]
    assert getattr(answer, "envelope_sender") == ""  # noqa: B009
    assert "ana" not in decision.words


def test_a_whole_sign_up_by_mail_alone() -> None:
    taken(mail(), f"subscribe@{DOMAIN}", sender="ana@a.example")
    reader = Subscriber.objects.get()
    mails.send_due(NOW)
    confirming = links.confirm_address(reader)
    assert confirming in str(outbox.outbox[0].body)
    taken(mail(), confirming, sender="ana@a.example")
    assert state_of(reader) == State.ACTIVE
    assert Notice.objects.filter(kind="welcome", answers_mail=True).exists()
    taken(mail(), links.leave_address(reader), sender="ana@a.example")
    assert state_of(reader) == State.LEFT


def test_a_confirming_address_is_useless_after_use_and_after_a_change_of_address(ana: Subscriber) -> None:
    address = links.confirm_address(ana)
    joining.leave(ana, Proof("page", at=NOW))
    taken(mail(), address, sender="ana@a.example")
    assert state_of(ana) == State.LEFT
    joining.join("ana@a.example", "en", Proof("form", at=NOW))
    Subscriber.objects.filter(pk=ana.pk).update(token=tokens.new_token())
    taken(mail(message_id="<2@x>"), address, sender="ana@a.example")
    assert state_of(ana) == State.LEFT


def test_a_command_offered_twice_is_carried_out_once() -> None:
    for _ in range(2):
        taken(mail(message_id="<1@a.example>"), f"subscribe@{DOMAIN}", sender="ana@a.example")
    assert Notice.objects.count() == 1


def test_nothing_is_kept_of_who_wrote_a_command() -> None:
    taken(mail("private words", message_id="<1@a.example>"), f"subscribe@{DOMAIN}", sender="ana@a.example")
    event = DeliveryEvent.objects.get()
    assert (event.detail, "ana" in event.external_id) == ({}, False)
    assert [inbound.forget_old(NOW + days * DAY) for days in (1, 11)] == [0, 1]


@pytest.mark.parametrize(
    ("subject", "fields", "sender"),
    [
        ("Automatic reply: Please confirm: Chenbao", "", "ana@a.example"),
        ("自动回复：请确认", "", "ana@a.example"),
        ("Re: Please confirm", "Auto-Submitted: auto-replied\n", "ana@a.example"),
        ("Re: Please confirm", "X-Autoreply: yes\n", "ana@a.example"),
        ("Re: Please confirm", "Precedence: auto_reply\n", "ana@a.example"),
        ("Re: Please confirm", "", ""),
    ],
)
def test_a_program_that_answers_the_first_mail_confirms_nothing_and_a_person_does(
    subject: str, fields: str, sender: str
) -> None:
    """The Reply-To of that mail is the address that confirms, so an away notice may come to it as well."""
    reader = joining.join("ana@a.example", "en", Proof("form", at=NOW))
    mails.send_due(NOW)
    (answered,) = outbox.outbox[-1].reply_to
    automatic = f"From: ana@a.example\nTo: {answered}\nSubject: {subject}\nMessage-ID: <1@a>\n{fields}\nI am away.\n"
    taken(automatic.encode(), answered, sender=sender)
    assert state_of(reader) == State.PENDING
    by_hand = f"From: ana@a.example\nTo: {answered}\nSubject: Re: Please confirm: Chenbao\nMessage-ID: <2@a>\n\nyes\n"
    taken(by_hand.encode(), answered, sender="ana@a.example")
    assert state_of(reader) == State.ACTIVE
