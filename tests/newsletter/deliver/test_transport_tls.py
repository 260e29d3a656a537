"""Lines to mail servers under TLS: whom they trust, and that nothing else hears a word."""

import datetime as dt
import ssl
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from pytest_django import Settings

from newsletter.deliver.outcome import Kind
from newsletter.deliver.session import UnreachableError
from newsletter.deliver.transport import Transport
from tests.newsletter.deliver.handing import BODY, handed_over, mail
from tests.newsletter.deliver.raw_server import RawServer, running


@pytest.fixture
def certificate(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> ssl.SSLContext:
    """A certificate for localhost, which this process trusts."""
    key, now = ec.generate_private_key(ec.SECP256R1()), dt.datetime.now(dt.UTC)
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "localhost")])
    made = (
        x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
        .not_valid_before(now - dt.timedelta(days=1))
        .not_valid_after(now + dt.timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName("localhost")]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .sign(key, hashes.SHA256())
    )
    pem = made.public_bytes(serialization.Encoding.PEM)
    private = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    (tmp_path / "cert.pem").write_bytes(pem + private)
    monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "cert.pem"))
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(tmp_path / "cert.pem")
    return context


@pytest.mark.parametrize("scheme", ["smtps", "smtp+starttls"])
def test_tls_carries_several_mails_over_several_lines(
    settings: Settings, certificate: ssl.SSLContext, scheme: str
) -> None:
    extensions = ("PIPELINING", "STARTTLS") if scheme != "smtps" else ("PIPELINING",)
    told = RawServer(context=certificate, tls_at_once=scheme == "smtps", extensions=extensions)
    with running(told) as port:
        settings.MAIL_SERVERS = [f"{scheme}://localhost:{port}?connections=2"]
        outcomes = handed_over(*(mail(f"r{n}@a.example") for n in range(6)))
    assert {outcome.kind for outcome in outcomes} == {Kind.ACCEPTED}
    assert all(content == BODY for _, content in told.mails)


def test_a_certificate_of_nobody_we_know_is_not_talked_to(
    settings: Settings, certificate: ssl.SSLContext, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("SSL_CERT_FILE")
    told = RawServer(context=certificate, extensions=("STARTTLS",))
    with running(told) as port:
        settings.MAIL_SERVERS = [f"smtp+starttls://localhost:{port}"]
        with Transport() as transport, pytest.raises(UnreachableError, match="certificate"):
            transport.send(mail())
    assert not told.mails


def test_a_certificate_for_another_name_is_not_talked_to(settings: Settings, certificate: ssl.SSLContext) -> None:
    told = RawServer(context=certificate, tls_at_once=True)
    with running(told) as port:
        settings.MAIL_SERVERS = [f"smtps://127.0.0.1:{port}"]
        with Transport() as transport, pytest.raises(UnreachableError, match="certificate"):
            transport.send(mail())
