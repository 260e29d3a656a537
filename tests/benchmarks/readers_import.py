"""An import against a raw bulk insert of the same rows, and how much memory a large one takes."""

import argparse
import datetime as dt
import os
import subprocess
import sys
import zlib
from pathlib import Path
from typing import Any

from tests.benchmarks.readers_common import ROUNDS, say, timed


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
