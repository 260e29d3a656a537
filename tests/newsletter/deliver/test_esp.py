"""A provider's HTTP interface instead of SMTP: the same frozen parts, and what its answers and its silence mean."""

import http.server
import json
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from urllib.parse import unquote_plus

import pytest
from django.core.mail import EmailMessage, get_connection
from pytest_django import Settings

from newsletter.deliver import checks, editions
from newsletter.deliver.backend import RefusedError
from newsletter.deliver.esp import ProviderTransport
from newsletter.deliver.ledger import StoppedError
from newsletter.deliver.session import UnreachableError
from newsletter.models import Delivery, Issue
from subscribers import links
from subscribers.models import Subscriber
from tests import factories as make
from tests.loopback import serving
from tests.newsletter.deliver.helpers import approved_issue, deliver, quiet

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.usefixtures("small_templates"),
    pytest.mark.urls("tests.newsletter.deliver.reader_urls"),
]


@dataclass
class Provider:
    """A server that speaks Mailgun's interface; `answers` are used up from the front, then all is well."""

    answers: list[tuple[int, str] | float] = field(default_factory=list)
    posts: list[str] = field(default_factory=list)
    at_once: int = 0
    most_at_once: int = 0
    lock: threading.Lock = field(default_factory=threading.Lock)
    meeting: threading.Barrier = field(default_factory=lambda: threading.Barrier(1))  # so many answers leave at once


@pytest.fixture
def provider(settings: Settings) -> Iterator[Provider]:
    told = Provider()

    class Handler(http.server.BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_POST(self) -> None:
            with told.lock:
                told.at_once += 1
                told.most_at_once = max(told.most_at_once, told.at_once)
            told.posts.append(self.rfile.read(int(self.headers["Content-Length"])).decode())
            answer = told.answers.pop(0) if told.answers else (200, '{"id": "<1@mg>", "message": "Queued."}')
            if isinstance(answer, float):
                time.sleep(answer)
                answer = (200, '{"id": "<1@mg>", "message": "Queued."}')
            told.meeting.wait(60)
            with told.lock:
                told.at_once -= 1
            body = answer[1].encode()
            self.send_response(answer[0])
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *args: object) -> None:
            """Silent."""

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    settings.MAIL_API = "anymail.backends.mailgun.EmailBackend"
    settings.ANYMAIL = {
        "MAILGUN_API_KEY": "secret",
        "MAILGUN_API_URL": f"http://127.0.0.1:{server.server_port}/v3",
        "REQUESTS_TIMEOUT": 60,
        "IGNORE_UNSUPPORTED_FEATURES": True,
    }
    settings.SMTP_CONNECTIONS = 3
    with serving(server):
        yield told
    server.server_close()


def to(*names: str) -> Issue:
    for name in names:
        make.reader(f"{name}@a.example")
    issue = approved_issue()
    editions.freeze(issue, quiet)
    return issue


def states() -> list[str]:
    return sorted(Delivery.objects.values_list("state", flat=True))


def test_the_frozen_parts_and_fields_reach_the_provider(provider: Provider, settings: Settings) -> None:
    settings.DKIM_KEY_FILE = "/no/such/file"  # the provider signs
    issue = to("ana")
    assert deliver(issue) == {"recipients": 1, "due": 1, "accepted": 1}

    post = unquote_plus(provider.posts[0])
    reader = Subscriber.objects.get()
    for expected in (
        "ana@a.example",
        "Rules tighten",
        f'<a href="{links.leave_url(reader)}">',
        links.one_click_url(reader),
        "List-Unsubscribe=One-Click",
        "h:List-Id",
        "h:Message-I",
    ):
        assert expected in post, expected
    assert "DKIM-Signature" not in post
    assert "slot.invalid" not in post
    assert Delivery.objects.get().reply == "queued <1@mg>"


def test_several_requests_are_under_way_at_once(provider: Provider) -> None:
    provider.meeting = threading.Barrier(3)
    issue = to(*(f"r{n}" for n in range(9)))
    assert deliver(issue)["accepted"] == 9
    assert provider.most_at_once == 3
    assert len(provider.posts) == 9


