"""`make demo` as its user sees it: pages that answer, and a Ctrl-C that leaves nothing behind."""

import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from pathlib import Path

import pytest

pytestmark = pytest.mark.servers

ROOT = Path(__file__).parents[2]


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@pytest.fixture
def environment(tmp_path: Path) -> dict[str, str]:
    return {
        **{k: v for k, v in os.environ.items() if k not in ("DATABASE_URL", "REDIS_URL")},
        "DJANGO_SETTINGS_MODULE": "config.settings",
        "DEBUG": "1",
        "VAR_DIR": str(tmp_path),
        "FETCH_ALLOW_LOOPBACK": "1",
        "LEXICON_EXTRA": "newsletter/data/sample_day/names.tsv",
        "SMTP_PORT": str(free_port()),
        "SITE_URL": f"http://127.0.0.1:{free_port()}",
    }


def answers(url: str) -> bool:
    try:
        with urllib.request.urlopen(url, timeout=5) as answer:
            return bool(answer.status == 200)
    except OSError:
        return False


def children_of(environment: dict[str, str]) -> list[str]:
    """The processes on this machine that run with this test's folder."""
    mark = f"VAR_DIR={environment['VAR_DIR']}".encode()
    found = []
    for process in Path("/proc").glob("[0-9]*"):
        try:
            if mark in (process / "environ").read_bytes().split(b"\0") and int(process.name) != os.getpid():
                found.append((process / "cmdline").read_text().replace("\0", " "))
        except OSError:
            continue  # gone in the meantime
    return found


@pytest.mark.parametrize("ending", [signal.SIGINT, signal.SIGTERM])
def test_it_serves_site_desk_and_inbox_until_it_is_stopped(
    environment: dict[str, str], ending: signal.Signals
) -> None:
    site = environment["SITE_URL"]
    demo = subprocess.Popen(
        [sys.executable, "manage.py", "demo"], cwd=ROOT, env=environment, stdout=subprocess.PIPE, text=True
    )
    try:
        deadline = time.monotonic() + 300
        while not answers(f"{site}/en/") and time.monotonic() < deadline and demo.poll() is None:
            time.sleep(0.5)
        for page in ("/en/", "/zh/", "/desk/login/", "/inbox/"):
            assert answers(site + page), page
    finally:
        demo.send_signal(ending)
        said, _ = demo.communicate(timeout=120)
    assert demo.returncode == 0
    assert f"{site}/desk/" in said
    assert "good-morning" in said
    assert children_of(environment) == []


def test_stopped_in_the_middle_of_the_morning_it_begins_again_without_harm(environment: dict[str, str]) -> None:
    command = [sys.executable, "manage.py", "demo", "--no-serve"]
    cut = subprocess.Popen(command, cwd=ROOT, env=environment, stdout=subprocess.DEVNULL)
    time.sleep(6)
    cut.kill()
    cut.wait()
    again = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)
    assert again.returncode == 0, again.stderr
    assert '"state": "sent"' in again.stdout


def test_a_taken_port_is_said_in_one_line(environment: dict[str, str]) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", int(environment["SITE_URL"].rsplit(":", 1)[1])))
        taken.listen()
        done = subprocess.run(
            [sys.executable, "manage.py", "demo"],
            cwd=ROOT,
            env=environment,
            capture_output=True,
            text=True,
            check=False,
        )
    assert done.returncode == 1
    assert "is taken" in done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize("ending", [signal.SIGHUP, signal.SIGKILL])
def test_a_closed_terminal_or_a_kill_leaves_no_process_behind(
    environment: dict[str, str], ending: signal.Signals
) -> None:
    demo = subprocess.Popen(
        [sys.executable, "manage.py", "demo"], cwd=ROOT, env=environment, stdout=subprocess.DEVNULL
    )
    deadline = time.monotonic() + 300
    while not answers(f"{environment['SITE_URL']}/en/") and time.monotonic() < deadline and demo.poll() is None:
        time.sleep(0.5)
    demo.send_signal(ending)
    demo.wait(120)
    deadline = time.monotonic() + 60
    while children_of(environment) and time.monotonic() < deadline:
        time.sleep(0.5)
    assert children_of(environment) == []
