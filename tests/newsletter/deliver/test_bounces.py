"""What one incoming mail is, read from its bytes alone."""

import random
import time

import pytest

from newsletter.deliver import bounces
from newsletter.deliver.bounces import Kind, Measure, Report, judge
from newsletter.deliver.wording import Reason
from tests.newsletter.deliver.incoming import DOMAIN, bounce, complaint, mail, words_of_a_server


def read(message: bytes, **envelope: str) -> Report:
    return bounces.read(message, domain=DOMAIN, **envelope)


def test_a_report_for_machines_is_read_field_by_field() -> None:
    report = read(bounce("5.1.1 (bad destination mailbox)"))

    assert (report.kind, report.action, report.status) == (Kind.BOUNCE, "failed", "5.1.1")
    assert report.recipients == ("ana@a.example",)
    assert report.diagnostic == "550 5.1.1 <ana@a.example>: User unknown"
    assert report.measure is Measure.SUPPRESS


@pytest.mark.parametrize(
    ("status", "diagnostic", "measure"),
    [
        ("5.1.1", "550 no such user", Measure.SUPPRESS),
        ("5.1.2", "550 host unknown", Measure.SUPPRESS),
        ("5.1.10", "host does not accept mail", Measure.SUPPRESS),
        ("5.1.8", "501 5.1.8 Sender address rejected", Measure.OUR_FAULT),
        ("5.1.1", "550 5.1.1 blocked, see https://www.spamhaus.org/lookup", Measure.OUR_FAULT),
        ("5.2.2", "552 5.2.2 Mailbox full, user unknown to quota", Measure.COUNT),
        ("5.2.1", "550 5.2.1 mailbox disabled", Measure.COUNT),
        ("5.7.1", "550 5.7.1 No such user", Measure.COUNT),
        ("5.6.7", "553 5.6.7 no SMTPUTF8", Measure.OUR_FAULT),
        ("5.7.26", "550 5.7.26 Unauthenticated email", Measure.OUR_FAULT),
        ("4.4.7", "delivery time expired", Measure.COUNT),
        ("4.2.2", "452 over quota", Measure.COUNT),
        ("4.7.0", "421 4.7.0 deferred for days", Measure.SLOW_DOWN),
        ("5.0.0", "550 Sender frequency limited. http://service.mail.qq.com/", Measure.SLOW_DOWN),
        ("5.0.0", "550 Domain frequency limited", Measure.SLOW_DOWN),
        ("5.0.0", "550 Mailbox unavailable or access denied", Measure.SLOW_DOWN),
        ("5.1.1", "550 5.1.1 has sent to too many recipients this hour", Measure.SLOW_DOWN),
        ("5.0.0", "550 Mailbox not found. http://service.mail.qq.com/", Measure.SUPPRESS),
        ("5.0.0", "550 User not found: ana@163.com", Measure.SUPPRESS),
        ("5.0.0", "550 RC:NE The email account does not exist.", Measure.SUPPRESS),
        ("5.0.0", "554 DT:SPM 163 smtp10", Measure.OUR_FAULT),
        ("5.0.0", "550 Mail content denied.", Measure.OUR_FAULT),
        ("5.0.0", "550 Requested action not taken: mailbox unavailable", Measure.COUNT),
        ("5.0.0", "550 5.7.1 Blocked", Measure.OUR_FAULT),
        ("4.0.0", "554 Blocked - see https://example.com/dnsbl-lookup", Measure.OUR_FAULT),
        ("5.0.0", "550 <spam@a.example>: said nothing", Measure.COUNT),
    ],
)
def test_what_a_failure_leads_to(status: str, diagnostic: str, measure: Measure) -> None:
    assert read(bounce(status, diagnostic)).measure is measure


def test_a_reader_is_kept_where_words_and_status_disagree() -> None:
    assert judge("5.2.2", Reason.NO_USER) is Measure.COUNT
    assert judge("5.2.1", Reason.NO_DOMAIN) is Measure.COUNT
    assert judge("5.5.0", Reason.NO_USER) is Measure.SUPPRESS
    assert judge(None, None) is Measure.COUNT


@pytest.mark.parametrize("action", ["delayed", "Delayed"])
def test_late_is_no_failure(action: str) -> None:
    report = read(bounce("4.4.1", "connection timed out", action=action))
    assert (report.kind, report.measure) == (Kind.DELAY, Measure.NOTHING)


@pytest.mark.parametrize("action", ["delivered", "relayed", "expanded"])
def test_success_is_no_failure(action: str) -> None:
    assert read(bounce("2.0.0", "250 ok", action=action)).kind is Kind.OTHER


def test_of_several_recipients_the_one_that_failed_counts() -> None:
    other = "\n\nFinal-Recipient: rfc822; bo@b.example\nAction: failed\nStatus: 5.2.2\n"
    message = bounce("2.0.0", "250 ok", action="delivered").replace(b"250 ok\n", b"250 ok" + other.encode())
    report = read(message)
    assert (report.kind, report.status, report.recipients) == (Kind.BOUNCE, "5.2.2", ("bo@b.example",))


