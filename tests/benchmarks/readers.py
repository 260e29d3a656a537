"""The readers' side against the least that its work can cost, as ratios measured in one run.

    python -m tests.benchmarks.readers [--import-rows 100000] [--readers 1000000] [--posts 2000]

Import: rows a second against a raw bulk insert of the same rows into the same tables. Sign-up: POSTs a second under
gunicorn with two workers against an empty view of the same project. Due: who is due at an hour among --readers against
SELECT count(*). Admin: the operator's pages among as many. Each on SQLite, and on PostgreSQL in a database of its own
where TEST_POSTGRES_URL names a server.
"""

import argparse
import contextlib
import os
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

from tests.benchmarks.readers_admin import measure_admin
from tests.benchmarks.readers_common import say
from tests.benchmarks.readers_due import measure_due
from tests.benchmarks.readers_import import measure_import
from tests.benchmarks.readers_signup import measure_signup

MODULE = "tests.benchmarks.readers"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--import-rows", type=int, default=100_000)
    parser.add_argument("--readers", type=int, default=1_000_000)
    parser.add_argument("--posts", type=int, default=2000)
    parser.add_argument("--part", choices=PARTS, action="append", help="only this; may be given again")
    parser.add_argument("--database", help=argparse.SUPPRESS)  # of the processes that this one starts
    options = parser.parse_args()
    if options.database is None:
        return _every_database(sys.argv[1:])
    os.environ |= {"DATABASE_URL": options.database, "DJANGO_SETTINGS_MODULE": "tests.benchmarks.readers_settings"}
    import django

    django.setup()
    from django.core.management import call_command

    call_command("migrate", verbosity=0)
    for name in options.part or PARTS:
        PARTS[name](options)
    return None


def _every_database(arguments: list[str]) -> None:
    """A process for each database: Django reads its settings once."""
    with tempfile.TemporaryDirectory() as folder:
        os.environ |= {"VAR_DIR": folder, "DEBUG": "1", "LOG_LEVEL": "ERROR"}
        (Path(folder) / "static").mkdir()
        say(f"{os.cpu_count()} cores, load {os.getloadavg()[0]:.1f}")
        _run([*arguments, "--database", f"sqlite:///{folder}/readers.sqlite3"])
        if server := os.environ.get("TEST_POSTGRES_URL"):
            with _postgres_database(server) as url:
                _run([*arguments, "--database", url])


def _run(arguments: list[str]) -> None:
    subprocess.run([sys.executable, "-m", MODULE, *arguments], check=True)


@contextlib.contextmanager
def _postgres_database(server: str) -> Iterator[str]:
    import psycopg

    name = f"chenbao_readers_{os.getpid()}"
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name}")
        try:
            yield urlunsplit(urlsplit(server)._replace(path=f"/{name}"))
        finally:
            connection.execute(f"DROP DATABASE {name} WITH (FORCE)")


PARTS: dict[str, Callable[[argparse.Namespace], None]] = {
    "import": measure_import,
    "signup": measure_signup,
    "due": measure_due,
    "admin": measure_admin,
}

if __name__ == "__main__":
    main()
