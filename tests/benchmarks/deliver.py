"""Mails a second: frozen bytes with spliced links against Django's way of a new message for each reader.

    python -m tests.benchmarks.deliver [--mails 300]

Both send the same real edition to the same sink in one run: Postfix's smtp-sink where it is installed, else a minimal
one of our own. Printed: the whole act with its ledger on SQLite (two commits a mail), splicing and SMTP alone, and
EmailMultiAlternatives with the HTML rendered once; each as mails a second and as a ratio to the last.
"""

import argparse
import contextlib
import os
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from typing import Any

HOST = "127.0.0.1"
ROUNDS = 3


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--mails", type=int, default=300)
    mails = parser.parse_args().mails
    with tempfile.TemporaryDirectory() as folder, _sink() as port:
        os.environ |= {"VAR_DIR": folder, "DEBUG": "1", "SMTP_PORT": str(port), "LOG_LEVEL": "ERROR"}
        os.environ["DJANGO_SETTINGS_MODULE"] = "tests.benchmarks.deliver_settings"
        import django

        django.setup()
        _measure(mails)


def _measure(mails: int) -> None:
    from django.core.management import call_command
    from django.db import connection

    call_command("migrate", verbosity=0)
    issue = _issue(mails)
    ways = {"whole act": _whole_act, "spliced": _spliced, "Django": _django}
    # in turns, and the best of each: what else runs on the machine disturbs all alike
    rounds = [{name: way(issue) for name, way in ways.items()} for _ in range(ROUNDS)]
    rates = {name: max(each[name] for each in rounds) for name in ways}
    size = len(issue.editions.first().mime) // 1000
    print(f"{mails} mails of {size} KB, {connection.vendor}, {os.cpu_count()} cores, sink: {_sink_name()}")  # noqa: T201
    for name, rate in rates.items():
        print(f"{name:>10}: {rate:7.0f} mails/s, {rate / rates['Django']:5.2f} x Django")  # noqa: T201


def _issue(mails: int) -> Any:
    from django.utils import timezone

    from newsletter import workflow
    from subscribers.models import Subscriber
    from subscribers.models.subscriber import hash_choices
    from tests import factories as make
    from tests.newsletter.full_issue import make_full_issue

    issue = make_full_issue(state="in_review", checked_at=timezone.now())
    workflow.approve(issue, make.editor())
    readers = [
        Subscriber(email=f"r{n}@a.example", email_key=f"r{n}@a.example", state="active", token=f"{n:032x}")
        for n in range(mails)
    ]
    for reader in readers:
        reader.choices_hash = hash_choices(reader.choices())
    Subscriber.objects.bulk_create(readers, batch_size=1000)
    return issue


def _whole_act(issue: Any) -> float:
    import datetime as dt

    from django.utils import timezone

    from newsletter.deliver import editions
    from newsletter.deliver.ledger import deliver_issue
    from newsletter.models import Issue, IssueState

    issue.deliveries.all().delete()
    Issue.objects.filter(pk=issue.pk).update(state=IssueState.APPROVED)
    editions.freeze(issue, lambda *_: None)
    started = time.perf_counter()
    counts = deliver_issue(issue, now=timezone.now() + dt.timedelta(days=1), progress=lambda *_: None)
    return counts["accepted"] / (time.perf_counter() - started)


def _spliced(issue: Any) -> float:
    from django.utils import timezone

    from newsletter.deliver.envelope import ReadyEdition
    from newsletter.deliver.outcome import Kind
    from newsletter.deliver.transport import Transport
    from subscribers.models import Subscriber

    readers, now = list(Subscriber.objects.all()), timezone.now()
    started = time.perf_counter()
    edition = ReadyEdition.of(issue.editions.get())
    with Transport() as transport:
        for reader in readers:
            mail = edition.address_to(reader, at=now)
            outcome = transport.send(mail)
            assert outcome.kind is Kind.ACCEPTED, outcome
    return len(readers) / (time.perf_counter() - started)


def _django(issue: Any) -> float:
    from django.core.mail import EmailMultiAlternatives, get_connection
    from django.template.loader import render_to_string

    from newsletter.deliver.editions import TEXT
    from newsletter.page import Choices, lay_out, render_html
    from subscribers import links
    from subscribers.models import Subscriber

    page = lay_out(issue, Choices.from_dict(issue.editions.get().choices))
    text = render_to_string(TEXT, {"page": page})
    html = render_html(page)
    readers = list(Subscriber.objects.all())
    started = time.perf_counter()
    with get_connection("django.core.mail.backends.smtp.EmailBackend") as connection:
        for reader in readers:
            own = [("@@PREFERENCES_URL@@", links.preferences_url(reader)), ("@@LEAVE_URL@@", links.leave_url(reader))]
            bodies: list[str] = [text, html]
            for slot, link in own:
                bodies = [str(body).replace(slot, link) for body in bodies]
            headers = {"List-Unsubscribe": f"<{links.one_click_url(reader)}>, <mailto:{links.leave_address(reader)}>"}
            mail = EmailMultiAlternatives(page.subject, bodies[0], None, [str(reader.email)], headers=headers)
            mail.attach_alternative(bodies[1], "text/html")
            mail.connection = connection
            mail.send()
    return len(readers) / (time.perf_counter() - started)


def _sink_name() -> str:
    return "smtp-sink" if shutil.which("smtp-sink") else "aiosmtpd"


@contextlib.contextmanager
def _sink() -> Iterator[int]:
    """A server that takes everything and keeps nothing, in a process of its own."""
    with socket.socket() as probe:
        probe.bind((HOST, 0))
        port = probe.getsockname()[1]
    program = shutil.which("smtp-sink")
    own = [sys.executable, "-m", "aiosmtpd", "-n", "-c", "aiosmtpd.handlers.Sink", "-l", f"{HOST}:{port}"]
    sink = subprocess.Popen(
        [program, "-u", "nobody", f"{HOST}:{port}", "100"] if program else own, stderr=subprocess.DEVNULL
    )
    try:
        for _ in range(100):
            with contextlib.suppress(OSError), socket.create_connection((HOST, port), 1):
                break
            time.sleep(0.1)
        yield port
    finally:
        sink.terminate()
        sink.wait()


if __name__ == "__main__":
    main()