@pytest.mark.parametrize("ends", [b"\r", b"\r\n", b"\n"])
def test_line_ends_of_any_kind(ends: bytes) -> None:
    assert read(bounce().replace(b"\n", ends)).status == "5.1.1"


QMAIL = """Hi. This is the qmail-send program at mx.example.
I'm afraid I wasn't able to deliver your message to the following addresses.
This is a permanent error; I've given up. Sorry it didn't work out.

<ana@a.example>:
Sorry, no mailbox here by that name. (#5.1.1)

--- Below this line is a copy of the message.

Message-ID: <x@chenbao.example>
Subject: 552 mailbox full
"""
EXIM = """This message was created automatically by mail delivery software.
A message that you sent could not be delivered to one or more of its
recipients. The following address(es) failed:
  ana@a.example
    host mx.a.example: 552 5.2.2 mailbox is full
------ This is a copy of the message, including all the headers. ------
"""
QQ = """来自 QQ 邮箱的退信
抱歉，您的邮件被退回来了……
收件人：ana@qq.example
退信原因：收件人邮箱容量已满
"""
SINA = "您发往 <ana@sina.example> 的邮件无法投递：该用户不存在。"


@pytest.mark.parametrize(
    ("text", "status", "recipient", "measure"),
    [
        (QMAIL, "5.1.1", "ana@a.example", Measure.SUPPRESS),
        (EXIM, "5.2.2", "ana@a.example", Measure.COUNT),
        (QQ, "5.2.2", "ana@qq.example", Measure.COUNT),
        (SINA, "5.1.1", "ana@sina.example", Measure.SUPPRESS),
        ("Delivery failed.\n550 Connection frequency limited", "4.7.0", "", Measure.SLOW_DOWN),
        ("退信：发信频率超过限制", "4.7.0", "", Measure.SLOW_DOWN),
        ("Your mail could not be delivered.", None, "", Measure.COUNT),
    ],
)
def test_failures_told_to_people_only(text: str, status: str | None, recipient: str, measure: Measure) -> None:
    report = read(words_of_a_server(text))

    assert (report.kind, report.action, report.status) == (Kind.BOUNCE, "failed", status)
    assert report.recipients == ((recipient,) if recipient else ())
    assert report.measure is measure


def test_the_returned_mail_itself_is_not_taken_for_the_reason() -> None:
    assert "mailbox full" not in (read(words_of_a_server(QMAIL)).diagnostic or "")


def test_chinese_bytes_without_a_charset_are_read() -> None:
    subject, text = "退信通知".encode("gb18030"), "您的邮件被退回：用户不存在".encode("gb18030")
    report = read(b"From: postmaster@163.example\nSubject: " + subject + b"\n\n" + text)
    assert (report.kind, report.status) == (Kind.BOUNCE, "5.1.1")


def test_a_providers_own_language_in_a_report_for_machines() -> None:
    for charset in ("utf-8", "gb18030"):
        report = read(bounce("5.0.0", "550 用户不存在\0").decode().encode(charset))
        assert (report.diagnostic, report.measure) == ("550 用户不存在", Measure.SUPPRESS)


def test_a_report_about_an_international_address() -> None:
    message = bounce().replace(b"message/delivery-status", b"message/global-delivery-status")
    report = read(message.replace(b"rfc822; ana@", "utf-8; 李@".encode()))
    assert (report.kind, report.status, report.recipients) == (Kind.BOUNCE, "5.1.1", ("李@a.example",))


@pytest.mark.parametrize(
    "subject",
    [
        "Automatic reply: Morning",
        "Out of Office: Morning",
        "Re: Morning (Automatic Response)",
        "Abwesenheitsnotiz: Morning",
        "Réponse automatique : Morning",
        "Respuesta automática: Morning",
        "Resposta automática: Morning",
        "Risposta automatica: Morning",
        "Автоответ: Morning",
        "自动回复: 晨报",
        "自動回覆: 晨報",
        "自動返信: 晨報",
        "자동 회신: 晨报",
    ],
)
def test_an_away_notice_is_no_bounce_in_any_language(subject: str) -> None:
    report = read(mail("Your mail could not be delivered to me before Monday.", subject=subject, return_path="<>"))
    assert (report.kind, report.measure) == (Kind.AUTO_REPLY, Measure.NOTHING)


@pytest.mark.parametrize(
    "field",
    [
        {"auto_submitted": "auto-replied"},
        {"auto_submitted": "auto-replied (vacation)"},
        {"x_autoreply": "yes"},
        {"x_autorespond": "1"},
        {"precedence": "auto_reply"},
    ],
)
def test_an_away_notice_is_known_by_its_fields(field: dict[str, str]) -> None:
    assert read(mail("Gone fishing.", to=f"news@{DOMAIN}", **field)).kind is Kind.AUTO_REPLY


