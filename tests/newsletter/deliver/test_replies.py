"""People's answers: kept once, tied to reader and issue, passed on without a loop, gone with their reader."""

import datetime as dt
import smtplib

import pytest
from django.core import mail as outbox
from django.core.mail import EmailMessage

from newsletter.deliver import inbound, listener, replies
from newsletter.deliver.envelope import message_id
from newsletter.models import Reply
from subscribers import joining
from subscribers.joining import Proof
from subscribers.records import everything
from tests import factories as make
from tests.newsletter.deliver.incoming import bounce, mail

pytestmark = pytest.mark.django_db
NOW = dt.datetime(2026, 5, 7, 2, 0, tzinfo=dt.UTC)
MINUTE = dt.timedelta(minutes=1)


@pytest.fixture(autouse=True)
def letter() -> str:
    newsletter = make.newsletter()
    newsletter.sender_address, newsletter.reply_address = "news@paper.example", "editors@paper.example"
    newsletter.save()
    return newsletter.sender_address


def take(message: bytes, to: str = "News@Paper.example", sender: str | None = "ana@a.example") -> inbound.Decision:
    return inbound.receive(message, envelope_sender=sender, envelope_recipient=to, now=NOW)


def answer(body: str = "Thank you.", **fields: str) -> bytes:
    return mail(body, **{"to": "news@paper.example", "subject": "Re: Rules tighten", "message_id": "<1@a>", **fields})


def test_an_answer_is_kept_with_its_reader_and_the_issue_it_answers() -> None:
    ana, issue = make.reader("ana@a.example"), make.issue(state="sent")
    decision = take(answer(in_reply_to=message_id(issue.pk, ana.pk)))
    reply = Reply.objects.get()
    assert decision.ours
    assert (reply.reader, reply.issue, reply.sender, reply.sender_name) == (ana, issue, "ana@a.example", "Ana")
    assert (reply.subject, reply.text, reply.done_at) == ("Re: Rules tighten", "Thank you.", None)


def test_a_message_id_that_is_not_ours_ties_it_to_nothing() -> None:
    take(answer(in_reply_to=f"<{'a' * 32}@chenbao.example>"))
    assert (Reply.objects.get().reader, Reply.objects.get().issue) == (None, None)


def test_the_same_mail_twice_is_one_answer() -> None:
    take(answer())
    assert "came before" in take(answer()).words
    assert Reply.objects.count() == 1


def test_what_is_quoted_under_the_answer_stays_and_what_is_attached_is_named_only() -> None:
    body = (
        "--b\nContent-Type: text/plain; charset=utf-8\n\nSee below.\n\n-----Original Message-----\nFrom: news\n\n> 28"
        '\n\n--b\nContent-Type: application/pdf\nContent-Disposition: attachment; filename="bill.pdf"\n'
        "Content-Transfer-Encoding: base64\n\nAAECAwQ=\n\n--b--\n"
    )
    take(answer(body, mime_version="1.0", content_type='multipart/mixed; boundary="b"'))
    reply = Reply.objects.get()
    assert "> 28" in reply.text
    assert reply.attachments == [{"name": "bill.pdf", "type": "application/pdf", "size": 5}]
    assert "AAECAw" not in reply.text


def test_an_answer_in_html_alone_becomes_text() -> None:
    take(answer("<p>Thanks</p><script>steal()</script>", content_type="text/html; charset=utf-8"))
    assert Reply.objects.get().text == "Thanks"


def test_bounces_commands_and_away_notices_go_where_they_went() -> None:
    take(bounce(), to="news@paper.example", sender="")
    take(answer(auto_submitted="auto-replied", subject="Out of office"))
    take(mail(), to="subscribe@chenbao.example")
    assert not Reply.objects.exists()


def test_mail_to_anybody_else_is_not_ours() -> None:
    assert not take(answer(to="who@paper.example"), to="who@paper.example").ours
    assert not Reply.objects.exists()


def test_a_pipe_without_an_envelope_reads_the_header() -> None:
    inbound.receive(answer(), envelope_sender=None, envelope_recipient=None, now=NOW)
    assert Reply.objects.count() == 1


def test_explaining_keeps_nothing() -> None:
    said = inbound.explain(answer(), envelope_sender=None, envelope_recipient="news@paper.example", now=NOW)
    assert "editors" in said.words
    assert not Reply.objects.exists()


# ---- passing it on -----------------------------------------------------------------------------------------------


