"""The stage of one experiment: an issue of today, frozen for its readers, a database, a mail server of its own.

Import it once Django is set up (see `one`).
"""

import os
import random
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from django.conf import settings
from django.core.management import call_command
from django.db import DatabaseError, connection
from django.utils import timezone

from newsletter.deliver import editions, pausing
from newsletter.models import Delivery, Issue
from newsletter.models.delivery import FINAL, RETRYABLE
from newsletter.workflow import WorkflowError
from subscribers.models import Subscriber
from subscribers.models.subscriber import hash_choices
from tests import factories as make
from tests.faults import processes
from tests.faults.audit import Audit, audit
from tests.faults.servers import OwnPostgres, Sink
from tests.newsletter.deliver.conftest import HTML, TEXT
from tests.newsletter.deliver.helpers import approved_issue, quiet

_GIVEN_UP = 3600  # seconds after which an experiment has failed


class StuckError(Exception):
    """Nothing moves any more."""


@dataclass
class Scene:
    """What an experiment works with. `hurts` counts what it did; `notes` are further figures for the table."""

    folder: Path
    mails: int
    kills: int
    sink: Sink
    server: OwnPostgres | None
    fate: random.Random
    nudge: bool = False  # a cluster needn't wait for its schedule: for quick rounds
    hurts: int = 0
    notes: list[str] = field(default_factory=list)
    started: list[processes.Started] = field(default_factory=list)

    def prepare(self) -> None:
        """The database, readers, and an issue of today that is frozen and due."""
        (self.folder / "email").mkdir()  # small templates: the mails aren't what should take the time
        (self.folder / "email" / "issue.txt").write_text(TEXT)
        (self.folder / "email" / "issue.mjml").write_text(HTML)
        call_command("migrate", verbosity=0)
        choices = hash_choices(Subscriber().choices())
        for start in range(0, self.mails, 1000):
            Subscriber.objects.bulk_create(
                Subscriber(
                    email=f"r{n}@a.example",
                    email_key=f"r{n}@a.example",
                    state="active",
                    token=f"{n:032x}",
                    choices_hash=choices,
                )
                for n in range(start, min(start + 1000, self.mails))
            )
        self.issue = approved_issue(make.newsletter().today())

    def freeze(self) -> None:
        """What goes to whom is settled, and all of it is due now, whatever the hour."""
        editions.freeze(self.issue, quiet)
        Delivery.objects.update(due_at=timezone.now())
        connection.close()

    def is_done(self) -> bool:
        """Whether every mail has its outcome. False, too, while the database is away."""
        try:
            rows = Delivery.objects.filter(issue=self.issue)
            return rows.exists() and not rows.exclude(state__in=FINAL).exists()
        except DatabaseError:
            return False
        finally:
            connection.close()

    def hurry(self) -> None:
        """As if the time had passed: what was put off, or rests, is due, and what a fault has paused goes on."""
        try:
            pausing.resume(self.issue)
        except (WorkflowError, DatabaseError):
            connection.close()  # it isn't paused; or the database is away, and there is nothing to hurry
        try:
            Delivery.objects.filter(state__in=RETRYABLE, due_at__gt=timezone.now()).update(due_at=timezone.now())
        except DatabaseError:
            connection.close()

    def is_time(self) -> bool:
        """Whether the next blow is due: they are spread over all the mails. Counts it."""
        due = self.hurts < self.kills and self.sink.count() > self.mails // (self.kills + 1) * (self.hurts + 1)
        if due:
            time.sleep(self.fate.uniform(0, 0.2))  # never at the same place of a batch
            self.hurts += 1
        return due

    def wait(self, until: Callable[[], bool], seconds: float = _GIVEN_UP, every: float = 0.02) -> float:
        """Seconds until it is so. Raises StuckError."""
        began = time.monotonic()
        while not until():
            if time.monotonic() - began > seconds:
                raise StuckError(f"nothing came of it in {seconds} s: {until.__qualname__}")
            time.sleep(every)
        return time.monotonic() - began

    def wait_for_mails(self, more: int, seconds: float = _GIVEN_UP) -> float:
        """Until the server has taken so many more, or all are done; in seconds."""
        enough, looked = self.sink.count() + more, time.monotonic()

        def came() -> bool:
            nonlocal looked
            if self.sink.count() >= enough:
                return True
            if time.monotonic() - looked < 0.5:
                return False
            looked = time.monotonic()
            return self.is_done()

        return self.wait(came, seconds)

    def start(self, *command: str, **environment: str) -> processes.Started:
        """A process with a group of its own; `manage.py …` where it begins so. What it says is in `processes.log`."""
        with (self.folder / "processes.log").open("ab") as log:
            process = subprocess.Popen(
                [sys.executable, *command],
                cwd=settings.BASE_DIR,
                env={**os.environ, **environment},
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )
        self.started.append(process)
        return process

    def clean_up(self) -> None:
        """Nothing that was started goes on."""
        for process in self.started:
            processes.kill_group(process)

    def audit(self) -> Audit:
        """The server's own lines against the ledger."""
        rows = Delivery.objects.filter(issue=self.issue).values_list("reader__email", "state")
        return audit({address or "": state for address, state in rows}, self.sink.log.read_text().splitlines())

    def refresh(self) -> Issue:
        """The issue as it stands."""
        self.issue.refresh_from_db()
        return self.issue
