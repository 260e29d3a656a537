"""Mails to single readers: sent once, tried again when the server is down, and fit for machines to read."""

import datetime as dt
import smtplib
from html import unescape
from typing import Any

import pytest
from django.core import mail
from django.core.mail import EmailMultiAlternatives
from django.core.mail.backends.locmem import EmailBackend

from newsletter.models import Newsletter
from subscribers import joining, links, mails, moving
from subscribers.joining import Proof
from subscribers.models import Notice, State, Subscriber
from tests import factories
from tests.newsletter.full_issue import make_full_issue

pytestmark = pytest.mark.django_db

NOW = dt.datetime(2026, 5, 7, 8, 0, tzinfo=dt.UTC)


def asked(email: str = "a@mail.example", language: str = "both") -> None:
    joining.join(email, language, Proof("form", at=NOW))


def failing(monkeypatch: pytest.MonkeyPatch, error: Exception) -> None:
    def refuse(self: EmailBackend, messages: Any) -> int:
        raise error

    monkeypatch.setattr(EmailBackend, "send_messages", refuse)


def test_each_is_sent_once() -> None:
    asked()
    assert [mails.send_due(NOW), mails.send_due(NOW)] == [1, 0]
    assert len(mail.outbox) == 1


def test_a_server_that_is_down_is_tried_again_later(monkeypatch: pytest.MonkeyPatch) -> None:
    asked()
    with monkeypatch.context() as down:
        failing(down, ConnectionRefusedError())
        assert mails.send_due(NOW) == 0
    assert mails.send_due(NOW) == 0
    assert mails.send_due(NOW + mails.AGAIN_AFTER[0]) == 1


def test_after_the_last_attempt_it_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    asked()
    failing(monkeypatch, smtplib.SMTPServerDisconnected())
    now = NOW
    for wait in (*mails.AGAIN_AFTER, dt.timedelta(days=1)):
        mails.send_due(now)
        now += wait
    notice = Notice.objects.get()
    assert (notice.due_at, notice.sent_at, notice.reply) == (None, None, "SMTPServerDisconnected")


def test_one_that_can_not_be_written_keeps_no_other_waiting() -> None:
    asked("用" * 21 + "@mail.example")  # more than Django gets into one line of a header
    asked("b@mail.example")
    assert mails.send_due(NOW) == 1
    assert mail.outbox[-1].to == ["b@mail.example"]
    waiting = Notice.objects.get(sent_at=None)
    assert (waiting.due_at, waiting.reply) == (NOW + mails.AGAIN_AFTER[0], "ValueError")


def test_an_address_that_the_server_refuses_for_good_is_not_tried_again(monkeypatch: pytest.MonkeyPatch) -> None:
    asked()
    failing(monkeypatch, smtplib.SMTPRecipientsRefused({"a@mail.example": (550, b"no such user")}))
    mails.send_due(NOW)
    assert Notice.objects.get().due_at is None


def test_a_welcome_mail_can_be_left_with_one_click_and_a_confirmation_cannot() -> None:
    asked()
    mails.send_due(NOW)
    assert "List-Unsubscribe" not in mail.outbox[0].extra_headers
    reader = Notice.objects.get().reader
    joining.confirm(reader, Proof("page", at=NOW))
    mails.send_due(NOW)
    headers = mail.outbox[1].extra_headers
    assert headers["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert f"mailto:leave+{reader.token}@" in headers["List-Unsubscribe"]
    assert headers["Auto-Submitted"] == "auto-generated"


@pytest.mark.parametrize(("language", "langs"), [("en", ["en"]), ("zh", ["zh-Hans"]), ("both", ["en", "zh-Hans"])])
def test_each_mail_has_text_and_page_in_the_readers_languages(language: str, langs: list[str]) -> None:
    asked(language=language)
    mails.send_due(NOW)
    message = mail.outbox[0]
    assert isinstance(message, EmailMultiAlternatives)
    html = str(message.alternatives[0][0])
    for lang in ("en", "zh-Hans"):
        assert (f'<div lang="{lang}">' in html) == (lang in langs)
    assert str(message.body).count("/r/c/") == len(langs)
    assert html.lower().startswith("<!doctype html>")


def test_the_address_of_another_mailbox_is_forgotten_once_it_was_written_to() -> None:
    reader = factories.reader("old@mail.example", state=State.ACTIVE)
    moving.move_address(reader, "new@mail.example", Proof("page", at=NOW))
    mails.send_due(NOW)
    assert mail.outbox[0].to == ["old@mail.example"]
    assert Notice.objects.get().address == ""


def test_opening_a_mail_asks_no_other_site_for_anything() -> None:
    asked()
    mails.send_due(NOW)
    joining.confirm(Subscriber.objects.get(), Proof("page", at=NOW))
    mails.send_due(NOW + dt.timedelta(minutes=1))
    pages = [str(each.alternatives[0][0]) for each in mail.outbox if isinstance(each, EmailMultiAlternatives)]
    assert len(pages) == 2
    for html in pages:
        assert "googleapis" not in html
        assert "<link" not in html
        assert "@import" not in html


@pytest.mark.parametrize("language", ["en", "zh", "both"])
def test_the_mail_to_the_old_address_has_no_way_into_the_readers_pages(language: str) -> None:
    reader = factories.reader("old@mail.example", language=language)
    moving.move_address(reader, "new@mail.example", Proof("page"))
    mails.send_due()
    (told,) = mail.outbox
    assert isinstance(told, EmailMultiAlternatives)
    assert told.to == ["old@mail.example"]
    assert reader.token not in told.message().as_string()
    assert "/r/" not in str(told.body) + str(told.alternatives[0][0])
    assert "List-Unsubscribe" not in told.extra_headers


@pytest.mark.parametrize(("language", "says"), [("en", "Washington and Beijing"), ("zh", "中美重启会谈")])
def test_the_welcome_brings_the_latest_issue_headline_by_headline(language: str, says: str) -> None:
    issue = make_full_issue(number=128, state="sent")
    issue.blocks.filter(key="item-2").update(dropped=True)
    reader = joining.join("a@mail.example", language, Proof("form", at=NOW))
    joining.confirm(reader, Proof("page", at=NOW))
    Notice.objects.filter(kind=Notice.Kind.CONFIRM).delete()
    mails.send_due(NOW)
    (welcome,) = mail.outbox
    assert isinstance(welcome, EmailMultiAlternatives)
    shown = list(issue.blocks.filter(kind="item", dropped=False).values_list(f"title_{language}", flat=True))
    assert len(shown) == 9
    for body in (str(welcome.body), unescape(str(welcome.alternatives[0][0]))):
        assert says in body
        assert all(title in body for title in shown)
        assert f"/{language}/issues/{issue.date}/" in body


def test_answering_the_first_mail_is_the_command_that_it_speaks_of() -> None:
    asked(language="en")
    mails.send_due(NOW)
    (sent,) = mail.outbox
    address = links.confirm_address(Subscriber.objects.get())
    assert sent.reply_to == [address]
    assert f"the answer goes to {address}" in str(sent.body)


@pytest.mark.parametrize(("reply_address", "promised"), [("", False), ("desk@press.example", True)])
def test_that_a_person_reads_answers_is_said_only_where_one_does(reply_address: str, promised: bool) -> None:
    Newsletter.objects.update(reply_address=reply_address)
    moving.move_address(factories.reader("old@mail.example", language="en"), "new@mail.example", Proof("page", at=NOW))
    mails.send_due(NOW)
    (told,) = mail.outbox
    assert told.reply_to == ([reply_address] if reply_address else [])
    assert ("a person reads it" in str(told.body)) is promised
