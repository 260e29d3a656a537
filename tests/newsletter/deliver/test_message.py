"""One reader's mail as a mail program reads it, and as the wire carries it."""

import datetime as dt
import re
from email import message_from_bytes
from email.header import decode_header, make_header
from email.message import EmailMessage
from email.utils import parseaddr

import pytest
from pytest_django import Settings

from newsletter.deliver import editions
from newsletter.deliver.editions import render
from newsletter.deliver.envelope import AddressError, AlteredError, ReadyEdition, message_id
from newsletter.models import Delivery, DeliveryState, Edition, Newsletter
from subscribers import links, seals
from subscribers.models import Subscriber
from tests import factories as make
from tests.newsletter.deliver.helpers import NINE, approved_issue, deliver, quiet
from tests.newsletter.deliver.sink import Sink, running_sink

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.usefixtures("small_templates"),
    pytest.mark.urls("tests.newsletter.deliver.reader_urls"),
]


def received(sink: Sink, **reader: object) -> EmailMessage:
    """The mail that one reader gets."""
    make.reader("ana@a.example", **reader)
    deliver(approved_issue())
    return sink.to("ana@a.example").parsed


def part(mail: EmailMessage, kind: str) -> str:
    body = mail.get_body((kind,))
    assert body is not None
    return str(body.get_content())


def test_a_mail_has_a_text_and_an_html_part_with_the_readers_own_links(sink: Sink) -> None:
    mail = received(sink, language="en")
    reader = Subscriber.objects.get()

    assert [p.get_content_type() for p in mail.walk()] == ["multipart/alternative", "text/plain", "text/html"]
    assert f'<a href="{links.preferences_url(reader)}">' in part(mail, "html")
    assert f'<a href="{links.leave_url(reader)}">' in part(mail, "html")
    assert part(mail, "plain").endswith(f"\r\n{links.leave_url(reader)}")
    assert "slot.invalid" not in str(mail)
    assert "Rules tighten" in part(mail, "plain")
    assert not mail.defects
    assert not any(p.defects for p in mail.walk())


def test_a_chinese_mail_reads_right_in_both_parts(sink: Sink) -> None:
    mail = received(sink, language="zh")

    assert mail["Subject"] == "规矩更严，价格更高"
    assert "规矩更严" in part(mail, "html")
    assert "规矩更严" in part(mail, "plain")
    assert mail["Content-Language"] == "zh-Hans"


def test_a_reader_of_plain_text_gets_one_part(sink: Sink) -> None:
    mail = received(sink, plain_text=True)

    assert mail.get_content_type() == "text/plain"
    assert links.leave_url(Subscriber.objects.get()) in mail.get_content()


