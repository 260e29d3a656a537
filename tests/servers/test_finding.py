"""Readers are found alike, and by an index, on a PostgreSQL whose language orders text otherwise than by bytes."""

import os
import subprocess
import sys
import uuid
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import psycopg
import pytest

from tests import needs

pytestmark = pytest.mark.servers

ROOT = Path(__file__).parents[2]
PROGRAM = """
import django; django.setup()
from django.core.management import call_command
from django.db import connection
call_command("migrate", verbosity=0)
from subscribers import addresses
from subscribers.admin import finding
from subscribers.models import Subscriber
from tests import factories
from tests.subscribers.test_segments import PEOPLE
for email in (*PEOPLE, "résumé@x.example", *(f"{n}@crowd.example" for n in range(2000))):
    factories.reader(email, email_key=addresses.normalise(email).key)
with connection.cursor() as cursor:
    cursor.execute("ANALYZE subscribers_subscriber")
for text in ("wang", "wang@q", "@qq", "@münchen.example", "*wang", "100%", "resume"):
    found = Subscriber.objects.filter(finding.matching(text))
    print(text, *sorted(found.values_list("email_key", flat=True)))
    assert "*" in text or "Seq Scan" not in found.explain(), found.explain()
"""


@pytest.fixture
def english_database() -> Iterator[str]:
    """An empty database in which "résumé" stands between "resume" and "resumes", as in a dictionary."""
    admin_url, name = needs.server("TEST_POSTGRES_URL"), f"chenbao_{uuid.uuid4().hex[:8]}"
    with psycopg.connect(admin_url, autocommit=True) as admin:
        admin.execute(f"CREATE DATABASE {name} TEMPLATE template0 LOCALE_PROVIDER icu ICU_LOCALE 'en-US'")
    yield urlsplit(admin_url)._replace(path=f"/{name}").geturl()
    with psycopg.connect(admin_url, autocommit=True) as admin:
        admin.execute(f"DROP DATABASE {name} WITH (FORCE)")


def test_a_search_finds_the_same_and_reads_no_whole_table(english_database: str, tmp_path: Path) -> None:
    own = {"DATABASE_URL": english_database, "VAR_DIR": str(tmp_path), "DEBUG": "1", "LOG_LEVEL": "ERROR"}
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM],
        cwd=ROOT,
        env={**os.environ, "DJANGO_SETTINGS_MODULE": "config.settings", **own},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout.splitlines() == [
        "wang q@wang.example wang.li@163.com wang@qq.com",
        "wang@q wang@qq.com",
        "@qq li.wang@qq.com wang@qq.com",
        "@münchen.example ada@xn--mnchen-3ya.example",
        "*wang li.wang@qq.com q@wang.example wang.li@163.com wang@qq.com",
        "100% 100%@x.example",
        "resume",  # an accent makes another address, though no other word in a dictionary
    ]
