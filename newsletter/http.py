"""GET and HEAD from foreign addresses, and the guard that keeps such a GET off this machine and its neighbours.

The only importer of httpx. A name is resolved here, its addresses are judged, and the connection goes to the judged
address itself, so a name server that answers twice differently gains nothing; Host and TLS still see the name.
Proxies from the environment are ignored: behind a proxy the judging would be done by nobody.
"""

import socket
import ssl
import threading
import time
import zlib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address

import httpcore
import httpx
from django.conf import settings

MEGABYTE = 1_000_000
DEADLINE = 20.0  # seconds for the whole request, look-up and redirects included
LIMIT = 10 * MEGABYTE  # of the body, decompressed
REDIRECTS = 5
CONNECT = 5.0  # seconds for one of a host's addresses, so that a dead first one leaves time for the next
CHUNK = 65_536

# Public by the registries, yet not for us: protocol assignments, 6to4 relays, Azure's host agent.
_NOT_OURS = (IPv4Network("192.0.0.0/24"), IPv4Network("192.88.99.0/24"), IPv4Network("168.63.129.16/32"))
_GLOBAL_UNICAST = IPv6Network("2000::/3")  # RFC 4291 §2.4; everything else is local, reserved or multicast
_NAT64 = IPv6Network("64:ff9b::/96")  # RFC 6052: the last 32 bits are an IPv4 address


class FetchError(Exception):
    """What went wrong, in one line that names the address and the reason."""

    def __init__(self, url: str, reason: str) -> None:
        self.url, self.reason = without_password(url), " ".join(reason.split())
        super().__init__(f"{self.url}: {self.reason}")


@dataclass(frozen=True)
class Fetched:
    """An answer, whatever its status. Header names are in lower case."""

    status: int
    headers: Mapping[str, str]
    body: bytes  # decompressed
    url: str  # after redirects
    moved_to: str = ""  # where permanent redirects (301, 308), and only they, led from the address asked for


def get(
    url: str, headers: Mapping[str, str] | None = None, *, deadline: float = DEADLINE, limit: int = LIMIT
) -> Fetched:
    """GET `url`, following at most five redirects, within `deadline` seconds and `limit` bytes of body.

    Every address on the way must be http(s) and public (or loopback where FETCH_ALLOW_LOOPBACK says so).
    Raises FetchError for everything that gives no answer; 404, 500 and their kind are answers.
    """
    return _follow(url, "GET", {**_own_headers(), **(headers or {})}, limit, deadline)


def head(url: str, *, deadline: float = DEADLINE) -> Fetched:
    """HEAD `url`, as `get` does it; the answer has no body."""
    return _follow(url, "HEAD", {"User-Agent": settings.FETCH_USER_AGENT, "Accept": "*/*"}, 0, deadline)


def peek(url: str, *, deadline: float = DEADLINE) -> Fetched:
    """GET `url`, as `get` does it, for its status alone: the line is closed before the body."""
    return _follow(url, "GET", {"User-Agent": settings.FETCH_USER_AGENT, "Accept": "*/*"}, 0, deadline)


def _follow(url: str, method: str, headers: Mapping[str, str], limit: int, deadline: float) -> Fetched:
    """Request after request until one doesn't redirect. `limit` 0: no body is read."""
    clock = _Clock(time.monotonic() + deadline)
    address, moved_to, for_good = url, "", True
    with httpx.Client(transport=_Transport(clock), timeout=deadline, trust_env=False) as client:
        for _ in range(REDIRECTS + 1):
            answer = _once(client, method, address, headers, limit, deadline)
            onward = answer.headers.get("location") if answer.status in {301, 302, 303, 307, 308} else None
            if not onward:
                return Fetched(answer.status, answer.headers, answer.body, address, moved_to)
            for_good = for_good and answer.status in {301, 308}
            address = _join(address, onward)
            moved_to = address if for_good else moved_to
    raise FetchError(url, f"more than {REDIRECTS} redirects")


def without_password(url: str) -> str:
    """`url` as it may be shown and logged."""
    scheme, slashes, rest = url.partition("://")
    host, slash, path = rest.partition("/")
    return f"{scheme}{slashes}{host.rpartition('@')[2]}{slash}{path}" if slashes else url


