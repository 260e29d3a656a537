"""A loopback server that speaks the Messages API: well, badly or not at all, as a test says.

It counts tokens by one rule for all, keeps a prompt cache as the service does (prefixes up to each `cache_control`, of
the same model and schema, 1,024 tokens at the least), and runs message batches.
"""

import hashlib
import json
import re
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from tests.loopback import serving

Body = dict[str, Any]
LEAST_CACHED = 1_024  # tokens; a shorter prefix is not kept
_HAN = re.compile(r"[\u3000-\u30ff\u3400-\u9fff\uff00-\uffef]")


@dataclass(frozen=True)
class Reply:
    """What is sent back: a status, a body (a dict is sent as JSON), headers; `delay` seconds before it."""

    status: int
    body: Body | bytes
    headers: dict[str, str] = field(default_factory=dict)
    delay: float = 0.0


@dataclass
class Api:
    """What was asked, and how to answer: `answer` makes the reply to one request's body."""

    answer: Callable[[Body], Reply]
    asked: list[Body] = field(default_factory=list)
    headers: list[dict[str, str]] = field(default_factory=list)  # of each request
    url: str = ""
    batches: dict[str, list[Body]] = field(default_factory=dict)  # id -> its requests
    batch_ended: bool = True
    cancelled: list[str] = field(default_factory=list)
    knows_batches: bool = True
    cache: dict[str, int] = field(default_factory=dict)
    waits: list[float] = field(default_factory=list)  # seconds that the client would have slept

    def reply(self, body: Body) -> Reply:
        """The answer, with the tokens that it took."""
        reply = self.answer(body)
        if reply.status == 200 and isinstance(reply.body, dict) and reply.body.get("usage") == {}:
            reply.body["usage"] = self.usage(body, reply.body)
        return reply

    def usage(self, body: Body, message: Body) -> dict[str, int]:
        """Tokens as the service counts them, with its cache."""
        read = written = 0
        everything, prefixes = _prefixes(body)
        for key, tokens in prefixes:
            if key in self.cache:
                read = tokens
            elif tokens >= LEAST_CACHED:
                self.cache[key], written = tokens, tokens
        written = max(written - read, 0)
        return {
            "input_tokens": everything - read - written,
            "cache_creation_input_tokens": written,
            "cache_read_input_tokens": read,
            "output_tokens": sum(count(block.get("text", "")) for block in message["content"]),
        }


def count(text: str) -> int:
    """Tokens of `text`: one for each Han character or full-width mark, one for each 3.8 of the others."""
    han = len(_HAN.findall(text))
    return han + round((len(text) - han) / 3.8)


def _prefixes(body: Body) -> tuple[int, list[tuple[str, int]]]:
    """All tokens of the request, and hash and tokens of what stands before each breakpoint of the cache."""
    schema = json.dumps(body.get("output_config", {}).get("format"), sort_keys=True)
    digest, tokens, found = (
        hashlib.sha256(f"{body['model']} {schema}".encode()),
        0 if schema == "null" else count(schema),
        [],
    )
    for block in (*blocks(body.get("system", "")), *(b for m in body["messages"] for b in blocks(m["content"]))):
        digest.update(block["text"].encode())
        tokens += count(block["text"])
        if block.get("cache_control"):
            found.append((digest.hexdigest(), tokens))
    return tokens, found


def blocks(content: Any) -> list[Body]:
    """Text content as a list of blocks, however it was sent."""
    return [{"type": "text", "text": content}] if isinstance(content, str) else list(content)


