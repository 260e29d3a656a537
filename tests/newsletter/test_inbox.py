"""The development inbox, from its mail server to its pages."""

import smtplib
from collections.abc import Iterator
from email.message import EmailMessage
from pathlib import Path

import pytest
from django.test import Client
from django.urls import include, path
from pytest_django import Settings

from newsletter.demo import maildir
from newsletter.demo.inbox import running_inbox

urlpatterns = [path("inbox/", include("newsletter.views.inbox_urls"))]
pytestmark = pytest.mark.urls("tests.newsletter.test_inbox")
HTML = "<!DOCTYPE html><html><head><title>x</title></head><body><script>alert(1)</script><p>你好</p></body></html>"


@pytest.fixture
def folder(tmp_path: Path, settings: Settings) -> Path:
    settings.DEBUG = True
    settings.DEVELOPMENT_INBOX = tmp_path / "inbox"
    return tmp_path / "inbox"


@pytest.fixture
def server(folder: Path) -> Iterator[smtplib.SMTP]:
    with running_inbox() as (host, port), smtplib.SMTP(host, port, local_hostname="localhost") as smtp:
        yield smtp


def send(smtp: smtplib.SMTP, recipient: str = "ana@a.example", subject: str = "早 Morning", html: str = HTML) -> None:
    mail = EmailMessage()
    mail["From"], mail["To"], mail["Subject"] = "Chenbao 晨报 <news@c.example>", recipient, subject
    mail["List-Unsubscribe"] = "<https://c.example/r/u/abc>, <mailto:leave+abc@c.example>"
    mail["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
    mail.set_content("Good morning\n.\n你好")
    if html:
        mail.add_alternative(html, subtype="html")
    smtp.send_message(mail, "bounce+1@c.example", [recipient])


def test_a_mail_is_kept_as_it_came_with_its_envelope_before_it(server: smtplib.SMTP, folder: Path) -> None:
    server.sendmail("s@a.example", ["李@b.example"], "Subject: 你\r\n\r\nbody\r\n".encode(), ["SMTPUTF8"])

    (path,) = (folder / "new").iterdir()
    assert path.read_bytes() == (
        "X-Envelope-From: <s@a.example>\r\nX-Envelope-To: 李@b.example\r\nSubject: 你\r\n\r\nbody\r\n".encode()
    )
    assert not list((folder / "tmp").iterdir())


def test_the_list_shows_the_newest_first(server: smtplib.SMTP, client: Client) -> None:
    for n in range(3):
        send(server, f"r{n}@a.example", f"Mail {n}")

    page = client.get("/inbox/").content.decode()
    assert page.index("Mail 2") < page.index("Mail 1") < page.index("Mail 0")
    assert "r2@a.example" in page
    assert "3 mails" in page


def test_the_list_is_narrowed_by_recipient(server: smtplib.SMTP, client: Client) -> None:
    send(server, "ana@a.example", "One")
    send(server, "bo@a.example", "Two")

    page = client.get("/inbox/", {"to": " ANA@"}).content.decode()
    assert "One" in page
    assert "Two" not in page
    assert "“zoë”" in client.get("/inbox/", {"to": "zoë"}).content.decode()


def test_long_lists_have_pages_and_keep_the_search(server: smtplib.SMTP, client: Client) -> None:
    for n in range(51):
        send(server, "ana@a.example", f"Mail {n}.", html="")

    first = client.get("/inbox/", {"to": "ana"}).content.decode()
    assert "?to=ana&amp;page=2" in first
    assert "Mail 0." in client.get("/inbox/", {"to": "ana", "page": "2"}).content.decode()


def test_an_empty_inbox_says_how_mail_comes_in(folder: Path, client: Client) -> None:
    assert "manage.py inbox" in client.get("/inbox/").content.decode()


def test_one_mail_has_html_text_headers_and_source(server: smtplib.SMTP, folder: Path, client: Client) -> None:
    send(server)
    (key,) = maildir.newest(folder)
    shown = {
        tab: client.get(f"/inbox/{key}/", {"show": tab}).content.decode() for tab in ("", "text", "headers", "source")
    }

    assert f'src="/inbox/{key}/html/"' in shown[""]
    assert 'sandbox="allow-popups' in shown[""]
    assert "Good morning\r\n.\r\n你好" in shown["text"]
    assert "早 Morning" in shown["headers"]
    assert "=?utf-8?" in shown["source"]
    assert all("https://c.example/r/u/abc" in page for page in shown.values()), "how to leave stands under every tab"


def test_the_frame_can_be_a_phone_or_a_desktop_wide(server: smtplib.SMTP, folder: Path, client: Client) -> None:
    send(server)
    (key,) = maildir.newest(folder)
    for asked, width in (("375", 375), ("700", 700), ("", 700), ("9999999", 700), ("x", 700)):
        assert f'width="{width}"' in client.get(f"/inbox/{key}/", {"width": asked}).content.decode()


def test_a_mails_html_can_run_and_fetch_nothing(server: smtplib.SMTP, folder: Path, client: Client) -> None:
    send(server)
    (key,) = maildir.newest(folder)
    response = client.get(f"/inbox/{key}/html/")
    policy = response.headers["Content-Security-Policy"]

    assert "default-src 'none'" in policy
    assert "sandbox allow-popups" in policy
    assert "allow-scripts" not in policy
    assert "allow-same-origin" not in policy
    assert "<p>你好</p>" in response.content.decode()
    assert '<base target="_blank">' in response.content.decode()


def test_a_mail_without_html_opens_on_its_text(server: smtplib.SMTP, folder: Path, client: Client) -> None:
    send(server, html="")
    (key,) = maildir.newest(folder)
    assert "Good morning" in client.get(f"/inbox/{key}/").content.decode()
    assert client.get(f"/inbox/{key}/", {"show": "html"}).status_code == 200


def test_mark_up_in_a_subject_or_address_is_only_text(server: smtplib.SMTP, folder: Path, client: Client) -> None:
    send(server, subject="<script>alert(1)</script>")
    (key,) = maildir.newest(folder)
    for address in ("/inbox/", f"/inbox/{key}/", f"/inbox/{key}/?show=headers", f"/inbox/{key}/?show=source"):
        assert "<script>alert" not in client.get(address).content.decode()


@pytest.mark.parametrize("key", ["nothing", "..", ".%2e%2fsettings.py", "..%2f..%2fsecret", "a%00b"])
def test_there_is_no_way_out_of_the_folder(folder: Path, client: Client, key: str) -> None:
    (folder / "new").mkdir(parents=True)
    (folder.parent / "secret").write_text("secret")
    assert client.get(f"/inbox/{key}/").status_code == 404


def test_without_debug_there_is_no_inbox(
    server: smtplib.SMTP, folder: Path, client: Client, settings: Settings
) -> None:
    send(server)
    (key,) = maildir.newest(folder)
    settings.DEBUG = False
    for address in ("/inbox/", f"/inbox/{key}/", f"/inbox/{key}/html/"):
        assert client.get(address).status_code == 404


def test_nothing_can_be_posted(folder: Path, client: Client) -> None:
    assert client.post("/inbox/").status_code == 405
