"""Who is hurt, and what becomes of the mails: all experiments, or those named, one after the other, and one table.

    python -m tests.faults [NAME ...] [--mails N] [--kills N] [--seed N] [--list]

Each runs in a process of its own with servers of its own (PostgreSQL, Redis, a mail server that writes each mail down
before it answers), and is judged by that server's lines against the ledger, reader by reader. Wants root: PostgreSQL's
user is taken on, and a small disk is mounted. All of it takes about an hour. Ends with an error where a mail was
lost, doubled, or told otherwise than it was.
"""

import argparse
import json
import subprocess
import sys
from typing import Any

from tests.faults.plan import EXPERIMENTS

COLUMNS = ("what is hurt", "blows", "mails", "sent", "refused", "uncertain", "arrived", "doubled", "lost", "wrong")


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("names", nargs="*", metavar="NAME", help="all, where none is named")
    parser.add_argument("--mails", type=int, default=0, help="instead of each experiment's own number")
    parser.add_argument("--kills", type=int, default=0, help="instead of each experiment's own number")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--list", action="store_true", help="say what there is")
    options = parser.parse_args()
    if unknown := [name for name in options.names if name not in EXPERIMENTS]:
        parser.error(f"no experiment is called {', '.join(unknown)}: --list says what there is")
    if options.list:
        print("\n".join(f"{each.name:18}{each.hurt}" for each in EXPERIMENTS.values()))  # noqa: T201
        return
    print(_line(COLUMNS), _line(["---"] * len(COLUMNS)), sep="\n", flush=True)  # noqa: T201
    further = ["--mails", str(options.mails), "--kills", str(options.kills), "--seed", str(options.seed)]
    told = [run(name, *further) for name in options.names or EXPERIMENTS]
    notes = [f"- {each['name']}: {each['notes']}" for each in told if each.get("notes")]
    print("", *notes, sep="\n")  # noqa: T201
    if not all(each.get("is_sound") for each in told):
        raise SystemExit("mails were lost, doubled, or told otherwise than they were")


def run(name: str, *options: str) -> dict[str, Any]:
    """One experiment, as a line of the table; what it says of itself."""
    done = subprocess.run(
        [sys.executable, "-m", "tests.faults.one", name, *options], capture_output=True, text=True, check=False
    )
    try:
        told: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    except (IndexError, ValueError):
        print(_line([EXPERIMENTS[name].hurt, "came to no end"]), done.stderr[-2000:], sep="\n", flush=True)  # noqa: T201
        return {}
    wrong = told["denied"] + told["open"] + told["strange"]
    figures = [told[each] for each in ("hurts", "mails", "sent", "refused", "uncertain", "uncertain_arrived")]
    print(_line([EXPERIMENTS[name].hurt, *figures, told["doubled"], told["lost"], wrong]), flush=True)  # noqa: T201
    return told


def _line(cells: Any) -> str:
    return f"| {' | '.join(str(each) for each in cells)} |"


if __name__ == "__main__":
    main()
