"""Who may throw a reader out: what is forged, stale or not understood is kept for a person and changes nothing."""

import pytest

from newsletter.deliver import inbound, keeping
from newsletter.deliver.envelope import message_id
from newsletter.models import Delivery, DeliveryEvent
from subscribers import limits, links, moving
from subscribers.joining import Proof
from subscribers.models import State, Subscriber
from tests import factories as make
from tests.newsletter.deliver.arriving import DAY, NOW, come_back, delivered, issue_of, state_of, taken
from tests.newsletter.deliver.incoming import DOMAIN, bounce, complaint, mail, words_of_a_server

pytestmark = pytest.mark.django_db


@pytest.fixture
def ana() -> Subscriber:
    return make.reader("ana@a.example")


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


# ---- attempts to throw Ana out by whoever is no more than a reader ------------------------------------------------


def forgeries(mallory: Subscriber, sent: Delivery, victim: Delivery) -> list[tuple[str, bytes, str]]:
    """What Mallory, who has seals of their own and knows Ana's address and which issues she got, can make."""
    own = links.bounce_address(mallory, sent.issue_id)
    seal = own.split("+")[1].split("@")[0]
    turned = ("b" if seal[0] == "a" else "a") + seal[1:]
    about_ana = bounce("5.1.1", "550 5.1.1 <ana@a.example>: User unknown", message_id="<f1@x>")
    hers = f"Message-ID: <{'a' * 32}@{DOMAIN}>\nTo: ana@a.example"
    return [
        ("a bounce at our address for complaints", about_ana, f"complaints@{DOMAIN}"),
        ("a bounce at the editors' address", about_ana, f"news@{DOMAIN}"),
        ("a seal with one letter changed", about_ana, f"bounce+{turned}@{DOMAIN}"),
        ("a seal cut short", about_ana, f"bounce+{seal[:31]}@{DOMAIN}"),
        ("a seal at another domain", about_ana, f"bounce+{seal}@evil.example"),
        ("the rows' numbers for a seal", about_ana, f"bounce+{victim.issue_id}.{victim.reader_id}@{DOMAIN}"),
        ("a Message-ID made up", bounce(returned=hers, message_id="<f2@x>"), f"complaints@{DOMAIN}"),
        ("a complaint that names her", complaint("Original-Rcpt-To: ana@a.example"), f"complaints@{DOMAIN}"),
        ("an opt-out that names her", complaint("To: ana@a.example", "opt-out"), f"complaints@{DOMAIN}"),
        ("words for people", words_of_a_server("<ana@a.example>:\nno such user (#5.1.1)"), f"complaints@{DOMAIN}"),
        ("her name under a letter", mail("Take me off.", **{"from": "ana@a.example"}), f"news@{DOMAIN}"),
        ("her name under a command", mail("", **{"from": "ana@a.example"}), f"leave@{DOMAIN}"),
        (
            "somebody's own bounce that names her",
            bounce("5.2.2", "552 <ana@a.example> full", message_id="<f3@x>"),
            own,
        ),
    ]


@pytest.mark.parametrize("number", range(13))
def test_nothing_that_a_stranger_can_make_moves_a_reader(ana: Subscriber, number: int) -> None:
    make.newsletter()
    mallory = make.reader("mallory@m.example")
    attempts = forgeries(mallory, delivered(mallory), delivered(ana))
    assert len(attempts) == 13
    how, message, recipient = attempts[number]
    taken(message, recipient, sender="mallory@m.example" if "letter" in how or "command" in how else "")

    assert state_of(ana) == State.ACTIVE, how
    assert not DeliveryEvent.objects.filter(reader=ana).exists(), how
    assert "ana@" not in str([each.detail for each in DeliveryEvent.objects.filter(applied_at=None)]), how
