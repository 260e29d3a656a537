"""GET from foreign addresses: what comes back, what is refused, how long it may take."""

import gzip
import socket
import threading
import time
import tracemalloc
import zlib
from collections.abc import Callable, Iterator
from ipaddress import ip_address, ip_network
from typing import Any

import pytest

from newsletter import http
from tests.newsletter.feed_server import Answer, FeedServer, feed_server


@pytest.fixture
def server(settings: Any) -> Iterator[FeedServer]:
    settings.FETCH_ALLOW_LOOPBACK = True
    with feed_server() as running:
        yield running


def reason(url: str, **limits: Any) -> str:
    with pytest.raises(http.FetchError) as caught:
        http.get(url, **limits)
    assert "\n" not in str(caught.value)
    assert caught.value.url in str(caught.value)
    return caught.value.reason


def resolve(monkeypatch: pytest.MonkeyPatch, *addresses: str) -> list[str]:
    """Every name has `addresses`; returns the names asked for."""
    asked: list[str] = []
    real = socket.getaddrinfo

    def answer(host: Any, port: Any, *args: Any, **kwargs: Any) -> Any:
        if host in addresses or host == "127.0.0.1":
            return real(host, port, *args, **kwargs)
        asked.append(str(host))
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (address, port)) for address in addresses]

    monkeypatch.setattr(socket, "getaddrinfo", answer)
    return asked


def test_an_answer_has_status_headers_and_body(server: FeedServer) -> None:
    server.answers["/feed"] = Answer(b"<rss/>", headers={"ETag": '"a"', "Content-Type": "text/xml"})
    got = http.get(server.url("/feed"))
    assert (got.status, got.body, got.headers["etag"], got.url) == (200, b"<rss/>", '"a"', server.url("/feed"))


def test_we_say_who_we_are(server: FeedServer, settings: Any) -> None:
    http.get(server.url("/feed"))
    assert server.asked[0][1]["user-agent"] == settings.FETCH_USER_AGENT
    assert "feed reader" in settings.FETCH_USER_AGENT


def test_not_found_is_an_answer_too(server: FeedServer) -> None:
    assert http.get(server.url("/nothing")).status == 404


def test_unchanged_is_told_by_304(server: FeedServer) -> None:
    server.answers["/feed"] = Answer(b"<rss/>", headers={"ETag": '"a"'})
    assert http.get(server.url("/feed"), {"If-None-Match": '"a"'}).status == 304


def test_redirects_are_followed_and_permanent_ones_remembered(server: FeedServer) -> None:
    server.answers |= {
        "/old": Answer(status=301, headers={"Location": "/new"}),
        "/new": Answer(status=302, headers={"Location": server.url("/today")}),
        "/today": Answer(b"here"),
    }
    got = http.get(server.url("/old"))
    assert (got.body, got.url, got.moved_to) == (b"here", server.url("/today"), server.url("/new"))


def test_a_redirect_for_now_is_no_move(server: FeedServer) -> None:
    server.answers |= {"/a": Answer(status=307, headers={"Location": "/b"}), "/b": Answer(b"b")}
    assert http.get(server.url("/a")).moved_to == ""


def test_redirects_end_after_five(server: FeedServer) -> None:
    server.answers["/round"] = Answer(status=302, headers={"Location": "/round"})
    assert reason(server.url("/round")) == "more than 5 redirects"
    assert len(server.asked) == 6


def test_a_redirect_to_another_scheme_is_refused(server: FeedServer) -> None:
    server.answers["/file"] = Answer(status=302, headers={"Location": "file:///etc/passwd"})
    assert reason(server.url("/file")) == "not an http or https address"


def test_a_redirect_into_the_house_is_refused(server: FeedServer) -> None:
    server.answers["/in"] = Answer(status=302, headers={"Location": "http://169.254.169.254/latest/meta-data/"})
    assert "169.254.169.254) is not a public address" in reason(server.url("/in"))


@pytest.mark.parametrize("url", ["file:///etc/passwd", "ftp://a.example/f", "gopher://x/", "http:///x", "feed", ""])
def test_only_http_addresses_are_fetched(url: str) -> None:
    assert reason(url)


def test_this_machine_is_refused_unless_allowed(server: FeedServer, settings: Any) -> None:
    settings.FETCH_ALLOW_LOOPBACK = False
    assert "is this machine" in reason(server.url("/feed"))
    assert server.asked == []


@pytest.mark.parametrize(
    "address",
    [
        *["127.0.0.1", "127.8.8.8", "::1", "::ffff:127.0.0.1"],
        *["10.0.0.1", "172.16.0.1", "192.168.1.1", "fd00::1", "fec0::1", "::ffff:10.1.1.1", "64:ff9b::a00:1"],
        *["169.254.169.254", "fe80::1", "100.100.100.200", "168.63.129.16", "192.0.0.192", "2002:7f00:1::"],
        *["0.0.0.0", "::", "224.0.0.1", "ff02::1", "255.255.255.255", "240.0.0.1", "192.88.99.1", "2001::1"],
    ],
)
def test_addresses_that_are_not_public_are_refused(address: str) -> None:
    assert http.refusal(ip_address(address), loopback=False)


