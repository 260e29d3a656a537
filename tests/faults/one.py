"""One experiment, in a process of its own: `python -m tests.faults.one NAME [--mails N] [--kills N]`; prints JSON."""

import argparse
import json
import os
import random
import shutil
import signal
import sys
import tempfile
import time
from contextlib import ExitStack
from dataclasses import asdict
from pathlib import Path

from tests.faults.plan import EXPERIMENTS
from tests.faults.servers import Sink, own_postgres, own_redis


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("name", choices=EXPERIMENTS)
    parser.add_argument("--mails", type=int, default=0)
    parser.add_argument("--kills", type=int, default=0)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--nudge", action="store_true", help="clusters needn't wait for their schedule")
    parser.add_argument("--keep", action="store_true", help="leave the folder behind")
    options = parser.parse_args()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit("stopped"))  # and everything that was started with it
    plan = EXPERIMENTS[options.name]
    if plan.faketime and "FAKETIME_TIMESTAMP_FILE" not in os.environ:
        _begin_again_under_faketime()
    folder = Path(tempfile.mkdtemp(prefix=f"faults-{plan.name}-"))
    folder.chmod(0o755)  # PostgreSQL runs as somebody else
    with ExitStack() as stack:
        if not options.keep:
            stack.callback(shutil.rmtree, folder, ignore_errors=True)
        server = stack.enter_context(own_postgres(folder)) if plan.postgres else None
        sink = Sink(folder / "taken", faults=plan.faults, wait=plan.wait)
        stack.callback(sink.kill)
        os.environ |= _environment(folder, sink.port)
        os.environ["DATABASE_URL"] = server.address if server else f"sqlite:///{folder / 'faults.sqlite3'}"
        os.environ["REDIS_URL"] = stack.enter_context(own_redis(folder)) if plan.redis else ""
        import django

        django.setup()
        from tests.faults.experiments import PLAYS
        from tests.faults.scene import Scene

        fate, began = random.Random(options.seed), time.monotonic()
        mails, kills = options.mails or plan.mails, options.kills or plan.kills
        scene = Scene(folder, mails, kills, sink, server, fate, nudge=options.nudge)
        stack.callback(scene.clean_up)
        PLAYS[plan.play](scene)
        found = scene.audit()
        told = {"name": plan.name, "hurts": scene.hurts, **asdict(found), "is_sound": found.is_sound}
        told |= {"notes": "; ".join(scene.notes), "seconds": round(time.monotonic() - began)}
        print(json.dumps(told))  # noqa: T201


def _begin_again_under_faketime() -> None:
    """This very process, with a clock that a file sets; what only measures time (CLOCK_MONOTONIC) goes on."""
    library = next(Path("/usr/lib").glob("*/faketime/libfaketime.so.1"))
    with tempfile.NamedTemporaryFile("w", prefix="faketime-", delete=False) as file:
        file.write("+0")
    os.environ |= {
        "LD_PRELOAD": str(library),
        "FAKETIME_TIMESTAMP_FILE": file.name,
        "FAKETIME_CACHE_DURATION": "1",
        "FAKETIME_DONT_FAKE_MONOTONIC": "1",
        "NO_FAKE_STAT": "1",
    }
    os.execv(sys.executable, [sys.executable, "-m", "tests.faults.one", *sys.argv[1:]])


def _environment(folder: Path, port: int) -> dict[str, str]:
    """Of this process and all that it starts."""
    return {
        "VAR_DIR": str(folder),
        "FAULTS_TEMPLATES": str(folder),
        "DEBUG": "1",
        "SMTP_HOST": "127.0.0.1",
        "SMTP_PORT": str(port),
        "SMTP_CONNECTIONS": "4",
        "LOG_LEVEL": "WARNING",
        "DJANGO_SETTINGS_MODULE": "tests.faults.settings",
        "SECRET_KEY": "of these experiments, and of as many hosts as they have",
        "SUPPRESSION_KEY": "of these experiments",
    }


if __name__ == "__main__":
    main()
