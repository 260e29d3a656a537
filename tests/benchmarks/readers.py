"""The readers' side against the least that its work can cost, as ratios measured in one run.

    python -m tests.benchmarks.readers [--import-rows 100000] [--readers 1000000] [--posts 2000]

Import: rows a second against a raw bulk insert of the same rows into the same tables. Sign-up: POSTs a second under
gunicorn with two workers against an empty view of the same project. Due: who is due at an hour among --readers against
SELECT count(*). Admin: the operator's pages among as many. Each on SQLite, and on PostgreSQL in a database of its own
where TEST_POSTGRES_URL names a server.
"""

import argparse
import contextlib
import datetime as dt
import os
import subprocess
import sys
import tempfile
import time
import zlib
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit, urlunsplit

from tests.benchmarks import readers_admin, readers_posts

ROUNDS = 3
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


def say(text: str) -> None:
    """A line of the report."""
    print(text, flush=True)  # noqa: T201


def timed(work: Callable[[], Any]) -> float:
    """Seconds."""
    started = time.perf_counter()
    work()
    return time.perf_counter() - started


# ---- import ----------------------------------------------------------------------------------------------------


def measure_import(options: argparse.Namespace) -> None:
    from django.db import connection

    from subscribers.transfer.running import import_readers

    count = options.import_rows
    path = write_export(count)
    rows = _imported(path, count)
    seconds: dict[str, list[float]] = {"import": [], "raw": []}
    for _ in range(ROUNDS):  # in turns: what else runs on the machine disturbs both alike
        _empty()
        seconds["raw"].append(timed(lambda: _insert_raw(rows)))
        _empty()
        seconds["import"].append(timed(lambda: import_readers(path, basis="They asked for it", language="both")))
    rates = {name: count / min(each) for name, each in seconds.items()}
    say(f"\n{connection.vendor}: import of {count} rows")
    say(
        f"  raw bulk insert {rates['raw']:7.0f} rows/s    import {rates['import']:7.0f} rows/s",
    )
    say(f"  ratio {rates['import'] / rates['raw']:.2f} (aim 0.5)")
    say(f"  peak of a process that imports {options.readers} rows: {_peak(options.readers)} MB (aim 150)")
    _empty()


def write_export(count: int) -> Path:
    """A file as another service exports it; one row in fifty has an international address, one in fifty is refused."""
    path = Path(os.environ["VAR_DIR"]) / f"{count}.csv"
    if path.exists():
        return path
    with path.open("w", encoding="utf-8") as file:
        file.write("Email Address,First Name,Status,Language,Timezone,OPTIN_TIME\n")
        for n in range(count):
            name = "读者" if n % 50 == 0 else "Reader"
            status = "unsubscribed" if n % 50 == 1 else "subscribed"
            language, zone = (("zh-CN", "Asia/Shanghai"), ("en-GB", "Europe/London"), ("", ""))[n % 3]
            start = zlib.crc32(str(n).encode())  # no file comes in the order of its addresses
            file.write(f"{name}.{start:x}.{n}@mail{n % 97}.example,{name},{status},{language},{zone},2020-01-01\n")
    return path


def _imported(path: Path, count: int) -> dict[str, tuple[list[str], list[Any]]]:
    """The rows that an import of `path` makes, by table, as the database itself gives them."""
    from django.db import connection

    from subscribers.transfer.running import import_readers

    import_readers(path, basis="They asked for it", language="both")
    found = {}
    with connection.cursor() as cursor:
        for table, order in (("subscribers_subscriber", "id"), ("subscribers_consentevent", "subscriber_id")):
            cursor.execute(f"SELECT * FROM {table} ORDER BY {order}")
            columns = [column[0] for column in cursor.description]
            found[table] = columns, [tuple(map(_as_sent, row)) for row in cursor.fetchall()]
    return found


def _as_sent(value: Any) -> Any:
    """SQLite takes no times, which its driver reads all the same."""
    from django.db import connection

    return value.isoformat(" ") if connection.vendor == "sqlite" and isinstance(value, dt.datetime) else value


def _insert_raw(tables: dict[str, tuple[list[str], list[Any]]]) -> None:
    from django.db import connection, transaction

    with transaction.atomic(), connection.cursor() as cursor:
        for table, (columns, rows) in tables.items():
            marks = ", ".join(["%s"] * len(columns))
            cursor.executemany(f"INSERT INTO {table} ({', '.join(columns)}) VALUES ({marks})", rows)


def _empty() -> None:
    from django.db import connection

    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("TRUNCATE subscribers_subscriber, subscribers_consentevent CASCADE")
        else:
            cursor.execute("DELETE FROM subscribers_consentevent")
            cursor.execute("DELETE FROM subscribers_subscriber")


