"""Signatures, judged by two verifiers that aren't ours: dkimpy, and opendkim as many mail servers run it."""

import re
import time
from pathlib import Path

import dkim as dkimpy
import pytest
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from django.core.checks import Error, Warning
from django.core.mail import EmailMessage, get_connection
from django.core.management import CommandError, call_command
from django.utils import timezone
from pytest_django import Settings

from newsletter import workflow
from newsletter.deliver import checks, dkim
from newsletter.models import Logo, Newsletter
from tests import factories as make
from tests.newsletter.deliver.helpers import NINE, approved_issue, deliver
from tests.newsletter.deliver.signatures import DOMAIN, SELECTOR, assert_verified, verified_by_dkimpy
from tests.newsletter.deliver.sink import Sink
from tests.newsletter.full_issue import make_full_issue
from tests.newsletter.pictures import png

pytestmark = [pytest.mark.django_db, pytest.mark.urls("tests.newsletter.deliver.reader_urls")]


def on_the_wire(sink: Sink, recipient: str = "ana@a.example") -> bytes:
    """As it came, without what the receiving server writes before it."""
    return re.sub(rb"\A(?:X-(?:Peer|MailFrom|RcptTo):[^\n]*\n)+", b"", sink.to(recipient).content)


# ---- what leaves -------------------------------------------------------------------------------------------------


@pytest.mark.usefixtures("signed_mail")
@pytest.mark.parametrize("plain_text", [False, True])
@pytest.mark.parametrize("language", ["en", "zh", "both"])
def test_a_whole_edition_in_each_language_is_verified(
    sink: Sink, key: rsa.RSAPrivateKey, tmp_path: Path, language: str, plain_text: bool
) -> None:
    make.reader("ana@a.example", language=language, plain_text=plain_text)
    make.reader("bo@a.example", language=language, plain_text=plain_text)
    issue = make_full_issue(state="in_review", checked_at=timezone.now())
    workflow.approve(issue, make.editor())
    type(issue).objects.update(approved_at=NINE)
    assert deliver(issue)["accepted"] == 2

    for recipient in ("ana@a.example", "bo@a.example"):
        assert_verified(on_the_wire(sink, recipient), key, tmp_path)


@pytest.mark.usefixtures("signed_mail")
@pytest.mark.urls("config.urls")  # the logo has an address on the web too
def test_an_edition_with_a_logo_inside_is_verified(sink: Sink, key: rsa.RSAPrivateKey, tmp_path: Path) -> None:
    raw = png()
    Newsletter.objects.update(logo=Logo.objects.create(png=raw, width=120, height=60))
    make.reader("ana@a.example")
    issue = make_full_issue(state="in_review", checked_at=timezone.now())
    workflow.approve(issue, make.editor())
    type(issue).objects.update(approved_at=NINE)
    assert deliver(issue)["accepted"] == 1
    assert_verified(on_the_wire(sink, "ana@a.example"), key, tmp_path)
    parsed = sink.to("ana@a.example").parsed
    assert [part.get_content() for part in parsed.walk() if part.get_content_type() == "image/png"] == [raw]


@pytest.mark.usefixtures("signed_mail", "small_templates")
def test_what_a_reader_sees_and_the_one_click_pair_are_under_the_signature(sink: Sink, key: rsa.RSAPrivateKey) -> None:
    make.reader("ana@a.example")
    deliver(approved_issue())
    mail = on_the_wire(sink)

    (signature,) = sink.to("ana@a.example").parsed.get_all("DKIM-Signature", [])
    tags = dict(tag.split("=", 1) for tag in re.sub(r"\s+", "", str(signature)).split(";"))
    assert (tags["a"], tags["c"], tags["d"], tags["s"]) == ("rsa-sha256", "relaxed/relaxed", DOMAIN, SELECTOR)
    names = tags["h"].split(":")
    for name in ("from", "to", "subject", "list-unsubscribe", "list-unsubscribe-post"):
        assert names.count(name) == 2, "over-signed: nobody can add another"
    for changed in (
        mail.replace(b"List-Unsubscribe-Post: List-Unsubscribe=One-Click", b"List-Unsubscribe-Post: x"),
        mail.replace(b"List-Unsubscribe: <http", b"List-Unsubscribe: <https://evil.example/>, <http"),
        b"Subject: another\r\n" + mail,
        b"From: Bank <bank@a.example>\r\n" + mail,
        b"Reply-To: evil@a.example\r\n" + mail,
        mail.replace(b"Rules tighten", b"Rules loosen", 1),
    ):
        assert changed != mail
        assert not verified_by_dkimpy(changed, key)


@pytest.mark.usefixtures("signed_mail", "small_templates")
def test_what_servers_on_the_way_may_do_leaves_it_valid(sink: Sink, key: rsa.RSAPrivateKey, tmp_path: Path) -> None:
    make.reader("ana@a.example")
    deliver(approved_issue())
    mail = on_the_wire(sink)
    assert_verified(b"Received: by mx.example; Thu, 7 May 2026 01:00:00 +0000\r\n" + mail, key, tmp_path)
    assert_verified(mail.replace(b"List-Id: ", b"List-Id:   ") + b"\r\n\r\n", key, tmp_path)


