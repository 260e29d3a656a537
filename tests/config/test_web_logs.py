"""What the web server writes down of a request: nothing that opens a reader's page."""

import os
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest

TOKEN = "a1b2" * 8
PATH = f"/r/p/{TOKEN}.c2lnbmF0dXJl/nothing-here?language=zh"


@pytest.fixture
def gunicorn(tmp_path: Path) -> Iterator[tuple[int, Path]]:
    """gunicorn as docs/operations.md starts it, with its access log on: the port, and the file with all it says."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    log = tmp_path / "log"
    command = [sys.executable, "-m", "gunicorn", "config.wsgi", "--bind", f"127.0.0.1:{port}", "--no-control-socket"]
    command += ["--access-logfile", "-"]
    with (
        log.open("wb") as out,
        subprocess.Popen(
            command, stdout=out, stderr=subprocess.STDOUT, env={**os.environ, "DEBUG": "1", "VAR_DIR": str(tmp_path)}
        ) as process,
    ):
        yield port, log
        process.terminate()


def get(port: int) -> int:
    """Ask for an address with a token, from a page with a token; the status, once the server is up."""
    asked = urllib.request.Request(f"http://127.0.0.1:{port}{PATH}", headers={"Referer": f"http://x{PATH}"})
    for _ in range(600):
        try:
            with urllib.request.urlopen(asked) as answer:
                return int(answer.status)
        except urllib.error.HTTPError as error:
            return error.code
        except urllib.error.URLError:
            time.sleep(0.1)
    raise AssertionError("gunicorn did not start")


def test_no_log_of_the_web_server_has_a_token(gunicorn: tuple[int, Path]) -> None:
    port, log = gunicorn
    assert get(port) == 404
    deadline = time.monotonic() + 60
    while "GET /r/p/" not in log.read_text() and time.monotonic() < deadline:
        time.sleep(0.05)
    said = log.read_text()
    assert "GET /r/p/…" in said
    assert TOKEN not in said
