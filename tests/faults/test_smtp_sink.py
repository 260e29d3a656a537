"""Postfix's smtp-sink with its own faults at every command: what was put off arrives later, what is doubtful stays."""

import shutil
import subprocess
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from socket import create_connection

import pytest
from pytest_django import Settings

from newsletter.deliver import editions, pausing
from newsletter.deliver.ledger import deliver_issue
from newsletter.models import Delivery, Issue
from newsletter.runs import ActError
from newsletter.workflow import WorkflowError
from tests import factories as make
from tests.newsletter.deliver.helpers import NINE, approved_issue, quiet

pytestmark = [
    pytest.mark.servers,
    pytest.mark.django_db,
    pytest.mark.usefixtures("small_templates"),
    pytest.mark.urls("tests.newsletter.deliver.reader_urls"),
]
READERS = 6


@pytest.fixture
def taken() -> Iterator[Path]:
    """A folder that the server, who is nobody, may write into: a file for each mail that it has taken."""
    with tempfile.TemporaryDirectory(prefix="smtp-sink-") as name:
        Path(name).chmod(0o777)
        yield Path(name)


def who_got_one(taken: Path) -> Counter[str]:
    """As the server itself saw it."""
    lines = [line for file in taken.iterdir() for line in file.read_text().splitlines()]
    return Counter(line.split("<")[1].rstrip(">") for line in lines if line.startswith("X-Rcpt-Args:"))


@contextmanager
def smtp_sink(settings: Settings, *options: str) -> Iterator[None]:
    """The server that the settings name."""
    program = shutil.which("smtp-sink", path="/usr/sbin:/usr/bin:/usr/local/sbin")
    if program is None:
        pytest.skip("smtp-sink isn't installed (Debian: postfix)")
    with subprocess.Popen([program, *options, "-u", "nobody", f"127.0.0.1:{settings.EMAIL_PORT}", "50"]) as process:
        try:
            for _ in range(1200):
                with suppress(OSError), create_connection(("127.0.0.1", settings.EMAIL_PORT), 1):
                    break
                time.sleep(0.05)
            yield
        finally:
            process.terminate()


@pytest.fixture
def issue(settings: Settings, unused_port: int) -> Issue:
    settings.EMAIL_HOST, settings.EMAIL_PORT, settings.EMAIL_TIMEOUT = "127.0.0.1", unused_port, 60
    settings.SMTP_CONNECTIONS = 2
    for n in range(READERS):
        make.reader(f"r{n}@a.example")
    issue = approved_issue()
    editions.freeze(issue, quiet)
    return issue


def run(issue: Issue) -> Counter[str]:
    with suppress(ActError):
        deliver_issue(issue, now=NINE, progress=quiet)
    return Counter(Delivery.objects.values_list("state", flat=True))


@pytest.mark.parametrize("command", ["connect", "mail", "rcpt", "data", "."])
@pytest.mark.parametrize("fault", ["-r", "-f", "-q", "-Q"])
@pytest.mark.parametrize("manner", ["", "-p"])
def test_a_fault_at_any_command_leaves_every_mail_with_one_outcome(
    settings: Settings, issue: Issue, taken: Path, manner: str, fault: str, command: str
) -> None:
    """-r: 4xx, -f: 5xx, -q: the line is dropped, -Q: so it is after a 421. -p: without pipelining."""
    with smtp_sink(settings, *filter(None, [manner]), fault, command):
        states = run(issue)
    assert "accepted" not in states
    assert "claimed" not in states
    refused, uncertain = states["refused"], states["uncertain"]
    assert bool(uncertain) is ((fault, command) == ("-q", ".")), "only what had left is in doubt"
    assert uncertain <= 4, "three lines that fall one after the other stop a run; another mail was under way"
    assert bool(refused) is (fault == "-f" and command in ("rcpt", "data", "."))

    with suppress(WorkflowError):  # paused where what was said or left in doubt concerns all
        pausing.resume(issue)
    Delivery.objects.filter(state="deferred").update(due_at=NINE)  # as if the time had passed
    with smtp_sink(settings, "-d", f"{taken}/mail."):
        states = run(issue)
    assert states == Counter(accepted=READERS - refused - uncertain, refused=refused, uncertain=uncertain)
    accepted = Delivery.objects.filter(state="accepted").values_list("reader__email", flat=True)
    assert who_got_one(taken) == Counter(accepted), "who is in doubt, or was refused, is sent nothing by itself"


@pytest.mark.parametrize("option", ["-w", "-W"])
def test_a_slow_server_is_waited_for(settings: Settings, issue: Issue, option: str) -> None:
    """-w: before the answer to DATA; -W: a while, now and then."""
    with smtp_sink(settings, option, "1" if option == "-w" else "data:1:30"):
        assert run(issue) == Counter(accepted=READERS)
