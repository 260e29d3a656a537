"""What a bounce does to its reader: once, at once or by a score that fades, and nothing where it is our fault."""

import datetime as dt
import logging
from collections.abc import Iterable

import pytest
from django.core import mail as outbox

from newsletter.deliver import inbound, resting
from newsletter.models import Delivery, DeliveryEvent, DeliveryState
from subscribers import joining, mails
from subscribers.joining import Proof
from subscribers.models import State, Subscriber, Suppression
from tests import factories as make
from tests.newsletter.deliver.arriving import DAY, NOW, come_back, delivered, state_of, taken
from tests.newsletter.deliver.incoming import bounce, mail, words_of_a_server

pytestmark = pytest.mark.django_db


@pytest.fixture
def ana() -> Subscriber:
    return make.reader("ana@a.example")


def test_a_dead_address_is_moved_to_bounced_and_not_imported_again(ana: Subscriber) -> None:
    delivery = delivered(ana)
    decision = come_back(delivery, bounce())

    assert state_of(ana) == State.BOUNCED
    assert Suppression.objects.get().reason == State.BOUNCED
    event = DeliveryEvent.objects.get()
    assert (event.delivery, event.kind, event.detail["status"]) == (delivery, "bounce", "5.1.1")
    assert "bounced" in decision.words


def test_so_it_is_where_only_chinese_words_say_so(ana: Subscriber) -> None:
    come_back(delivered(ana), words_of_a_server("收件人 ana@a.example 不存在，邮件无法送达", subject="退信"))
    assert state_of(ana) == State.BOUNCED


def test_the_same_bounce_twice_counts_once(ana: Subscriber) -> None:
    delivery = delivered(ana)
    full = bounce("5.2.2", "552 mailbox full")
    come_back(delivery, full)
    again = come_back(delivery, b"Received: by another way\n" + full)

    assert DeliveryEvent.objects.count() == 1
    assert "before" in again.words


def failing(reader: Subscriber, days: Iterable[int], *, said: str = "452 4.2.2 full", status: str = "4.2.2") -> None:
    """A mail on each of these days that comes back the same day."""
    for day in days:
        at = NOW + day * DAY
        come_back(delivered(reader, at), bounce(status, said, message_id=f"<{reader.pk}.{day}@x>"), now=at)


def test_a_full_mailbox_is_given_up_on_the_sixth_morning_that_it_is_full(ana: Subscriber) -> None:
    failing(ana, range(5))
    assert state_of(ana) == State.ACTIVE
    failing(ana, [5])
    assert state_of(ana) == State.BOUNCED
    said = ana.consents.get(kind="bounced").note
    assert said == "failed 4.2.2; 6 mails came back since 2026-05-07: score 5.8 of 5"


def test_a_server_that_is_never_there_is_given_up_later(ana: Subscriber) -> None:
    failing(ana, range(10), said="connection timed out", status="4.4.1")
    assert state_of(ana) == State.ACTIVE
    failing(ana, [10], said="connection timed out", status="4.4.1")
    assert state_of(ana) == State.BOUNCED


def test_a_mail_that_got_through_takes_half_of_what_has_gathered(ana: Subscriber) -> None:
    failing(ana, range(5))
    delivered(ana, NOW + 5 * DAY)
    failing(ana, range(6, 8))
    assert state_of(ana) == State.ACTIVE
    failing(ana, range(8, 10))
    assert state_of(ana) == State.BOUNCED


def test_a_mail_that_may_still_come_back_takes_nothing(ana: Subscriber) -> None:
    failing(ana, range(5))
    late = delivered(ana, NOW + 5 * DAY)
    delivered(ana, NOW + 6 * DAY)
    come_back(late, bounce("4.2.2", "452 full", message_id="<late@x>"), now=NOW + 6 * DAY)
    assert state_of(ana) == State.BOUNCED


def test_several_bounces_of_one_mail_count_once(ana: Subscriber) -> None:
    sent = delivered(ana)
    words = [come_back(sent, bounce("4.2.2", "452 full", message_id=f"<b{n}@x>")).words for n in range(10)]
    assert state_of(ana) == State.ACTIVE
    assert words[-1].endswith("(1.0 of 5)")


def test_failures_fade(ana: Subscriber) -> None:
    failing(ana, [0, 1, 2, 3, 4, 124, 125])
    assert state_of(ana) == State.ACTIVE


def test_a_provider_that_wants_fewer_mails_never_counts_against_the_reader(ana: Subscriber) -> None:
    failing(ana, range(20), said="550 Domain frequency limited", status="5.1.1")
    failing(ana, range(20, 30), said="550 您的邮件被拒绝：发信过于频繁", status="5.2.2")
    assert state_of(ana) == State.ACTIVE
    assert set(DeliveryEvent.objects.values_list("detail__measure", flat=True)) == {"slow_down"}


def test_a_provider_that_wants_fewer_mails_by_mail_rests_with_all_its_domains() -> None:
    """As where it says so in the session itself."""
    fox, qq = make.reader("fox@foxmail.com"), make.reader("qin@qq.com")
    sent, waits = delivered(qq), delivered(fox)
    Delivery.objects.filter(pk=waits.pk).update(state="queued", due_at=NOW)
    come_back(sent, bounce("5.0.0", "550 Domain frequency limited"))
    waits.refresh_from_db()
    assert waits.due_at == NOW + resting.REST


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
