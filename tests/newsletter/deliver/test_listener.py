"""The entrances: a real SMTP or LMTP client against the listener, and the pipe."""

import io
import json
import os
import smtplib
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import DatabaseError, OperationalError

from newsletter.deliver import listener
from newsletter.deliver.bounces import Kind, Measure, Report
from newsletter.deliver.inbound import Decision
from newsletter.models import DeliveryEvent
from subscribers import seals
from subscribers.models import Subscriber
from tests.newsletter.deliver.incoming import DOMAIN, bounce, mail

DONE = Decision(Report(Kind.OTHER, Measure.NOTHING), "nothing")
SUBSCRIBE = f"subscribe@{DOMAIN}"


class Receiver:
    """Stands for `inbound.receive` where the database isn't what a test is about."""

    def __init__(self) -> None:
        self.got: list[dict[str, Any]] = []
        self.error: Exception | None = None
        self.entered = threading.Event()
        self.wait = threading.Event()
        self.wait.set()

    def __call__(self, message: bytes, **envelope: Any) -> Decision:
        self.entered.set()
        assert self.wait.wait(60)
        if self.error:
            raise self.error
        self.got.append({"message": message, **envelope})
        return DONE


@pytest.fixture
def receiver() -> Receiver:
    return Receiver()


@pytest.fixture
def smtp(receiver: Receiver) -> Iterator[smtplib.SMTP]:
    with (
        listener.running("127.0.0.1", 0, lmtp=False, receive=receiver) as (host, port),
        smtplib.SMTP(host, port, local_hostname="localhost") as client,
    ):
        yield client


@pytest.fixture
def lmtp(receiver: Receiver) -> Iterator[smtplib.LMTP]:
    with (
        listener.running("127.0.0.1", 0, lmtp=True, receive=receiver) as (host, port),
        smtplib.LMTP(host, port, local_hostname="localhost") as client,
    ):
        yield client


def test_a_mail_comes_in_whole_with_its_envelope(smtp: smtplib.SMTP, receiver: Receiver) -> None:
    address = f"bounce+{seals.seal('bounce', 1, 2)}@{DOMAIN}"
    smtp.sendmail("", [address], b"Subject: \xe9\r\n.dot\r\n" + b"x" * 5000 + b"\r\n")

    (got,) = receiver.got
    assert (got["envelope_sender"], got["envelope_recipient"]) == ("", address)
    assert got["message"].startswith(b"Subject: \xe9\r\n.dot\r\nxxx")


@pytest.mark.django_db(transaction=True, serialized_rollback=True)  # the newsletter's own addresses are looked up
@pytest.mark.parametrize(
    "address",
    [
        f"anybody@{DOMAIN}",
        "subscribe@other.example",
        f"bounce+{'a' * 32}@{DOMAIN}",
        f"confirm+{'a' * 32}@{DOMAIN}",
        f"leave@{DOMAIN}",
        "subscribe",
    ],
)
def test_an_address_that_is_not_ours_is_refused_at_once(smtp: smtplib.SMTP, address: str) -> None:
    smtp.ehlo()
    smtp.mail("ana@a.example")
    assert smtp.rcpt(address)[0] == 550
    assert smtp.rcpt(SUBSCRIBE)[0] == 250


def test_over_smtp_one_mail_may_have_several_of_our_addresses(smtp: smtplib.SMTP, receiver: Receiver) -> None:
    smtp.sendmail("ana@a.example", [SUBSCRIBE, f"leave+{'a' * 32}@{DOMAIN}"], mail())
    assert len(receiver.got) == 2


def test_lmtp_answers_for_one_recipient_and_asks_for_the_next_in_its_own_transaction(
    lmtp: smtplib.LMTP, receiver: Receiver
) -> None:
    lmtp.ehlo()
    lmtp.mail("ana@a.example")
    assert lmtp.rcpt(SUBSCRIBE)[0] == 250
    assert lmtp.rcpt(f"leave+{'a' * 32}@{DOMAIN}")[0] == 452
    assert lmtp.data(mail())[0] == 250
    assert lmtp.noop()[0] == 250, "no second answer waits on the line"
    assert [each["envelope_recipient"] for each in receiver.got] == [SUBSCRIBE]


@pytest.mark.parametrize("error", [OperationalError("locked: ana@a.example"), DatabaseError(), ValueError("a bug")])
def test_trouble_is_answered_with_a_try_again(
    smtp: smtplib.SMTP, receiver: Receiver, error: Exception, caplog: pytest.LogCaptureFixture
) -> None:
    receiver.error = error
    with pytest.raises(smtplib.SMTPDataError) as refused:
        smtp.sendmail("ana@a.example", [SUBSCRIBE], mail())
    assert refused.value.smtp_code == 451
    assert type(error).__name__ in caplog.text
    assert "@" not in "".join(each.getMessage() for each in caplog.records if each.name.startswith("newsletter"))
    receiver.error = None
    smtp.sendmail("ana@a.example", [SUBSCRIBE], mail())
    assert len(receiver.got) == 1


