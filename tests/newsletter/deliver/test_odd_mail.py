"""Mail as robots, attackers and old servers really write it, through the one function that decides."""

import datetime as dt
import time

import pytest

from newsletter.deliver import bounces, inbound
from newsletter.deliver.bounces import Kind, Measure
from subscribers import limits, mails
from subscribers.models import Notice, Subscriber
from tests import factories as make
from tests.newsletter.deliver.incoming import DOMAIN, bounce, mail, words_of_a_server

pytestmark = pytest.mark.django_db
NOW = dt.datetime(2026, 5, 7, 2, 0, tzinfo=dt.UTC)


def take(message: bytes, to: str = f"subscribe@{DOMAIN}", sender: str | None = "ana@a.example") -> str:
    return inbound.receive(message, envelope_sender=sender, envelope_recipient=to, now=NOW).words


def joined() -> list[tuple[str | None, str]]:
    return sorted(Subscriber.objects.values_list("email", "language"))


# ---- commands --------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("to", "language"),
    [("SUBSCRIBE", "both"), ("Subscribe+ZH", "zh"), ("subscribe+en", "en"), ("subscribe+both", "both")],
)
def test_case_and_plus_sign_of_our_address(to: str, language: str) -> None:
    take(mail(), f"{to}@{DOMAIN.upper()}")
    assert joined() == [("ana@a.example", language)]


@pytest.mark.parametrize(
    "to", ["subscribe+fr", '"subscribe"', "subscribe+", "+subscribe", "subscribe+zh+en", "leave+x"]
)
def test_what_is_nearly_our_address_asks_for_nothing(to: str) -> None:
    take(mail(to=f"{to}@{DOMAIN}"), f"{to}@{DOMAIN}")
    assert joined() == []


@pytest.mark.parametrize(
    "sender",
    [
        "=?utf-8?q?Wang=2C_Li?= <ana@a.example>",  # "Wang, Li"
        "=?utf-8?q?Ana_=22Bo?= <ana@a.example>",  # a quote that is never closed
        "=?utf-8?q?bo=40b=2Eexample=2C?= <ana@a.example>",  # an address and a comma in the name
        "Ana+news (office) <ana@a.example>",
        "ana@a.example",
    ],
)
def test_whatever_stands_in_the_senders_name_the_address_is_answered(sender: str) -> None:
    take(mail(**{"from": sender}))
    assert joined() == [("ana@a.example", "both")]


@pytest.mark.parametrize(
    "sender", ["ana@a.example, bo@b.example", "<ana@a.example> <bo@b.example>", '"quoted local"@a.example', "Ana", ""]
)
def test_without_one_address_to_answer_nobody_is(sender: str) -> None:
    take(mail(**{"from": sender}))
    assert joined() == []


@pytest.mark.parametrize(
    "fields",
    [
        {"list_id": "<l.example>"},
        {"list_unsubscribe": "<mailto:x@l.example>"},
        {"precedence": "bulk"},
        {"precedence": "junk"},
        {"auto_submitted": "auto-generated"},
        {"auto_submitted": "auto-replied (vacation)"},
        {"x_auto_response_suppress": "All"},
        {"x_autoreply": "yes"},
        {"x_loop": "robot"},
        {"from": "MAILER-DAEMON@a.example"},
    ],
)
def test_lists_bulk_and_automatic_mail_are_never_answered(fields: dict[str, str]) -> None:
    take(mail(**fields))
    assert not Notice.objects.exists()


@pytest.mark.parametrize("sender", ["", "<>", "MAILER-DAEMON"])
def test_the_null_sender_is_never_answered(sender: str) -> None:
    take(mail(), sender=sender)
    assert not Notice.objects.exists()


def test_two_robots_that_answer_each_other_stop_soon() -> None:
    """Another service's own subscribe@ writes from a plain address and says nothing of being a robot."""
    for number in range(20):
        take(mail(**{"from": "subscribe@robot.example", "message_id": f"<{number}@robot.example>"}))
    answers = list(Notice.objects.all())
    assert len(answers) == limits.PER_ADDRESS.count
    assert all(each.answers_mail for each in answers)


def test_one_domain_can_not_make_us_write_to_all_its_addresses() -> None:
    for number in range(limits.PER_MAIL_DOMAIN.count + 20):
        take(mail(**{"from": f"u{number}@flood.example", "message_id": f"<{number}@flood.example>"}))
    assert Subscriber.objects.count() == limits.PER_MAIL_DOMAIN.count
    take(mail())
    assert Subscriber.objects.filter(email="ana@a.example").exists()


def test_answers_go_out_with_a_null_sender_and_say_that_a_machine_wrote_them(mailoutbox: list[mails.Letter]) -> None:
    take(mail())
    mails.send_due(NOW)
    (answer,) = mailoutbox
    assert answer.envelope_sender == ""
    assert answer.message()["Auto-Submitted"] == "auto-generated"


@pytest.mark.parametrize(
    "message",
    [
        b"From: ana@a.example\rTo: subscribe@chenbao.example\r\rbody\r",
        b"From: ana@a.example\r\n\r\n" + b"\0" * 1000,
        b"From: ana@a.example\r\nSubject: \xff\xfe\0\r\n\r\n\x80",
        b"From: ana@a.example\r\n\r\n" + b"x" * 10_000_000,
        b"From: ana@a.example\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n" + b"--b\r\n" * 50_000,
    ],
    ids=["bare CR", "NUL", "raw bytes", "10 MB", "parts without end"],
)
def test_a_broken_or_huge_mail_is_still_a_mail(message: bytes) -> None:
    take(message)
    assert joined() == [("ana@a.example", "both")]


