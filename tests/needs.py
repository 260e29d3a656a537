"""What a test needs of this machine: required in CI, and a reason to skip elsewhere."""

import os
from pathlib import Path

import pytest

CHROMIUM = Path("/usr/bin/chromium")
# Chromium as root in a closed network: no sandbox, and none of its own background traffic.
CHROMIUM_ARGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


def _missing(what: str) -> None:
    if os.environ.get("CI") == "true":
        pytest.fail(f"{what}: CI must have it, see .ci/run")
    pytest.skip(what)


def server(variable: str) -> str:
    """The address in `variable`, as .ci/run sets it: TEST_POSTGRES_URL, TEST_REDIS_URL or TEST_SMTP_SINK."""
    if not os.environ.get(variable):
        _missing(f"{variable} is not set")
    return os.environ[variable]


def chromium() -> str:
    """The path of Debian's Chromium."""
    if not CHROMIUM.exists():
        _missing(f"{CHROMIUM} is not installed")
    return str(CHROMIUM)
