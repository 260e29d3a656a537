"""A loopback server that speaks as much of the Messages API as the tests of compose need."""

import json
import re
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

Reply = tuple[int, dict[str, Any]]


@dataclass
class Api:
    """What was asked, and how to answer: `answer` makes the reply to one request's body."""

    answer: Callable[[dict[str, Any]], Reply]
    asked: list[dict[str, Any]] = field(default_factory=list)
    url: str = ""


@contextmanager
def messages_api(answer: Callable[[dict[str, Any]], Reply]) -> Iterator[Api]:
    api = Api(answer)

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = json.loads(self.rfile.read(int(self.headers["content-length"])))
            api.asked.append(body)
            status, reply = api.answer(body)
            text = json.dumps(reply).encode()
            self.send_response(status)
            self.send_header("content-type", "application/json")
            self.send_header("content-length", str(len(text)))
            self.send_header("retry-after-ms", "1")
            self.end_headers()
            self.wfile.write(text)

        def log_message(self, *args: Any) -> None:
            """Tests are quiet."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    api.url = f"http://127.0.0.1:{server.server_address[1]}"
    try:
        yield api
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def message(content: Any, stop_reason: str = "end_turn") -> Reply:
    """A 200 with `content` as the text, as JSON unless it is text already."""
    text = content if isinstance(content, str) else json.dumps(content, ensure_ascii=False)
    return 200, {
        "id": "msg_1",
        "type": "message",
        "role": "assistant",
        "model": "claude-sonnet-5-5",
        "content": [{"type": "text", "text": text}] if text else [],
        "stop_reason": stop_reason,
        "stop_sequence": None,
        "usage": {"input_tokens": 10_000, "output_tokens": 2_000},
    }


def error(status: int) -> Reply:
    return status, {"type": "error", "error": {"type": "overloaded_error", "message": "Overloaded"}}


def material(body: dict[str, Any]) -> dict[str, Any]:
    """The JSON between the fences of a request."""
    prompt: str = body["messages"][0]["content"]
    fenced = re.search(r"<material>\n(.*)\n</material>", prompt, re.DOTALL)
    assert fenced
    found: dict[str, Any] = json.loads(fenced[1])
    return found


def shape(body: dict[str, Any]) -> str:
    """Which answer is asked for: items, report or day."""
    properties = body["output_config"]["format"]["schema"]["properties"]
    return "items" if "items" in properties else "report" if "highlights" in properties else "day"


def good(body: dict[str, Any]) -> Reply:
    """An answer that cites what was shown."""
    stories = material(body)["stories"]
    mark = f"[{stories[0]['articles'][0]['id']}]"
    text = {
        "en": f"A fact stands here. {mark} It means something to readers {mark}.",
        "zh": f"这里是一个事实。{mark}它对读者意味着什么{mark}。",
    }
    title = {"en": "A headline of the model’s own.", "zh": "模型自己写的标题"}
    if shape(body) == "items":
        return message({"items": [{"story": s["story"], "title": title, "text": text} for s in stories]})
    if shape(body) == "report":
        insight = {"title": title, "text": text}
        return message({"highlights": text, "insights": [insight] * 4, "business": text, "technology": text})
    told = {"title": title, "text": text}
    return message({"title": title, "lead": text, "comparison": [told], "analysis": text, "answers": [text] * 4})
