"""A web server on loopback whose answers a test writes."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from tests.loopback import serving

Headers = Mapping[str, str]


@dataclass
class Answer:
    """What a path answers; `drip` instead of a body: called with a function that sends bytes."""

    body: bytes = b""
    status: int = 200
    headers: Headers = field(default_factory=dict)
    drip: Callable[[Callable[[bytes], object]], None] | None = None


@dataclass
class FeedServer:
    """`answers` by path (change them at will); `asked` is what came in: path and headers, names in lower case."""

    base: str
    answers: dict[str, Answer] = field(default_factory=dict)
    asked: list[tuple[str, dict[str, str]]] = field(default_factory=list)

    def url(self, path: str) -> str:
        return self.base + path

    def conditions(self) -> list[str | None]:
        """The If-None-Match of each request."""
        return [headers.get("if-none-match") for _, headers in self.asked]


@contextmanager
def feed_server() -> Iterator[FeedServer]:
    """Serve until the block ends."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            state.asked.append((self.path, {name.lower(): value for name, value in self.headers.items()}))
            answer = state.answers.get(self.path, Answer(status=404))
            if answer.headers.get("ETag") == self.headers.get("If-None-Match", ""):
                answer = Answer(status=304)
            self.send_response(answer.status)
            for name, value in answer.headers.items():
                self.send_header(name, value)
            if answer.drip is None:
                self.send_header("Content-Length", str(len(answer.body)))
            self.end_headers()
            try:
                if answer.drip:
                    answer.drip(self.wfile.write)
                elif answer.status != 304:
                    self.wfile.write(answer.body)
            except (BrokenPipeError, ConnectionResetError):
                self.close_connection = True  # the client hung up, as some tests want it to

        def log_message(self, *args: object) -> None:
            """Silent."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    state = FeedServer(f"http://127.0.0.1:{server.server_port}")
    with serving(server):
        yield state


@contextmanager
def site_with(feed: bytes) -> Iterator[FeedServer]:
    """A site whose first page names its feed, /feed."""
    with feed_server() as running:
        running.answers["/"] = Answer(
            b'<html><head><link rel="alternate" type="application/rss+xml" href="/feed"></head></html>'
        )
        running.answers["/feed"] = Answer(feed)
        yield running
