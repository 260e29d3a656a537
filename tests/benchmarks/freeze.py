"""What freezing costs: recipients against a bare INSERT … SELECT, editions in time and memory.

    python -m tests.benchmarks.freeze --readers 1000000 [--rounds 2] [--postgres postgres://…]
    python -m tests.benchmarks.freeze --sets 10000 [--readers 0]

Each way in a process of its own. Recipients: the same rows in the same table, in one transaction, the two in turns, on
SQLite and on PostgreSQL (TEST_POSTGRES_URL); its editions are printed before, for they don't grow with the readers.
Editions: a whole real issue, one reader for each set of choices, on SQLite; beside it the most that a worker may take.
"""

import argparse
import json
import os
import subprocess
import sys
import tempfile
from typing import Any


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--readers", type=int, default=1_000_000)
    parser.add_argument("--rounds", type=int, default=2, help="the best of so many, in turns")
    parser.add_argument("--sets", type=int, default=0, help="distinct sets of choices to print")
    parser.add_argument("--postgres", default=os.environ.get("TEST_POSTGRES_URL", ""))
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        sqlite = f"sqlite:///{folder}/freeze.sqlite3"
        if options.readers:
            for name, address in {"SQLite": sqlite, "PostgreSQL": options.postgres}.items():
                if address:
                    _recipients(name, _child(folder, address, "recipients", options.readers, options.rounds))
        if options.sets:
            one = _child(folder, f"sqlite:///{folder}/one.sqlite3", "editions", 1)
            _editions(one, _child(folder, f"sqlite:///{folder}/sets.sqlite3", "editions", options.sets))


def _child(folder: str, database: str, *arguments: object) -> dict[str, Any]:
    environment = {
        **os.environ,
        **{"VAR_DIR": folder, "DEBUG": "1", "LOG_LEVEL": "ERROR", "DATABASE_URL": database},
        "DJANGO_SETTINGS_MODULE": "tests.benchmarks.send_settings",
    }
    command = [sys.executable, "-m", "tests.benchmarks.freeze_ways", *map(str, arguments)]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    if done.returncode:
        raise SystemExit(f"{arguments}: {done.stderr[-3000:]}")
    told: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return told


def _recipients(name: str, told: dict[str, Any]) -> None:
    bare, freeze = min(told["bare"]), min(told["freeze"])
    load = os.getloadavg()[0]
    print(  # noqa: T201
        f"{name:>10}: {told['rows']:,} recipients of {told['readers']:,} readers; bare INSERT … SELECT {bare:.2f} s, "
        f"freezing {freeze:.2f} s: {bare / freeze:.2f} x (load {load:.1f}; rounds {told['bare']}, {told['freeze']})"
    )


def _editions(one: dict[str, Any], told: dict[str, Any]) -> None:
    print(  # noqa: T201
        f"{told['editions']:,} editions, {told['megabytes']:,.0f} MB of mail: {told['seconds']:.1f} s, "
        f"{told['seconds'] / told['editions'] * 1000:.1f} ms each; most memory {told['memory']:.0f} MB "
        f"(the same process with one edition: {one['memory']:.0f} MB)"
    )


if __name__ == "__main__":
    main()