def test_it_is_passed_on_once_to_be_answered_to_the_reader(settings: object) -> None:
    take(answer("Good paper."))
    assert [replies.forward_due(NOW), replies.forward_due(NOW)] == [1, 0]
    (sent,) = outbox.outbox
    assert isinstance(sent, EmailMessage)
    assert (sent.to, sent.reply_to) == (["editors@paper.example"], ["ana@a.example"])
    assert "news@paper.example" in sent.from_email
    assert "Good paper." in sent.body
    assert sent.extra_headers["Auto-Submitted"] == "auto-generated"
    assert getattr(sent, "envelope_sender", None) == ""
    suppressed = sent.extra_headers["X-Auto-Response-Suppress"].split(", ")
    assert "OOF" in suppressed  # which would go to the reader
    assert not {"NDR", "All"} & set(suppressed)  # a bounce within a group concerns its owner
    assert Reply.objects.get().forwarded_at == NOW


def test_what_we_pass_on_is_never_passed_on_again() -> None:
    take(answer())
    replies.forward_due(NOW)
    back = outbox.outbox[0].message().as_bytes()
    take(back, to="news@paper.example", sender="editors@paper.example")
    assert replies.forward_due(NOW) == 0
    assert Reply.objects.exclude(forward_note="").count() == 1


@pytest.mark.parametrize(
    ("fields", "sender", "note"),
    [
        ({"auto_submitted": "auto-generated"}, "ana@a.example", replies.BY_A_PROGRAM),
        ({"precedence": "bulk"}, "ana@a.example", replies.BY_A_PROGRAM),
        ({"x_loop": "x"}, "ana@a.example", replies.BY_A_PROGRAM),
        ({}, "", replies.BY_A_PROGRAM),
        ({"from": "Editors <editors@paper.example>"}, "editors@paper.example", replies.OWN),
    ],
)
def test_what_would_go_round_in_circles_is_not_passed_on(fields: dict[str, str], sender: str, note: str) -> None:
    take(answer(**fields), sender=sender)
    reply = Reply.objects.get()
    assert (reply.forward_note, replies.forward_due(NOW)) == (note, 0)
    assert bool(reply.done_at) == (note == replies.BY_A_PROGRAM)  # a program's mail waits for nobody


@pytest.mark.parametrize("to", ["", "news@paper.example", "subscribe@chenbao.example"])
def test_without_a_mailbox_of_the_editors_own_it_stays_at_the_desk(to: str) -> None:
    make.newsletter().__class__.objects.update(reply_address=to)
    take(answer())
    assert (Reply.objects.get().forward_note, replies.forward_due(NOW)) == (replies.NO_MAILBOX, 0)


def test_one_sender_floods_neither_the_desk_nor_the_mailbox() -> None:
    for n in range(replies.PER_SENDER.count + 5):
        take(answer(message_id=f"<{n}@a>"))
    assert Reply.objects.count() == replies.PER_SENDER.count
    assert replies.forward_due(NOW) == replies.FORWARDED_PER_SENDER.count


def test_a_server_that_is_down_is_tried_again_and_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    take(answer())

    def refuse(self: EmailMessage, fail_silently: bool = False) -> int:
        raise smtplib.SMTPServerDisconnected("gone")

    monkeypatch.setattr(EmailMessage, "send", refuse)
    now = NOW
    for _ in range(len(replies.AGAIN_AFTER) + 3):
        replies.forward_due(now)
        now += dt.timedelta(hours=7)
    reply = Reply.objects.get()
    assert (reply.forward_at, reply.forwarded_at, reply.forward_attempts) == (None, None, len(replies.AGAIN_AFTER) + 1)


# ---- what is kept, and for how long --------------------------------------------------------------------------------


def test_it_goes_with_its_reader_and_is_in_the_copy_of_their_data() -> None:
    ana = make.reader("ana@a.example")
    take(answer("My own words."))
    assert "My own words." in str(everything(ana))
    joining.erase(ana, Proof("page"))
    assert not Reply.objects.exists()


def test_it_is_deleted_after_its_time() -> None:
    take(answer())
    assert replies.forget_old(NOW + replies.REPLIES_KEPT - MINUTE) == 0
    assert replies.forget_old(NOW + replies.REPLIES_KEPT + MINUTE) == 1


@pytest.mark.django_db(transaction=True, serialized_rollback=True)
def test_the_listener_takes_mail_to_the_editors_and_no_other() -> None:
    make.newsletter().__class__.objects.update(sender_address="news@paper.example")
    with listener.running("127.0.0.1", 0, lmtp=False) as (host, port), smtplib.SMTP(host, port) as client:
        client.ehlo()
        client.mail("ana@a.example")
        assert client.rcpt("news@paper.example")[0] == 250
        assert client.rcpt("who@paper.example")[0] == 550