@pytest.mark.usefixtures("signed_mail")
@pytest.mark.parametrize(
    ("subject", "sender", "body"),
    [
        ("请确认 Please confirm " * 12, "晨报 <news@chenbao.example>", "一行\n.一点\n" + "长" * 500),
        ("two  blanks\tand a tab ", '"a, b; (c)" <news@chenbao.example>', "  \n blank \t lines \n\n\n\n"),
        ("DKIM-Signature: v=1; b=", "news@chenbao.example", ""),
        ("=?utf-8?b?4pyT?= raw", "From: x <news@chenbao.example>", "\n\n"),
        ("x" * 900, "news@chenbao.example", "From the first line\n\n.\n..\n" + "y" * 3000),
        ("emoji 👩‍👩‍👧 ​", "‮news <news@chenbao.example>", "no line end at the end"),
    ],
)
def test_single_mails_with_hostile_fields_are_verified(
    sink: Sink, key: rsa.RSAPrivateKey, tmp_path: Path, subject: str, sender: str, body: str
) -> None:
    mail = EmailMessage(subject, body, sender, ["ana@a.example"], headers={"X-Odd": "a" * 300, "References": "<a@b>"})
    mail.connection = get_connection("newsletter.deliver.backend.EmailBackend")
    mail.send()
    assert_verified(on_the_wire(sink), key, tmp_path)


@pytest.mark.usefixtures("signed_mail")
def test_a_mail_to_an_address_beyond_ascii_is_verified(sink: Sink, key: rsa.RSAPrivateKey) -> None:
    mail = EmailMessage("早", "早", "晨报 <news@chenbao.example>", ["李明 <李明@a.example>"])
    mail.connection = get_connection("newsletter.deliver.backend.EmailBackend")
    mail.send()
    assert verified_by_dkimpy(on_the_wire(sink, "李明@a.example"), key)  # RFC 8616; opendkim knows no EAI


@pytest.mark.parametrize(
    "message",
    [
        b"From: a@chenbao.example\r\nTO: b@b.example\r\nSubject:\r\n\r\n",
        b"From:a@chenbao.example\r\nSubject: one\r\nSubject: two\r\n\r\nbody",
        b"From: a@chenbao.example\r\nSubject: folded\r\n\t once\r\n   twice  \r\n\r\n \t \r\n\r\n x \t y\r\n \r\n",
        b"from: A <a@chenbao.example>\r\nX: y\r\nList-Id: <\r\n l.example>\r\n\r\n.\r\n",
    ],
)
def test_odd_mails_are_verified(message: bytes, key: rsa.RSAPrivateKey, tmp_path: Path) -> None:
    mail = dkim.Signer(DOMAIN, SELECTOR, key).signed(message, int(time.time()))
    assert max(map(len, mail[: -len(message)].split(b"\r\n"))) <= 78
    assert verified_by_dkimpy(mail, key)
    if b"Subject: one" not in message:  # opendkim takes that for no mail at all
        assert_verified(mail, key, tmp_path)


@pytest.mark.usefixtures("small_templates")
def test_without_a_key_mail_leaves_unsigned(sink: Sink) -> None:
    make.reader("ana@a.example")
    deliver(approved_issue())
    assert sink.to("ana@a.example").parsed["DKIM-Signature"] is None


# ---- the key -----------------------------------------------------------------------------------------------------


def test_the_command_makes_a_key_for_nobody_else_and_prints_its_record(
    settings: Settings, tmp_path: Path, capsys: pytest.CaptureFixture[str], sink: Sink
) -> None:
    path = tmp_path / "new" / "k.pem"
    call_command("make_dkim_key", selector="s1", file=path)
    said = capsys.readouterr().out

    assert path.stat().st_mode & 0o777 == 0o600
    assert f"DKIM_KEY_FILE={path}" in said
    record = next(line for line in said.splitlines() if line.startswith("s1._domainkey.chenbao.example. IN TXT"))
    strings = re.findall(r'"([^"]*)"', record)
    assert len(strings) > 1, "a string in the DNS holds 255 bytes"
    assert all(len(each) <= 255 for each in strings)
    assert f"\n{''.join(strings)}\n" in said, "and in one piece for a form"
    mail = dkim.Signer(DOMAIN, "s1", dkim.read_key(path)).signed(b"From: a@chenbao.example\r\n\r\nx\r\n", 1)
    assert dkimpy.verify(mail, dnsfunc=lambda name, timeout=5: "".join(strings).encode())


def test_a_key_is_never_replaced(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "k.pem"
    call_command("make_dkim_key", selector="s1", file=path)
    before, record = path.read_bytes(), capsys.readouterr().out.partition("1. ")[2]
    with pytest.raises(CommandError, match="is there already"):
        call_command("make_dkim_key", selector="s1", file=path)
    call_command("make_dkim_key", selector="s1", file=path, show=True)
    assert path.read_bytes() == before
    assert capsys.readouterr().out.partition("1. ")[2] == record


def test_a_key_that_cannot_be_used_is_named_when_anything_starts(settings: Settings, tmp_path: Path) -> None:
    assert checks.signing(None) == []
    path = tmp_path / "k.pem"
    settings.DKIM_KEY_FILE = str(path)
    assert "DKIM_SELECTOR is not" in only_error().msg
    settings.DKIM_SELECTOR = "s1"
    assert "can't be read by this user (No such file" in only_error().msg
    path.write_text("no key")
    assert "holds no private key" in only_error().msg
    curve = ec.generate_private_key(ec.SECP256R1())
    path.write_bytes(curve.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
    assert "holds no RSA key" in only_error().msg
    assert "make_dkim_key" in str(only_error().hint)


def test_a_key_that_others_can_read_is_warned_of(settings: Settings, tmp_path: Path) -> None:
    path = tmp_path / "k.pem"
    call_command("make_dkim_key", selector="s1", file=path)
    settings.DKIM_KEY_FILE, settings.DKIM_SELECTOR = str(path), "s1"
    assert checks.signing(None) == []
    path.chmod(0o644)
    (warning,) = checks.signing(None)
    assert isinstance(warning, Warning)
    assert warning.hint == f"chmod 600 {path}"


def only_error() -> Error:
    (error,) = checks.signing(None)
    assert isinstance(error, Error)
    return error
