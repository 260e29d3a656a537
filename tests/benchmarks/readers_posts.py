"""Sign-ups as browsers send them, to gunicorn with two workers: a connection each, eight at a time."""

import contextlib
import itertools
import os
import socket
import statistics
import subprocess
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from urllib.parse import urlencode

HOST = "127.0.0.1"
AT_ONCE = 8
TIMINGS = 200  # answers of each kind
_number = itertools.count(1)


@contextlib.contextmanager
def served() -> Iterator[int]:
    """The port of a gunicorn of our own."""
    with socket.socket() as probe:
        probe.bind((HOST, 0))
        port = probe.getsockname()[1]
    command = [sys.executable, "-m", "gunicorn", "config.wsgi", "-w", "2", "-b", f"{HOST}:{port}"]
    server = subprocess.Popen([*command, "--log-level", "error"], env=dict(os.environ))
    try:
        for _ in range(200):
            with contextlib.suppress(OSError):
                _send(port, _request("/empty/", {}, 0))
                break
            time.sleep(0.1)
        yield port
    finally:
        server.terminate()
        server.wait()


def empty(port: int, count: int) -> float:
    """POSTs a second of the same form to the view that does nothing."""
    return _rate(port, [_request("/empty/", form(f"r{n}@mail.example"), n) for n in range(count)], b" 200 ")


def sign_ups(port: int, count: int) -> float:
    """Sign-ups a second, each of a new address and from a network of its own."""
    numbers = [next(_number) for _ in range(count)]
    requests = [_request("/en/join/", form(f"r{n}@mail.example"), n) for n in numbers]
    time.sleep(2.5)  # older than a hand is fast
    return _rate(port, requests, b" 303 ")


def by_state(port: int) -> str:
    """The median answer's milliseconds for each kind of address, asked in turns, and how far apart they are."""
    from subscribers.models import State, Subscriber
    from subscribers.models.subscriber import hash_choices

    kinds = {"new": None, "pending": State.PENDING, "active": State.ACTIVE, "left": State.LEFT}
    for kind, state in kinds.items():
        if state:
            known = Subscriber(email=f"{kind}@mail.example", email_key=f"{kind}@mail.example", state=state, token=kind)
            known.choices_hash = hash_choices(known.choices())
            known.save()
    taken: dict[str, list[float]] = {kind: [] for kind in kinds}
    fields = {kind: form(f"{kind}@mail.example") for kind in kinds}
    time.sleep(2.5)
    for _, kind in itertools.product(range(TIMINGS), kinds):
        request = _request("/en/join/", fields[kind], next(_number))
        started = time.perf_counter()
        assert b" 303 " in _send(port, request)
        taken[kind].append((time.perf_counter() - started) * 1000)
    medians = {kind: statistics.median(each) for kind, each in taken.items()}
    noise = statistics.quantiles(taken["new"], n=4)
    return ", ".join(f"{kind} {each:.2f} ms" for kind, each in medians.items()) + (
        f" (half of all between {noise[0]:.2f} and {noise[2]:.2f})"
    )


def form(email: str) -> dict[str, str]:
    """What a browser sends of a form that it has just been given."""
    from subscribers import forms

    age = forms.join_context("en")["form_age"]
    return {"email": email, "language": "en", "website": "", "age": age, "zone": "Europe/London"}


def _request(path: str, fields: dict[str, str], number: int) -> bytes:
    body = urlencode(fields)
    network = f"10.{number // 250 % 250}.{number % 250}.{number // 62_500 + 1}"
    head = (
        f"POST {path} HTTP/1.1\r\nHost: {HOST}\r\nX-Forwarded-For: {network}\r\nAccept-Language: en\r\n"
        f"Content-Type: application/x-www-form-urlencoded\r\nContent-Length: {len(body)}\r\nConnection: close\r\n\r\n"
    )
    return (head + body).encode()


def _send(port: int, request: bytes) -> bytes:
    """The first line of the answer, once all of it has come."""
    with socket.create_connection((HOST, port), 30) as line:
        line.sendall(request)
        answer = b""
        while piece := line.recv(65536):
            answer += piece
    return answer.partition(b"\r\n")[0]


def _rate(port: int, requests: list[bytes], expected: bytes) -> float:
    with ThreadPoolExecutor(AT_ONCE) as pool:
        started = time.perf_counter()
        answers = list(pool.map(lambda request: _send(port, request), requests))
        seconds = time.perf_counter() - started
    wrong = [answer for answer in answers if expected not in answer]
    assert not wrong, wrong[0]
    return len(requests) / seconds