def test_the_headers_that_deliverability_asks_for(sink: Sink) -> None:
    mail = received(sink, language="en")
    reader, issue = Subscriber.objects.get(), Edition.objects.get().issue

    assert mail["From"].addresses[0].display_name == "Chenbao 晨报"
    assert mail["From"].addresses[0].addr_spec == "news@chenbao.example"
    assert mail["To"] == "ana@a.example"
    assert mail["Date"].datetime - NINE < dt.timedelta(minutes=1)
    assert mail["Message-ID"] == message_id(issue.pk, reader.pk)
    one_click, by_mail = links.one_click_url(reader), links.leave_address(reader)
    assert mail["List-Unsubscribe"] == f"<{one_click}>, <mailto:{by_mail}>"
    assert mail["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert mail["List-Id"] == "Chenbao <chenbao.chenbao.example>"
    assert mail["List-Subscribe"] == "<http://127.0.0.1:8000/en/>, <mailto:subscribe@chenbao.example>"
    assert mail["List-Archive"] == "<http://127.0.0.1:8000/en/issues/>"
    assert mail["List-Help"] == "<http://127.0.0.1:8000/en/>"
    assert mail["Auto-Submitted"] == "auto-generated"
    assert mail["Precedence"] == "bulk"
    assert mail["Feedback-ID"] == f"{issue.number}:en:daily:chenbao"
    assert len(mail.keys()) == len(set(mail.keys())), "no field twice"


def test_bounces_come_back_to_a_sealed_address_that_names_reader_and_issue(sink: Sink) -> None:
    received(sink)
    reader, issue = Subscriber.objects.get(), Edition.objects.get().issue

    local, _, domain = sink.to("ana@a.example").sender.partition("@")
    assert domain == "chenbao.example"
    assert seals.unseal("bounce", local.removeprefix("bounce+")) == (issue.pk, reader.pk)
    assert reader.token not in local, "whoever was forwarded a mail's links can't make bounces"


def test_the_bytes_are_seven_bit_with_short_lines_and_right_ends(sink: Sink) -> None:
    received(sink)
    content = sink.to("ana@a.example").content

    assert content.isascii()
    assert content.count(b"\n") == content.count(b"\r\n")
    assert max(map(len, content.split(b"\r\n"))) < 200  # RFC 5322 §2.1.1 allows 998


def test_freezing_again_gives_the_same_bytes() -> None:
    issue = approved_issue()
    choices = make.reader("ana@a.example").choices()

    assert render(issue, choices) == render(issue, choices)


def test_an_edition_that_somebody_wrote_into_goes_to_nobody(sink: Sink) -> None:
    make.reader("ana@a.example")
    issue = approved_issue()
    editions.freeze(issue, quiet)
    edition = Edition.objects.get()
    Edition.objects.update(mime=bytes(edition.mime).replace(b"MIME-Version: 1.0", b"MIME-Version: 2.0"))
    with pytest.raises(AlteredError, match="isn't the one that was frozen"):
        deliver(issue)
    assert sink.mails == []
    assert Delivery.objects.get().state == DeliveryState.QUEUED


def test_the_message_id_is_the_same_for_a_second_copy_and_differs_between_readers_and_issues() -> None:
    ids = {message_id(issue, reader) for issue in (1, 2) for reader in (1, 2)}
    assert len(ids) == 4
    assert message_id(1, 2) == message_id(1, 2)
    assert all(re.fullmatch(r"<[a-z2-7]{32}@chenbao\.example>", each) for each in ids)


def test_long_and_odd_names_and_subjects_survive(sink: Sink) -> None:
    subject = (
        "“规矩更严”，算力更贵：AI 开始收钱 — Rules tighten; computing costs more, and AI begins to charge (says he)"
    )
    Newsletter.objects.update(sender_name='晨报 "Chenbao", <daily> & Söhne; the long name of a newsletter 每日早报')
    make.reader("ana@a.example", language="zh")
    deliver(approved_issue(subject_zh=subject))
    mail = sink.to("ana@a.example").parsed

    assert mail["Subject"] == subject
    # read with the older parser: the newer puts a second space where an encoded name goes on in the next line
    name, address = parseaddr(str(message_from_bytes(sink.to("ana@a.example").content)["From"]).replace("\r\n", ""))
    assert str(make_header(decode_header(name))) == Newsletter.objects.get().sender_name
    assert address == "news@chenbao.example"


def test_line_breaks_in_texts_make_no_headers(sink: Sink) -> None:
    Newsletter.objects.update(sender_name="Chenbao\r\nBcc: all@a.example", name_en="C\nX-Evil: 1")
    make.reader("ana@a.example", language="en")
    deliver(approved_issue(subject_en="Hello\r\nX-Evil: 1\u2028\x01there"))
    mail = sink.to("ana@a.example").parsed

    assert mail["Subject"] == "Hello X-Evil: 1 there"
    assert mail["Bcc"] is None
    assert mail["X-Evil"] is None


@pytest.mark.parametrize(
    "email",
    [
        "ana@a.example\r\nBcc: b@b.example",
        "ana bo@a.example",
        "<ana@a.example>",
        "ana,bo@a.example",
        "ana",
        "",
        "a\x01@b.c",
    ],
)
def test_an_address_that_is_none_is_refused_and_the_others_get_theirs(sink: Sink, email: str) -> None:
    make.reader("bo@a.example")
    odd = make.reader("odd@a.example", email_key=email)
    issue = approved_issue()
    Subscriber.objects.filter(pk=odd.pk).update(email=email or "@")
    odd.refresh_from_db()

    with pytest.raises(AddressError):
        ReadyEdition(issue.pk, [], {}, False).address_to(odd, at=NINE)
    assert deliver(issue)["refused"] == 1
    assert sink.recipients == ["bo@a.example"]


def test_a_domain_in_any_script_travels_as_a_labels(sink: Sink) -> None:
    make.reader("ana@例子.example", email_key="ana@xn--fsqu00a.example")
    deliver(approved_issue())

    assert sink.to("ana@xn--fsqu00a.example").parsed["To"] == "ana@xn--fsqu00a.example"


def test_a_local_part_in_any_script_is_sent_where_the_server_takes_it(sink: Sink) -> None:
    make.reader("李明@例子.example", email_key="李明@xn--fsqu00a.example")
    deliver(approved_issue())
    mail = sink.to("李明@xn--fsqu00a.example")

    assert {"SMTPUTF8", "BODY=8BITMIME"} <= set(mail.options)
    assert "\r\nTo: 李明@xn--fsqu00a.example\r\n".encode() in mail.content, (
        "RFC 2047 §5: no encoded word in an address"
    )
    assert mail.parsed["To"] == "李明@xn--fsqu00a.example"


@pytest.mark.parametrize("address", ["ana@a.example", "李明@a.example"])
def test_what_an_envelope_says_of_its_bytes_is_true(address: str) -> None:
    reader, issue = make.reader(address), approved_issue()
    editions.freeze(issue, quiet, NINE)
    mail = ReadyEdition.of(issue.editions.get()).address_to(reader, at=NINE)

    assert mail.may_be_8bit is not mail.message.isascii()
    assert mail.may_have_dots is (b"\n." in mail.message)


def test_a_local_part_in_any_script_is_refused_clearly_where_the_server_does_not(settings: Settings) -> None:
    make.reader("李明@a.example")
    make.reader("bo@a.example")
    with running_sink(utf8=False) as (sink, host, port):
        settings.EMAIL_HOST, settings.EMAIL_PORT = host, port
        counts = deliver(approved_issue())

    assert counts == {"recipients": 2, "due": 2, "accepted": 1, "refused": 1}
    assert sink.recipients == ["bo@a.example"]
    assert "SMTPUTF8" in Subscriber.objects.get(email="李明@a.example").deliveries.get().reply