@pytest.mark.parametrize(
    ("answer", "state"),
    [
        ((429, '{"message": "too many"}'), "deferred"),
        ((503, "later"), "deferred"),
        ((500, "what?"), "uncertain"),
        ((200, "not JSON"), "uncertain"),
        ((200, '{"id": "\\u0000\\ud800", "message": "Queued."}'), "accepted"),
        ((500, '{"message": "\\u0000"}'), "uncertain"),
    ],
)
def test_an_answer_that_is_no_yes_is_deferred_only_where_nothing_was_taken(
    provider: Provider, answer: tuple[int, str], state: str
) -> None:
    issue = to("ana")
    provider.answers = [answer]
    deliver(issue)
    assert states() == [state]


def test_what_takes_longer_than_we_wait_may_have_been_taken(provider: Provider, settings: Settings) -> None:
    settings.ANYMAIL = {**settings.ANYMAIL, "REQUESTS_TIMEOUT": (60, 0.5)}
    issue = to("ana")
    provider.answers = [1.5]
    deliver(issue)
    assert states() == ["uncertain"]


def test_an_answer_that_the_client_falls_over_may_have_been_a_yes(
    provider: Provider, monkeypatch: pytest.MonkeyPatch
) -> None:
    def falls_over(*args: object) -> None:
        raise AttributeError("'list' object has no attribute 'get'")

    monkeypatch.setattr("anymail.backends.mailgun.EmailBackend.parse_recipient_status", falls_over)
    issue = to("ana")
    deliver(issue)
    deliver(issue)
    assert states() == ["uncertain"]
    assert len(provider.posts) == 1


def test_a_wrong_key_stops_the_sending_and_loses_nothing(provider: Provider) -> None:
    issue = to("ana", "bo")
    provider.answers = [(401, '{"message": "Invalid private key"}')] * 2
    with pytest.raises(StoppedError, match="Invalid private key"):
        deliver(issue)
    assert set(states()) <= {"deferred", "queued"}


def test_a_provider_that_cannot_be_reached_has_surely_got_nothing(provider: Provider, settings: Settings) -> None:
    settings.ANYMAIL = {**settings.ANYMAIL, "MAILGUN_API_URL": "http://127.0.0.1:1/v3"}
    issue = to("ana")
    deliver(issue)
    assert states() == ["deferred"]


def test_single_mails_go_the_same_way(provider: Provider) -> None:
    mail = EmailMessage("请确认", "一行", "晨报 <news@a.example>", ["ana@b.example"])
    mail.attach("data.json", json.dumps({"a": 1}), "application/json")
    mail.connection = get_connection("newsletter.deliver.backend.EmailBackend")
    assert mail.send() == 1
    (post,) = provider.posts
    assert "请确认" in post
    assert "data.json" in post


def test_a_provider_without_its_key_is_named_at_the_start(settings: Settings) -> None:
    settings.MAIL_API, settings.ANYMAIL = "anymail.backends.mailgun.EmailBackend", {}
    (error,) = checks.transport(None)
    assert (error.id, "MAILGUN_API_KEY" in error.msg) == ("chenbao.E8", True)
    with pytest.raises(UnreachableError, match="MAILGUN_API_KEY"):
        ProviderTransport()


def test_refused_is_refused(provider: Provider, settings: Settings) -> None:
    settings.MAIL_API = "anymail.backends.postmark.EmailBackend"
    settings.ANYMAIL = {
        "POSTMARK_SERVER_TOKEN": "x",
        "POSTMARK_API_URL": str(settings.ANYMAIL["MAILGUN_API_URL"]) + "/",
        "IGNORE_UNSUPPORTED_FEATURES": True,
    }
    words = "You tried to send to … Found inactive addresses: ana@b.example. Inactive recipients: x"
    provider.answers = [(422, json.dumps({"ErrorCode": 406, "Message": words}))]
    mail = EmailMessage("x", "x", "news@a.example", ["ana@b.example"])
    mail.connection = get_connection("newsletter.deliver.backend.EmailBackend")
    with pytest.raises(RefusedError):
        mail.send()
