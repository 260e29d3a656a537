"""One way to send an issue to many readers, in a process of its own: prints its rate as JSON. See send.py."""

import argparse
import cProfile
import datetime as dt
import json
import os
import pstats
import resource
import sys
import time
from pathlib import Path
from typing import Any

import django

from tests.benchmarks.send_cpu import counted

BATCH = 1000
LANGUAGE, SHORT = "en", 9  # a mail of 40 KB; the whole issue in both languages has 119


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("way", choices=["ours", "django"])
    parser.add_argument("--readers", type=int, required=True)
    parser.add_argument("--signed", action="store_true")
    parser.add_argument("--workers", type=int, default=1)
    parser.add_argument("--sink", type=int, default=os.getpid(), help="process id of what takes the mails")
    parser.add_argument("--profile", action="store_true")
    options = parser.parse_args()
    django.setup()
    from django.db import connection

    if connection.vendor == "postgresql":
        _fresh_database()
    from django.core.management import call_command

    call_command("migrate", verbosity=0)
    issue = _issue(options.readers)
    told = _ours(issue, options) if options.way == "ours" else {"rate": _django(issue)}
    print(json.dumps(told))  # noqa: T201


def _fresh_database(name: str = "send_benchmark") -> None:
    """A database beside the one that the settings name, made anew."""
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")
        cursor.execute(f"CREATE DATABASE {name}")
    connection.close()
    connection.settings_dict["NAME"] = name


def _issue(readers: int) -> Any:
    from django.utils import timezone

    from newsletter import workflow
    from newsletter.models import Delivery, Edition, Issue
    from subscribers.models import Subscriber
    from subscribers.models.subscriber import hash_choices
    from tests import factories as make
    from tests.newsletter.full_issue import make_full_issue

    Delivery.objects.all().delete()
    Edition.objects.all().delete()
    Subscriber.objects.all().delete()
    issue = Issue.objects.first()
    if issue is None:
        issue = make_full_issue(state="in_review", checked_at=timezone.now())
        issue.blocks.filter(position__gt=SHORT).delete()
        workflow.approve(issue, make.editor())
    Issue.objects.filter(pk=issue.pk).update(state="approved")
    choices = hash_choices(Subscriber(language=LANGUAGE).choices())
    for start in range(0, readers, BATCH):
        Subscriber.objects.bulk_create(
            Subscriber(
                email=f"r{n}@a{n % 7}.example",
                email_key=f"r{n}@a{n % 7}.example",
                state="active",
                language=LANGUAGE,
                token=f"{n:032x}",
                choices_hash=choices,
            )
            for n in range(start, min(start + BATCH, readers))
        )
    return issue


def _ours(issue: Any, options: argparse.Namespace) -> dict[str, Any]:
    from django.conf import settings
    from django.db import connection

    from newsletter.deliver import dkim, editions

    editions.freeze(issue, lambda *_: None)
    if options.signed:
        path = Path(settings.VAR_DIR) / "benchmark.pem"
        path.write_bytes(dkim.as_pem(dkim.new_key()))
        settings.DKIM_KEY_FILE, settings.DKIM_SELECTOR = str(path), "bench"
    size = len(bytes(issue.editions.get().mime))
    connection.close()
    if options.profile:
        profile = cProfile.Profile(time.process_time)
        profile.runcall(_send, issue)
        pstats.Stats(profile).sort_stats("tottime").print_stats(60)
    started = time.perf_counter()
    with counted(options.readers, options.sink) as others:
        children = [_fork(issue) for _ in range(options.workers)]
        workers = [_wait(child) for child in children]
    seconds = time.perf_counter() - started
    accepted = issue.deliveries.filter(state="accepted").count()
    assert accepted == options.readers, accepted
    memory, cpu = max(each["memory"] for each in workers), sum(each["cpu"] for each in workers)
    own = {"size": size, "memory": memory, "cpu_ms": cpu / accepted * 1000}
    return {"rate": accepted / seconds, **own, **others}


def _send(issue: Any) -> None:
    from django.utils import timezone

    from newsletter.deliver.ledger import deliver_issue

    deliver_issue(issue, now=timezone.now() + dt.timedelta(hours=1), progress=lambda *_: None)


def _fork(issue: Any) -> tuple[int, int]:
    """A worker beside this process; its pid, and where it writes its memory."""
    reading, writing = os.pipe()
    pid = os.fork()
    if pid:
        os.close(writing)
        return pid, reading
    try:
        started = time.process_time()
        _send(issue)
        used = resource.getrusage(resource.RUSAGE_SELF)
        told = {"memory": used.ru_maxrss / 1000, "cpu": time.process_time() - started}
        os.write(writing, json.dumps(told).encode())
    finally:
        sys.stderr.flush()
        os._exit(0)


def _wait(child: tuple[int, int]) -> dict[str, float]:
    pid, reading = child
    os.waitpid(pid, 0)
    told: dict[str, float] = json.loads(os.read(reading, 1000))
    return told


def _django(issue: Any) -> float:
    from django.core.mail import EmailMultiAlternatives, get_connection
    from django.template.loader import render_to_string

    from newsletter.deliver.editions import TEXT
    from newsletter.page import Choices, lay_out, render_html
    from subscribers import links
    from subscribers.models import Subscriber

    page = lay_out(issue, Choices.from_dict(Subscriber(language=LANGUAGE).choices()))
    text, html = render_to_string(TEXT, {"page": page}), render_html(page)
    _keep_for_others(page.subject, text, html)
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


def _keep_for_others(subject: str, text: str, html: str) -> None:
    from django.conf import settings

    told = {"subject": subject, "text": text, "html": html}
    (Path(settings.VAR_DIR) / "edition.json").write_text(json.dumps(told))


if __name__ == "__main__":
    main()
