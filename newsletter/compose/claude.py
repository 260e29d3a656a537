"""The edge to the Messages API: one request, one batch. The one importer of anthropic, which takes 1.7 s to import.

Any server that speaks the API will do (ANTHROPIC_BASE_URL). What it doesn't know of answer schemas, effort or caching
is left out once it has said so; the prompts say in words what is wanted, and every answer is read with care.
"""

import json
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from django.conf import settings

from newsletter.compose.receipts import Asked, Usage
from newsletter.models import ModelCall

if TYPE_CHECKING:
    import anthropic

_PASSING = frozenset({408, 409, 429})  # and all from 500 on
_CUT = frozenset({"max_tokens", "model_context_window_exceeded"})
# What a server may not know, and the words by which its refusal tells, the most particular first.
_FEATURES: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("effort", ("effort",)),
    ("caching", ("cache_control", "cache control", "system:")),
    ("schema", ("output_config", "json_schema", "schema", "extra inputs", "unknown field", "unrecognized")),
)


class NoAnswerError(Exception):
    """No answer was to be had; `lasting` says that the next call would fare no better."""

    def __init__(self, reason: str, *, lasting: bool = False) -> None:
        super().__init__(reason)
        self.lasting = lasting


class PassingError(NoAnswerError):
    """It may go better in a moment: `wait` seconds, if the service said so. `lost`: it may have been billed."""

    def __init__(self, reason: str, wait: float | None = None, *, lost: bool = False) -> None:
        super().__init__(reason, lasting=True)
        self.wait, self.lost = wait, lost


@dataclass
class Server:
    """What has been found out this morning about the server that is asked."""

    lacks: set[str] = field(default_factory=set)  # of effort, schema, caching

    @property
    def place(self) -> str:
        return settings.ANTHROPIC_BASE_URL or "Anthropic"


@dataclass(frozen=True, slots=True)
class Answered:
    """An answer's text as it came, how it ended, and what it took."""

    text: str
    outcome: str  # of ModelCall.Outcome
    usage: Usage
    seconds: float = 0.0


def send(asked: Asked, server: Server, timeout: float) -> Answered:
    """One request within `timeout` seconds, and none beyond it but where `server` has to be asked more plainly.

    Raises PassingError where another try may help, NoAnswerError where none will.
    """
    started = time.monotonic()
    with _client(timeout) as client:
        while True:
            import anthropic

            try:
                message = _guarded(lambda: client.messages.create(**body(asked, server)))
                return _answered(asked, message, time.monotonic() - started)
            except anthropic.APIStatusError as error:
                lacking = _lacking(error, server)
                if lacking is None:
                    raise _reason(error) from None
                server.lacks.add(lacking)


def send_batch(requests: dict[str, Asked], server: Server) -> str:
    """Hand `requests` (custom id -> request) to the Message Batches API: the batch's id. Raises NoAnswerError."""
    entries: Any = [{"custom_id": name, "params": body(asked, server)} for name, asked in requests.items()]
    with _client(60) as client:
        return str(_told(lambda: client.messages.batches.create(requests=entries)).id)


def batch_ended(batch_id: str) -> bool:
    """Whether every request of the batch has its outcome. Raises NoAnswerError."""
    with _client(30) as client:
        return bool(_told(lambda: client.messages.batches.retrieve(batch_id)).processing_status == "ended")


def batch_answers(batch_id: str) -> Iterator[tuple[str, Answered | None]]:
    """Custom id and answer of each request; None where it expired, was cancelled or failed. Raises NoAnswerError."""
    with _client(60) as client:
        for line in _told(lambda: list(client.messages.batches.results(batch_id))):
            good = line.result.type == "succeeded"
            yield line.custom_id, _answered(None, line.result.message, 0.0) if good else None


def cancel_batch(batch_id: str) -> None:
    """Ask that nothing more of the batch be done. Raises NoAnswerError."""
    with _client(30) as client:
        _told(lambda: client.messages.batches.cancel(batch_id))


def body(asked: Asked, server: Server) -> dict[str, Any]:
    """The request as it is sent: as much of it as `server` knows."""
    import anthropic

    if "caching" in server.lacks:
        system: Any = "\n\n".join(asked.system)
        content: Any = "\n\n".join(filter(None, (asked.shared, asked.prompt)))
    else:
        system = [{"type": "text", "text": text} for text in asked.system]
        system[-1]["cache_control"] = {"type": "ephemeral"}
        content = [{"type": "text", "text": asked.prompt}]
        if asked.shared:
            content.insert(0, {"type": "text", "text": asked.shared, "cache_control": {"type": "ephemeral"}})
    config: dict[str, Any] = {}
    if "schema" not in server.lacks:
        config["format"] = {"type": "json_schema", "schema": anthropic.transform_schema(asked.schema)}
        if asked.effort and "effort" not in server.lacks:
            config["effort"] = asked.effort
    return {
        "model": asked.model,
        "max_tokens": asked.max_tokens,
        "system": system,
        "messages": [{"role": "user", "content": content}],
        **({"output_config": config} if config else {}),
    }


