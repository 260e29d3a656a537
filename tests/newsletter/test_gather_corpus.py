"""Every real and hard feed there is: entries or a reason in one line, in bounded time and memory."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.shared import shared

# Runs alone, so that its peak of memory is its own.
READER = """
import json, re, sys, time, warnings
from pathlib import Path
warnings.simplefilter("error")
from newsletter.gather.parse import ParseError, parse

files = []
for path in sorted(p for p in Path(sys.argv[1]).rglob("*") if p.is_file()):
    started = time.process_time()
    try:
        feed = parse(path.read_bytes())
        entries, reason = len(feed.entries), feed.warning
        texts = [feed.title, *(part for e in feed.entries for part in (e.title, e.text, e.url, e.guid))]
    except ParseError as error:
        entries, reason, texts = 0, str(error), []
    files.append([str(path), entries, reason, time.process_time() - started, "\\n".join(texts)[:20000]])
# Not ru_maxrss: that begins with the size of the process that started this one.
peak = int(re.search(r"VmHWM:\\s+(\\d+) kB", Path("/proc/self/status").read_text())[1])
print(json.dumps({"files": files, "peak_kb": peak}))
"""


@pytest.fixture(scope="module", params=["data/b_hard_feeds", "data/a_feeds_real"])
def corpus(request: pytest.FixtureRequest) -> dict[str, Any]:
    command = [sys.executable, "-c", READER, str(shared(request.param))]
    root = Path(__file__).parents[2]
    done = subprocess.run(command, cwd=root, capture_output=True, text=True, timeout=300, check=False)
    assert done.returncode == 0, done.stderr[-2000:]
    return json.loads(done.stdout)  # type: ignore[no-any-return]


def test_every_file_gives_entries_or_a_reason_in_one_line(corpus: dict[str, Any]) -> None:
    assert len(corpus["files"]) > 60
    mute = [name for name, entries, reason, *_ in corpus["files"] if not entries and not reason]
    long = [name for name, _, reason, *_ in corpus["files"] if "\n" in reason or len(reason) > 200]
    assert (mute, long) == ([], [])


def test_no_file_takes_ten_seconds_or_200_megabytes(corpus: dict[str, Any]) -> None:
    assert max(seconds for *_, seconds, _ in corpus["files"]) < 10
    assert corpus["peak_kb"] < 200 * 1024


def test_attacks_are_refused(corpus: dict[str, Any]) -> None:
    attacks = [(entries, reason) for name, entries, reason, *_ in corpus["files"] if "SYNTHETIC_attack" in name]
    assert all(entries == 0 and "declares entities" in reason for entries, reason in attacks)


def test_what_comes_out_is_plain_text(corpus: dict[str, Any]) -> None:
    texts = [(name, text) for name, *_, text in corpus["files"]]
    control = [name for name, text in texts if any(ord(char) < 32 and char != "\n" for char in text)]
    markup = [name for name, text in texts if "</p>" in text or "<script" in text or "[!--" in text]
    assert (control, markup) == ([], [])