def refusal(address: IPv4Address | IPv6Address, *, loopback: bool) -> str:
    """Why nothing is fetched from `address`, or "" where it may be. `loopback`: this machine is allowed."""
    if isinstance(address, IPv6Address):
        if inner := address.ipv4_mapped or address.sixtofour or _inner_nat64(address):
            return refusal(inner, loopback=loopback)
        public = address in _GLOBAL_UNICAST and address.is_global
    else:
        public = address.is_global and not address.is_multicast and not any(address in net for net in _NOT_OURS)
    if address.is_loopback:
        return "" if loopback else "is this machine"
    return "" if public else "is not a public address"


def _inner_nat64(address: IPv6Address) -> IPv4Address | None:
    return IPv4Address(int(address) & 0xFFFFFFFF) if address in _NAT64 else None


def _own_headers() -> dict[str, str]:
    return {
        "User-Agent": settings.FETCH_USER_AGENT,
        "Accept": "application/rss+xml, application/atom+xml, application/rdf+xml, application/xml;q=0.9, */*;q=0.5",
        "Accept-Encoding": "gzip",
    }


def _join(base: str, location: str) -> str:
    try:
        return str(httpx.URL(base).join(location))
    except (httpx.InvalidURL, ValueError) as error:
        raise FetchError(base, f"redirects to an unusable address ({error})") from None


def _once(
    client: httpx.Client, method: str, url: str, headers: Mapping[str, str], limit: int, deadline: float
) -> Fetched:
    """One request without redirects."""
    try:
        parsed = httpx.URL(url)
        if parsed.scheme not in {"http", "https"} or not parsed.host:
            raise FetchError(url, "not an http or https address")
        with client.stream(method, parsed, headers=headers) as response:
            names = {name.lower(): value for name, value in response.headers.items()}
            body = b"".join(_unpacked(url, names, response.iter_raw(CHUNK), limit)) if limit else b""
            return Fetched(response.status_code, names, body, url)
    except (httpx.InvalidURL, ValueError) as error:
        raise FetchError(url, f"not a usable address ({error})") from None
    except (httpcore.TimeoutException, httpx.TimeoutException):
        raise FetchError(url, f"no whole answer within {deadline:g} seconds") from None
    except (httpcore.NetworkError, httpcore.ProtocolError, httpx.HTTPError, OSError) as error:
        raise FetchError(url, str(error) or type(error).__name__) from None


def _unpacked(url: str, headers: Mapping[str, str], chunks: Iterable[bytes], limit: int) -> Iterator[bytes]:
    """The body's pieces, decompressed, never more than `limit` bytes in all nor much of it at a time."""
    encoding = headers.get("content-encoding", "identity").strip().lower()
    if encoding not in {"identity", "", "gzip", "x-gzip", "deflate"}:
        raise FetchError(url, f"answers in an encoding that was not asked for ({encoding})")
    size = 0
    for piece in chunks if encoding in {"identity", ""} else _inflate(url, chunks):
        size += len(piece)
        if size > limit:
            raise FetchError(url, f"larger than {limit / MEGABYTE:g} MB")
        yield piece


def _inflate(url: str, chunks: Iterable[bytes]) -> Iterator[bytes]:
    """gzip (also several members in a row) or zlib, in bounded pieces: a bomb is seen before it is in memory."""
    unpack = zlib.decompressobj(wbits=47)  # 32 + 15: either header
    try:
        for chunk in chunks:
            rest = chunk
            while rest:
                yield unpack.decompress(rest, CHUNK)
                rest = unpack.unconsumed_tail
                if unpack.eof:
                    rest, unpack = unpack.unused_data, zlib.decompressobj(wbits=47)
        yield unpack.flush()
    except zlib.error:
        raise FetchError(url, "the compressed body is broken") from None


@cache
def _tls() -> ssl.SSLContext:
    return httpx.create_ssl_context()  # 20 ms: made once


