"""A web server on loopback that answers HEAD and GET differently, as many do."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from tests.loopback import serving


@dataclass
class LinkServer:
    """`answers`: path -> the status of HEAD and of GET (else 200); `slow`: path -> seconds before the answer."""

    base: str
    answers: dict[str, tuple[int, int]] = field(default_factory=dict)
    slow: dict[str, float] = field(default_factory=dict)
    asked: list[tuple[str, str]] = field(default_factory=list)

    def url(self, path: str) -> str:
        return self.base + path


@contextmanager
def link_server() -> Iterator[LinkServer]:
    """Serve until the block ends."""

    class Handler(BaseHTTPRequestHandler):
        def do_HEAD(self) -> None:
            self._answer(0)

        def do_GET(self) -> None:
            self._answer(1)

        def _answer(self, which: int) -> None:
            state.asked.append((self.command, self.path))
            time.sleep(state.slow.get(self.path, 0))
            try:
                self.send_response(state.answers.get(self.path, (200, 200))[which])
                self.send_header("Content-Length", "0")
                self.end_headers()
            except (BrokenPipeError, ConnectionResetError):
                self.close_connection = True  # the client hung up

        def log_message(self, format: str, *args: object) -> None:
            """Quiet."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    state = LinkServer(f"http://127.0.0.1:{server.server_address[1]}")
    with serving(server):
        yield state
