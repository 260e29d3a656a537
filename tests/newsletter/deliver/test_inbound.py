"""What a mail that comes in does to readers: once, only where it is proven, and never to the wrong ones."""

import datetime as dt
import logging

import pytest
from django.core import mail as outbox
from django.db import DatabaseError

from newsletter.deliver import inbound, keeping
from newsletter.deliver.envelope import message_id
from newsletter.deliver.inbound import SOFT_BOUNCES, Decision
from newsletter.models import Delivery, DeliveryEvent, DeliveryState, Edition, Issue
from subscribers import joining, limits, links, mails, moving, tokens
from subscribers.joining import Proof
from subscribers.models import Notice, State, Subscriber, Suppression
from subscribers.records import everything
from tests import factories as make
from tests.newsletter.deliver.incoming import DOMAIN, bounce, complaint, mail, words_of_a_server

pytestmark = pytest.mark.django_db
NOW = dt.datetime(2026, 5, 7, 2, 0, tzinfo=dt.UTC)
DAY = dt.timedelta(days=1)


@pytest.fixture
def ana() -> Subscriber:
    return make.reader("ana@a.example")


def issue_of(date: dt.date) -> Issue:
    issue = Issue.objects.filter(date=date).first() or make.issue(date, state="sending")
    Edition.objects.get_or_create(
        issue=issue, defaults={"choices": {}, "mime": b"", "size": 0, "frozen_at": NOW, "subject": "x"}
    )
    return issue


def delivered(reader: Subscriber, at: dt.datetime = NOW, state: str = DeliveryState.ACCEPTED) -> Delivery:
    issue = issue_of(at.date())
    return Delivery.objects.create(
        issue=issue,
        reader=reader,
        edition=issue.editions.get(),
        state=state,
        due_at=at,
        handed_over_at=at,
        finished_at=at,
    )


def come_back(delivery: Delivery, message: bytes, now: dt.datetime = NOW) -> Decision:
    """The server's report, to the address that the mail was sent from."""
    return taken(message, links.bounce_address(delivery.reader, delivery.issue_id), now=now)


def taken(message: bytes, recipient: str | None = None, *, sender: str = "", now: dt.datetime = NOW) -> Decision:
    return inbound.receive(message, envelope_sender=sender, envelope_recipient=recipient, now=now)


def state_of(reader: Subscriber) -> str:
    reader.refresh_from_db()
    return reader.state


# ---- bounces ---------------------------------------------------------------------------------------------


def test_a_dead_address_is_moved_to_bounced_and_not_imported_again(ana: Subscriber) -> None:
    delivery = delivered(ana)
    decision = come_back(delivery, bounce())

    assert state_of(ana) == State.BOUNCED
    assert Suppression.objects.get().reason == State.BOUNCED
    event = DeliveryEvent.objects.get()
    assert (event.delivery, event.kind, event.detail["status"]) == (delivery, "bounce", "5.1.1")
    assert "bounced" in decision.words


def test_the_same_bounce_twice_counts_once(ana: Subscriber) -> None:
    delivery = delivered(ana)
    full = bounce("5.2.2", "552 mailbox full")
    come_back(delivery, full)
    again = come_back(delivery, b"Received: by another way\n" + full)

    assert DeliveryEvent.objects.count() == 1
    assert "before" in again.words


def test_a_full_mailbox_is_no_dead_address_until_it_stays_full(ana: Subscriber) -> None:
    for day in range(SOFT_BOUNCES):
        assert state_of(ana) == State.ACTIVE
        sent = delivered(ana, NOW + day * DAY)
        come_back(sent, bounce("5.2.2", "552 full", message_id=f"<b{day}@x>"), now=NOW + day * DAY)
    assert state_of(ana) == State.BOUNCED


def test_an_accepted_mail_in_between_begins_the_count_anew(ana: Subscriber) -> None:
    for day in range(2 * SOFT_BOUNCES):
        sent = delivered(ana, NOW + day * DAY)
        if day != SOFT_BOUNCES - 1:
            come_back(sent, bounce("4.2.2", "452 full", message_id=f"<b{day}@x>"), now=NOW + day * DAY)
        assert state_of(ana) == (State.BOUNCED if day == 2 * SOFT_BOUNCES - 1 else State.ACTIVE)


def test_several_bounces_of_one_mail_count_once(ana: Subscriber) -> None:
    sent = delivered(ana)
    for n in range(2 * SOFT_BOUNCES):
        come_back(sent, bounce("4.2.2", "452 full", message_id=f"<b{n}@x>"))
    assert state_of(ana) == State.ACTIVE