@dataclass(frozen=True)
class _Clock:
    """The moment (monotonic) by which all must be done; every wait on the socket is cut to it."""

    ends_at: float

    def left(self, wanted: float | None = None) -> float:
        seconds = self.ends_at - time.monotonic()
        if seconds <= 0:
            raise httpcore.ReadTimeout
        return min(seconds, wanted) if wanted else seconds


class _Transport(httpx.BaseTransport):
    """httpx over an httpcore pool whose connections are ours to open."""

    def __init__(self, clock: _Clock) -> None:
        self.pool = httpcore.ConnectionPool(ssl_context=_tls(), network_backend=_Guard(clock))

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        url = request.url
        target = httpcore.URL(scheme=url.raw_scheme, host=url.raw_host, port=url.port, target=url.raw_path)
        response = self.pool.handle_request(
            httpcore.Request(request.method, target, headers=request.headers.raw, extensions=request.extensions)
        )
        return httpx.Response(response.status, headers=response.headers, stream=_Body(response))

    def close(self) -> None:
        self.pool.close()


@dataclass(frozen=True)
class _Body(httpx.SyncByteStream):
    response: httpcore.Response

    def __iter__(self) -> Iterator[bytes]:
        yield from self.response.iter_stream()

    def close(self) -> None:
        self.response.close()


@dataclass(frozen=True)
class _Guard(httpcore.NetworkBackend):
    """Opens connections to judged addresses only."""

    clock: _Clock
    sockets: httpcore.SyncBackend = field(default_factory=httpcore.SyncBackend)

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[httpcore.SOCKET_OPTION] | None = None,
    ) -> httpcore.NetworkStream:
        failure: httpcore.NetworkError | httpcore.TimeoutException | None = None
        for address in _judged(host, _look_up(host, port, self.clock.left(timeout))):
            try:
                stream = self.sockets.connect_tcp(address, port, self.clock.left(CONNECT), local_address)
            except (httpcore.ConnectError, httpcore.ConnectTimeout) as error:
                failure = error
            else:
                return _Stream(stream, self.clock)
        raise failure or httpcore.ConnectError(f"{host} has no address")


@dataclass(frozen=True)
class _Stream(httpcore.NetworkStream):
    """A connection whose every wait ends with the clock, so that a dripping server can't hold us."""

    inner: httpcore.NetworkStream
    clock: _Clock

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        return self.inner.read(max_bytes, self.clock.left(timeout))

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        self.inner.write(buffer, self.clock.left(timeout))

    def close(self) -> None:
        self.inner.close()

    def start_tls(
        self, ssl_context: ssl.SSLContext, server_hostname: str | None = None, timeout: float | None = None
    ) -> httpcore.NetworkStream:
        return _Stream(self.inner.start_tls(ssl_context, server_hostname, self.clock.left(timeout)), self.clock)

    def get_extra_info(self, info: str) -> object:
        return self.inner.get_extra_info(info)


def _judged(host: str, addresses: list[str]) -> list[str]:
    """Those of `addresses` that may be reached; ConnectError says why where there is none."""
    reasons = {text: _reason(ip_address(text)) for text in addresses}
    if good := [text for text, reason in reasons.items() if not reason]:
        return good
    text, reason = next(iter(reasons.items()))
    raise httpcore.ConnectError(f"refused: {host} ({text}) {reason}")


def _reason(address: IPv4Address | IPv6Address) -> str:
    if any(address in network for network in settings.FETCH_ALLOW_NETWORKS):
        return ""
    return refusal(address, loopback=settings.FETCH_ALLOW_LOOPBACK)


def _look_up(host: str, port: int, seconds: float) -> list[str]:
    """The addresses of `host`. getaddrinfo knows no time limit, so it is waited for from outside."""
    found: list[str] = []
    failed: list[str] = []

    def ask() -> None:
        try:
            for *_, place in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM):
                found.append(str(place[0]).partition("%")[0])
        except (OSError, UnicodeError) as error:
            failed.append(getattr(error, "strerror", None) or str(error))

    worker = threading.Thread(target=ask, daemon=True, name=f"look up {host}")
    worker.start()
    worker.join(seconds)
    if found:
        return list(dict.fromkeys(found))
    raise httpcore.ConnectError(f"can't find {host}: {failed[0] if failed else 'the name server is silent'}")