def test_a_complaint_and_a_wish_to_leave_are_told_apart_from_reports_about_signatures() -> None:
    assert (read(complaint("")).kind, read(complaint("")).measure) == (Kind.COMPLAINT, Measure.COMPLAIN)
    assert read(complaint("", "opt-out")).measure is Measure.LEAVE
    assert read(complaint("", "auth-failure")).kind is Kind.OTHER
    assert read(complaint("", "not-spam")).measure is Measure.NOTHING


@pytest.mark.parametrize("address", ["subscribe", "subscribe+zh", "SUBSCRIBE+EN", "leave+" + "a1" * 16])
def test_a_mail_to_a_command_address_is_a_command(address: str) -> None:
    report = read(mail(to=f"Chenbao <{address}@Chenbao.Example>"))
    assert (report.kind, report.measure) == (Kind.COMMAND, Measure.OBEY)
    assert read(mail(), envelope_recipient=f"{address}@{DOMAIN}").kind is Kind.COMMAND


@pytest.mark.parametrize("to", ["subscribe@other.example", f"subscribe+fr@{DOMAIN}", f"leave@{DOMAIN}"])
def test_other_addresses_are_no_commands(to: str) -> None:
    assert read(mail(to=to)).kind is Kind.OTHER


@pytest.mark.parametrize(
    "field",
    [
        {"auto_submitted": "auto-generated"},
        {"precedence": "bulk"},
        {"precedence": "list"},
        {"list_id": "<x.example>"},
        {"x_auto_response_suppress": "All"},
        {"return_path": "<>"},
        {"return_path": "<MAILER-DAEMON>"},
        {"from": "MAILER-DAEMON@mx.example"},
        {"subject": "自动回复"},
    ],
)
def test_no_program_subscribes_but_any_may_leave(field: dict[str, str]) -> None:
    assert read(mail(**field)).kind is not Kind.COMMAND
    assert read(mail(**{"to": f"leave+{'a1' * 16}@{DOMAIN}", **field})).kind is Kind.COMMAND


def test_a_person_who_quotes_a_bounce_is_a_person() -> None:
    report = read(mail("Hello, my provider says 550 user unknown. What is wrong?", to=f"news@{DOMAIN}", subject="Hm"))
    assert report.kind is Kind.OTHER


def test_the_same_mail_has_the_same_fingerprint_whatever_was_written_before_it() -> None:
    first = bounce()
    again = b"Received: from a by b\nReceived: from b by c\n" + first
    at = f"bounce+x@{DOMAIN}"
    assert read(first, envelope_recipient=at).fingerprint == read(again, envelope_recipient=at).fingerprint
    assert read(first).fingerprint != read(bounce(message_id="<b2@mx.example>")).fingerprint
    nameless = bounce(message_id="")
    assert read(nameless).fingerprint == read(b"Received: x\n" + nameless).fingerprint
    assert read(nameless).fingerprint != read(nameless.replace(b"5.1.1", b"5.2.2")).fingerprint


@pytest.mark.parametrize(
    "message",
    [
        b"",
        b"\r",
        b"\0\xff\xfe",
        b": \n:\n\n",
        b"From: \xff\nSubject: =?x?q?=FF?=\n\n",
        b"Subject: =?utf-8?b?x?=\n\nbody",
        b"Content-Type: multipart/report\n\nno parts",
        b"Content-Type: text/plain; charset=nonsense\nContent-Transfer-Encoding: base64\n\n%%%",
        b"Content-Type: message/delivery-status\n\n\n\n",
        b"Content-Type: message/rfc822\n\n",
        b"To: " + b"a@b.example, " * 20_000 + b"\n\n",
        b"".join(b"Content-Type: multipart/mixed; boundary=%d\n\n--%d\n" % (n, n) for n in range(3000)),
    ],
)
def test_nothing_makes_it_fall(message: bytes) -> None:
    assert read(message).kind in set(Kind)


def test_torn_mails_never_make_it_fall() -> None:
    chance = random.Random(7)
    for whole in (bounce(), complaint(""), words_of_a_server(QMAIL), mail()):
        for _ in range(60):
            torn = bytearray(whole[chance.randrange(len(whole)) :] + whole[: chance.randrange(len(whole))])
            for _ in range(8):
                torn[chance.randrange(len(torn))] = chance.randrange(256)
            assert read(bytes(torn)).kind in set(Kind)


@pytest.mark.parametrize(
    "word", ["mailbox ", "a@b.c ", "user <", "550-", "message ", "\n\n", "x" * 50, "邮箱", "--- "]
)
def test_a_long_mail_takes_no_longer_than_a_blink(word: str) -> None:
    message = words_of_a_server(word * (400_000 // len(word)))
    started = time.process_time()
    read(message)
    assert time.process_time() - started < 2
