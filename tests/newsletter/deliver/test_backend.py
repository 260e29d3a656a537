"""Single mails over the same transport as the issue."""

import smtplib

import pytest
from django.core.mail import EmailMultiAlternatives, get_connection
from pytest_django import Settings

from newsletter.deliver.backend import EmailBackend, RefusedError
from subscribers import joining, mails
from subscribers.joining import Proof
from subscribers.models import Notice
from tests.newsletter.deliver.sink import Sink, running_sink

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


def test_a_mailbox_beyond_ascii_stands_in_its_header_as_it_is(sink: Sink) -> None:
    message("李明 <李明@例子.example>").send()

    got = sink.to("李明@xn--fsqu00a.example")
    assert "SMTPUTF8" in got.options
    # RFC 2047 §5: an encoded word for the name beside it, none inside the address
    assert "\r\nTo: =?utf-8?b?5p2O5piO?=\r\n <李明@xn--fsqu00a.example>\r\n".encode() in got.content
    assert got.content.count(b"To: ") == 1
    assert got.content.partition(b"\r\n\r\n")[2].isascii(), "the body stays 7-bit"
    assert got.parsed["To"].addresses[0].display_name == "李明"


@pytest.mark.parametrize("address", ["ana@b.example", "李明 <ana@b.example>", "ana@例子.example"])
def test_what_needs_no_smtputf8_does_not_ask_for_it(sink: Sink, address: str) -> None:
    message(address).send()
    (got,) = sink.mails
    assert got.content.isascii()
    assert "SMTPUTF8" not in got.options


def test_a_header_that_names_such_a_mailbox_needs_smtputf8_whoever_gets_it(sink: Sink) -> None:
    message("ana@b.example", "李明@b.example").send()
    assert all("SMTPUTF8" in mail.options for mail in sink.mails)
    assert "\r\nTo: ana@b.example,\r\n 李明@b.example\r\n".encode() in sink.to("ana@b.example").content


def test_a_server_without_smtputf8_refuses_that_reader_for_good_and_takes_the_next(settings: Settings) -> None:
    with running_sink(utf8=False) as (sink, host, port):
        settings.EMAIL_HOST, settings.EMAIL_PORT = host, port
        connection = get_connection(BACKEND)
        connection.open()
        with pytest.raises(RefusedError, match=r"^553 5\.6\.7 .*SMTPUTF8"):
            connection.send_messages([message("李明@b.example")])
        connection.send_messages([message("ana@b.example")])
        connection.close()
    assert sink.recipients == ["ana@b.example"]


@pytest.mark.django_db
@pytest.mark.parametrize("utf8", [True, False])
def test_a_reader_is_told_to_confirm_or_given_up_at_once_with_the_reason(settings: Settings, utf8: bool) -> None:
    settings.EMAIL_BACKEND = BACKEND
    joining.join("李明@b.example", "zh", Proof("form"))
    joining.join("ana@b.example", "zh", Proof("form"))
    with running_sink(utf8=utf8) as (sink, host, port):
        settings.EMAIL_HOST, settings.EMAIL_PORT = host, port
        assert mails.send_due() == (2 if utf8 else 1)
    assert "ana@b.example" in sink.recipients
    notice = Notice.objects.get(reader__email="李明@b.example")
    assert (notice.due_at, notice.attempts) == (None, 1)
    assert bool(notice.sent_at) is utf8
    assert utf8 or notice.reply.startswith("553 5.6.7 ")
    assert not utf8 or "To: 李明@b.example\r\n".encode() in sink.to("李明@b.example").content


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("answer", "due", "reply"),
    [
        ("550 5.1.1 <ana@b.example>: no such user", False, "550 5.1.1 <…@b.example>: no such user"),
        ("451 4.7.1 greylisted", True, "SMTPResponseException"),
        ("550 5.7.1 sender not allowed", True, "SMTPResponseException"),  # ours to mend, and then it may go
    ],
)
def test_a_single_mail_is_given_up_at_once_where_the_server_refuses_it_for_good(
    sink: Sink, settings: Settings, answer: str, due: bool, reply: str
) -> None:
    settings.EMAIL_BACKEND = BACKEND
    sink.at_recipient["ana@b.example"] = [answer]
    joining.join("ana@b.example", "en", Proof("form"))
    assert mails.send_due() == 0
    notice = Notice.objects.get()
    assert (bool(notice.due_at), notice.reply) == (due, reply)


def test_a_reply_may_have_the_null_sender(sink: Sink) -> None:
    mail = message("ana@b.example")
    mail.envelope_sender = ""  # type: ignore[attr-defined]
    mail.send()
    assert sink.to("ana@b.example").sender == "<>"


def test_a_refusal_is_raised_or_silent_as_asked(sink: Sink) -> None:
    sink.at_recipient["ana@b.example"] = ["550 5.1.1 no such user"] * 2
    with pytest.raises(RefusedError, match=r"^550 5\.1\.1 no such user"):
        message("ana@b.example").send()
    assert EmailBackend(fail_silently=True).send_messages([message("ana@b.example")]) == 0


def test_no_server_is_an_smtp_error_that_names_it(settings: Settings) -> None:
    settings.EMAIL_PORT = 1
    with pytest.raises(smtplib.SMTPException, match=r"127\.0\.0\.1:1"):
        message("ana@b.example").send()
