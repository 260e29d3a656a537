"""Commands by mail: who may give them, who is answered, and how often."""

import datetime as dt

import pytest
from django.core import mail as outbox
from hypothesis import given
from hypothesis import strategies as st
from pytest_django import Settings

from subscribers import joining, limits, links, mailbox, mails, moving, seals
from subscribers.joining import Proof
from subscribers.mailbox import Command, Destination, destination
from subscribers.models import Notice, State, Subscriber
from tests import factories as make

NOW = dt.datetime(2026, 5, 7, 8, 0, tzinfo=dt.UTC)
TOKEN = "0123456789abcdef" * 2
JOIN = Destination("subscribe")


def obey(aim: Destination, sender: str = "ana@a.example", at: dt.datetime = NOW) -> str:
    return mailbox.obey(aim, sender, Proof("mail", at=at))


@pytest.mark.parametrize(
    ("address", "meant"),
    [
        ("subscribe@c.example", Destination("subscribe")),
        ("Subscribe+ZH@C.Example", Destination("subscribe", "zh")),
        ("<subscribe+en@c.example>", Destination("subscribe", "en")),
        (f"leave+{TOKEN}@c.example", Destination("leave", TOKEN)),
        (f"LEAVE+{TOKEN.upper()}@c.example", Destination("leave", TOKEN)),
        (f"bounce+{'a2' * 16}@c.example", Destination("bounce", "a2" * 16)),
        ("complaints@c.example", Destination("complaints")),
        ("subscribe@other.example", None),
        ("subscribe+fr@c.example", None),
        ("leave@c.example", None),
        (f"leave+{TOKEN}x@c.example", None),
        ("unsubscribe@c.example", None),
        ("subscribe", None),
        ("", None),
    ],
)
def test_which_addresses_are_ours(address: str, meant: Destination | None) -> None:
    assert destination(address, "c.example") == meant


def test_only_commands_are_commands() -> None:
    assert JOIN.command is Command.SUBSCRIBE
    assert Destination("bounce", "x").command is None


@pytest.mark.django_db
def test_the_language_is_in_the_address_and_both_without() -> None:
    for detail, language in (("zh", "zh"), ("en", "en"), ("", "both")):
        obey(Destination("subscribe", detail), f"{language}@a.example")
        assert Subscriber.objects.get(email=f"{language}@a.example").language == language


@pytest.mark.django_db
def test_an_address_is_answered_three_times_a_day() -> None:
    said = [obey(JOIN) for _ in range(5)]
    assert Notice.objects.count() == limits.PER_ADDRESS.count
    assert "for today" in said[-1]
    assert obey(JOIN, at=NOW + dt.timedelta(days=1)) == "the sender is asked to confirm"


@pytest.mark.django_db
def test_a_domain_is_answered_so_often_an_hour(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "PER_MAIL_DOMAIN", limits.Limit("mail domain", 2, dt.timedelta(hours=1)))
    for n in range(4):
        obey(JOIN, f"r{n}@a.example")
    obey(JOIN, "r@b.example")
    asked = set(Subscriber.objects.values_list("email", flat=True))
    assert asked == {"r0@a.example", "r1@a.example", "r@b.example"}


@pytest.mark.django_db
@pytest.mark.parametrize(
    "sender",
    [
        "",
        "nobody",
        "MAILER-DAEMON@a.example",
        "no-reply@a.example",
        "owner-list@a.example",
        "list-request@a.example",
        "subscribe@chenbao.example",
        "a@a.example\nBcc: b@b.example",
    ],
)
def test_programs_and_our_own_addresses_are_not_answered(sender: str) -> None:
    assert "nothing is changed" in obey(JOIN, sender)
    assert not Notice.objects.exists()


@pytest.mark.django_db
def test_mailboxes_to_throw_away_are_refused_where_the_operator_says_so(settings: Settings) -> None:
    settings.REFUSE_DISPOSABLE = True
    assert "throw away" in obey(JOIN, "x@mailinator.com")