def test_a_mail_that_is_far_too_big_is_refused(
    smtp: smtplib.SMTP, receiver: Receiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    smtp.ehlo()
    assert int(smtp.esmtp_features["size"]) == listener.MAX_BYTES
    code, _ = smtp.mail("ana@a.example", [f"SIZE={listener.MAX_BYTES + 1}"])
    assert code == 552
    assert not receiver.got


def test_stopping_stores_and_answers_for_what_is_being_stored(receiver: Receiver) -> None:
    receiver.wait.clear()
    with listener.running("127.0.0.1", 0, lmtp=False, receive=receiver) as address:
        line = socket.create_connection(address)
        line.sendall(f"EHLO x\r\nMAIL FROM:<>\r\nRCPT TO:<{SUBSCRIBE}>\r\nDATA\r\n".encode() + mail() + b"\r\n.\r\n")
        assert receiver.entered.wait(60)
        threading.Timer(0.3, receiver.wait.set).start()
    assert len(receiver.got) == 1
    line.settimeout(60)
    assert b"250 2.0.0 stored" in b"".join(iter(lambda: line.recv(4096), b""))
    line.close()


def test_a_port_that_is_taken_is_told_in_one_line() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken, pytest.raises(CommandError, match=r"127\.0\.0\.1:\d+: "):
        call_command("inbound", smtp=f"127.0.0.1:{taken.getsockname()[1]}")
    with pytest.raises(CommandError, match="HOST:PORT"):
        call_command("inbound", lmtp="2526")


# ---- the whole way, in processes of their own -----------------------------------------------------------------


@pytest.fixture
def environment(tmp_path: Path) -> dict[str, str]:
    """A migrated database of its own."""
    own = {
        **os.environ,
        "DEBUG": "1",
        "VAR_DIR": str(tmp_path),
        "DATABASE_URL": f"sqlite:///{tmp_path}/db.sqlite3",
        "DJANGO_SETTINGS_MODULE": "config.settings",
        "MAIL_DOMAIN": DOMAIN,
    }
    manage(own, "migrate", "-v0")
    return own


def manage(environment: dict[str, str], *arguments: str, given: bytes = b"") -> "subprocess.CompletedProcess[bytes]":
    command = [sys.executable, "manage.py", *arguments]
    return subprocess.run(command, env=environment, input=given, capture_output=True, timeout=300)


def pending(environment: dict[str, str]) -> int:
    counted = "from subscribers.models import Subscriber as S; print(S.objects.filter(state='pending').count())"
    return int(manage(environment, "shell", "-v0", "-c", counted).stdout)


def test_the_pipe_and_the_listener_end_in_the_same_database(environment: dict[str, str]) -> None:
    piped = manage(environment, "receive", "--sender", "ana@a.example", "--recipient", SUBSCRIBE, given=mail())
    assert piped.returncode == os.EX_OK, piped.stderr
    assert manage(environment, "receive", given=mail(to="news@other.example")).returncode == os.EX_NOUSER

    command = [sys.executable, "manage.py", "inbound", "--lmtp", "127.0.0.1:0"]
    server = subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    assert server.stdout is not None
    port = int(server.stdout.readline().split(";")[0].rpartition(":")[2])
    with smtplib.LMTP("127.0.0.1", port, local_hostname="localhost") as client:
        client.sendmail("bo@b.example", [SUBSCRIBE], mail(**{"from": "bo@b.example"}))
    server.terminate()
    _, log = server.communicate(timeout=120)

    assert server.returncode == 0, log
    assert "a.example" not in log
    assert pending(environment) == 2


def test_a_database_in_trouble_makes_the_pipe_ask_for_another_try(environment: dict[str, str]) -> None:
    broken = {**environment, "DATABASE_URL": "sqlite:////nonexistent/db.sqlite3"}
    failed = manage(broken, "receive", "--sender", "ana@a.example", "--recipient", SUBSCRIBE, given=mail())
    assert failed.returncode == os.EX_TEMPFAIL
    assert b"OperationalError" in failed.stderr
    assert b"ana@" not in failed.stderr


@pytest.mark.django_db
def test_explain_prints_one_json_object_and_changes_nothing(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    for message in (bounce(), mail(), b""):
        monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(message)))
        call_command("receive", explain=True)
        told = json.loads(capsys.readouterr().out)
        assert list(told) == ["kind", "action", "status", "recipients", "diagnostic", "decision"]
    assert not Subscriber.objects.exists()
    assert not DeliveryEvent.objects.exists()