def test_failures_long_ago_are_forgotten(ana: Subscriber) -> None:
    for n in range(SOFT_BOUNCES):
        at = NOW + n * 8 * DAY
        come_back(delivered(ana, at), bounce("4.2.2", "452 full", message_id=f"<b{n}@x>"), now=at)
    assert state_of(ana) == State.ACTIVE


def test_our_own_fault_touches_no_reader_and_alerts_once_an_hour(
    ana: Subscriber, caplog: pytest.LogCaptureFixture
) -> None:
    bo = make.reader("bo@a.example")
    for reader in (ana, bo):
        come_back(
            delivered(reader), bounce("5.7.26", "550 5.7.26 Unauthenticated email", message_id=f"<{reader.pk}@x>")
        )

    assert (state_of(ana), state_of(bo)) == (State.ACTIVE, State.ACTIVE)
    (alert,) = [each for each in caplog.records if each.levelno == logging.ERROR]
    assert "a.example" in alert.getMessage()
    assert "5.7.26" in alert.getMessage()


def test_a_provider_that_wants_fewer_mails_gets_a_rest_and_no_reader_is_touched() -> None:
    ana, waiting, elsewhere = (make.reader(each) for each in ("ana@qq.example", "bo@qq.example", "cy@a.example"))
    sent = delivered(ana)
    others = [delivered(each, NOW, DeliveryState.QUEUED) for each in (waiting, elsewhere)]
    come_back(sent, words_of_a_server("您的邮件被退回：550 Domain frequency limited"))

    assert state_of(ana) == State.ACTIVE
    for each in others:
        each.refresh_from_db()
    assert [each.due_at - NOW for each in others] == [dt.timedelta(minutes=30), dt.timedelta()]


def test_a_late_mail_and_an_away_notice_change_nothing(ana: Subscriber) -> None:
    sent = delivered(ana)
    come_back(sent, bounce("4.4.1", "timed out", action="delayed"))
    come_back(sent, mail("Gone fishing.", subject="Out of office", auto_submitted="auto-replied"))

    assert state_of(ana) == State.ACTIVE
    assert [each.kind for each in DeliveryEvent.objects.all()] == ["delay"]


def test_a_refusal_in_the_session_itself_counts_as_a_bounce(ana: Subscriber) -> None:
    sent = delivered(ana, state=DeliveryState.REFUSED)
    inbound.refused(sent, "550 5.1.1 no such user", NOW)
    inbound.refused(sent, "550 5.1.1 no such user", NOW)

    assert state_of(ana) == State.BOUNCED
    assert DeliveryEvent.objects.count() == 1


def test_a_confirmation_that_bounces_ends_the_wish_to_join() -> None:
    reader = joining.join("ana@a.example", "en", Proof("form", at=NOW))
    mails.send_due(NOW)
    (sent,) = outbox.outbox
    taken(bounce(), getattr(sent, "envelope_sender"), now=NOW + DAY)  # noqa: B009

    assert state_of(reader) == State.BOUNCED


# ---- who may say so ----------------------------------------------------------------------------------------


def test_a_stranger_can_not_forge_a_bounce(ana: Subscriber) -> None:
    sent = delivered(ana)
    forged = [f"bounce+{'a' * 32}@{DOMAIN}", f"bounce+{ana.token}.{sent.issue_id}@{DOMAIN}", f"news@{DOMAIN}"]
    # a seal for another purpose, as the one in a mail's Message-ID, which every answer to it quotes
    forged.append("bounce+" + message_id(sent.issue_id, ana.pk).strip("<>"))
    for n, address in enumerate(forged):
        taken(bounce(message_id=f"<{n}@x>"), address)
    assert state_of(ana) == State.ACTIVE
    assert not DeliveryEvent.objects.exclude(applied_at=None).exists()


def test_what_is_not_believed_is_kept_for_a_person_once_without_the_address_and_for_a_month(ana: Subscriber) -> None:
    forged = bounce("5.1.1", "550 5.1.1 <ana@a.example>: User unknown")
    words = [taken(forged, f"bounce+{'a' * 32}@{DOMAIN}").words for _ in range(2)]

    assert ("kept for a person" in words[0], "it came before" in words[1]) == (True, True)
    event = DeliveryEvent.objects.get()
    assert (event.kind, event.reader, event.delivery, event.applied_at) == ("bounce", None, None, None)
    assert (event.detail["status"], event.detail["why"]) == ("5.1.1", "it names no mail of ours")
    assert "User unknown" in event.detail["diagnostic"]
    assert "ana@" not in str(event.detail)
    assert inbound.forget_old(NOW + 31 * DAY) == 1


