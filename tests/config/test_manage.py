"""How the command line ends where what reads its output stops reading, as `head` does."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
BROKEN_ELSEWHERE = "import manage\ndef broken(): raise BrokenPipeError\nmanage._run = broken\nmanage.main()"


def environment(folder: Path, **more: str) -> dict[str, str]:
    return {"PATH": os.environ["PATH"], "DEBUG": "1", "VAR_DIR": str(folder), **more}


@pytest.mark.parametrize("unbuffered", ["", "1"])  # falls at the end, when all is flushed; or amid the command
@pytest.mark.parametrize("command", ["help", "showmigrations"])
def test_a_reader_of_the_output_who_stops_is_no_fault(tmp_path: Path, command: str, unbuffered: str) -> None:
    reads, writes = os.pipe()
    os.close(reads)
    done = subprocess.run(
        [sys.executable, "manage.py", command],
        cwd=ROOT,
        env=environment(tmp_path, PYTHONUNBUFFERED=unbuffered),
        stdout=writes,
        stderr=subprocess.PIPE,
        check=False,
    )
    os.close(writes)
    assert done.stderr == b""
    assert done.returncode == 128 + signal.SIGPIPE


def test_a_connection_that_breaks_is_one(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-c", BROKEN_ELSEWHERE], cwd=ROOT, env=environment(tmp_path), capture_output=True, check=False
    )
    assert b"BrokenPipeError" in done.stderr
    assert done.returncode == 1
