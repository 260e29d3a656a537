"""What a message must do to be delivered, read off the bytes on the wire: each rule with where it comes from."""

import re
from dataclasses import dataclass
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import SMTP
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric import rsa
from django.core.mail import get_connection
from django.utils import timezone
from pytest_django import Settings

from newsletter import workflow
from newsletter.deliver import trial
from newsletter.deliver.envelope import message_id
from newsletter.models import Issue
from subscribers import addresses, joining, links, mails, signup
from subscribers.joining import Proof
from subscribers.models import Subscriber
from tests import factories as make
from tests.newsletter.deliver.helpers import NINE, deliver
from tests.newsletter.deliver.signatures import assert_verified
from tests.newsletter.deliver.sink import Sink
from tests.newsletter.full_issue import make_full_issue

pytestmark = pytest.mark.django_db
ANA = "ana@a.example"
KINDS = ["en", "zh", "both", "plain", "trial", "confirm", "welcome"]
OF_A_LIST = {"en", "zh", "both", "plain", "trial"}
SITE = "http://127.0.0.1:8000"
DESK = {"PREFERENCES_URL": f"{SITE}/desk/p/", "LEAVE_URL": f"{SITE}/desk/l/"}


def issue_to(**reader: object) -> Issue:
    make.reader(ANA, **reader)
    issue = make_full_issue(state="in_review", checked_at=timezone.now())
    workflow.approve(issue, make.editor())
    type(issue).objects.update(approved_at=NINE)
    deliver(issue)
    issue.refresh_from_db()
    return issue


@dataclass(frozen=True)
class Arrived:
    """A mail on the wire, and what it has to agree with."""

    raw: bytes
    sender: str  # of the envelope
    leave_url: str
    known: bool  # whether its one-click link names a reader
    message_id: str  # of the one issue and reader, where there is an issue
    postal_address: str

    @property
    def mail(self) -> EmailMessage:
        parsed = message_from_bytes(self.raw, policy=SMTP)
        assert isinstance(parsed, EmailMessage)
        return parsed


_arrived: dict[str, Arrived] = {}  # each is made once: a whole issue takes a moment


@pytest.fixture
def got(kind: str, sink: Sink, signed_mail: None, settings: Settings) -> Arrived:
    """A mail of `kind` to ANA."""
    if kind not in _arrived:
        settings.EMAIL_BACKEND = "newsletter.deliver.backend.EmailBackend"
        _send(kind, sink, settings)
        raw = re.sub(rb"\A(?:X-(?:Peer|MailFrom|RcptTo):[^\n]*\n)+", b"", sink.to(ANA).content)
        reader, issue = Subscriber.objects.get(), Issue.objects.first()
        _arrived[kind] = Arrived(
            raw=raw,
            sender=sink.to(ANA).sender,
            leave_url=DESK["LEAVE_URL"] if kind == "trial" else links.leave_url(reader),
            known=reader.token in raw.decode(),
            message_id=message_id(issue.pk, reader.pk) if issue else "",
            postal_address=make.newsletter().postal_address,
        )
    return _arrived[kind]


@pytest.fixture
def raw(got: Arrived) -> bytes:
    return got.raw


@pytest.fixture
def mail(got: Arrived) -> EmailMessage:
    return got.mail


def _send(kind: str, sink: Sink, settings: Settings) -> None:
    if kind in OF_A_LIST:
        language = {"plain": "zh", "trial": "both"}.get(kind, kind)
        issue = issue_to(language=language, plain_text=kind == "plain")
        if kind == "trial":
            sink.mails.clear()
            mail = trial.maker(issue, "[TEST]", DESK)("both", ANA)
            mail.connection = get_connection()
            mail.send()
        return
    signup.ask(addresses.normalise(ANA), "both", Proof("form"))
    mails.send_due()
    if kind == "welcome":
        sink.mails.clear()
        joining.confirm(Subscriber.objects.get(), Proof("form"))
        mails.send_due()


every_kind = pytest.mark.parametrize("kind", KINDS)


@every_kind
def test_its_lines_are_what_rfc_5322_allows_and_no_server_has_to_change_a_byte(raw: bytes) -> None:
    assert raw.isascii(), "8-bit bodies may be converted on the way, which breaks DKIM (RFC 6376 §5.3)"
    assert raw.count(b"\n") == raw.count(b"\r\n") == raw.count(b"\r"), "§2.3: CRLF, and neither alone"
    assert b"\0" not in raw
    head, _, body = raw.partition(b"\r\n\r\n")
    assert max(map(len, body.split(b"\r\n"))) <= 76, "RFC 2045 §6.7, §6.8"
    for line in head.split(b"\r\n"):
        assert line.strip(), "§3.2.2: no line of blanks alone"
        assert not re.fullmatch(rb"[A-Za-z-]+: *", line), "a field that begins with an empty line is lost to some"
        # one address of ours can't be folded: the limit is 998
        assert len(line) <= (78 if b"<http" not in line else 180)
        assert b"=?" not in line or len(line) <= 76, "RFC 2047 §2"


@every_kind
def test_no_field_stands_twice_and_those_that_must_be_there_are(mail: EmailMessage) -> None:
    names = [name.lower() for name in mail]
    assert len(names) == len(set(names)), "§3.6"
    assert {"date", "from", "to", "subject", "message-id", "mime-version"} <= set(names)
    assert not mail.defects
    assert mail["Date"].datetime.tzinfo is not None
    assert mail["Date"].endswith("+0000")
    assert mail["MIME-Version"] == "1.0"