def test_a_mail_that_nobody_understands_is_kept_with_its_words_where_reports_are_sent_to(ana: Subscriber) -> None:
    address = links.bounce_address(ana, delivered(ana).issue_id)
    taken(mail("Ihre Nachricht liegt hier.", subject="Zu bo@a.example"), address)
    taken(mail("Gone fishing.", subject="Out of office", auto_submitted="auto-replied"), address)
    taken(mail("Not for us."), "nobody@elsewhere.example")

    kept = DeliveryEvent.objects.get()
    assert (kept.kind, kept.applied_at, kept.detail["text"]) == ("other", None, "Ihre Nachricht liegt hier.")
    assert "bo@" not in str(kept.detail)
    assert state_of(ana) == State.ACTIVE


def test_a_flood_of_forgeries_is_not_all_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(keeping, "A_DAY", limits.Limit("kept", 2, DAY))
    words = [taken(bounce(message_id=f"<{n}@x>"), f"bounce+{'a' * 32}@{DOMAIN}").words for n in range(4)]
    assert DeliveryEvent.objects.count() == 2
    assert "too many" in words[-1]


def test_a_bounce_that_only_quotes_our_mail_is_counted_and_removes_nobody(ana: Subscriber) -> None:
    sent = delivered(ana)
    taken(bounce(returned=f"Message-ID: {message_id(sent.issue_id, ana.pk)}"), f"news@{DOMAIN}")

    assert state_of(ana) == State.ACTIVE
    assert DeliveryEvent.objects.get().delivery == sent


def test_a_bounce_of_a_mail_that_was_never_sent_or_long_ago_changes_nothing(ana: Subscriber) -> None:
    address = links.bounce_address(ana, issue_of(NOW.date()).pk)
    assert "never sent" in taken(bounce(), address).words
    assert "30 days" in come_back(delivered(ana), bounce(), now=NOW + 31 * DAY).words
    assert state_of(ana) == State.ACTIVE


def test_a_bounce_of_the_old_address_does_not_hit_the_new_one(ana: Subscriber) -> None:
    sent = delivered(ana)
    moving.move_address(ana, "ana@new.example", Proof("page", at=NOW + DAY))
    come_back(sent, bounce(), now=NOW + 2 * DAY)
    assert state_of(ana) == State.ACTIVE


def test_seals_of_an_older_key_are_still_read(ana: Subscriber, settings: object) -> None:
    sent = delivered(ana)
    address = links.bounce_address(ana, sent.issue_id)
    settings.SECRET_KEY_FALLBACKS, settings.SECRET_KEY = [settings.SECRET_KEY], "new"  # type: ignore[attr-defined]
    taken(bounce(), address)
    assert state_of(ana) == State.BOUNCED


# ---- complaints --------------------------------------------------------------------------------------------


@pytest.mark.parametrize("trace", ["message", "leave", "one_click", "bounce"])
def test_a_complaint_is_obeyed_at_once_whatever_it_left_of_the_mail(ana: Subscriber, trace: str) -> None:
    sent = delivered(ana)
    left = {
        "message": f"Message-ID: {message_id(sent.issue_id, ana.pk)}",
        "leave": f"List-Unsubscribe: <mailto:{links.leave_address(ana)}>",
        "one_click": f"List-Unsubscribe: <{links.one_click_url(ana)}>",
        "bounce": f"Return-Path: <{links.bounce_address(ana, sent.issue_id)}>",
    }
    taken(complaint(left[trace]), f"complaints@{DOMAIN}", sender="feedback@provider.example")
    assert state_of(ana) == State.COMPLAINED


def test_an_opt_out_report_is_a_leave(ana: Subscriber) -> None:
    taken(complaint(f"List-Unsubscribe: <mailto:{links.leave_address(ana)}>", "opt-out"), f"complaints@{DOMAIN}")
    assert state_of(ana) == State.LEFT


def test_a_complaint_that_names_nobody_changes_nothing(ana: Subscriber) -> None:
    taken(complaint("To: ana@a.example"), f"complaints@{DOMAIN}")
    assert state_of(ana) == State.ACTIVE


# ---- commands ----------------------------------------------------------------------------------------------


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


# ---- all or nothing, and what is kept ------------------------------------------------------------------------


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
    come_back(delivered(ana), bounce("5.2.2", "552 <ana@a.example> full"))
    taken(complaint(f"X: <mailto:{links.leave_address(ana)}>"), f"complaints@{DOMAIN}")
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