@contextmanager
def messages_api(answer: Callable[[Body], Reply]) -> Iterator[Api]:
    """The server, on a free port of loopback, for as long as the context lasts."""
    api = Api(answer)

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = json.loads(self.rfile.read(int(self.headers["content-length"])) or b"{}")
            if self.path.startswith("/v1/messages/batches"):
                self._send(_batch_post(api, self.path, body))
                return
            api.asked.append(body)
            api.headers.append({name.lower(): value for name, value in self.headers.items()})
            self._send(api.reply(body))

        def do_GET(self) -> None:
            self._send(_batch_get(api, self.path))

        def _send(self, reply: Reply) -> None:
            time.sleep(reply.delay)
            raw = reply.body if isinstance(reply.body, bytes) else json.dumps(reply.body, ensure_ascii=False).encode()
            headers = {"content-type": "application/json", "content-length": str(len(raw)), **reply.headers}
            try:
                self.send_response(reply.status)
                for name, value in headers.items():
                    self.send_header(name, value)
                self.end_headers()
                self.wfile.write(raw)
            except (BrokenPipeError, ConnectionResetError):
                self.close_connection = True  # whoever asked has hung up

        def log_message(self, *args: Any) -> None:
            """Tests are quiet."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    api.url = f"http://127.0.0.1:{server.server_address[1]}"
    with serving(server):
        yield api


def _batch_post(api: Api, path: str, body: Body) -> Reply:
    if not api.knows_batches:
        return error(404, "no such route")
    if path.endswith("/cancel"):
        api.cancelled.append(path.split("/")[-2])
        return Reply(200, _batch(api, path.split("/")[-2]))
    name = f"msgbatch_{len(api.batches) + 1}"
    api.batches[name] = body["requests"]
    return Reply(200, _batch(api, name))


def _batch_get(api: Api, path: str) -> Reply:
    name = path.removesuffix("/results").rpartition("/")[2]
    if name not in api.batches:
        return error(404, "no such batch")
    if not path.endswith("/results"):
        return Reply(200, _batch(api, name))
    lines = []
    for request in reversed(api.batches[name]):  # in any order, says the service
        reply = api.reply(request["params"])
        result = (
            {"type": "succeeded", "message": reply.body}
            if reply.status == 200
            else {"type": "errored", "error": {"type": "error", "error": reply.body}}
        )
        lines.append(json.dumps({"custom_id": request["custom_id"], "result": result}))
    return Reply(200, "\n".join(lines).encode(), {"content-type": "application/x-jsonl"})


def _batch(api: Api, name: str) -> Body:
    ended = api.batch_ended or name in api.cancelled
    counts = dict.fromkeys(("processing", "succeeded", "errored", "canceled", "expired"), 0)
    return {
        "id": name,
        "type": "message_batch",
        "processing_status": "ended" if ended else "in_progress",
        "request_counts": counts,
        "created_at": "2026-05-06T22:00:00Z",
        "expires_at": "2026-05-07T22:00:00Z",
        "results_url": f"{api.url}/v1/messages/batches/{name}/results" if ended else None,
    }


def message(content: Any, stop_reason: str = "end_turn") -> Reply:
    """A 200 with `content` as the text, as JSON unless it is text already. The server fills in the tokens."""
    text = content if isinstance(content, str) else json.dumps(content, ensure_ascii=False)
    return Reply(
        200,
        {
            "id": "msg_1",
            "type": "message",
            "role": "assistant",
            "model": "claude-sonnet-5-5",
            "content": [{"type": "text", "text": text}] if text else [],
            "stop_reason": stop_reason,
            "stop_sequence": None,
            "usage": {},
        },
    )


def error(status: int, words: str = "Overloaded", **headers: str) -> Reply:
    """An error as the service words it; a header's name is written with _ for -."""
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return Reply(status, {"type": "error", "error": {"type": "an_error", "message": words}}, named)


def prompt(body: Body) -> str:
    """All that the request says beyond its system blocks."""
    return "\n\n".join(block["text"] for block in blocks(body["messages"][0]["content"]))


def material(body: Body) -> list[Body]:
    """The stories between the fences of a request, all fences together; of triage its stories."""
    found: list[Body] = []
    for fenced in re.findall(r"<material>\n(.*?)\n</material>", prompt(body), re.DOTALL):
        values = json.loads(fenced)
        found += values["stories"] if isinstance(values, dict) else values
    return found


def part(body: Body) -> str:
    """Which part is asked for: triage, items, report, day or analysis."""
    said = prompt(body)
    marks = {
        "Write the items": "items",
        "Write the report": "report",
        "about the day": "day",
        "the analysis": "analysis",
    }
    return next((name for words, name in marks.items() if words in said), "triage")


def keys(body: Body) -> list[str]:
    """The keys that a request for prose asks for."""
    said = prompt(body)
    if faults := re.search(r"could not be used:\n(.*?)\n\n", said, re.DOTALL):
        return re.findall(r"^- ([\w-]+):", faults[1], re.MULTILINE)
    if part(body) == "items":
        return [f"item-{story['item']}" for story in material(body) if story.get("item")]
    if part(body) == "analysis":
        return ["analysis"]
    if part(body) == "report":
        slug = re.search(r"highlights-([\w-]+):", said)
        assert slug
        return [f"{key}-{slug[1]}" for key in ("highlights", "business", "technology")] + [
            f"insight-{slug[1]}-{n}" for n in range(1, 5)
        ]
    return ["main-line", "comparison-1", *re.findall(r"only-[a-z]+", said), *(f"qa-{n}" for n in range(1, 5))]


def good(body: Body) -> Reply:
    """An answer that cites what was shown."""
    if part(body) == "triage":
        told = {"grade": 2, "en": "A headline of the smaller model", "zh": "小模型拟的标题"}
        return message({"stories": [{"story": story["story"], **told} for story in material(body)]})
    return message({"blocks": [well_told(body, key) for key in keys(body)]})


def well_told(body: Body, key: str) -> Body:
    """A block that cites the first article shown for it."""
    stories = material(body)
    own = [story for story in stories if key == f"item-{story.get('item')}"] or stories
    first = own[0]["articles"][0]
    mark = f"[{first['id'] if isinstance(first, dict) else first}]"
    titled = re.match(r"item|insight|comparison|main", key)
    return {
        "key": key,
        "title": {"en": "A headline of the model’s own.", "zh": "模型自己写的标题"}
        if titled
        else {"en": "", "zh": ""},
        "text": {
            "en": f"A fact stands here. {mark} It means something to readers {mark}.",
            "zh": f"这里是一个事实。{mark}它对读者意味着什么{mark}。",
        },
    }