@every_kind
def test_from_names_who_sends_in_the_domain_that_signs(mail: EmailMessage) -> None:
    (sender,) = mail["From"].addresses
    assert sender.display_name == "Chenbao 晨报"
    signed = re.sub(r"\s", "", str(mail["DKIM-Signature"]))
    assert f"d={sender.domain};" in signed, "DMARC: From aligned with d="
    assert mail["Message-ID"].endswith(f"@{sender.domain}>")


@every_kind
def test_the_bounces_come_back_to_an_address_of_ours_with_no_more_than_64_octets(got: Arrived) -> None:
    local, _, domain = got.sender.partition("@")
    assert domain == "chenbao.example", "SPF: aligned with From"
    assert re.fullmatch(r"bounce\+[a-z2-7]{32}", local), "VERP; servers fold case (RFC 5321 §4.5.3.1.1)"


@every_kind
def test_it_is_signed_and_two_verifiers_take_it(
    raw: bytes, mail: EmailMessage, key: rsa.RSAPrivateKey, tmp_path: Path
) -> None:
    assert_verified(raw, key, tmp_path)
    tags = dict(tag.split("=", 1) for tag in re.sub(r"\s", "", str(mail["DKIM-Signature"])).split(";") if tag)
    assert (tags["v"], tags["a"], tags["c"]) == ("1", "rsa-sha256", "relaxed/relaxed")
    assert "l" not in tags, "no length: what is added behind would count as ours"
    signed = set(tags["h"].split(":"))
    there = {name.lower() for name in mail} - {"dkim-signature", "x-auto-response-suppress"}
    assert there <= signed, "RFC 6376 §5.4.1, and the one-click pair (RFC 8058 §4)"
    assert tags["h"].split(":").count("from") == 2, "§8.15: nobody may add a second"


@pytest.mark.parametrize("kind", [*sorted(OF_A_LIST), "welcome"])
def test_gmail_and_yahoo_find_the_one_click_pair(kind: str, mail: EmailMessage, got: Arrived) -> None:
    https, mailto = str(mail["List-Unsubscribe"]).split(", ")
    assert mail["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    token = links.unsign(https.strip("<>").rpartition("/")[2], links.Purpose.ONE_CLICK)
    assert mailto == f"<mailto:leave+{token}@chenbao.example>"
    assert got.known == (kind != "trial")


@pytest.mark.parametrize("kind", sorted(OF_A_LIST))
def test_a_list_says_what_it_is(kind: str, mail: EmailMessage) -> None:
    assert mail["List-Id"] == "Chenbao <chenbao.chenbao.example>", "RFC 2919"
    for name in ("List-Help", "List-Subscribe", "List-Archive"):
        assert re.match(r"<https?://", mail[name]), "RFC 2369"
    assert mail["List-Post"] == "NO"
    assert mail["Precedence"] == "bulk"
    # Google: up to three names to count by, then the sender's, 5 to 15 characters, the same in every mail
    *names, sender = str(mail["Feedback-ID"]).split(":")
    assert len(names) == 3
    assert 5 <= len(sender) <= 15


@every_kind
def test_no_machine_answers_but_a_bounce_may_come(kind: str, mail: EmailMessage) -> None:
    assert mail["Auto-Submitted"] == "auto-generated", "RFC 3834 §5"
    suppressed = str(mail["X-Auto-Response-Suppress"]).split(", ")
    assert {"OOF", "AutoReply"} <= set(suppressed)
    assert not {"All", "NDR"} & set(suppressed), "Exchange would keep its bounces back"


@pytest.mark.parametrize("kind", ["confirm", "welcome"])
def test_a_mail_to_one_person_is_no_lists(kind: str, mail: EmailMessage) -> None:
    assert not {"list-id", "precedence", "feedback-id"} & {name.lower() for name in mail}
    assert (mail["List-Unsubscribe"] is None) == (kind == "confirm"), "nobody leaves what they haven't joined"


@every_kind
def test_the_plain_text_comes_first_and_says_the_same(kind: str, mail: EmailMessage) -> None:
    parts = [part for part in mail.walk() if not part.is_multipart()]
    expected = ["text/plain"] if kind == "plain" else ["text/plain", "text/html"]
    assert [part.get_content_type() for part in parts] == expected, "RFC 2046 §5.1.4: the richest last"
    assert mail.get_content_type() == ("text/plain" if kind == "plain" else "multipart/alternative")
    for part in parts:
        assert part.get_content_charset() == "utf-8"
        assert part["Content-Transfer-Encoding"] in ("quoted-printable", "base64")
        assert not part.defects
        assert "\ufffd" not in part.get_content()
    languages = {"plain": "zh-Hans", "en": "en", "zh": "zh-Hans"}.get(kind, "en, zh-Hans")
    assert mail["Content-Language"] == languages


@every_kind
def test_each_part_says_why_it_came_who_sends_it_what_is_kept_and_how_to_leave(kind: str, got: Arrived) -> None:
    for part in (part for part in got.mail.walk() if not part.is_multipart()):
        content = part.get_content()
        assert got.postal_address in content
        assert re.search(rf"{SITE}/(?:en|zh)/privacy/", content)
        if kind != "confirm":
            assert got.leave_url in content
        if kind in OF_A_LIST:
            assert re.search("You get this because|您收到本信", content)
            assert re.search(r"/(?:en|zh|both)/issues/2026-05-07/", content), "view in browser"


@pytest.mark.parametrize("kind", sorted(OF_A_LIST - {"trial"}))
def test_a_second_copy_would_be_recognised(got: Arrived) -> None:
    assert f"\r\nMessage-ID: {got.message_id}\r\n".encode() in got.raw