def _client(timeout: float) -> "anthropic.Anthropic":
    import anthropic

    # Tries are counted and waited for by ourselves: the client would sleep for as long as a server tells it to.
    return anthropic.Anthropic(base_url=settings.ANTHROPIC_BASE_URL or None, max_retries=0, timeout=timeout)


def _told(call: Any) -> Any:
    """What `call` gives, its errors as ours."""
    import anthropic

    try:
        return _guarded(call)
    except anthropic.APIStatusError as error:
        raise _reason(error) from None


def _guarded(call: Any) -> Any:
    """What `call` gives; every fault but an answer with a status of its own becomes ours."""
    import anthropic

    try:
        return call()
    except anthropic.APIStatusError:
        raise
    except anthropic.APITimeoutError:
        raise PassingError("no answer came in time", lost=True) from None
    except anthropic.APIConnectionError as error:
        raise PassingError(f"the API can't be reached ({type(error).__name__})") from None
    except (anthropic.AnthropicError, ValueError) as error:  # ValueError: a body that is no JSON
        raise PassingError(f"what came back is no message ({type(error).__name__})", lost=True) from None
    except TypeError as error:
        if "authentication" not in str(error):
            raise
        raise NoAnswerError(
            "neither ANTHROPIC_API_KEY nor ANTHROPIC_AUTH_TOKEN is set (any word will do for a server of your own)",
            lasting=True,
        ) from None


def _answered(asked: Asked | None, message: Any, seconds: float) -> Answered:
    try:
        told = "".join(block.text for block in message.content if block.type == "text")
        text = told.replace("\0", "").encode("utf-8", "replace").decode()  # else no database takes it, nor its receipt
        stop, usage = message.stop_reason, message.usage
    except (AttributeError, TypeError):
        raise PassingError("what came back is no message", lost=True) from None
    outcome = ModelCall.Outcome.ANSWERED
    if stop == "refusal":
        text, outcome = "", ModelCall.Outcome.REFUSED
    elif stop in _CUT:
        outcome = ModelCall.Outcome.CUT
    return Answered(text, outcome, _usage(asked, usage, text), seconds)


def _usage(asked: Asked | None, usage: Any, text: str) -> Usage:
    """As counted; a server that counts nothing is taken to have used the worst."""
    counted = [getattr(usage, name, None) for name in ("input_tokens", "output_tokens")]
    if None in counted:
        return Usage(asked.worst_input() if asked else 0, len(text))
    cached = [getattr(usage, f"cache_{way}_input_tokens", None) or 0 for way in ("creation", "read")]
    return Usage(int(counted[0] or 0), int(counted[1] or 0), *cached)


def _lacking(error: "anthropic.APIStatusError", server: Server) -> str | None:
    """Which feature the server says it doesn't know: it is asked again without."""
    if error.status_code not in (400, 422):
        return None
    said = json.dumps(error.body, default=str).lower()
    for feature, words in _FEATURES:
        if feature not in server.lacks and any(word in said for word in words):
            return feature
    return None


def _reason(error: "anthropic.APIStatusError") -> NoAnswerError:
    status = error.status_code
    if status in _PASSING or status >= 500:
        return PassingError(f"the API answered {status}", _wait(error.response.headers))
    return NoAnswerError(f"the API answered {status}{_words(error)}", lasting=status not in (400, 413, 422))


def _words(error: "anthropic.APIStatusError") -> str:
    """What the service says is wrong, in one short line."""
    detail = error.body.get("error") if isinstance(error.body, dict) else None
    said = detail.get("message") if isinstance(detail, dict) else detail
    return f" ({' '.join(str(said).split())[:120]})" if said else ""


def _wait(headers: Any) -> float | None:
    """Seconds of Retry-After (RFC 9110 §10.2.3), or of the service's own retry-after-ms; a date counts from now."""
    from email.utils import parsedate_to_datetime

    try:
        if "retry-after-ms" in headers:
            return float(headers["retry-after-ms"]) / 1000
        return max(0.0, float(headers["retry-after"]))
    except KeyError:
        return None
    except ValueError:
        try:
            return max(0.0, parsedate_to_datetime(headers["retry-after"]).timestamp() - time.time())
        except (KeyError, ValueError):
            return None
