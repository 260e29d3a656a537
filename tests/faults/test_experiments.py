"""The experiments of `python -m tests.faults` in small, each in a process of its own: they fork, start and kill."""

import json
import os
import subprocess
import sys

import pytest
from django.conf import settings

from newsletter.deliver.ledger import BATCH
from tests.faults.plan import EXPERIMENTS

pytestmark = pytest.mark.servers
SMALL = [
    ("workers", 300, 8),
    ("workers-faults", 300, 4),
    ("postgres-killed", 400, 2),
    ("power", 600, 1),
    ("hosts", 1000, 1),
    ("two-servers", 300, 2),
    ("web", 200, 2),
    ("cluster-redis", 200, 1),
]


@pytest.mark.parametrize(("name", "mails", "kills"), SMALL, ids=[name for name, *_ in SMALL])
def test_whoever_is_hurt_nothing_is_lost_and_nothing_is_doubled_in_silence(name: str, mails: int, kills: int) -> None:
    command = [sys.executable, "-m", "tests.faults.one", name, "--nudge", f"--mails={mails}", f"--kills={kills}"]
    environment = {each: value for each, value in os.environ.items() if each not in ("DATABASE_URL", "VAR_DIR")}
    done = subprocess.run(
        command, cwd=settings.BASE_DIR, capture_output=True, text=True, timeout=600, check=False, env=environment
    )
    assert done.returncode == 0, done.stderr
    told = json.loads(done.stdout.splitlines()[-1])
    assert told["is_sound"], told
    assert told["hurts"], "it was over before it was hurt"
    assert told["sent"] + told["refused"] + told["uncertain"] == mails
    assert told["uncertain"] <= _allowed(name, kills), told


def _allowed(name: str, kills: int) -> int:
    """Mails that may be in doubt: four lines of a killed worker, all that two workers held of a lost machine; a line
    that a fault of the server cuts after the text."""
    plan = EXPERIMENTS[name]
    each = {"workers": 4, "power": 2 * BATCH, "hosts": 2 * BATCH, "two_servers": 8, "cluster": 4}.get(plan.play, 0)
    return kills * each + round(plan.faults * 300)