@pytest.mark.django_db
def test_who_is_a_reader_already_is_told_so_by_mail_and_stays_one() -> None:
    make.reader("ana@a.example")
    obey(JOIN)
    assert (Notice.objects.get().kind, Subscriber.objects.get().state) == ("already", State.ACTIVE)


@pytest.mark.django_db
def test_leaving_is_idempotent_and_answered_by_nothing() -> None:
    reader = make.reader("ana@a.example")
    aim = destination(links.leave_address(reader).upper(), "chenbao.example")
    assert aim is not None
    assert obey(aim, sender="") == "the reader has left"
    assert "already" in obey(aim)
    assert "nobody" in obey(Destination("leave", "f" * 32))
    reader.refresh_from_db()
    assert reader.state == State.LEFT
    assert not Notice.objects.exists()


@pytest.mark.django_db
def test_only_what_is_asked_by_form_has_a_sender_that_bounces_count_for() -> None:
    obey(JOIN)
    joining.join("bo@b.example", "en", Proof("form", at=NOW))
    mails.send_due(NOW)
    by_mail, by_form = (getattr(each, "envelope_sender") for each in outbox.outbox)  # noqa: B009

    assert by_mail == ""
    assert seals.unseal("bounce", by_form.partition("@")[0].removeprefix("bounce+")) == (
        0,
        Subscriber.objects.get(email="bo@b.example").pk,
    )


@pytest.mark.django_db
def test_what_goes_to_another_address_has_a_null_sender() -> None:
    reader = make.reader("ana@a.example")
    moving.move_address(reader, "ana@new.example", Proof("page", at=NOW))
    mails.send_due(NOW)
    (told,) = outbox.outbox
    assert (told.to, getattr(told, "envelope_sender")) == (["ana@a.example"], "")  # noqa: B009


# ---- seals -------------------------------------------------------------------------------------------------


@given(st.integers(0, 2**32 - 1), st.integers(0, 2**48 - 1))
def test_a_seal_gives_back_its_numbers_in_any_case_of_letters(first: int, second: int) -> None:
    sealed = seals.seal("bounce", first, second)
    assert len(sealed) == 32
    assert sealed == sealed.lower()
    assert seals.unseal("bounce", sealed.upper()) == (first, second)


def test_seals_never_change_for_they_stand_in_mail_that_was_sent_years_ago(settings: Settings) -> None:
    settings.SECRET_KEY = "a key"
    assert seals.seal("bounce", 7, 42) == "c5fe4jmumaayqruu2ddqyql67rsnoqjq"
    assert seals.seal("message", 2**32 - 1, 2**48 - 1) == "7ibanllrnnxlvx3mvc5wpzjh3sn3wamg"


@given(st.integers(0, 31), st.sampled_from("abcdefghijklmnopqrstuvwxyz234567"))
def test_one_changed_letter_breaks_a_seal(place: int, letter: str) -> None:
    sealed = seals.seal("bounce", 1, 2)
    if sealed[place] != letter:
        with pytest.raises(seals.SealError):
            seals.unseal("bounce", sealed[:place] + letter + sealed[place + 1 :])


def test_a_seal_for_one_thing_is_useless_for_another() -> None:
    with pytest.raises(seals.SealError):
        seals.unseal("message", seals.seal("bounce", 1, 2))


@pytest.mark.parametrize("text", ["", "a", "a" * 32, "a" * 40, "1" * 32, "é" * 32])
def test_what_is_no_seal_is_told_so(text: str) -> None:
    with pytest.raises(seals.SealError):
        seals.unseal("bounce", text)


def test_neighbours_have_nothing_in_common_to_see() -> None:
    sealed = {seals.seal("bounce", 1, n)[:8] for n in range(200)} | {
        seals.seal("bounce", 1, n)[-8:] for n in range(200)
    }
    assert len(sealed) == 400
