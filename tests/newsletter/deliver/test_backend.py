"""Single mails over the same transport as the issue."""

import smtplib

import pytest
from django.core.mail import EmailMultiAlternatives, get_connection
from pytest_django import Settings

from newsletter.deliver.backend import EmailBackend
from tests.newsletter.deliver.sink import Sink

BACKEND = "newsletter.deliver.backend.EmailBackend"


def message(*recipients: str) -> EmailMultiAlternatives:
    mail = EmailMultiAlternatives(
        "请确认 Please confirm", "一行\n.一点\n" + "长" * 500, "晨报 <news@a.example>", recipients
    )
    mail.attach_alternative("<p>请确认</p>", "text/html")
    mail.connection = get_connection(BACKEND)
    return mail


def test_a_mail_arrives_whole_and_seven_bit(sink: Sink) -> None:
    assert message("Ana <ana@b.example>").send() == 1

    got = sink.to("ana@b.example")
    assert got.sender == "news@a.example"
    assert got.content.isascii()
    assert got.parsed["Subject"] == "请确认 Please confirm"
    body = got.parsed.get_body(("plain",))
    assert body is not None
    assert body.get_content().splitlines() == ["一行", ".一点", "长" * 500]


def test_several_recipients_and_mails_share_a_connection(sink: Sink) -> None:
    connection = get_connection(BACKEND)
    assert connection.send_messages([message("ana@b.example", "bo@b.example"), message("cy@b.example")]) == 2
    assert sink.recipients == ["ana@b.example", "bo@b.example", "cy@b.example"]
    assert sink.sessions == 1


def test_international_addresses(sink: Sink) -> None:
    message("李明@例子.example").send()
    assert sink.recipients == ["李明@xn--fsqu00a.example"]


def test_a_reply_may_have_the_null_sender(sink: Sink) -> None:
    mail = message("ana@b.example")
    mail.envelope_sender = ""  # type: ignore[attr-defined]
    mail.send()
    assert sink.to("ana@b.example").sender == "<>"


def test_a_refusal_is_raised_or_silent_as_asked(sink: Sink) -> None:
    sink.at_recipient["ana@b.example"] = ["550 5.1.1 no such user"] * 2
    with pytest.raises(smtplib.SMTPResponseException, match="no such user"):
        message("ana@b.example").send()
    assert EmailBackend(fail_silently=True).send_messages([message("ana@b.example")]) == 0


def test_no_server_is_an_smtp_error_that_names_it(settings: Settings) -> None:
    settings.EMAIL_PORT = 1
    with pytest.raises(smtplib.SMTPException, match=r"127\.0\.0\.1:1"):
        message("ana@b.example").send()
