"""The same code when it has grown: PostgreSQL, Redis, a real MTA's sink."""

import json
import os
import subprocess
import sys
import time
import uuid
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import psycopg
import pytest
from django.utils import timezone

from newsletter import workflow
from newsletter.deliver.ledger import deliver_issue
from newsletter.models import Delivery
from tests import factories, needs
from tests.newsletter.full_issue import make_full_issue

pytestmark = pytest.mark.servers

ROOT = Path(__file__).parents[2]


@pytest.fixture
def grown(tmp_path: Path) -> Iterator[dict[str, str]]:
    """The environment of an installation on an empty PostgreSQL database and Redis."""
    admin_url = needs.server("TEST_POSTGRES_URL")
    name = f"chenbao_{uuid.uuid4().hex[:8]}"
    with psycopg.connect(admin_url, autocommit=True) as admin:
        admin.execute(f"CREATE DATABASE {name}")
    yield {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": "config.settings",
        "DEBUG": "1",
        "VAR_DIR": str(tmp_path),
        "DATABASE_URL": urlsplit(admin_url)._replace(path=f"/{name}").geturl(),
        "REDIS_URL": needs.server("TEST_REDIS_URL"),
        "FETCH_ALLOW_LOOPBACK": "1",
        "LEXICON_EXTRA": "newsletter/data/sample_day/names.tsv",
        "SMTP_PORT": "52526",
    }
    with psycopg.connect(admin_url, autocommit=True) as admin:
        admin.execute(f"DROP DATABASE {name} WITH (FORCE)")


def manage(environment: dict[str, str], *arguments: str) -> str:
    done = subprocess.run(
        [sys.executable, "manage.py", *arguments],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_the_demo_and_the_tick_on_postgresql_and_redis(grown: dict[str, str]) -> None:
    first = json.loads(manage(grown, "demo", "--no-serve").splitlines()[-1])
    again = json.loads(manage(grown, "demo", "--no-serve").splitlines()[-1])
    assert first["yesterday deliver"]["accepted"] == 12
    assert again["gather"]["new"] == 0
    assert again["yesterday"] == first["yesterday"] == {**first["yesterday"], "state": "sent"}

    # The cluster takes the tick from its schedule, the tick finds sources due, a worker visits them.
    manage(grown, "install_schedule")
    with psycopg.connect(grown["DATABASE_URL"], autocommit=True) as rows:
        rows.execute("UPDATE newsletter_source SET next_visit_at = NULL")
        runs_before = _count(rows)
        cluster = subprocess.Popen([sys.executable, "manage.py", "qcluster"], cwd=ROOT, env=grown)
        try:
            deadline = time.monotonic() + 240
            while _count(rows) == runs_before and time.monotonic() < deadline:
                time.sleep(1)
            assert _count(rows) > runs_before
        finally:
            cluster.terminate()
            cluster.wait(120)


def _count(rows: "psycopg.Connection[Any]") -> int:
    row = rows.execute("SELECT count(*) FROM newsletter_run WHERE act = 'gather'").fetchone()
    assert row is not None
    return int(row[0])


@pytest.mark.django_db(transaction=True, serialized_rollback=True)
def test_postfix_sink_takes_every_mail_of_an_issue(settings: Any) -> None:
    host, _, port = needs.server("TEST_SMTP_SINK").partition(":")
    settings.EMAIL_HOST, settings.EMAIL_PORT = host, int(port)
    issue = make_full_issue(state="in_review", checked_at=timezone.now())
    for number in range(200):
        factories.reader(f"reader{number}@reader.example", language=("en", "zh", "both")[number % 3])
    workflow.approve(issue, factories.editor())
    counts = deliver_issue(issue, now=timezone.now(), progress=lambda *_: None)
    assert counts["accepted"] == 200
    assert Delivery.objects.filter(state="accepted").count() == 200
    assert issue.editions.count() == 3