def _peak(count: int) -> int:
    """MB at the most, of a process of its own. Not ru_maxrss: that begins with the size of the parent."""
    program = (
        "import django, re, sys; django.setup()\n"
        "from pathlib import Path\n"
        "from subscribers.transfer.running import import_readers\n"
        "import_readers(Path(sys.argv[1]), basis='They asked for it', language='both')\n"
        "print(re.search(r'VmHWM:\\s+(\\d+) kB', Path('/proc/self/status').read_text())[1])\n"
    )
    answer = subprocess.run(
        [sys.executable, "-c", program, str(write_export(count))], check=True, capture_output=True, text=True
    )
    return int(answer.stdout) // 1024


# ---- sign-up ---------------------------------------------------------------------------------------------------


def measure_signup(options: argparse.Namespace) -> None:
    from django.db import connection

    from subscribers import signup
    from subscribers.models import Notice, Subscriber, Wish

    with readers_posts.served() as port:
        best = {"empty view": 0.0, "sign-up": 0.0}
        for _ in range(ROUNDS):
            best["empty view"] = max(best["empty view"], readers_posts.empty(port, options.posts))
            best["sign-up"] = max(best["sign-up"], readers_posts.sign_ups(port, options.posts))
        assert Wish.objects.count() == ROUNDS * options.posts
        say(f"\n{connection.vendor}: sign-up under gunicorn with two workers, {options.posts} POSTs")
        say(f"  empty view {best['empty view']:6.0f}/s    sign-up {best['sign-up']:6.0f}/s")
        say(f"  ratio {best['sign-up'] / best['empty view']:.2f} (aim 0.5)")
        wishes = Wish.objects.count()
        say(
            f"  afterwards, on the queue: {wishes / timed(signup.take_up):.0f} wishes/s become a reader and a mail due"
        )
        assert Subscriber.objects.count() == Notice.objects.count() == wishes
        say("  how long the answer takes, by whose address it is: " + readers_posts.by_state(port))


# ---- due -------------------------------------------------------------------------------------------------------


def measure_due(options: argparse.Namespace) -> None:
    from zoneinfo import ZoneInfo

    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    from subscribers import audience
    from subscribers.models import Subscriber
    from tests.benchmarks.readers_crowd import make_crowd

    def due() -> Any:
        until = since + dt.timedelta(hours=1)
        return audience.due_between("daily", since, until, hour=dt.time(8), zone=ZoneInfo("Asia/Shanghai"))

    make_crowd(options.readers)
    everybody = _best(Subscriber.objects.count)
    say(f"\n{connection.vendor}: who is due at an hour, among {Subscriber.objects.count()} readers")
    say(f"  SELECT count(*) of all readers: {everybody:.1f} ms")
    for hour in (15, 0):  # a quiet hour, and the one in which most of China wakes up
        since = dt.datetime(2026, 5, 7, hour, tzinfo=dt.UTC)
        same = due().values("pk")
        counted, inserted, listed = _best(same.count), _best(lambda: _insert_due(due())), _best(lambda: _ids(due()))
        with CaptureQueriesContext(connection) as asked:
            found = _ids(due())
        say(f"  {hour:02d}:00 UTC: {found} due; SELECT count(*) of the same rows {counted:.1f} ms")
        say(f"    found and inserted from, as by the sender: {inserted:.1f} ms, {len(asked)} queries")
        say(f"    ratio {inserted / counted:.2f} (aim at most 3); to all readers {inserted / everybody:.2f}")
        say(f"    each id brought to Python: {listed:.1f} ms, ratio {listed / counted:.2f}")
        say("    plan: " + _plan(same))


def _best(work: Callable[[], Any]) -> float:
    """Milliseconds."""
    return min(timed(work) for _ in range(ROUNDS)) * 1000


def _ids(readers: Any) -> int:
    return len(readers.values_list("pk", flat=True))


def _insert_due(readers: Any) -> None:
    from django.db import connection

    statement, values = readers.values("pk").query.sql_with_params()
    with connection.cursor() as cursor:
        cursor.execute("CREATE TEMPORARY TABLE due (id bigint)")
        cursor.execute(f"INSERT INTO due {statement}", values)
        cursor.execute("DROP TABLE due")


def _plan(readers: Any) -> str:
    lines = [line.strip() for line in readers.values("pk").explain().splitlines()]
    steps = [line for line in lines if "SEARCH" in line or "Scan" in line or "SCAN" in line]
    assert all("reader_due" in step for step in steps), steps
    return f"{len(steps)} x {steps[-1][steps[-1].index('S') if 'SEARCH' in steps[-1] else 0 :][:90]}"


PARTS: dict[str, Callable[[argparse.Namespace], None]] = {
    "import": measure_import,
    "signup": measure_signup,
    "due": measure_due,
    "admin": readers_admin.measure_admin,
}

if __name__ == "__main__":
    main()