@pytest.mark.parametrize(
    "message",
    [
        b"Content-Type: text/html\r\n\r\n" + b"<style " * 100_000,
        b"Subject: " + b"=?a?q?x " * 60_000 + b"\r\n\r\nhi",
        b"Content-Type: text/plain; " + b";" * 500_000 + b"\r\n\r\nhi",
        b"Content-Type: text/plain" + b";;;;;;;;;;;;;\r\n " * 40_000 + b"\r\n\r\nhi",
    ],
    ids=["tags never closed", "words never ended", "parameters", "parameters, folded"],
)
def test_what_is_written_to_keep_us_busy_is_read_at_once(message: bytes) -> None:
    """Each took half a minute and more, during which no other mail came in."""
    began = time.process_time()
    take(message, f"bounce+{'a' * 32}@{DOMAIN}", sender="")
    assert time.process_time() - began < 10


@pytest.mark.parametrize(
    "message",
    [
        b"From: " + b"(" * 3000 + b"\r\nTo: " + b"(" * 3000 + b"\r\n\r\nhi",
        b"From: " + b"a:" * 50_000 + b"\r\nTo: " + b"a:" * 50_000 + b"\r\n\r\nhi",
        b"Content-Type: text/plain; charset*=utf-8''x\r\n\r\n\xff hi",
        b'Content-Type: text/plain; charset="a\0b"\r\n\r\n\xff hi',
        b"Content-Type: text/plain; charset=idna\r\n\r\n\xff hi" + b"." * 100,
        b"Content-Type: text/plain; charset=undefined\r\n\r\n\xff hi",
        b"Content-Disposition: attachment; filename*=\"a\0b''%ff\"\r\n\r\nhi",
        b"Content-Type: text/rfc822-headers; charset*=utf-8''x\r\n\r\nTo: \xff",
    ],
)
def test_what_python_falls_over_is_kept_for_a_person_all_the_same(message: bytes) -> None:
    """An error would have the other server offer it again for days."""
    assert "kept for a person" in take(b"Subject: x\r\n" + message, f"bounce+{'a' * 32}@{DOMAIN}", sender="")
    assert "answer for the editors" in take(b"From: ana@a.example\r\n" + message, make.newsletter().sender_address)


@pytest.mark.parametrize("message", [b"", b"\0", b"\r", b"\xff\xfe", b":\n:\n", b"From:\n\n", b"Content-Type: x\n\n"])
def test_what_is_hardly_a_mail_is_nobodys(message: bytes) -> None:
    for to in (f"subscribe@{DOMAIN}", f"bounce+{'a' * 32}@{DOMAIN}", f"leave+{'0' * 32}@{DOMAIN}", "x"):
        take(message, to, sender="")
    assert joined() == []


# ---- reports ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("status", "diagnostic", "measure"),
    [
        ("4.0.0", "DNS Error: DNS type 'mx' lookup of a.exampel responded with code NXDOMAIN", Measure.SUPPRESS),
        ("4.0.0", "the domain a.example doesn't receive email: returned Null MX", Measure.SUPPRESS),
        ("5.0.0", "[a.example]: Name or service not known", Measure.SUPPRESS),
        ("4.4.3", "Host or domain name not found. Name service error: Host not found, try again", Measure.COUNT),
        ("4.0.0", "451 try later", Measure.COUNT),
        ("5.7.1", "550 5.7.1 No such user here", Measure.COUNT),
        ("5.7.1", "550 5.7.1 rejected as spam", Measure.OUR_FAULT),
        ("5.0.0", "\x1b$B%f!<%6!<\x1b(BAna \x1b$B$O\x1b(B Domino \x1b$B$K$O8+$D$+$j$^$;$s!#\x1b(B", Measure.SUPPRESS),
    ],
)
def test_a_vague_status_beside_clear_words(status: str, diagnostic: str, measure: Measure) -> None:
    assert bounces.read(bounce(status, diagnostic), domain=DOMAIN).measure is measure


def test_a_notice_that_names_nobody_is_about_whom_the_returned_mail_was_for() -> None:
    told = bounce(returned="Subject: Morning\nTo: ana@a.example").replace(
        b"Final-Recipient: rfc822; ana@a.example\n", b""
    )
    assert bounces.read(told, domain=DOMAIN).recipients == ("ana@a.example",)


def test_of_a_server_answer_only_the_address_it_is_about_counts() -> None:
    told = "<ana@a.example>: host mx.a.example said: 550 no such user; write to help@a.example, https://a.example"
    assert bounces.read(words_of_a_server(told), domain=DOMAIN).recipients == ("ana@a.example",)


def test_what_sendmail_concludes_counts_less_than_what_it_was_told() -> None:
    told = """   ----- The following addresses had permanent fatal errors -----
<ana@a.example>
    (reason: 553 Sender Policy Framework (SPF) fail)

   ----- Transcript of session follows -----
>>> DATA
<<< 553 Sender Policy Framework (SPF) fail
550 5.1.1 ana@a.example... User unknown
"""
    report = bounces.read(words_of_a_server(told), domain=DOMAIN)
    assert (report.measure, report.diagnostic) == (Measure.OUR_FAULT, "553 Sender Policy Framework (SPF) fail")


@pytest.mark.parametrize("subject", ["delivery failed yesterday", "Was my mail returned to sender?", "mailbox full?"])
def test_a_person_who_writes_about_a_failure_is_no_bounce(subject: str) -> None:
    question = mail("Hello, nothing came this morning. Could you look?", to=f"news@{DOMAIN}", subject=subject)
    assert bounces.read(question, domain=DOMAIN).kind is Kind.OTHER
