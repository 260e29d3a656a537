"""The sample day, served over HTTP on loopback as outlets would serve it: well, slowly, half, or not at all."""

import csv
import datetime as dt
import hashlib
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

SAMPLE_DAY = Path(__file__).parent.parent / "data" / "sample_day"
# The issue date for which the sample files were written; serving moves it, and the two days before it.
WRITTEN_FOR = dt.date(2026, 5, 7)
SLOW_SECONDS = 3.0


@dataclass(frozen=True)
class Feed:
    """One row of feeds.csv; `behaviour` is ok, etag, slow, truncated or error500."""

    file: str
    name: str
    name_en: str  # of a Chinese outlet
    language: str
    source_list: str
    region: str
    scope: str
    behaviour: str


def sample_feeds() -> list[Feed]:
    """The rows of the sample day's feeds.csv."""
    with (SAMPLE_DAY / "feeds.csv").open(encoding="utf8", newline="") as rows:
        return [
            Feed(r["file"], r["name"], r["name_en"], r["language"], r["list"], r["region"], r["scope"], r["behaviour"])
            for r in csv.DictReader(rows)
        ]


def move_dates(body: bytes, issue_date: dt.date) -> bytes:
    """The feed's bytes with its three days moved so that its issue date is `issue_date`.

    Days stand in the files as `Wed, 06 May 2026`, `2026-05-06`, `2026/05/06` (addresses) and `2026年5月6日`.
    """
    moved = {}
    for back in range(3):
        old, new = WRITTEN_FOR - dt.timedelta(days=back), issue_date - dt.timedelta(days=back)
        for form in (_rfc822, dt.date.isoformat, _in_address):
            moved[form(old).encode()] = form(new).encode()
        for encoding in ("utf8", "gb18030"):
            moved[_chinese(old).encode(encoding)] = _chinese(new).encode(encoding)
    # Two steps, so that a day already moved isn't moved again.
    for number, old_bytes in enumerate(moved):
        body = body.replace(old_bytes, b"\x00%d\x00" % number)
    for number, new_bytes in enumerate(moved.values()):
        body = body.replace(b"\x00%d\x00" % number, new_bytes)
    return body


def _rfc822(day: dt.date) -> str:
    weekday = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")[day.weekday()]
    months = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
    return f"{weekday}, {day.day:02} {months[day.month - 1]} {day.year}"


def _in_address(day: dt.date) -> str:
    return f"{day:%Y/%m/%d}"


def _chinese(day: dt.date) -> str:
    return f"{day.year}年{day.month}月{day.day}日"


class _FeedHandler(BaseHTTPRequestHandler):
    server: "_FeedServer"
    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        feed = self.server.feeds.get(self.path.lstrip("/"))
        if feed is None:
            return self._answer(404, b"no such feed")
        if feed.behaviour == "error500":
            return self._answer(500, b"database is down")
        if feed.behaviour == "slow":
            time.sleep(SLOW_SECONDS)
        body = move_dates((SAMPLE_DAY / feed.file).read_bytes(), self.server.issue_date)
        etag = f'"{hashlib.sha256(body).hexdigest()[:16]}"' if feed.behaviour == "etag" else ""
        if etag and self.headers.get("If-None-Match") == etag:
            return self._answer(304, b"", etag)
        return self._answer(200, body, etag)

    def _answer(self, status: int, body: bytes, etag: str = "") -> None:
        self.send_response(status)
        self.send_header("Content-Type", "application/xml" if status == 200 else "text/plain")
        self.send_header("Content-Length", str(len(body)))
        if etag:
            self.send_header("ETag", etag)
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:
        """The demo's terminal is for the editor, not for an access log."""


class _FeedServer(ThreadingHTTPServer):
    daemon_threads = True

    def __init__(self, port: int, issue_date: dt.date) -> None:
        self.feeds = {feed.file: feed for feed in sample_feeds()}
        self.issue_date = issue_date
        super().__init__(("127.0.0.1", port), _FeedHandler)


@contextmanager
def serving(issue_date: dt.date, port: int = 0) -> Iterator[str]:
    """Serve the sample day, moved to `issue_date`, while the block runs; yields the base address.

    Port 0 takes any free one; a taken port raises OSError.
    """
    server = _FeedServer(port, issue_date)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}"
    finally:
        server.shutdown()
        server.server_close()