@pytest.mark.parametrize("address", ["8.8.8.8", "2606:4700::1111", "::ffff:8.8.8.8", "64:ff9b::808:808"])
def test_public_addresses_are_fine(address: str) -> None:
    assert http.refusal(ip_address(address), loopback=False) == ""


def test_allowing_loopback_allows_nothing_else() -> None:
    assert http.refusal(ip_address("127.0.0.1"), loopback=True) == ""
    assert http.refusal(ip_address("10.0.0.1"), loopback=True)


@pytest.mark.parametrize("host", ["2130706433", "0x7f.1", "127.1", "localhost"])
def test_other_spellings_of_this_machine_are_seen_through(host: str) -> None:
    assert "is this machine" in reason(f"http://{host}:9/")


def test_a_name_is_looked_up_once_and_the_judged_address_connected(
    server: FeedServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = resolve(monkeypatch, "10.255.255.1", "127.0.0.1")
    server.answers["/feed"] = Answer(b"ok")
    port = server.base.rpartition(":")[2]
    assert http.get(f"http://news.example:{port}/feed").body == b"ok"  # the private address was not even tried
    assert asked == ["news.example"]
    assert server.asked[0][1]["host"] == f"news.example:{port}"


def test_a_name_with_private_addresses_only_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    resolve(monkeypatch, "192.168.0.1")
    assert reason("http://rebind.example/") == "refused: rebind.example (192.168.0.1) is not a public address"


def test_a_network_may_be_allowed_by_name(server: FeedServer, settings: Any) -> None:
    settings.FETCH_ALLOW_LOOPBACK = False
    settings.FETCH_ALLOW_NETWORKS = [ip_network("127.0.0.0/30")]
    server.answers["/feed"] = Answer(b"ok")
    assert http.get(server.url("/feed")).body == b"ok"
    assert "not a public address" in reason("http://10.0.0.1/")


def test_an_unknown_name_is_said_to_be_unknown(monkeypatch: pytest.MonkeyPatch) -> None:
    def unknown(*args: Any, **kwargs: Any) -> Any:
        raise socket.gaierror(-2, "Name or service not known")

    monkeypatch.setattr(socket, "getaddrinfo", unknown)
    assert reason("http://nowhere.example/") == "can't find nowhere.example: Name or service not known"


def test_a_silent_name_server_does_not_hold_us(monkeypatch: pytest.MonkeyPatch) -> None:
    over = threading.Event()

    def silent(*args: Any, **kwargs: Any) -> list[Any]:
        assert over.wait(60)
        return []

    monkeypatch.setattr(socket, "getaddrinfo", silent)
    assert "the name server is silent" in reason("http://nowhere.example/", deadline=0.2)
    over.set()  # it had not answered when we gave up


def test_nobody_listening_is_an_error_of_one_line(settings: Any) -> None:
    settings.FETCH_ALLOW_LOOPBACK = True
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        assert "refused" in reason(f"http://127.0.0.1:{free.getsockname()[1]}/")


def dripping(seconds: float) -> Callable[[Callable[[bytes], object]], None]:
    """A byte every 20 ms: every single wait is short, the whole is not."""

    def drip(send: Callable[[bytes], object]) -> None:
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            send(b"x")
            time.sleep(0.02)

    return drip


def test_the_whole_request_has_a_deadline(server: FeedServer) -> None:
    server.answers["/drip"] = Answer(drip=dripping(60))
    started = time.monotonic()
    assert reason(server.url("/drip"), deadline=0.3) == "no whole answer within 0.3 seconds"
    assert time.monotonic() - started < 30


def test_a_large_body_is_not_read_to_its_end(server: FeedServer) -> None:
    server.answers["/large"] = Answer(b"x" * 200_000)
    assert reason(server.url("/large"), limit=100_000) == "larger than 0.1 MB"


def test_gzip_is_unpacked_also_in_several_members(server: FeedServer) -> None:
    body = gzip.compress(b"one ") + gzip.compress(b"two")
    server.answers["/gz"] = Answer(body, headers={"Content-Encoding": "gzip"})
    assert http.get(server.url("/gz")).body == b"one two"


def test_a_gzip_bomb_is_seen_before_it_is_in_memory(server: FeedServer) -> None:
    bomb = zlib.compressobj(9, wbits=31)
    body = bomb.compress(bytes(20_000_000)) + bomb.flush()  # 20 MB in 20 KB
    server.answers["/bomb"] = Answer(body, headers={"Content-Encoding": "gzip"})
    tracemalloc.start()
    try:
        assert reason(server.url("/bomb"), limit=1_000_000) == "larger than 1 MB"
        assert tracemalloc.get_traced_memory()[1] < 4_000_000
    finally:
        tracemalloc.stop()


@pytest.mark.parametrize(("encoding", "says"), [("gzip", "broken"), ("br", "not asked for (br)")])
def test_a_body_that_can_not_be_unpacked_is_an_error(server: FeedServer, encoding: str, says: str) -> None:
    server.answers["/odd"] = Answer(b"not packed at all", headers={"Content-Encoding": encoding})
    assert says in reason(server.url("/odd"))


def test_passwords_in_addresses_are_not_shown() -> None:
    with pytest.raises(http.FetchError) as caught:
        http.get("http://user:secret@127.0.0.1:9/feed")
    assert "secret" not in str(caught.value)
    assert "http://127.0.0.1:9/feed" in str(caught.value)
