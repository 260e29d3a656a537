"""A small round of kill.py: in a process of its own, for it forks workers and kills them."""

import os
import subprocess
import sys

import pytest
from django.conf import settings

pytestmark = pytest.mark.servers


@pytest.mark.parametrize("options", [["--faults=0"], ["--faults=0.03", "--workers=3"], ["--own-postgres"]])
def test_whoever_is_killed_nothing_is_lost_and_nothing_is_doubled_in_silence(options: list[str]) -> None:
    command = [sys.executable, "-m", "tests.faults.kill", "--mails=400", "--kills=12", *options]
    done = subprocess.run(
        command, cwd=settings.BASE_DIR, capture_output=True, text=True, timeout=300, check=False, env=_environment()
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert " 0 doubled, 0 lost, 0 without an outcome" in done.stdout


def _environment() -> dict[str, str]:
    return {name: value for name, value in os.environ.items() if name not in ("DATABASE_URL", "VAR_DIR")}
